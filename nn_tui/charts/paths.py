"""Paths over a plane as pixels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn_tui.floats import Floats


Pixel = tuple[int, int]


def path_pixels(points: Floats, x: tuple[float, float], y: tuple[float, float], columns: int, rows: int) -> set[Pixel]:
    """The pixels that straight lines from point to point go through.

    Args:
        points: shape (n, 2); what lies outside the picture is cut off at its edge, and not finite ones are left out.
        x, y: the ends of the picture's axes.
        columns, rows: its pixels.

    Returns:
        (row, column) of each, the first row at the upper end of y.
    """
    known = points[np.isfinite(points).all(axis=1)]
    places = np.empty_like(known)
    places[:, 0] = (known[:, 0] - x[0]) / (x[1] - x[0]) * columns
    places[:, 1] = (y[1] - known[:, 1]) / (y[1] - y[0]) * rows
    pixels: set[Pixel] = set()
    last: list[float] | None = None
    for place in places.tolist():
        pixels.update(_line(last or place, place, columns, rows))
        last = place
    return pixels


def _line(start: list[float], end: list[float], columns: int, rows: int) -> list[Pixel]:
    """The pixels of one line within the picture."""
    part = _inside(start, end, columns, rows)
    if part is None:
        return []
    across, down = end[0] - start[0], end[1] - start[1]
    steps = math.ceil(max(abs(across), abs(down)) * (part[1] - part[0])) or 1
    shares = [part[0] + (part[1] - part[0]) * step / steps for step in range(steps + 1)]
    return [
        (min(rows - 1, int(start[1] + share * down)), min(columns - 1, int(start[0] + share * across)))
        for share in shares
    ]


def _inside(start: list[float], end: list[float], columns: int, rows: int) -> tuple[float, float] | None:
    """From which to which share of its length a line lies inside the picture (Liang and Barsky 1984)."""
    first, last = 0.0, 1.0
    for begin, way, limit in ((start[0], end[0] - start[0], columns), (start[1], end[1] - start[1], rows)):
        if way == 0.0:
            if not 0.0 <= begin <= limit:
                return None
            continue
        enter, leave = sorted((-begin / way, (limit - begin) / way))
        first, last = max(first, enter), min(last, leave)
    return (first, last) if first <= last else None
