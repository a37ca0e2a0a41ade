"""Which rate the runs speak for: the middle of those that no seed's luck sets apart from the best.

Losses are compared by their logarithms: a seed that gets stuck at one rate then weighs no more than several that do a
little better there, and data sets that are harder than others no more than those.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from nn_tui.training.range_test import PLACES, rate_at
from nn_tui.training.rates.attempt import End

SHARED = 2
"""Seeds that every rate is tried with; the better ones are tried with more."""
_TRAINS = 0.5
"""A rate trains that gains at least this share of what the best one gains."""
_WORST = 10.0
"""What a divergence counts as, in losses before the first step, and no loss as more."""

_PERFECT = 1e-3
"""Of the loss before the first step: what is below it is a perfect fit, and which is the smallest says nothing."""
_LEAST = 1e-30

Ends = Mapping[int, Sequence[End]]
"""Of every place that was tried, how the runs there ended, in the order of the seeds."""


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One rate that was tried.

    Attributes:
        rate: tried.
        loss: the mean over seeds, at the end, on the set that chooses; None if a seed diverged.
        spread: the standard deviation over seeds; None for one seed or a divergence.
        seeds: how many.
        diverged: how many of them diverged.
        shared: the mean over the first `SHARED` seeds, which every rate is tried with: means over other seeds differ
            where the rate changes nothing. None where `loss` is.
    """

    rate: float
    loss: float | None
    spread: float | None
    seeds: int
    diverged: int
    shared: float | None = None


def rungs(ends: Ends) -> list[Rung]:
    """What was tried, by ascending rate."""
    found = []
    for place in sorted(ends):
        losses = [end.loss for end in ends[place] if not end.diverged]
        whole = len(losses) == len(ends[place])
        found.append(
            Rung(
                rate=rate_at(place),
                loss=float(np.mean(losses)) if whole else None,
                spread=float(np.std(losses, ddof=1)) if whole and len(losses) > 1 else None,
                seeds=len(ends[place]),
                diverged=len(ends[place]) - len(losses),
                shared=shared_mean(ends[place]),
            )
        )
    return found


def shared_mean(ends: Sequence[End]) -> float | None:
    """The mean loss over the first seeds, which every rate is tried with; None if any seed diverged."""
    if any(end.diverged for end in ends):
        return None
    return math.fsum(end.loss for end in ends[:SHARED]) / min(SHARED, len(ends))


def losses_at(ends: Sequence[End], start: float) -> list[float]:
    """The losses of a place, by seed; bounded, so that one seed's divergence does not stand for all."""
    return [min(end.loss, _WORST * start) for end in ends]


def mean_at(ends: Sequence[End], start: float) -> float:
    """The mean of `losses_at`; infinite without a run."""
    return math.fsum(losses_at(ends, start)) / len(ends) if ends else math.inf


def scores_at(ends: Sequence[End], start: float) -> list[float]:
    """The logarithms of the losses of a place, by seed, between those of a perfect fit and of a divergence."""
    return [math.log(max(loss, _PERFECT * start, _LEAST)) for loss in losses_at(ends, start)]


def score_at(ends: Sequence[End], start: float) -> float:
    """The mean of `scores_at`; infinite without a run."""
    return math.fsum(scores_at(ends, start)) / len(ends) if ends else math.inf


def proposal(ends: Ends, start: float) -> float | None:
    """The rate to take; None where no rate brings the loss below the start's.

    As good as the best are the places whose scores, each smoothed by those around it, are no farther behind than seeds
    move the difference, and where no more of them diverge. Where there are several stretches of them with worse ones
    between, the lowest is taken: there the run is sure of its course, and higher up it happens to come through.

    Args:
        ends: of places beside each other, with the same seeds.
        start: the mean loss before the first step, of these seeds.
    """
    places = sorted(ends)
    if min(mean_at(ends[place], start) for place in places) >= start * (1.0 - 1e-6):
        return None
    smooth = _smoothed(_smoothed(np.array([scores_at(ends[place], start) for place in places])))
    best = int(smooth.mean(axis=1).argmin())
    behind = smooth - smooth[best]
    count = behind.shape[1]
    error = behind.std(axis=1, ddof=1) / math.sqrt(count) if count > 1 else np.zeros(len(places))
    lost = np.array([sum(end.diverged for end in ends[place]) for place in places])
    good = (behind.mean(axis=1) <= error) & (lost <= lost[best])
    low = high = int(good.argmax())
    while high < len(places) - 1 and good[high + 1]:
        high += 1
    return float(f"{10 ** ((places[low] + places[high]) / (2 * PLACES)):.2g}")


def _smoothed(scores: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Each row (places, seeds) with a quarter of either neighbor."""
    padded = np.pad(scores, ((1, 1), (0, 0)), mode="edge")
    smooth: np.ndarray[Any, np.dtype[np.float64]] = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    return smooth


def interval(found: Sequence[Rung], rate: float, start: float) -> tuple[float, float]:
    """The lowest and the highest rate around the proposal up to which every rung trains, with every seed."""
    enough = start - _TRAINS * (start - min(rung.loss for rung in found if rung.loss is not None))
    trains = [rung.loss is not None and rung.loss <= enough for rung in found]
    near = min(range(len(found)), key=lambda number: abs(math.log(found[number].rate / rate)))
    low = high = near
    while low > 0 and trains[low - 1]:
        low -= 1
    while high < len(found) - 1 and trains[high + 1]:
        high += 1
    return found[low].rate, found[high].rate
