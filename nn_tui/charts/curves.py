"""A plot in cells: what is on it, layer over layer, and the axes around it, in the theme's colors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_tui.charts import ticks
from nn_tui.charts.bins import rebinned
from nn_tui.charts.braille import ACROSS, DOWN, Braille
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.numbers import cut
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Bars, Line, Placed, Plot, Range, Zone, placed

LABEL_WIDTH = 6
"""Cells for the numbers of the vertical axis: fixed, so that nothing moves when they change."""

_LEAST_ROWS_FOR_AXIS = 6
_LEAST_COLUMNS_FOR_LABELS = 24


def plot_width(size: tuple[int, int]) -> int:
    """How many columns of a panel's width are left for the lines."""
    return max(0, size[0] - LABEL_WIDTH - 1)


def draw(plot: Plot, palette: Palette, size: tuple[int, int]) -> Canvas:
    """The plot in so many columns and rows; its background is left to the panel."""
    canvas = Canvas(*size)
    has_axis = size[1] >= _LEAST_ROWS_FOR_AXIS
    gutter = max((len(line.label) + 1 for line in plot.lines if line.label), default=0)
    if size[0] < _LEAST_COLUMNS_FOR_LABELS:
        gutter = 0
    width, height = plot_width(size) - gutter, size[1] - 1 - has_axis
    if width < 4 or height < 1:
        return canvas
    where = placed(plot)
    canvas.paste(_inside(plot, where, palette, width, height), LABEL_WIDTH + 1, 0)
    _add_vertical_axis(canvas, plot, where.y_range, palette, height)
    _add_horizontal_axis(canvas, plot, where.x_range, palette, width, has_axis)
    if gutter:
        _add_labels(canvas, where, LABEL_WIDTH + 1 + width + 1, height)
    return canvas


def column_of(at: float, ends: Range, width: int) -> int:
    """The column, from the left, that a place on the horizontal axis falls into."""
    return _dot(at, ends, ACROSS * width) // ACROSS


def row_of(at: float, ends: Range, height: int) -> int:
    """The row, from the top, that a place on the vertical axis falls into."""
    return height - 1 - _dot(at, ends, DOWN * height) // DOWN


def _dot(at: float, ends: Range, dots: int) -> int:
    """Which of so many dots of Braille, counted from the low end, a place on an axis falls on."""
    return round((at - ends[0]) / (ends[1] - ends[0]) * (dots - 1))


# -- between the axes --------------------------------------------------------------------------------------------------


def _inside(plot: Plot, where: Placed, palette: Palette, width: int, height: int) -> Canvas:
    canvas = Canvas(width, height)
    _add_zones(canvas, plot, where, palette)
    if plot.bars is not None:
        _add_bars(canvas, plot, plot.bars, where)
    lines, dots = [line for line in where.lines if not line.dots], [line for line in where.lines if line.dots]
    _add_lines(canvas, where, [line for line in lines if line.behind])
    _add_lines(canvas, where, [line for line in lines if not line.behind])
    for line in lines:
        if line.trail:
            _tint(canvas, line, palette)
    for line in dots:
        _add_dots(canvas, where, line)
    _add_moments(canvas, plot, where, palette)
    _add_zone_words(canvas, plot, where, palette)
    return canvas


def _add_zones(canvas: Canvas, plot: Plot, where: Placed, palette: Palette) -> None:
    for zone in plot.x_zones:
        for column in _columns(zone, where, canvas.width):
            for cells in canvas.behind:
                cells[column] = palette.tint
    for zone in where.y_zones:
        for row in _rows(zone, where, canvas.height):
            canvas.behind[row] = [palette.tint] * canvas.width


def _add_bars(canvas: Canvas, plot: Plot, bars: Bars, where: Placed) -> None:
    heights = rebinned(bars.counts, (bars.low, bars.high), where.x_range, canvas.width)
    shares = heights * (bars.share / (heights.max() or 1.0))
    zones = {column for zone in plot.x_zones for column in _columns(zone, where, canvas.width)}
    for column, share in enumerate(shares.tolist()):
        canvas.column(column, share, bars.zone_color if column in zones else bars.color)


def _inside_of(zone: Zone, ends: Range) -> Range | None:
    """The part of a zone that is between the ends of its axis."""
    low, high = max(zone.low, ends[0]), min(zone.high, ends[1])
    return (low, high) if low <= high else None


def _columns(zone: Zone, where: Placed, width: int) -> range:
    part = _inside_of(zone, where.x_range)
    if part is None:
        return range(0)
    return range(column_of(part[0], where.x_range, width), column_of(part[1], where.x_range, width) + 1)


def _rows(zone: Zone, where: Placed, height: int) -> range:
    part = _inside_of(zone, where.y_range)
    if part is None:
        return range(0)
    return range(row_of(part[1], where.y_range, height), row_of(part[0], where.y_range, height) + 1)


