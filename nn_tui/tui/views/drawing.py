"""A plot as strips: plotext draws the lines, the axes around them are set here, in the theme's colours.

Plotext's own axes put ticks where the numbers are uneven, and its colours are not the theme's.
"""

from typing import Any

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts import ticks
from nn_tui.tui.palette import Palette
from nn_tui.tui.views.plot import Line, Placed, Plot, Range, placed

LABEL_WIDTH = 6
"""Cells for the numbers of the vertical axis: fixed, so that nothing moves when they change."""

_LEAST_ROWS_FOR_AXIS = 6

Cell = tuple[str, Color | None]
Canvas = list[list[Cell]]
"""Rows from the top; a character and its colour, None for a blank."""

_BLANK: Cell = (" ", None)


def plot_width(size: Size) -> int:
    """How many columns of a panel's width are left for the lines."""
    return max(0, size.width - LABEL_WIDTH - 1)


def draw(plot: Plot, palette: Palette, size: Size) -> list[Strip]:
    """The plot as strips; its background is left to the panel."""
    has_axis = size.height >= _LEAST_ROWS_FOR_AXIS
    width, height = plot_width(size), size.height - 1 - has_axis
    if width < 4 or height < 1:
        return []
    where = placed(plot)
    across = ticks.linear(*where.x_range, max(2, width // 9), plot.whole_x)
    up = _vertical_ticks(plot, where.y_range, max(2, height // 3))
    canvas = _canvas(where, width, height)
    columns = {_cell(at, where.x_range, width): label for at, label in across}
    rows = {height - 1 - _cell(at, where.y_range, height): label for at, label in up}
    _add_levels(canvas, where, palette)
    _add_marks(canvas, plot, where, palette)
    strips = [_strip([*_label(rows.get(row, ""), row in rows, palette), *cells]) for row, cells in enumerate(canvas)]
    if has_axis:
        axis = ["┬" if column in columns else "─" for column in range(width)]
        strips.append(_strip([*[_BLANK] * LABEL_WIDTH, *((character, palette.faint) for character in ["└", *axis])]))
    return [*strips, _strip(_numbers(columns, width, plot.x_unit, palette))]


def _vertical_ticks(plot: Plot, y_range: Range, most: int) -> ticks.Ticks:
    if plot.log:
        return ticks.logarithmic(*y_range, most)
    return ticks.linear(*y_range, most, plot.whole_y)


def _cell(at: float, ends: Range, cells: int) -> int:
    """Which of so many cells, counted from the low end, a place on an axis falls into."""
    return round((at - ends[0]) / (ends[1] - ends[0]) * (cells - 1))


def _canvas(where: Placed, width: int, height: int) -> Canvas:
    """The lines alone, drawn by plotext."""
    from textual_plotext.plot import Plot as Figure

    figure: Any = Figure()
    figure.plotsize(width, height)
    # The size takes effect at once only through this one, as textual-plotext's own widget notes.
    figure._set_size(width, height)
    figure.frame(False)
    figure.xticks([])
    figure.yticks([])
    figure.xlim(*where.x_range)
    figure.ylim(*where.y_range)
    for line in where.lines:
        _add(figure, line, where)
    figure.build()
    matrix = figure.monitor.matrix
    return [
        [
            _BLANK if character == " " or not isinstance(colour, tuple) else (character, Color(*colour))
            for character, colour in zip(characters, colours, strict=True)
        ]
        for characters, colours in zip(reversed(matrix.marker), reversed(matrix.fullground), strict=True)
    ]


def _add(figure: Any, line: Line, where: Placed) -> None:
    """Hands a line over, piece by piece between its gaps."""
    inside = np.isfinite(line.y) & (line.x >= where.x_range[0]) & (line.x <= where.x_range[1])
    if line.dots:
        inside &= (line.y >= where.y_range[0]) & (line.y <= where.y_range[1])
    numbers = np.flatnonzero(inside)
    for piece in np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1):
        if len(piece):
            draw_piece = figure.scatter if line.dots or len(piece) == 1 else figure.plot
            x, y = line.x[piece].tolist(), np.clip(line.y[piece], *where.y_range).tolist()
            draw_piece(x, y, marker=line.marker, color=line.colour.rgb)


def _add_levels(canvas: Canvas, where: Placed, palette: Palette) -> None:
    for level in where.guides:
        if where.y_range[0] <= level <= where.y_range[1]:
            row = canvas[len(canvas) - 1 - _cell(level, where.y_range, len(canvas))]
            row[:] = [("╌", palette.muted) if cell is _BLANK else cell for cell in row]


def _add_marks(canvas: Canvas, plot: Plot, where: Placed, palette: Palette) -> None:
    for moment in plot.marks:
        if where.x_range[0] <= moment <= where.x_range[1]:
            column = _cell(moment, where.x_range, len(canvas[0]))
            for row in canvas:
                row[column] = ("┊", palette.muted) if row[column] is _BLANK else row[column]


def _label(label: str, is_tick: bool, palette: Palette) -> list[Cell]:
    """A row's end of the vertical axis."""
    text = [(character, palette.muted) for character in label.rjust(LABEL_WIDTH)[:LABEL_WIDTH]]
    return [*text, ("┤" if is_tick else "│", palette.faint)]


def _numbers(columns: dict[int, str], width: int, unit: str, palette: Palette) -> list[Cell]:
    """The row of numbers below the plot, the unit at its right end."""
    row = [" "] * (LABEL_WIDTH + 1 + width)
    end = len(row) - len(unit) if len(unit) < width // 2 else len(row)
    row[end:] = unit[: len(row) - end]
    free = 0
    for column, label in columns.items():
        start = min(LABEL_WIDTH + 1 + column - len(label) // 2, len(row) - len(label))
        if start >= free and start + len(label) < end:
            row[start : start + len(label)] = label
            free = start + len(label) + 1
    return [(character, palette.muted) for character in row]


def _strip(cells: list[Cell]) -> Strip:
    """Cells as segments, neighbours of one colour in one."""
    segments: list[Segment] = []
    start = 0
    for at in range(1, len(cells) + 1):
        if at == len(cells) or cells[at][1] != cells[start][1]:
            colour = cells[start][1]
            style = None if colour is None else Style(color=colour.rich_color)
            segments.append(Segment("".join(character for character, _ in cells[start:at]), style))
            start = at
    return Strip(segments, len(cells))
