"""A plot in cells: lines and axes by plotext, and what lies behind and over them, in the colors of a palette."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nn_tui.charts import ticks
from nn_tui.charts.bins import rebinned
from nn_tui.charts.braille import ACROSS, DOWN, is_braille
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.course import Course, course
from nn_tui.charts.figure import Drawing, Stroke, Tick, drawn
from nn_tui.charts.numbers import cut
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Bars, Line, Placed, Plot, Range, Zone, placed

LABEL_WIDTH = 6
"""Cells for the numbers of the vertical axis: fixed, so that nothing moves when they change."""

_LEAST_ROWS_FOR_AXIS = 6
_LEAST_COLUMNS_FOR_LABELS = 24
_COVERED = 0.25
"""How much of a line's color is behind a dot that covers it."""

_OFF_SCALE = "▼▲"
_ZONE_END = "·"
_APART = 3
"""Cells between words that are not to be read as one."""

_LONGEST_BELOW = 9
"""Characters of a number below the horizontal axis."""


def plot_width(size: tuple[int, int]) -> int:
    """How many columns of a panel's width are left for the lines."""
    return max(0, size[0] - LABEL_WIDTH - 1)


def plotted_area(plot: Plot, size: tuple[int, int]) -> tuple[int, int]:
    """How many columns and rows there are between the axes; the first is `LABEL_WIDTH + 1` from the left."""
    gutter = max((len(line.label) + 1 for line in plot.lines if line.label), default=0)
    if size[0] < _LEAST_COLUMNS_FOR_LABELS:
        gutter = 0
    return plot_width(size) - gutter, size[1] - 1 - (size[1] >= _LEAST_ROWS_FOR_AXIS)


def draw(plot: Plot, palette: Palette, size: tuple[int, int]) -> Canvas:
    """The plot in so many columns and rows; its background is left to the panel."""
    canvas = Canvas(*size)
    has_axis = size[1] >= _LEAST_ROWS_FOR_AXIS
    width, height = plotted_area(plot, size)
    gutter = plot_width(size) - width
    if width < 4 or height < 1:
        return canvas
    where = placed(plot)
    lines = [line for line in where.lines if not line.dots]
    courses = [course(line.x, line.y, where.x_range, where.y_range, width, height) for line in lines]
    strokes = [
        Stroke(way, line.color, line.behind, line.marker, line.is_broken)
        for line, way in zip(lines, courses, strict=True)
    ]
    below = _x_ticks(plot, where.x_range, width)
    drawing = drawn(
        strokes,
        (width, height),
        [tick for tick, _ in below],
        _y_ticks(plot, where.y_range, height),
        has_axis,
    )
    canvas.paste(_inside(plot, where, drawing, strokes, palette, width, height), LABEL_WIDTH + 1, 0)
    _add_axes(canvas, drawing, height, has_axis, palette)
    for tick, start in below:
        canvas.put(LABEL_WIDTH + 1 + start, canvas.height - 1, tick.label, palette.muted)
    unit = plot.x_unit[:LABEL_WIDTH]
    canvas.put(LABEL_WIDTH - len(unit), canvas.height - 1, unit, palette.muted)
    if gutter:
        _add_labels(canvas, lines, courses, LABEL_WIDTH + 1 + width + 1, height)
    return canvas


def column_of(at: float, ends: Range, width: int) -> int:
    """The column, from the left, that a place on the horizontal axis falls into."""
    return _dot(at, ends, ACROSS * width) // ACROSS


def row_of(at: float, ends: Range, height: int) -> int:
    """The row, from the top, that a place on the vertical axis falls into."""
    return height - 1 - _dot(at, ends, DOWN * height) // DOWN


def _dot(at: float, ends: Range, dots: int) -> int:
    """Which of so many dots of Braille, counted from the low end, a place on an axis falls on."""
    # In the very steps in which a line comes to its dots, so that both round alike.
    return round((at - ends[0]) * ((dots - 1) / (ends[1] - ends[0])))


# -- between the axes --------------------------------------------------------------------------------------------------


def _inside(
    plot: Plot,
    where: Placed,
    drawing: Drawing,
    strokes: Sequence[Stroke],
    palette: Palette,
    width: int,
    height: int,
) -> Canvas:
    canvas = Canvas(width, height)
    _add_zones(canvas, where, palette)
    if plot.bars is not None:
        _add_bars(canvas, plot.bars, where)
    _add_drawing(canvas, drawing)
    for line in where.lines:
        if line.dots:
            _add_dots(canvas, where, line, palette)
    for stroke in strokes:
        if not stroke.behind:
            _add_leaves(canvas, stroke)
    _add_moments(canvas, where, palette)
    _add_zone_words(canvas, where, palette)
    if palette.few:
        _add_zone_ends(canvas, where, palette)
    return canvas


