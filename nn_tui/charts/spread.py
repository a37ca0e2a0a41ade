"""A curve of means with what seeds move: over values that may go over decades."""

from collections.abc import Sequence

import numpy as np

from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Line, Plot

_LOG_FROM = 50.0
"""Times the lowest value, from which on the highest calls for a logarithmic axis."""
_ROOM = 0.6, 1.2
"""Times the lowest and the highest value: where a logarithmic axis ends."""


def spread_curve(
    points: Sequence[tuple[float, float, float]], unit: str, palette: Palette, colored: bool = True
) -> Plot:
    """Means over values, between two fainter lines where there are spreads.

    Args:
        points: value, mean and spread of each, by ascending value; two at least.
        unit: what the values are.
        palette: its colors.
        colored: whether lines can be told apart by color.
    """
    x, mean, spread = np.array(points, np.float64).T
    lines = [Line(x, mean, palette.text, marker="" if colored else "o")]
    if colored:
        lines.append(Line(x, mean, palette.text, dots="•"))
    if spread.any():
        faint = "" if colored else "."
        lines = [*(Line(x, edge, palette.muted, marker=faint) for edge in (mean - spread, mean + spread)), *lines]
    log_x = bool(x[0] > 0.0 and x[-1] / x[0] >= _LOG_FROM)
    whole = bool((x == np.round(x)).all()) and not log_x
    # Room for the lowest value's own number beside the unit.
    ends = (_ROOM[0] * float(x[0]), _ROOM[1] * float(x[-1])) if log_x else None
    return Plot(lines, ends, x_unit=unit, whole_x=whole, log_x=log_x)
