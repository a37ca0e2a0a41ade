"""A surface with every optimizer's path over it, drawn in the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.text import Text

from nn_tui.charts import ticks
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.contours import Bands, banded, contour_levels
from nn_tui.charts.lanes import LaneLook
from nn_tui.charts.paths import Pixel, path_pixels
from nn_tui.charts.pixels import put_pixels
from nn_tui.charts.shades import Shades
from nn_tui.engine.surfaces import SURFACES, Surface
from nn_tui.floats import Floats
from nn_tui.numerals import numeral
from nn_tui.shell.console import Terminal
from nn_tui.shell.plots.curves import in_lines
from nn_tui.shell.plots.half_blocks import text_lines
from nn_tui.shell.plots.race_legend import legend_entries
from nn_tui.training.replay import Run
from nn_tui.training.run.history import History

_AXIS_WIDTH = 6
_MOST_WIDTH = 120
_MOST_ROWS = 26
_BANDS = 12
_LOW, _HIGH = Color(16, 19, 26), Color(104, 112, 124)
"""The lowest and the highest band's colors: grays, to leave the hues to the paths."""
_ON_BAND, _ON_LANE = Color(255, 255, 255), Color(0, 0, 0)
"""Of a sign on a band, and of a letter on its lane's color."""
_SHADES = " ·░▒▓"
"""Bands without color."""
_START, _MINIMUM, _SADDLE = "●", "✕", "◇"


@dataclass(frozen=True)
class _Map:
    """The cells of the picture.

    Attributes:
        x, y: the ends of its axes.
        columns, rows: how many cells.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    columns: int
    rows: int

    def heights(self, surface: Surface, rows: int) -> Floats:
        """The surface at the middle of every pixel of so many rows."""
        across, down = ((np.arange(count) + 0.5) / count for count in (self.columns, rows))
        x = self.x[0] + across * (self.x[1] - self.x[0])
        y = self.y[1] - down * (self.y[1] - self.y[0])
        return np.asarray(surface.function(*np.meshgrid(x, y)), float)

    def cell(self, x: float, y: float) -> Pixel | None:
        """Row and column of a point; None outside."""
        if not (self.x[0] <= x <= self.x[1] and self.y[0] <= y <= self.y[1]):
            return None
        column = (x - self.x[0]) / (self.x[1] - self.x[0]) * self.columns
        row = (self.y[1] - y) / (self.y[1] - self.y[0]) * self.rows
        return min(self.rows - 1, int(row)), min(self.columns - 1, int(column))


def print_paths(run: Run, looks: Sequence[LaneLook]) -> None:
    """Prints the surface as bands between contour lines, with the path of every lane."""
    console = Terminal()
    data = run.scenario.data
    surface = SURFACES[str(data.function)]
    start = data.start or surface.start
    width = min(console.width, _MOST_WIDTH)
    field = _Map(
        x=_reaching(surface.x_range, start[0]),
        y=_reaching(surface.y_range, start[1]),
        columns=max(10, width - _AXIS_WIDTH - 1),
        rows=min(_MOST_ROWS, max(8, width // 4)),
    )
    paths = [_path(run.own_history, look.name) for look in looks]
    per_cell = 2 if console.colored else 1
    lowest = min(surface.function(*point) for point in surface.minima)
    heights = field.heights(surface, per_cell * field.rows)
    levels = contour_levels(heights, lowest, _BANDS if console.colored else len(_SHADES))
    bands = banded(heights, levels)
    walked = [path_pixels(path, field.x, field.y, field.columns, per_cell * field.rows) for path in paths]
    marks = _marks(field, surface, paths, looks)
    drawn = (_colored if console.colored else _lettered)(field, bands, walked, marks, looks)

    console.print(Text.assemble("\n", (surface.name, "bold"), f"   {surface.formula}"))
    signs = [Text(f"{_START} start"), Text(f"{_MINIMUM} minimum")]
    signs += [Text(f"{_SADDLE} saddle")] if surface.saddles else []
    for line in in_lines([*legend_entries(run, looks, console.colored), *signs], width):
        console.print(line)
    for label, line in zip(_row_labels(field), drawn, strict=True):
        console.print(Text(label.rjust(_AXIS_WIDTH - 1) + " ").append_text(line), no_wrap=True)
    console.print(Text(_column_labels(field)), no_wrap=True)
    console.print(_scale(lowest, levels, float(heights.max()), console.colored))
    if _is_shared(walked, paths, field, per_cell):
        console.print(Text("where paths share a cell they take turns; ends that meet stand side by side", "dim"))
    for look, path in zip(looks, paths, strict=True):
        x, y = path[-1].tolist()
        if field.cell(x, y) is None:
            console.print(f"{look.letter} {look.name} ends outside the picture, at ({numeral(x, 4)}, {numeral(y, 4)})")


def _reaching(ends: tuple[float, float], start: float) -> tuple[float, float]:
    """An axis that has the start on it."""
    spare = 0.05 * (ends[1] - ends[0])
    return min(ends[0], start - spare), max(ends[1], start + spare)


def _path(history: History, lane: str) -> Floats:
    """Where a lane was at every row, (n, 2); of a run too long to be kept row by row, the last row of every stretch."""
    columns = [f"race.{lane}.{name}" for name in ("x", "y")]
    if len(history["step"]) == len(history):
        return np.column_stack([history[name] for name in columns])
    return np.column_stack([history.overview(name).last for name in columns])


# -- marks -----------------------------------------------------------------------------------------------------------

_Marks = dict[Pixel, tuple[str, LaneLook | None]]


def _marks(field: _Map, surface: Surface, paths: Sequence[Floats], looks: Sequence[LaneLook]) -> _Marks:
    """What stands in which cell: the surface's points, the start, and each lane's letter where it ends.

    Where a cell is taken a letter goes beside it.
    """
    marks: _Marks = {}
    start = (float(paths[0][0, 0]), float(paths[0][0, 1]))
    for sign, points in ((_SADDLE, surface.saddles), (_MINIMUM, surface.minima), (_START, (start,))):
        for point in points:
            if (cell := field.cell(*point)) is not None:
                marks[cell] = (sign, None)
    for look, path in zip(looks, paths, strict=True):
        if (cell := field.cell(*path[-1])) is not None:
            row, column = cell
            beside = (column + side * distance for distance in range(field.columns) for side in (1, -1))
            free = next(place for place in beside if 0 <= place < field.columns and (row, place) not in marks)
            marks[row, free] = (look.letter, look)
    return marks


# -- drawing ---------------------------------------------------------------------------------------------------------


def _owners(walked: Sequence[set[Pixel]]) -> dict[Pixel, int]:
    """Which lane each pixel shows: where several went they take turns, so that all of them can be seen."""
    lanes: dict[Pixel, list[int]] = {}
    for number, pixels in enumerate(walked):
        for pixel in pixels:
            lanes.setdefault(pixel, []).append(number)
    return {(row, column): here[(row + column) % len(here)] for (row, column), here in lanes.items()}


def _is_shared(walked: Sequence[set[Pixel]], paths: Sequence[Floats], field: _Map, per_cell: int) -> bool:
    """Whether paths run together anywhere but at the start, where all of them do."""
    (start,) = path_pixels(paths[0][:1], field.x, field.y, field.columns, per_cell * field.rows)
    return any(walked[a] & walked[b] - {start} for a in range(len(walked)) for b in range(a))


def _colored(
    field: _Map, bands: Bands, walked: Sequence[set[Pixel]], marks: _Marks, looks: Sequence[LaneLook]
) -> list[Text]:
    """Half blocks, two pixels to a cell; a pixel that paths went over has the color of one of their lanes."""
    levels = bands.tolist()
    for (row, column), owner in _owners(walked).items():
        levels[row][column] = _BANDS + owner
    shades = _band_colors()
    canvas = Canvas(field.columns, field.rows)
    put_pixels(canvas, levels, Shades(colors=[*shades, *(look.color for look in looks)], inks=()), 0, 0)
    for (row, column), (sign, look) in marks.items():
        canvas.put(column, row, sign, _ON_BAND if look is None else _ON_LANE)
        canvas.behind[row][column] = shades[bands[2 * row, column]] if look is None else look.color
    lines = text_lines(canvas)
    for row, column in marks:
        lines[row].stylize("bold", column, column + 1)
    return lines


def _band_colors() -> list[Color]:
    return [_LOW.blend(_HIGH, band / (_BANDS - 1)) for band in range(_BANDS)]


def _lettered(
    field: _Map, bands: Bands, walked: Sequence[set[Pixel]], marks: _Marks, looks: Sequence[LaneLook]
) -> list[Text]:
    """Shading characters, a path in its lane's small letter, its end in the capital."""
    cells = [[_SHADES[band] for band in row] for row in bands.tolist()]
    for (row, column), owner in _owners(walked).items():
        cells[row][column] = looks[owner].letter.lower()
    for (row, column), (sign, _) in marks.items():
        cells[row][column] = sign
    return [Text("".join(cells[row])) for row in range(field.rows)]


