"""A cursor on a plot: the step it stands at, what every line has there, and the change made there in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import numpy as np
from msgspec import structs

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.curves import LABEL_WIDTH, column_of, plotted_area
from nn_tui.charts.numbers import cells, cut, fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Line, Plot, Range, placed, within

if TYPE_CHECKING:
    from nn_tui.floats import Floats
from nn_tui.numerals import as_shown

_CURSOR = "│"
_APART = 2
"""Cells between what is read of two lines."""

_MOST_DIGITS, _FEWEST_DIGITS = 8, 4
"""Cells that a value takes, where all values stand in one row."""

_DIGITS_IN_ROWS = 6
"""The same where they take several."""


_Part: TypeAlias = tuple[str, Color]
"""Words, and their color."""


class Reading(msgspec.Struct, frozen=True):
    """What is to be read at a cursor.

    Attributes:
        at: the place on the horizontal axis.
        values: of each line that has a point there, its color, and its name and value.
        words: of the changes made there.
    """

    at: float
    values: tuple[tuple[str, Color], ...]
    words: tuple[str, ...]


def read_off(plot: Plot, size: tuple[int, int], column: int) -> Reading | None:
    """What the lines have at a column of the plot's area, counted from 0; None where there are no lines.

    All of it is of one place: that of a point which all lines have that go on there. (Each line is drawn with its own
    extremes, but with the first point of every column in any case.)

    Args:
        plot, size: as in `draw`.
        column: as far to the right as there are columns, at most.
    """
    lines = [line for line in plot.lines if not line.is_ghost and not line.behind and len(line.x)]
    width = plotted_area(plot, size)[0]
    if not lines or width < 2:
        return None
    where = placed(plot)
    low, high = where.x_range
    wanted = low + (high - low) * min(max(0, column), width - 1) / (width - 1)
    # What has ended before or begins after has nothing here.
    reach = (high - low) / (width - 1)
    here = [line for line in lines if plot.log_x or line.x.min() - reach <= wanted <= line.x.max() + reach] or lines
    ends = (10.0**low, 10.0**high) if plot.log_x else (low, high)
    wanted = 10.0**wanted if plot.log_x else wanted
    at = _nearest([line for line in here if not line.dots] or here, ends, wanted)
    values = _values(here, at, plot.y_unit, size[0] - LABEL_WIDTH - 1 - cells(_place(plot, at)))
    at_column = column_of(np.log10(wanted) if plot.log_x else wanted, where.x_range, width)
    words = tuple(
        moment.text
        for moment in plot.moments
        if moment.text and abs(column_of(moment.at, where.x_range, width) - at_column) <= 1
    )
    return Reading(at, values[::-1], words)


def _nearest(lines: list[Line], ends: Range, wanted: float) -> float:
    """The place nearest to the one wanted of a point that all lines have, or, where they have none, any of them."""
    # A line that leaves the picture for good is read there, too: it has become infinite.
    known = [~np.isnan(_exact(line)) for line in lines]
    places = [line.x[there] if there.any() else line.x for line, there in zip(lines, known, strict=True)]
    shared = reduce(np.intersect1d, places)
    shared = shared[(shared >= ends[0]) & (shared <= ends[1])]
    found = shared if shared.size else np.concatenate(places)
    return float(found[np.abs(found - wanted).argmin()])


def _values(lines: list[Line], at: float, unit: str, room: int) -> tuple[tuple[str, Color], ...]:
    """Name and value of each line that has a point there, with as many digits as leave all in one row, if any do."""
    # Single dots are examples, which lie where they lie: the nearest one is read.
    read = [
        (line, _exact(line)[[np.abs(line.x - at).argmin()]] if line.dots else _exact(line)[line.x == at])
        for line in lines
    ]
    values: tuple[tuple[str, Color], ...] = ()
    for digits in (*range(_MOST_DIGITS, _FEWEST_DIGITS - 1, -1), _DIGITS_IN_ROWS):
        values = tuple(
            (f"{line.name or line.label} {_written(float(found[0]), line.out_of, unit, digits)}".strip(), line.color)
            for line, found in read
            if found.size
        )
        if sum(cells(text) + _APART for text, _ in values) <= room:
            break
    return values


def _exact(line: Line) -> Floats:
    return line.y if line.exact is None else line.exact


def _written(value: float, out_of: int, unit: str, digits: int) -> str:
    """A value, or of a percent the number of things it is of so many."""
    if out_of and np.isfinite(value):
        return f"{round(value / 100.0 * out_of)}/{out_of}"
    return f"{fixed(value, digits).strip()}{unit if np.isfinite(value) else ''}"


def _place(plot: Plot, at: float) -> str:
    """The place that is read, in the horizontal axis's words."""
    return f"{plot.x_unit} {as_shown(f'{at:,.0f}' if plot.whole_x and at.is_integer() else f'{at:,.6g}')}"