def _add_zone_words(canvas: Canvas, plot: Plot, where: Placed, palette: Palette) -> None:
    for zone in where.y_zones:
        column = canvas.width - len(zone.text) - 1
        for row in reversed(_rows(zone, where, canvas.height)):
            if canvas.is_free(column - 1, row, len(zone.text) + 2):
                canvas.put(column, row, zone.text, palette.muted)
                break
    for zone in plot.x_zones:
        columns = _columns(zone, where, canvas.width)
        if len(columns) > len(zone.text) and canvas.is_free(columns[0], 0, len(columns)):
            canvas.put(columns[(len(columns) - len(zone.text)) // 2], 0, zone.text, palette.muted)


def _add_lines(canvas: Canvas, where: Placed, lines: Sequence[Line]) -> None:
    """The lines, piece by piece between their gaps."""
    (left, right), (low, high) = where.x_range, where.y_range
    fine = Braille(canvas.width, canvas.height, alternates=True)
    for line in lines:
        numbers = np.flatnonzero(np.isfinite(line.y) & (line.x >= left) & (line.x <= right))
        x = (line.x - left) / (right - left) * (ACROSS * canvas.width - 1)
        y = (high - np.clip(line.y, low, high)) / (high - low) * (DOWN * canvas.height - 1)
        for piece in np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1):
            if len(piece):
                fine.add_line(x[piece], y[piece], line.color)
    fine.put_on(canvas)


def _tint(canvas: Canvas, line: Line, palette: Palette) -> None:
    """Colors what is behind a line that has been drawn."""
    tint = palette.background.blend(line.color, 0.2)
    for colors, behind in zip(canvas.colors, canvas.behind, strict=True):
        for column, color in enumerate(colors):
            if color == line.color:
                behind[column] = tint


def _add_dots(canvas: Canvas, where: Placed, line: Line) -> None:
    (left, right), (low, high) = where.x_range, where.y_range
    inside = (line.x >= left) & (line.x <= right) & (line.y >= low) & (line.y <= high)
    for x, y in zip(line.x[inside].tolist(), line.y[inside].tolist(), strict=True):
        column, row = column_of(x, where.x_range, canvas.width), row_of(y, where.y_range, canvas.height)
        canvas.put(column, row, line.dots, line.color)


def _add_moments(canvas: Canvas, plot: Plot, where: Placed, palette: Palette) -> None:
    """Vertical lines; words beside the latest first, so that of many it is the latest that have them."""
    inside = [moment for moment in plot.moments if where.x_range[0] <= moment.at <= where.x_range[1]]
    columns = [column_of(moment.at, where.x_range, canvas.width) for moment in inside]
    for column in columns:
        for row in range(canvas.height):
            if canvas.is_free(column, row):
                canvas.put(column, row, "┊", palette.muted)
    named: list[int] = []
    for moment, column in zip(reversed(inside), reversed(columns), strict=True):
        if moment.text and all(abs(column - other) > 1 for other in named):
            _add_words(canvas, column, cut(moment.text, canvas.width // 2), palette)
            named.append(column)


def _add_words(canvas: Canvas, column: int, words: str, palette: Palette) -> None:
    """Words right or left of a column, at the top or at the bottom, if they fit anywhere."""
    for start in (column + 2, column - 1 - len(words)):
        for row in (0, canvas.height - 1):
            if canvas.is_free(start - 1, row, len(words) + 2):
                canvas.put(start, row, words, palette.muted)
                return


# -- around it ---------------------------------------------------------------------------------------------------------


def _add_vertical_axis(canvas: Canvas, plot: Plot, ends: Range, palette: Palette, height: int) -> None:
    places = _vertical_ticks(plot, ends, max(3, height // 4 if plot.log else height * 2 // 5))
    if len(places) < 2:
        places = _vertical_ticks(plot, ends, max(6, height // 2))
    for row in range(height):
        canvas.put(LABEL_WIDTH, row, "│", palette.faint)
    for at, label in places:
        row = row_of(at, ends, height)
        canvas.put(0, row, f"{label}{plot.y_unit}".rjust(LABEL_WIDTH)[:LABEL_WIDTH], palette.muted)
        canvas.put(LABEL_WIDTH, row, "┤", palette.faint)


def _vertical_ticks(plot: Plot, ends: Range, most: int) -> ticks.Ticks:
    return ticks.logarithmic(*ends, most) if plot.log else ticks.linear(*ends, most)


def _add_horizontal_axis(canvas: Canvas, plot: Plot, ends: Range, palette: Palette, width: int, has_axis: bool) -> None:
    places = ticks.linear(*ends, max(2, width // 9), plot.whole_x)
    left, row = LABEL_WIDTH + 1, canvas.height - 1
    if has_axis:
        canvas.put(left - 1, row - 1, "└" + "─" * width, palette.faint)
        for at, _ in places:
            canvas.put(left + column_of(at, ends, width), row - 1, "┬", palette.faint)
    unit = plot.x_unit[:LABEL_WIDTH]
    canvas.put(LABEL_WIDTH - len(unit), row, unit, palette.muted)
    free = left
    for at, label in places:
        start = max(free, min(left + column_of(at, ends, width) - len(label) // 2, canvas.width - len(label)))
        if start <= left + column_of(at, ends, width) and start + len(label) <= canvas.width:
            canvas.put(start, row, label, palette.muted)
            free = start + len(label) + 2


def _add_labels(canvas: Canvas, where: Placed, column: int, height: int) -> None:
    """Each line's label beside its last point, or as near to it as the others leave room."""
    wanted = []
    for line in where.lines:
        drawn = np.flatnonzero(np.isfinite(line.y))
        if line.label and drawn.size:
            last = float(np.clip(line.y[drawn[-1]], *where.y_range))
            wanted.append((row_of(last, where.y_range, height), line))
    # Where there are more than rows, some of them have to do.
    wanted = sorted(wanted[:: -(-len(wanted) // height) or 1], key=lambda entry: entry[0])
    for row, (_, line) in zip(_apart([row for row, _ in wanted], height), wanted, strict=True):
        canvas.put(column, row, line.label, line.color)


def _apart(rows: list[int], height: int) -> list[int]:
    """Ascending rows moved by as little as it takes to have each for itself, all within the height."""
    moved: list[int] = []
    for row in rows:
        moved.append(max(row, moved[-1] + 1) if moved else row)
    for at, last in zip(range(len(moved) - 1, -1, -1), range(height - 1, -1, -1), strict=False):
        moved[at] = min(moved[at], last)
    return moved