# -- around it -------------------------------------------------------------------------------------------------------


def _row_labels(field: _Map) -> list[str]:
    labels = [""] * field.rows
    for place, label in ticks.linear(*field.y, most=max(2, field.rows // 4)):
        cell = field.cell(field.x[0], place)
        if cell is not None:
            labels[cell[0]] = label
    return labels


def _column_labels(field: _Map) -> str:
    line = [" "] * (_AXIS_WIDTH + field.columns)
    for place, label in ticks.linear(*field.x, most=max(2, field.columns // 12)):
        cell = field.cell(place, field.y[0])
        if cell is not None:
            first = min(_AXIS_WIDTH + cell[1] - len(label) // 2, len(line) - len(label))
            line[first : first + len(label)] = label
    return "".join(line)


def _scale(lowest: float, levels: Floats, highest: float, colored: bool) -> Text:
    """All bands in a row, with the heights at their ends and in the middle."""
    middle = len(levels) // 2
    text = Text(" " * _AXIS_WIDTH).append(f"height {_three_digits(lowest)} ")
    for band in range(len(levels) + 1):
        if band == middle + 1:
            text.append(f" {_three_digits(levels[middle])} ")
        text.append("██" if colored else _SHADES[band] * 3, _band_colors()[band].hex if colored else "")
    return text.append(f" {_three_digits(highest)}")


def _three_digits(value: float) -> str:
    return ticks.written(float(f"{value:.3g}"))
