"""Combinations put in order, and what each key accounts for."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import msgspec
import numpy as np

from nn_tui.training.sweep.result import FAILED, TrialResult, is_better_low

GIVEN_UP = "given up early"

_GROUPS = 5
"""Groups into which many different values of a key are put, each with as many trials."""


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """One combination of values.

    Attributes:
        changes: the values.
        mean, spread: of the metric over seeds; spread is the standard deviation, None for one seed. Both None where a
            seed diverged or failed.
        n: how many seeds it ran with.
        seeds: which.
        stopped: whether it was given up early; the mean is of where it was then.
        diverged: how many of its trials diverged or failed.
        failed: how many of those could not be run.
    """

    changes: dict[str, Any]
    mean: float | None
    spread: float | None
    n: int
    seeds: tuple[int, ...]
    stopped: bool
    diverged: int
    failed: int = 0

    @property
    def note(self) -> str:
        """What became of it, in words; "" where it came to its end with every seed."""
        counts = [(self.diverged - self.failed, "diverged"), (self.failed, "failed")]
        if self.diverged:
            return ", ".join(f"{count} of {self.n} {word}" if self.n > 1 else word for count, word in counts if count)
        return GIVEN_UP if self.stopped else ""


def ranked(results: Iterable[TrialResult], metric: str) -> list[Ranked]:
    """Combinations, the best first: of equal means the one with the lower loss; those given up come after, and what
    diverged with any seed last."""
    groups: dict[int, list[TrialResult]] = {}
    for result in results:
        groups.setdefault(result.combination, []).append(result)
    order = [_standing(number, trials, metric) for number, trials in groups.items()]
    return [one for _, one in sorted(order, key=lambda pair: pair[0])]


class Leader:
    """The best combination of the trials so far, told of them one by one.

    Attributes:
        best: the first that `ranked` would give; None before the first trial.
    """

    def __init__(self, metric: str) -> None:
        self.best: Ranked | None = None
        self._metric = metric
        self._place: _Place | None = None
        self._groups: dict[int, list[TrialResult]] = {}

    def add(self, result: TrialResult) -> None:
        """Takes one more trial into account; all are compared only where another seed throws the first one back."""
        number = result.combination
        group = self._groups.setdefault(number, [])
        group.append(result)
        place, one = _standing(number, group, self._metric)
        if self._place is not None and self._place[-1] == number and place > self._place:
            standings = (_standing(other, trials, self._metric) for other, trials in self._groups.items())
            self._place, self.best = min(standings, key=lambda pair: pair[0])
        elif self._place is None or place <= self._place or self._place[-1] == number:
            self._place, self.best = place, one


_Place: TypeAlias = tuple[bool, bool, float, float, int]


def _standing(number: int, trials: Sequence[TrialResult], metric: str) -> tuple[_Place, Ranked]:
    """What a combination is put in order by, and itself."""
    one = _of(trials)
    value = math.inf if one.mean is None else one.mean if is_better_low(metric) else -one.mean
    return (one.diverged > 0, one.stopped, value, mean([trial.loss for trial in trials]), number), one


def mean(values: Sequence[float]) -> float:
    """The mean, also of numbers whose sum is too large for one."""
    try:
        return math.fsum(values) / len(values)
    except OverflowError:
        return math.fsum(value / len(values) for value in values)


def _of(trials: Sequence[TrialResult]) -> Ranked:
    # Where a lane of a race has diverged, the run has finished and the lane has no value.
    values = [trial.score for trial in trials if trial.score is not None]
    whole = len(values) == len(trials)
    return Ranked(
        changes=trials[0].changes,
        mean=mean(values) if whole else None,
        spread=_spread(values) if whole and len(values) > 1 else None,
        n=len(trials),
        seeds=tuple(sorted(trial.seed for trial in trials)),
        stopped=any(trial.stopped for trial in trials),
        diverged=len(trials) - len(values),
        failed=sum(trial.status == FAILED for trial in trials),
    )


def _spread(values: Sequence[float]) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.std(values, ddof=1))


def importance(results: Sequence[TrialResult], keys: Sequence[str], metric: str) -> dict[str, float]:
    """Of each key the share of the differences between trials that its values account for by themselves.

    It is the correlation ratio of the trials' ranks: 0 where a key's values differ in nothing, 1 where they decide all.
    Ranks, with what diverged at the end, since one bad loss would outweigh all else. What was given up is left out.
    """
    trials = [trial for trial in results if not trial.stopped]
    sign = 1.0 if is_better_low(metric) else -1.0
    values = np.array(
        [math.inf if trial.value is None or trial.status != "finished" else sign * trial.value for trial in trials]
    )
    if len(set(values.tolist())) < 2:
        return dict.fromkeys(keys, 0.0)
    ranks = _ranks(values)
    total = float(((ranks - ranks.mean()) ** 2).sum())
    found = {}
    for key in keys:
        between = 0.0
        for group in _groups([trial.changes[key] for trial in trials]):
            between += len(group) * float(ranks[group].mean() - ranks.mean()) ** 2
        found[key] = between / total
    return found


def _ranks(values: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    """From 0; equal values share the mean of theirs."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    shared: np.ndarray[Any, np.dtype[np.float64]] = (ends - (counts + 1) / 2)[where]
    return shared


def _groups(values: Sequence[Any]) -> list[list[int]]:
    """The places of equal values; of many different numbers, of neighbors."""
    places: dict[str, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(repr(value), []).append(place)
    if len(places) <= max(_GROUPS, len(values) // 4) or not all(isinstance(value, int | float) for value in values):
        return list(places.values())
    order = sorted(range(len(values)), key=lambda place: values[place])
    return [part.tolist() for part in np.array_split(np.array(order), _GROUPS)]
