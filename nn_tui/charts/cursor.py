"""A cursor on a plot: the step it stands at, what every line has there, and the change made there in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


class Reading(msgspec.Struct, frozen=True):
    """What is to be read at a cursor.

    Attributes:
        at: the place on the horizontal axis: that of the nearest point of any line.
        values: each line's color, and its name and value at its point nearest to there.
        words: of the changes made there.
    """

    at: float
    values: tuple[tuple[str, Color], ...]
    words: tuple[str, ...]


def read_off(plot: Plot, size: tuple[int, int], column: int) -> Reading | None:
    """What the lines have at a column of the plot's area, counted from 0; None where there are no lines.

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
    wanted = 10.0**wanted if plot.log_x else wanted
    nearest = [int(np.abs(line.x - wanted).argmin()) for line in lines]
    at = min((float(line.x[index]) for line, index in zip(lines, nearest, strict=True)), key=lambda x: abs(x - wanted))
    # What has ended before or begins after has nothing here.
    reach = (high - low) / (width - 1)
    values = tuple(
        (f"{line.name or line.label} {_written(float(_exact(line)[index]), line.out_of)}".strip(), line.color)
        for line, index in zip(lines, nearest, strict=True)
        if plot.log_x or float(line.x.min()) - reach <= at <= float(line.x.max()) + reach
    )
    here = column_of(np.log10(wanted) if plot.log_x else wanted, where.x_range, width)
    words = tuple(
        moment.text
        for moment in plot.moments
        if moment.text and abs(column_of(moment.at, where.x_range, width) - here) <= 1
    )
    return Reading(at, values[::-1], words)


def _exact(line: Line) -> Floats:
    return line.y if line.exact is None else line.exact


def _written(value: float, out_of: int) -> str:
    """A value, or of a percent the number of things it is of so many."""
    return f"{round(value / 100.0 * out_of)}/{out_of}" if out_of and np.isfinite(value) else fixed(value, 8).strip()


def draw_cursor(canvas: Canvas, plot: Plot, reading: Reading, palette: Palette) -> None:
    """Draws a vertical line at a reading's place, and writes the reading over the plot's first row.

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
    place = f"{reading.at:,.0f}" if plot.whole_x and reading.at.is_integer() else f"{reading.at:,.6g}"
    parts = [(f"{plot.x_unit} {as_shown(place)}", palette.text)]
    parts += reading.values
    parts += [(word, palette.accent) for word in reading.words]
    length = min(canvas.width - LABEL_WIDTH - 1, sum(cells(text) + 2 for text, _ in parts))
    start = max(LABEL_WIDTH + 1, min(column + 2, canvas.width - length))
    canvas.put(start, 0, " " * length, None)
    for text, color in parts:
        room = canvas.width - start
        if room < 2:
            break
        canvas.put(start, 0, cut(text, room), color)
        start += cells(text) + 2


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
