"""Examples as points on a map: filled ones of the training set, hollow ones of the test set."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nn_tui.training.parts import Points
from nn_tui.tui.views.numbers import floats
from nn_tui.tui.views.plot import Range

MARKS, SMALL_MARKS = "●○", "•◦"
"""Of the training and of the test set."""

CLASS_MARKS = ("●○", "■□", "▲△", "◆◇", "★☆")
"""By class, where colours do not tell classes apart."""

WHICH = ("● train  ○ test", "● train", "○ test", "no points")
"""What can be chosen between, in words."""


@dataclass(frozen=True, eq=False)
class Scatter:
    """Points by cell, at most one in each: of several the last one, so that test points stay visible.

    Attributes:
        rows, columns, pixel_rows: where they are, in cells and in pixels from the top.
        targets: class numbers or values.
        is_test: whether they are of the test set.
    """

    rows: list[int]
    columns: list[int]
    pixel_rows: NDArray[np.intp]
    targets: NDArray[np.float64]
    is_test: list[bool]


@lru_cache(maxsize=16)
def scatter(points: Points, x: Range, y: Range, columns: int, rows: int, which: str) -> Scatter:
    """Where points fall on a map of so many cells.

    Args:
        points: with two coordinates.
        x, y: the map's ends.
        columns, rows: its cells.
        which: one of `WHICH`.
    """
    at = floats(points.coordinates).reshape(-1, 2)
    is_test = np.arange(len(at)) >= points.train
    kept = np.where(is_test, "○" in which, "●" in which)
    inside = kept & (at >= (x[0], y[0])).all(axis=1) & (at <= (x[1], y[1])).all(axis=1)
    numbers = np.flatnonzero(inside)
    column = _cells(at[numbers, 0], x, columns)
    pixel_row = 2 * rows - 1 - _cells(at[numbers, 1], y, 2 * rows)
    owner = np.full((rows, columns), -1)
    owner[pixel_row // 2, column] = np.arange(len(numbers))
    last = np.sort(owner[owner >= 0])
    return Scatter(
        rows=(pixel_row[last] // 2).tolist(),
        columns=column[last].tolist(),
        pixel_rows=pixel_row[last],
        targets=floats(points.targets)[numbers[last]],
        is_test=is_test[numbers[last]].tolist(),
    )


def _cells(values: NDArray[np.float64], ends: Range, cells: int) -> NDArray[np.intp]:
    shares = (values - ends[0]) / (ends[1] - ends[0])
    return np.minimum((shares * cells).astype(np.intp), cells - 1)
