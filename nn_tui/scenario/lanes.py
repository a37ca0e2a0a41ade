"""The lanes of a race, all on the same data: what they are called."""

from collections.abc import Mapping, Sequence

from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.schema import Racer, Scenario, Training


def lane_names(training: Training) -> tuple[str, ...]:
    """What each lane is called: by its optimizer, or by what else it differs by, numbered where that is not enough."""
    return numbered([lane_label(rule.name, rule.variant) for rule in lane_rules(training)])


def lane_rules(training: Training) -> tuple[Racer, ...]:
    """The optimizer of each lane, with what else it differs by: one lane where there is no race."""
    own = training.optimizer
    return training.race or (Racer(name=own.name, lr=own.lr, settings=own.settings),)


def told_lanes(scenario: Scenario) -> tuple[str, ...]:
    """The lanes that rows and results name: those of a race, and a point's on a surface; none of an ordinary run."""
    named = scenario.training.race or KINDS[scenario.data.kind].tells_lanes
    return lane_names(scenario.training) if named else ()


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
