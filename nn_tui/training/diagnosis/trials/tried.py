"""A change that was tried at several seeds, and which of several goes first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nn_tui.scenario.plain import lookup, to_mapping
from nn_tui.scenario.schema import Layer, Scenario
from nn_tui.training.diagnosis.trials.bench import key_of
from nn_tui.training.diagnosis.trials.candidates import Changes, is_live
from nn_tui.training.diagnosis.trials.scale import helps

_A_KEY = 0.4
"""What a further key has to gain, as a share of what counts as equal."""
_OF_THE_WAY = 0.25
"""The share of the best one's way that a change has to go to be worth telling."""


@dataclass(frozen=True)
class Tried:
    """A change that was tried at every seed.

    Attributes:
        families: what it is about.
        changes: keys and values.
        before, after: values at the seeds, the run's own first.
        train: the metric on the training set, at the run's own seed.
        rank: its place in the order of suspicion.
        direct: whether it mends what is wrong in the set-up itself.
        from_step: the step from which on it was tried on the running net; 0 for the start.
    """

    families: frozenset[str]
    changes: Changes
    before: tuple[float, ...]
    after: tuple[float, ...]
    train: float
    rank: int
    direct: bool
    from_step: int = 0

    @property
    def key(self) -> str:
        """The same for the same changes."""
        return key_of(self.changes)

    @property
    def sure(self) -> float:
        """What can be counted on: its value at the run's own seed, or its mean where that is lower."""
        return min(self.after[0], sum(self.after) / len(self.after))

    def way(self, ignorant: float) -> float:
        """How far it takes the run, from what it was or from knowing nothing."""
        return max(self.sure, ignorant) - max(self.before[0], ignorant)


def helpful(tried: Iterable[Tried], margin: float, equal: float, ignorant: float) -> list[Tried]:
    """Those that help, and go some of the way that the best one goes, best first.

    A further key has to be worth something: so much is taken off. Of those as good as the best, the fewest keys come
    first, then what mends a fault of the set-up itself, then what does not only make the run longer, then what a
    running net can take, then the most suspected.

    Args:
        tried: any.
        margin: see `Scale.margin`.
        equal: how far apart two of them are as good.
        ignorant: what a run comes to that has learned nothing.
    """
    helping = [entry for entry in tried if entry.families and helps(entry.before, entry.after, margin)]
    farthest = max((entry.way(ignorant) for entry in helping), default=0.0)
    helping = [entry for entry in helping if entry.way(ignorant) >= _OF_THE_WAY * farthest]

    def worth(entry: Tried) -> float:
        return entry.sure - _A_KEY * equal * (len(entry.changes) - 1)

    best = max(helping, key=worth, default=None)

    def place(entry: Tried) -> tuple[float, ...]:
        assert best is not None
        if worth(entry) < worth(best) - equal or entry.train < best.train - 2.0 * equal:
            return 1.0, -worth(entry), entry.rank
        longer = 1.0 if "epochs" in entry.families else 0.0
        structural = 0.0 if is_live(entry.changes) else 0.5
        return 0.0, len(entry.changes), not entry.direct, longer + structural, entry.rank, -entry.sure

    return sorted(helping, key=place)


_FAMILIES = {
    "network.activation": "activation",
    "network.init": "initializer",
    "network.output": "output",
    "network.normalization": "normalization",
    "training.loss": "loss",
    "training.optimizer.name": "optimizer",
    "training.mode": "batch-size",
    "training.batch_size": "batch-size",
    "training.schedule.name": "schedule",
    "training.clip.norm": "clip",
    "training.clip.value": "clip",
    "training.class_weight": "class-weight",
    "training.early_stop.metric": "early-stop",
    "training.early_stop.patience": "early-stop",
    "data.features": "features",
    "data.scaling": "scaling",
    "data.target_scaling": "scaling",
}

_TAKEN_OUT = ("normalization", "class-weight", "early-stop")
"""Families of which taking out is another matter than putting in."""


def families_of(changes: Changes, scenario: Scenario) -> frozenset[str]:
    """What a combination is about, key by key: which way it goes follows from what the scenario has."""
    return frozenset(family for key, value in changes.items() for family in _of_key(key, value, changes, scenario))


def _of_key(key: str, value: Any, changes: Changes, scenario: Scenario) -> Iterator[str]:
    if key == "network.hidden":
        yield from _of_layers(value, scenario.network.hidden)
    elif key == "training.optimizer.lr":
        # Beside another optimizer a rate is no higher and no lower.
        if "training.optimizer.name" not in changes:
            yield "rate-up" if value > scenario.training.optimizer.lr else "rate-down"
    elif key in ("training.epochs", "training.steps"):
        before = lookup(to_mapping(scenario), key)
        yield "fewer-epochs" if before is not None and value < before else "epochs"
    elif key.startswith("training.optimizer.") and key not in _FAMILIES:
        yield "optimizer-settings"
    elif key.startswith("training.regularization."):
        yield "regularize" if value > lookup(to_mapping(scenario), key) else "unregularize"
    else:
        family = _FAMILIES.get(key) or _FAMILIES.get(f"network.{key.rpartition('.')[2]}", "other")
        yield f"no-{family}" if value in (0, "none") and family in _TAKEN_OUT else family


def _of_layers(layers: Sequence[Any], before: Sequence[Layer]) -> Iterator[str]:
    after = [entry if isinstance(entry, dict) else {"units": entry} for entry in layers]
    units, dropped = ([entry.get(key, 0) for entry in after] for key in ("units", "dropout"))
    was, dropped_before = [layer.units for layer in before], [layer.dropout for layer in before]
    if len(after) < len(before):
        yield "shallower"
    elif sum(units) != sum(was):
        yield "wider" if sum(units) > sum(was) else "narrower"
    if max(dropped, default=0) != max(dropped_before, default=0):
        yield "regularize" if max(dropped, default=0) > max(dropped_before, default=0) else "unregularize"
