"""The lanes of a run, all on the same data: what they are called. An ordinary run is one lane, a race several."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.schema import Racer, Scenario, Training
from nn_tui.wording import quoted, suggestion

RuleT = TypeVar("RuleT")

LANES = "training.race."
"""What the keys of single lanes begin with: `training.race.adam.lr`, or by place, `training.race.2.lr`."""


class LaneEntry(NamedTuple):
    """A lane as a scenario lists it.

    Attributes:
        name: its optimizer, or what else it differs by, numbered where that is not enough.
        title: what it is called beside others; empty where it is the only one.
        key: what the keys of its optimizer begin with.
        rule: its optimizer, with what else it differs by.
    """

    name: str
    title: str
    key: str
    rule: Racer


def lane_entries(training: Training) -> tuple[LaneEntry, ...]:
    """Every lane, the run's own first."""
    own, race = training.optimizer, training.race
    rules = lane_rules(race, Racer(name=own.name, lr=own.lr, settings=own.settings))
    names = numbered([lane_label(rule.name, rule.variant) for rule in rules])
    titles = names if len(rules) > 1 else ("",)
    keys = (*(f"{LANES}{name}" for name in names[: len(race)]), "training.optimizer")
    return tuple(map(LaneEntry, names, titles, keys, rules))


def lane_rules(race: Sequence[RuleT], own: RuleT) -> Sequence[RuleT]:
    """Each lane's optimizer: those of a race, or the run's own."""
    return race or (own,)


def told_rules(race: Sequence[RuleT], own: RuleT, kind: object) -> Sequence[RuleT]:
    """Likewise, of the lanes that rows and results name: of an ordinary run none, but that of a point on a surface.

    Args:
        race, own: as of `lane_rules`.
        kind: of data; a name.
    """
    alone = sum(known.told_lanes for known in KINDS.values() if known.name == kind)
    return lane_rules(race, own)[: max(len(race), alone)]


def lane_names(training: Training) -> tuple[str, ...]:
    """What each lane is called."""
    return tuple(lane.name for lane in lane_entries(training))


def told_lanes(scenario: Scenario) -> tuple[str, ...]:
    """The lanes that rows and results name: those of a race, and a point's on a surface; none of an ordinary run."""
    training = scenario.training
    told = told_rules(training.race, training.optimizer, scenario.data.kind)
    return lane_names(training)[: len(told)]


def no_lane(lane: str, lanes: Sequence[str], told: str) -> str:
    """Why there is no such lane: the race has others, which are told in some way, or there is no race."""
    if not lanes:
        return "there is no race; training.optimizer is the only one (training.race lists several)"
    return f"there is no {quoted(lane)} in the race{suggestion(lane, lanes)} ({told})"


def lane_label(optimizer: str, variant: Mapping[str, object]) -> str:
    """A lane by itself: `relu` for one of another activation, `batch_size` for one of another number."""
    if not variant:
        return optimizer
    key, value = next(iter(variant.items()))
    own = isinstance(value, str) and value.isidentifier() and value.isascii() and value.islower()
    return str(value) if own else key.rpartition(".")[2]


def numbered(labels: Sequence[str]) -> tuple[str, ...]:
    """The names of lanes with these labels: numbered from the second of the same label on."""
    counts = [labels[: place + 1].count(name) for place, name in enumerate(labels)]
    return tuple(f"{name}-{count}" if count > 1 else name for name, count in zip(labels, counts, strict=True))
