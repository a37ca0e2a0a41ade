"""The parts of straight lines that are inside a rectangle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn_tui.floats import Floats


def inside(starts: Floats, ends: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Cuts lines off at the edges of a rectangle (Liang and Barsky 1984).

    Args:
        starts, ends: of each line, shape (n, 2).
        low, high: two opposite corners of the rectangle, shape (2,).

    Returns:
        Where the lines start and end inside, shape (n, 2), and which of them are inside at all; one that is not
        finite is not.
    """
    along = ends - starts
    with np.errstate(all="ignore"):
        one, other = (low - starts) / along, (high - starts) / along
    level, within = along == 0.0, (starts >= low) & (starts <= high)
    enters = np.where(level, np.where(within, -np.inf, np.inf), np.fmin(one, other))
    leaves = np.where(level, np.inf, np.fmax(one, other))
    first = np.maximum(0.0, enters.max(axis=1, initial=0.0))[:, None]
    last = np.minimum(1.0, leaves.min(axis=1, initial=1.0))[:, None]
    kept = (first <= last)[:, 0] & np.isfinite(starts).all(axis=1) & np.isfinite(ends).all(axis=1)
    with np.errstate(all="ignore"):
        # An end that is inside stays the very number it is.
        begun = np.clip(np.where(first > 0.0, starts + first * along, starts), low, high)
        ended = np.clip(np.where(last < 1.0, starts + last * along, ends), low, high)
    return begun, ended, kept
