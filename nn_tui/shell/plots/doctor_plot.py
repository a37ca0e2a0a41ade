"""How good a run became, alone and with what was prescribed."""

from collections.abc import Sequence

import numpy as np

from nn_tui.charts.lanes import lane_looks
from nn_tui.shell.plots.curves import PrintedCurve, print_curves

_LOWEST = -1.0
"""R² below which a curve is not followed."""

Curve = tuple[tuple[int, float | None], ...]


def print_courses(curves: Sequence[tuple[str, Curve]], metric: str) -> None:
    """Prints each curve over the steps; a look at which a run was not finite leaves a gap.

    Args:
        curves: names, and steps with values.
        metric: what the values are of, for people.
    """
    printed = []
    for look, (name, curve) in zip(lane_looks([name for name, _ in curves]), curves, strict=True):
        points = np.array([(step, np.nan if value is None else value) for step, value in curve], np.float64)
        points = points.reshape(-1, 2)
        printed.append(PrintedCurve(name, look.color, look.letter.lower(), points[:, 0], points[:, 1]))
    known = np.concatenate([curve.y[np.isfinite(curve.y)] for curve in printed] or [np.empty(0)])
    low, high = (max(_LOWEST, float(known.min())), float(known.max())) if len(known) else (0.0, 1.0)
    room = 0.05 * (high - low) or 0.5
    print_curves(metric, printed, "step", y_range=(low - room, max(low, high) + room))