def _add_zones(canvas: Canvas, where: Placed, palette: Palette) -> None:
    for zone in where.x_zones:
        for column in _columns(zone, where, canvas.width):
            for cells in canvas.behind:
                cells[column] = palette.tint
    for zone in where.y_zones:
        for row in _rows(zone, where, canvas.height):
            canvas.behind[row] = [palette.tint] * canvas.width


def _add_bars(canvas: Canvas, bars: Bars, where: Placed) -> None:
    heights = rebinned(bars.counts, (bars.low, bars.high), where.x_range, canvas.width)
    shares = heights * (bars.share / (heights.max() or 1.0))
    zones = {column for zone in where.x_zones for column in _columns(zone, where, canvas.width)}
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


def _add_zone_words(canvas: Canvas, where: Placed, palette: Palette) -> None:
    for zone in where.y_zones:
        rows = _rows(zone, where, canvas.height)
        # At an end of the zone, so that it stays where it is as the curves go on.
        for column, row in ((at, row) for at in (canvas.width - len(zone.text) - 1, 1) for row in reversed(rows)):
            if canvas.is_free(column - 1, row, len(zone.text) + 2):
                canvas.put(column, row, zone.text, palette.muted)
                break
    for zone in where.x_zones:
        columns, length = _columns(zone, where, canvas.width), len(zone.text)
        # Above the bars, and as near to the zone's middle as lines and other words leave room.
        middle = (columns.start + columns.stop - length) // 2
        starts = sorted(range(columns.start, columns.stop - length + 1), key=lambda start: abs(start - middle))
        places = [(start, row) for row in range((canvas.height + 1) // 2) for start in starts]
        # One cell beside a line's word it would be read in one with it.
        for (start, row), gap in ((place, gap) for gap in (_APART, 1) for place in places):
            around = slice(max(0, start - gap), min(canvas.width, start + length + gap))
            if canvas.is_free(around.start, row, around.stop - around.start) and not any(
                color not in (palette.tint, None) for color in canvas.behind[row][around]
            ):
                canvas.put(start, row, zone.text, palette.muted)
                break


def _add_zone_ends(canvas: Canvas, where: Placed, palette: Palette) -> None:
    """Dots along both ends of each zone, where its tint cannot be told from the background."""
    rows = [_rows(zone, where, canvas.height) for zone in where.y_zones]
    columns = [_columns(zone, where, canvas.width) for zone in where.x_zones]
    places = [(column, row) for zone in rows for row in {*zone[:1], *zone[-1:]} for column in range(canvas.width)]
    places += [(column, row) for zone in columns for column in {*zone[:1], *zone[-1:]} for row in range(canvas.height)]
    for column, row in places:
        if canvas.is_free(column, row):
            canvas.put(column, row, _ZONE_END, palette.muted)


def _add_drawing(canvas: Canvas, drawing: Drawing) -> None:
    """What plotext has drawn between the axes."""
    for row in range(canvas.height):
        characters = drawing.characters[row][drawing.left : drawing.left + canvas.width]
        for column, character in enumerate(characters):
            if character == " ":
                continue
            if "▄" <= canvas.characters[row][column] <= "█":
                # A bar that fills half of the cell or more is behind the line in full, a lower one not at all.
                canvas.behind[row][column] = canvas.colors[row][column]
            canvas.characters[row][column] = character
            canvas.colors[row][column] = Color(*drawing.colors[row][drawing.left + column])


def _add_leaves(canvas: Canvas, stroke: Stroke) -> None:
    """Signs where a line leaves the picture or comes back: it goes on, off the scale."""
    for column, upwards in stroke.course.leaves:
        canvas.put(column, 0 if upwards else canvas.height - 1, _OFF_SCALE[upwards], stroke.color)


def _add_dots(canvas: Canvas, where: Placed, line: Line, palette: Palette) -> None:
    """Single points; what they cover of a line shows behind them."""
    (left, right), (low, high) = where.x_range, where.y_range
    inside = (line.x >= left) & (line.x <= right) & (line.y >= low) & (line.y <= high)
    for x, y in zip(line.x[inside].tolist(), line.y[inside].tolist(), strict=True):
        column, row = column_of(x, where.x_range, canvas.width), row_of(y, where.y_range, canvas.height)
        covered = canvas.colors[row][column]
        if covered is not None and is_braille(canvas.characters[row][column]):
            canvas.behind[row][column] = palette.background.blend(covered, _COVERED)
        canvas.put(column, row, line.dots, line.color)


def _add_moments(canvas: Canvas, where: Placed, palette: Palette) -> None:
    """Vertical lines; words beside the latest first, so that of many it is the latest that have them."""
    inside = [moment for moment in where.moments if where.x_range[0] <= moment.at <= where.x_range[1]]
    columns = [column_of(moment.at, where.x_range, canvas.width) for moment in inside]
    for column in columns:
        for row in range(canvas.height):
            if canvas.is_free(column, row):
                canvas.put(column, row, "┊", palette.muted)
    named: list[int] = []
    for moment, column in zip(reversed(inside), reversed(columns), strict=True):
        if moment.text and not moment.is_quiet and all(abs(column - other) > 1 for other in named):
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


def _add_axes(canvas: Canvas, drawing: Drawing, height: int, has_axis: bool, palette: Palette) -> None:
    """The axes beside so many rows, as plotext has drawn them, the vertical one's words in a column of their own."""
    shift = LABEL_WIDTH + 1 - drawing.left
    for row, characters in enumerate(drawing.characters[: height + has_axis]):
        # Where there is no room for the horizontal one, the last row has lines of its own.
        is_below = row == height
        for column, character in enumerate(characters if is_below else characters[: drawing.left]):
            at = column + shift
            if character != " " and 0 <= at < canvas.width:
                is_line = column == drawing.left - 1 or is_below
                canvas.put(at, row, character, palette.faint if is_line else palette.muted)


def _y_ticks(plot: Plot, ends: Range, height: int) -> list[Tick]:
    places = _vertical_ticks(plot, ends, max(3, height // 4 if plot.log else height * 2 // 5))
    if len(places) < 2:
        places = _vertical_ticks(plot, ends, max(6, height // 2))
    labels = {
        height - 1 - row_of(at, ends, height): f"{label}{plot.y_unit}".rjust(LABEL_WIDTH)[:LABEL_WIDTH]
        for at, label in places
    }
    return [Tick(row, label) for row, label in labels.items()]


def _vertical_ticks(plot: Plot, ends: Range, most: int) -> ticks.Ticks:
    if plot.log:
        return ticks.logarithmic(*ends, most)
    return ticks.linear(*ends, most, longest=LABEL_WIDTH - len(plot.y_unit))


def _x_ticks(plot: Plot, ends: Range, width: int) -> list[tuple[Tick, int]]:
    """As many as have room for their words, and where these start, counted from the vertical axis."""
    most = max(2, width // 9)
    found = _x_ticks_of(plot, ends, width, most)
    # One number alone is no scale.
    return found if len(found) > 1 else max(found, _x_ticks_of(plot, ends, width, 2 * most + 1), key=len)


def _x_ticks_of(plot: Plot, ends: Range, width: int, most: int) -> list[tuple[Tick, int]]:
    found: list[tuple[Tick, int]] = []
    free = -1
    places = ticks.logarithmic(*ends, most) if plot.log_x else ticks.linear(*ends, most, plot.whole_x, _LONGEST_BELOW)
    for at, label in places:
        cell = column_of(at, ends, width)
        # In the middle below the tick, but inside of the ends of the axis.
        start = max(0, min(cell - len(label) // 2, width - len(label)))
        if start - 1 >= free:
            found.append((Tick(cell, label), start))
            free = start + len(label) + 1
    return found


def _add_labels(canvas: Canvas, lines: Iterable[Line], courses: Iterable[Course], column: int, height: int) -> None:
    """Each line's label beside its last point, or as near to it as the others leave room, in the order they end in."""
    wanted = [(int(way.y[-1]), line) for line, way in zip(lines, courses, strict=True) if line.label and len(way.y)]
    # Where there are more than rows, some of them have to do.
    wanted = sorted(wanted[:: -(-len(wanted) // height) or 1], key=lambda entry: (-entry[0], -entry[1].y[-1]))
    rows = _apart([height - 1 - dot // DOWN for dot, _ in wanted], height)
    for row, (_, line) in zip(rows, wanted, strict=True):
        canvas.put(column, row, line.label, line.color)


def _apart(rows: list[int], height: int) -> list[int]:
    """Ascending rows moved by as little as it takes to have each for itself, all within the height."""
    moved: list[int] = []
    for row in rows:
        moved.append(max(row, moved[-1] + 1) if moved else row)
    for at, last in zip(range(len(moved) - 1, -1, -1), range(height - 1, -1, -1), strict=False):
        moved[at] = min(moved[at], last)
    return moved
