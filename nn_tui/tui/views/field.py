"""Where a map of the input plane stands in its panel: axes to the left and below, a legend to the right."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from textual.color import Color
from textual.geometry import Size

from nn_tui.charts import ticks
from nn_tui.training.messages import Opened
from nn_tui.tui.palette import Palette
from nn_tui.tui.views.canvas import Canvas
from nn_tui.tui.views.pixels import put_pixels
from nn_tui.tui.views.plot import Range
from nn_tui.tui.views.shades import Shades, ladder

_AXIS_WIDTH = 6
_LEGEND_WIDTHS = (10, 20)
_BAR_ROWS = 12
_LEAST_FOR_AXES = (34, 9)
_LEAST_FOR_LEGEND = 40

Swatches = Sequence[tuple[str, Color]]


@dataclass(frozen=True)
class Field:
    """The cells a map takes.

    Attributes:
        left: its first column; its first row is the panel's, and its axis stands below the last one.
        columns, rows: how many cells.
        legend_width: how many columns are left to the right of it for a legend and a gap; 0 for none.
    """

    left: int
    columns: int
    rows: int
    legend_width: int

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of pixels."""
        return self.columns, 2 * self.rows

    @property
    def legend(self) -> tuple[int, int]:
        """The legend's first column, and how many there are."""
        return self.left + self.columns + 2, self.legend_width - 2


def field(size: Size, legend: int) -> Field:
    """The place of a map in a panel.

    Args:
        size: of the panel.
        legend: how many columns a legend would like to have, which it gets on a large panel.
    """
    has_axes = size.width >= _LEAST_FOR_AXES[0] and size.height >= _LEAST_FOR_AXES[1]
    left, legend_width = 0, 0
    if has_axes:
        left = _AXIS_WIDTH
    if has_axes and size.width >= _LEAST_FOR_LEGEND:
        least, most = _LEGEND_WIDTHS
        legend_width = max(least, min(legend + 2, most, size.width // 6))
    return Field(left, max(1, size.width - left - legend_width), max(1, size.height - 1), legend_width)


def add_axes(canvas: Canvas, place: Field, x: Range, y: Range, names: Sequence[str], palette: Palette) -> None:
    """The ends of both axes at the corners, their names between them."""
    if not place.left:
        texts = [f"{name} {end(ends[0])} to {end(ends[1])}" for name, ends in zip(names, (x, y), strict=True)]
        if len(texts[0]) + 2 + len(texts[1]) > canvas.width:
            texts = [f"{names[0]} →", f"{names[1]} ↑"]
        canvas.put(0, place.rows, texts[0], palette.muted)
        canvas.put(canvas.width - len(texts[1]), place.rows, texts[1], palette.muted)
        return
    low, high = end(x[0]), end(x[1])
    name = names[0][: max(0, place.columns - 2 * max(len(low), len(high)) - 2)]
    canvas.put(place.left, place.rows, low, palette.muted)
    canvas.put(place.left + place.columns - len(high), place.rows, high, palette.muted)
    canvas.put(place.left + (place.columns - len(name)) // 2, place.rows, name, palette.muted)
    for row, text in ((0, end(y[1])), (place.rows // 2, names[1]), (place.rows - 1, end(y[0]))):
        canvas.put(0, row, text[: _AXIS_WIDTH - 1].rjust(_AXIS_WIDTH - 1), palette.muted)


def axis_names(opened: Opened) -> tuple[str, ...]:
    """The raw inputs' names: the features' unless these are made of the coordinates of a point."""
    return opened.feature_names if not opened.scenario.data.features else ("x", "y")


def legend_columns(opened: Opened | None) -> int:
    """How many columns the legend of a run's map would like to have."""
    if opened is None:
        return 0
    return 3 + max(len(word) for word in (opened.target_name, *opened.class_names))


def add_class_legend(
    canvas: Canvas, place: Field, title: str, names: Sequence[str], swatches: Swatches, palette: Palette
) -> None:
    """Classes from the top, each with its mark; what is too much is left out.

    Args:
        canvas: to draw on.
        place: of the map.
        title, names: of what is told apart, and of each class.
        swatches: each class's mark and colour.
        palette: of the theme.
    """
    column, width = place.legend
    canvas.put(column, 0, cut(title, width), palette.muted)
    for row, (name, (mark, colour)) in enumerate(zip(names, swatches, strict=True), 1):
        if row < place.rows:
            canvas.put(column, row, mark, colour)
            canvas.put(column + 2, row, cut(name, width - 2), palette.text)


def add_bar_legend(
    canvas: Canvas, place: Field, title: str, ends: Sequence[str], shades: Shades, palette: Palette
) -> None:
    """A bar of all shades, and what they stand for at its ends, or at places evenly spread.

    Args:
        canvas: to draw on.
        place: of the map.
        title: of what is shown.
        ends: words from the bottom to the top, two or more.
        shades: the map's.
        palette: of the theme.
    """
    column, width = place.legend
    rows = min(_BAR_ROWS, place.rows - 2)
    canvas.put(column, 0, cut(title, width), palette.muted)
    put_pixels(canvas, ladder(shades, 2 * rows, 2), shades, column, 1, palette.few)
    for number, text in enumerate(reversed(ends)):
        canvas.put(column + 3, 1 + (rows - 1) * number // (len(ends) - 1), cut(text, width - 3), palette.text)


def end(value: float) -> str:
    """An end of an axis to two digits, or to the last whole one."""
    return ticks.written(float(f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}"))


def scale(low: float, high: float) -> tuple[str, str, str]:
    """The ends and the middle of a scale, from the lowest, to as many decimals as tell them apart."""
    decimals = max(0, 1 - math.floor(math.log10(high - low)))
    low, middle, high = (round(value, decimals) + 0.0 for value in (low, (low + high) / 2, high))
    return ticks.written(low, decimals), ticks.written(middle, decimals), ticks.written(high, decimals)


def cut(text: str, width: int) -> str:
    """As much of a text as fits, with a sign that some is left out."""
    return text if len(text) <= width else text[: width - 1] + "…"
