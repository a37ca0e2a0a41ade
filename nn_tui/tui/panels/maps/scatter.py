"""Examples as points on a map: filled ones of the training set, hollow ones of the test set."""

from functools import lru_cache

import msgspec

from nn_tui.charts.plot import Range
from nn_tui.training.look.parts import Points
from nn_tui.tui.panels.reading import listed_floats

MARKS, SMALL_MARKS = "●○", "•◦"
"""Of the training and of the test set."""

CLASS_MARKS = ("●○", "■□", "▲△", "◆◇", "★☆")
SMALL_CLASS_MARKS = ("•◦", "▪▫", "▴▵", "▾▿", "▸▹")
"""By class."""

WHICH = ("● train  ○ test", "● train", "○ test", "no points")
"""What can be chosen between, in words."""


class Spot(msgspec.Struct, frozen=True):
    """A point on a map: its column and row in cells, its row in pixels, from the top; its class number or value."""

    column: int
    row: int
    pixel_row: int
    target: float
    is_test: bool


@lru_cache(maxsize=16)
def scatter(points: Points, x: Range, y: Range, columns: int, rows: int, which: str) -> tuple[Spot, ...]:
    """Where points fall on a map of so many cells: at most one in each, the last one, so that test points show.

    Args:
        points: with two coordinates.
        x, y: the map's ends.
        columns, rows: its cells.
        which: one of `WHICH`.
    """
    coordinates, targets = listed_floats(points.coordinates), listed_floats(points.targets)
    spots: dict[tuple[int, int], Spot] = {}
    for number in range(0 if "●" in which else points.train, len(targets) if "○" in which else points.train):
        across, up = coordinates[2 * number], coordinates[2 * number + 1]
        if not (x[0] <= across <= x[1] and y[0] <= up <= y[1]):
            continue
        column = _cell(across, x, columns)
        pixel_row = 2 * rows - 1 - _cell(up, y, 2 * rows)
        # What comes later is drawn later, too.
        spots.pop((column, pixel_row // 2), None)
        spots[column, pixel_row // 2] = Spot(column, pixel_row // 2, pixel_row, targets[number], number >= points.train)
    return tuple(spots.values())


def extremes(points: Points) -> Range:
    """The lowest and the highest target."""
    targets = listed_floats(points.targets)
    return min(targets), max(targets)


def _cell(value: float, ends: Range, cells: int) -> int:
    return min(int((value - ends[0]) / (ends[1] - ends[0]) * cells), cells - 1)


def class_mark(number: int, small: bool = False) -> str:
    """The mark of a class, filled and hollow; they come round after five."""
    marks = SMALL_CLASS_MARKS if small else CLASS_MARKS
    return marks[number % len(marks)]
