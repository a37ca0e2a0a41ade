"""Changes made as a run goes: what a scenario is after one, and whether a whole timeline can be followed."""

from collections.abc import Mapping

from msgspec import structs

from nn_tui.engine.modes import MODES
from nn_tui.scenario.editing.edits import edited
from nn_tui.scenario.errors import Place
from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.rules import check, split
from nn_tui.scenario.schema import Change, HandWeight, Scenario
from nn_tui.scenario.tables import read_assignments, read_scenario
from nn_tui.scenario.tasks import loss_of, output_units, task


def changed(scenario: Scenario, changes: Mapping[str, object], source: str = "change") -> Scenario:
    """The scenario a running net follows after a live change.

    Args:
        scenario: in force before.
        changes: live keys (see `fields.is_live`) and their new values.
        source: for errors.

    Returns:
        The scenario in force from then on. Timeline and expectations are left out: what they say was said of the
        whole run, not of the state it happens to be in.

    Raises:
        ScenarioError: for a key that is unknown or not live, a wrong value, or an impossible combination.
    """
    return _changed(scenario, changes, Place(source))


def followed(scenario: Scenario, change: Change, source: str = "timeline") -> Scenario:
    """The scenario in force after a timeline's entry, as `changed`; one that sets weights leaves it as it is."""
    return changed(scenario, change.set, source) if change.set else scenario


def ending_at(scenario: Scenario, steps: int) -> Scenario:
    """The scenario with so many steps as its end, whatever its timeline says of another.

    What would stop early has not by then, and ends with the parameters of its last step, not with its best.
    """
    timeline = (structs.replace(c, set={key: v for key, v in c.set.items() if key != _END}) for c in scenario.timeline)
    kept = [change for change in timeline if change.set or change.weights]
    if steps and _may_stop_early(scenario):
        # Entries are in order; a weight set by hand after the last step comes later.
        place = next((n for n, c in enumerate(kept) if c.step is not None and c.step > steps), len(kept))
        kept.insert(place, Change(step=steps, set={f"{_EARLY_STOP}restore_at_end": False}))
    return structs.replace(scenario, training=structs.replace(scenario.training, steps=steps), timeline=tuple(kept))


_END, _EARLY_STOP = "training.steps", "training.early_stop."


def _may_stop_early(scenario: Scenario) -> bool:
    set_later = [key for change in scenario.timeline for key in change.set]
    of_lanes = [key for racer in scenario.training.race for key in racer.variant]
    return bool(scenario.training.early_stop.patience) or any(
        key.startswith(_EARLY_STOP.rstrip(".")) for key in (*set_later, *of_lanes)
    )


def _changed(scenario: Scenario, changes: Mapping[str, object], place: Place) -> Scenario:
    before = structs.replace(scenario, timeline=(), expect=())
    after = read_scenario(edited(to_mapping(before), read_assignments(changes, place), place), place)
    check(after, place)
    learned = task(after.data)
    losses = loss_of(before, learned), loss_of(after, learned)
    if learned == "binary" and len({output_units(loss, 2) for loss in losses if loss}) > 1:
        raise place.at("training.loss").error(
            f"{losses[1]} needs another number of outputs than {losses[0]}, which only a reset can give"
        )
    return after


def check_timeline(scenario: Scenario, place: Place) -> None:
    """Follows the timeline from its start.

    Args:
        place: of the whole document.

    Raises:
        ScenarioError: for an entry that comes too late or out of order, or that makes an impossible combination.
    """
    state = scenario
    latest = {"epoch": 0, "step": 0}
    last_step = _last_step(scenario)
    for index, change in enumerate(scenario.timeline, 1):
        here = place.at("timeline").at(index)
        unit, moment = _moment(change, here)
        if moment < latest[unit]:
            raise here.at(unit).error(f"{moment} comes after {unit} {latest[unit]}; entries are kept in order")
        last = state.training.epochs if unit == "epoch" else last_step
        if last is not None and moment > last:
            raise here.at(unit).error(f"{moment} is beyond the last {unit}, {last}")
        latest[unit] = moment
        if bool(change.set) == bool(change.weights):
            raise here.error(f"expected exactly one of set and weights, found {'both' if change.set else 'neither'}")
        if change.set:
            state = _changed(state, change.set, here.at("set"))
        for number, weight in enumerate(change.weights, 1):
            _check_weight(weight, scenario, here.at("weights").at(number))


def _check_weight(weight: HandWeight, scenario: Scenario, place: Place) -> None:
    """What can be told of a weight's place without the data: they decide the first layer's inputs and the outputs."""
    KINDS[scenario.data.kind].require("network", place.error(f"a {scenario.data.kind} has no weights"))
    widths = [layer.units for layer in scenario.network.hidden]
    if weight.layer > len(widths) + 1:
        raise place.at("layer").error(
            f"there is no layer {weight.layer}, only {len(widths) + 1}, the output layer last"
        )
    units = [*widths, None][weight.layer - 1]
    if units is not None and weight.unit > units:
        raise place.at("unit").error(f"layer {weight.layer} has no unit {weight.unit}, only {units}")
    inputs = [None, *widths][weight.layer - 1]
    if inputs is not None and weight.input is not None and weight.input > inputs:
        raise place.at("input").error(f"a unit of layer {weight.layer} reads no input {weight.input}, only {inputs}")


def _moment(change: Change, place: Place) -> tuple[str, int]:
    given = [(unit, moment) for unit, moment in (("epoch", change.epoch), ("step", change.step)) if moment is not None]
    if len(given) != 1:
        raise place.error(f"expected exactly one of epoch and step, found {'both' if given else 'neither'}")
    return given[0]


def _last_step(scenario: Scenario) -> int | None:
    """The last step of the run, or None if only the data, or the run itself, can tell."""
    moving = {"training.mode", "training.batch_size", "training.epochs"}
    parts = split(scenario.data)
    if parts is None or any(moving & change.set.keys() for change in scenario.timeline):
        return None
    trained, _ = parts
    training = scenario.training
    return training.epochs * MODES[training.mode].steps(training.batch_size, trained)
