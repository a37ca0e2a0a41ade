"""A line through the middle of what a line jumps about."""

from __future__ import annotations

import numpy as np
from msgspec import structs

from nn_tui.charts.plot import Line

_SHARE = 0.05
"""How far to both sides is looked, of the length of the line."""


def smoothed(line: Line) -> Line:
    """The geometric mean of what lies around each point, as far to one side as to the other.

    Around means in steps, not in points: a stretch of which many rows were recorded counts no more than one of the
    same length with few. Toward its ends the line comes closer to the values themselves.
    """
    positive = (line.y > 0.0) & np.isfinite(line.y)
    if positive.sum() < 2:
        return line
    x, logs = line.x[positive], np.log(line.y[positive])
    # What a point stands for: half of the way to its neighbors; never nothing, as for two of one step.
    width = np.maximum(np.gradient(x), 1e-9 * (x[-1] - x[0] or 1.0))
    reach = np.minimum(_SHARE * (x[-1] - x[0]), np.minimum(x - x[0], x[-1] - x))
    first, last = np.searchsorted(x, x - reach, side="left"), np.searchsorted(x, x + reach, side="right")
    total, weight = (np.append(0.0, np.cumsum(values)) for values in (logs * width, width))
    means = np.full(len(line.y), np.nan)
    means[positive] = np.exp((total[last] - total[first]) / (weight[last] - weight[first]))
    means = np.where(np.isfinite(line.y) | np.isnan(line.y), means, line.y)
    return structs.replace(line, y=means, exact=line.y)