def draw_cursor(canvas: Canvas, plot: Plot, reading: Reading, palette: Palette) -> None:
    """Draws a vertical line at a reading's place, and writes the reading over the plot's first row, or first rows.

    Args:
        canvas: as `draw` gave it.
        plot, palette: as in `draw`.
        reading: what is read there.
    """
    width, height = plotted_area(plot, (canvas.width, canvas.height))
    ends = placed(plot).x_range
    at = float(np.log10(reading.at)) if plot.log_x else reading.at
    column = LABEL_WIDTH + 1 + min(max(0, column_of(at, ends, width)), width - 1)
    for row in range(height):
        if canvas.is_free(column, row) or canvas.characters[row][column] == "┊":
            canvas.put(column, row, _CURSOR, palette.accent)
    parts = [(_place(plot, reading.at), palette.text)]
    parts += reading.values
    parts += [(word, palette.accent) for word in reading.words]
    rows = _in_rows(parts, canvas.width - LABEL_WIDTH - 1, max(1, height // 2))
    length = min(canvas.width - LABEL_WIDTH - 1, max(map(_length, rows)))
    left = max(LABEL_WIDTH + 1, min(column + 2, canvas.width - length))
    for row, told in enumerate(rows):
        canvas.put(left, row, " " * length, None)
        start = left
        for text, color in told:
            room = canvas.width - start
            if room < 2:
                break
            canvas.put(start, row, cut(text, room), color)
            start += cells(text) + _APART


def _in_rows(parts: Sequence[_Part], width: int, most: int) -> list[list[_Part]]:
    """Words in as few rows as they fit in, but no more than so many."""
    rows: list[list[_Part]] = [[]]
    for part in parts:
        if rows[-1] and _length([*rows[-1], part]) - _APART > width and len(rows) < most:
            rows.append([])
        rows[-1].append(part)
    return rows


def _length(parts: Sequence[_Part]) -> int:
    return sum(cells(text) + _APART for text, _ in parts)


def between(plot: Plot, ends: Range) -> Plot:
    """The plot between two places of its horizontal axis, the vertical one fitted to what is to be seen there.

    It goes no further than it did, so that no share is beyond all there is.
    """
    lines = [line for line in (_within(line, ends) for line in plot.lines) if len(line.x)]
    part = structs.replace(
        plot, lines=lines, x_range=ends, moments=[moment for moment in plot.moments if ends[0] <= moment.at <= ends[1]]
    )
    return part if plot.y_range is None or not lines else within(part, *plot.y_range)


def _within(line: Line, ends: Range) -> Line:
    """The points between two places, and one more on either side, so that the line goes on to the edges."""
    inside = np.flatnonzero((line.x >= ends[0]) & (line.x <= ends[1]))
    first = max(0, (inside[0] if inside.size else int(np.searchsorted(line.x, ends[0]))) - 1)
    last = min(len(line.x), (inside[-1] if inside.size else first) + 2)
    part = slice(int(first), int(last))
    exact = None if line.exact is None else line.exact[part]
    return structs.replace(line, x=line.x[part], y=line.y[part], exact=exact)
