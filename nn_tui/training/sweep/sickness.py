"""Which combinations are given up early: a rule over all of them at one moment, so that no clock decides.

Every trial is first run for a fifth of its steps. Of the combinations, a third goes on to the end, two at least: half
of these are the best by then on the metric, the others those with the lowest training loss, which learn fastest. What
diverged does not go on.
"""

import math
from collections.abc import Mapping, Sequence

from nn_tui.training.sweep.ranking import mean
from nn_tui.training.sweep.result import TrialResult, is_better_low

PREFIX = 0.2
"""Of a trial's steps, after which it is looked at."""

GOES_ON = 1.0 / 3.0
"""Of the combinations, at least so many go on."""

_FEWEST = 2


def survivors(trials: Mapping[int, Sequence[TrialResult]], metric: str) -> set[int]:
    """The combinations that go on.

    Args:
        trials: of every combination, as they stand after `PREFIX` of their steps.
        metric: what is best in the end.
    """
    alive = {
        number: results
        for number, results in trials.items()
        if all(result.status == "finished" and result.value is not None for result in results)
    }
    most = max(_FEWEST, math.ceil(GOES_ON * len(trials)))
    sign = 1.0 if is_better_low(metric) else -1.0
    values = {number: [sign * (result.value or 0.0) for result in results] for number, results in alive.items()}
    losses = {
        number: [math.inf if (loss := (result.train or {}).get("loss")) is None else loss for result in results]
        for number, results in alive.items()
    }
    chosen = _first(values, math.ceil(most / 2))
    for number in _order(losses):
        if len(chosen) >= most:
            break
        chosen.add(number)
    return chosen


def _first(scores: Mapping[int, Sequence[float]], count: int) -> set[int]:
    return set(_order(scores)[:count])


def _order(scores: Mapping[int, Sequence[float]]) -> list[int]:
    """Combinations by their mean, the lowest first; of equals the earlier."""
    return sorted(scores, key=lambda number: (mean(scores[number]), number))
