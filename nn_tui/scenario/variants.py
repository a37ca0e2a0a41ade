"""The scenario of every lane of a race."""

from msgspec import structs

from nn_tui.scenario.editing.edits import edited
from nn_tui.scenario.errors import Place, ScenarioError
from nn_tui.scenario.lanes import lane_entries
from nn_tui.scenario.plain import lookup, to_mapping
from nn_tui.scenario.rules import check
from nn_tui.scenario.schema import Racer, Scenario
from nn_tui.scenario.tables import read_scenario


def lane_scenarios(scenario: Scenario, place: Place | None = None) -> tuple[Scenario, ...]:
    """The scenario of each lane: the first is the scenario itself, the others differ from it by what makes them lanes.

    Args:
        scenario: in force.
        place: of the list of lanes, for errors.

    Raises:
        ScenarioError: for a lane that cannot be.
    """
    here = place or Place("training.race")
    others = enumerate(scenario.training.race[1:], 2)
    return (scenario, *(_of(scenario, racer, here.at(number)) for number, racer in others))


def lanes_alone(scenario: Scenario) -> tuple[Scenario, ...]:
    """Each lane as a scenario of its own. What is expected of the whole run is no lane's business.

    Raises:
        ScenarioError: for a lane that cannot be.
    """
    return tuple(
        structs.replace(lane, training=structs.replace(lane.training, race=()), expect=())
        for lane in lane_scenarios(scenario)
    )


def _of(scenario: Scenario, racer: Racer, place: Place) -> Scenario:
    training = structs.replace(scenario.training, optimizer=racer.optimizer, race=())
    lane = structs.replace(scenario, training=training)
    if not racer.variant:
        return lane
    # What is said of the whole run is no lane's business.
    alone = structs.replace(lane, timeline=(), expect=())
    try:
        changed = read_scenario(edited(to_mapping(alone), racer.variant, place), place)
        check(changed, place)
    except ScenarioError as error:
        raise place.error(f"{error.key}: {error.problem}" if error.key else error.problem) from None
    return structs.replace(changed, timeline=lane.timeline, expect=lane.expect)


def led(scenario: Scenario, given: object, place: Place) -> Scenario:
    """The scenario with what its first lane differs by, for the first lane is the run's own.

    Args:
        scenario: as read.
        given: what it was read from.
        place: of the whole document.

    Raises:
        ScenarioError: where it says one thing, and its first lane another.
    """
    variant = lane_entries(scenario.training)[0].rule.variant
    if not variant:
        return scenario
    plain = to_mapping(scenario)
    changed = edited(plain, variant, place)
    for key in variant:
        if lookup(given, key) is not None and lookup(plain, key) != lookup(changed, key):
            raise place.at(key).error(
                "is not that of training.race.1, the first lane; leave it out, or make it the same"
            )
    return read_scenario(changed, place)
