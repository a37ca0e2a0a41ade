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
    # A point stands for half of the way to its neighbors, of which as much counts as is around.
    edges = np.concatenate((x[:1], (x[:-1] + x[1:]) / 2.0, x[-1:]))
    total = np.append(0.0, np.cumsum(logs * np.diff(edges)))
    reach = np.minimum(_SHARE * (x[-1] - x[0]), np.minimum(x - x[0], x[-1] - x))
    around = np.interp(x + reach, edges, total) - np.interp(x - reach, edges, total)
    means = np.full(len(line.y), np.nan)
    means[positive] = np.exp(np.divide(around, 2.0 * reach, out=logs.copy(), where=reach > 0.0))
    means = np.where(np.isfinite(line.y) | np.isnan(line.y), means, line.y)
    return structs.replace(line, y=means, exact=line.y)
