"""Which rate the runs speak for: the middle of those that no seed's luck sets apart from the best."""

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from nn_tui.training.range_test import PLACES, rate_at
from nn_tui.training.rates.attempt import End

_TRAINS = 0.5
"""A rate trains that gains at least this share of what the best one gains."""
_WORST = 10.0
"""What a divergence counts as, in losses before the first step, and no loss as more."""

_PERFECT = 1e-4
"""Of the loss before the first step: what is below it is a perfect fit, and which is the smallest says nothing."""

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
    """

    rate: float
    loss: float | None
    spread: float | None
    seeds: int
    diverged: int


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
            )
        )
    return found


def losses_at(ends: Sequence[End], start: float) -> list[float]:
    """The losses of a place, by seed; bounded, so that one seed's divergence does not stand for all."""
    return [min(end.loss, _WORST * start) for end in ends]


def mean_at(ends: Sequence[End], start: float) -> float:
    """The mean of `losses_at`; infinite without a run."""
    return math.fsum(losses_at(ends, start)) / len(ends) if ends else math.inf


def proposal(ends: Ends, start: float) -> float | None:
    """The rate to take; None where no rate brings the loss below the start's.

    Args:
        ends: of places beside each other, with the same seeds.
        start: the mean loss before the first step.
    """
    places = sorted(ends)
    if min(mean_at(ends[place], start) for place in places) >= start * (1.0 - 1e-6):
        return None
    losses = np.maximum([losses_at(ends[place], start) for place in places], _PERFECT * start)
    padded = np.pad(losses, ((1, 1), (0, 0)), mode="edge")
    smooth = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    best = int(smooth.mean(axis=1).argmin())
    # As good is what is no farther behind than seeds move the difference.
    behind = smooth - smooth[best]
    count = behind.shape[1]
    error = behind.std(axis=1, ddof=1) / math.sqrt(count) if count > 1 else np.zeros(len(places))
    good = behind.mean(axis=1) <= error
    low = high = best
    while low > 0 and good[low - 1]:
        low -= 1
    while high < len(places) - 1 and good[high + 1]:
        high += 1
    return float(f"{10 ** ((places[low] + places[high]) / (2 * PLACES)):.2g}")


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
