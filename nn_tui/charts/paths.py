"""Paths over a plane as pixels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn_tui.charts.clipping import inside

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
    begun, ended, kept = inside(np.vstack((places[:1], places[:-1])), places, np.zeros(2), np.array([columns, rows]))
    pixels: set[Pixel] = set()
    for start, end in zip(begun[kept], ended[kept], strict=True):
        steps = math.ceil(np.abs(end - start).max()) or 1
        across, down = np.linspace(start, end, steps + 1).T.astype(int).tolist()
        pixels.update((min(rows - 1, row), min(columns - 1, column)) for row, column in zip(down, across, strict=True))
    return pixels
