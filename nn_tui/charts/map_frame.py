"""Where a map of the input plane stands in its panel, with its axes to the left and below."""

import math
from collections.abc import Sequence

import msgspec

from nn_tui.charts import ticks
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.numbers import cells, cut, to_right
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Range

_AXIS_WIDTH = 6
_LONGEST, _LONGEST_BELOW = _AXIS_WIDTH - 1, 9
"""Characters of a number beside the vertical axis, and below the horizontal one."""
_LEGEND_WIDTHS = (10, 20)
_LEAST_FOR_AXES = (34, 9)
_LEAST_BESIDE, _LEAST_BELOW = 40, 12


class MapFrame(msgspec.Struct, frozen=True):
    """The cells a map takes.

    Attributes:
        left: its first column; its first row is the panel's, and its axis stands below the last one.
        columns, rows: how many cells.
        legend_width: how many columns are left to the right of it for a legend and a gap; 0 for none there.
        legend_below: whether a row is left for it below the axis instead.
    """

    left: int
    columns: int
    rows: int
    legend_width: int
    legend_below: bool

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of pixels."""
        return self.columns, 2 * self.rows


def map_frame(size: tuple[int, int], legend: int) -> MapFrame:
    """The place of a map in a panel.

    Args:
        size: of the panel.
        legend: how many columns a legend beside the map would like to have, which it gets on a large panel.
    """
    width, height = size
    has_axes = width >= _LEAST_FOR_AXES[0] and height >= _LEAST_FOR_AXES[1]
    beside = has_axes and width >= _LEAST_BESIDE
    below = has_axes and not beside and height >= _LEAST_BELOW
    left = _AXIS_WIDTH if has_axes else 0
    least, most = _LEGEND_WIDTHS
    legend_width = max(least, min(legend + 2, most, width // 6)) if beside else 0
    return MapFrame(left, max(1, width - left - legend_width), max(1, height - 1 - below), legend_width, below)


def add_axes(canvas: Canvas, place: MapFrame, x: Range, y: Range, names: Sequence[str], palette: Palette) -> None:
    """The ends of both axes at the corners, their names between them: both below, if one is too long beside it."""
    if not place.left:
        texts = [
            f"{name} {' to '.join(ends_of(ends, _LONGEST_BELOW))}" for name, ends in zip(names, (x, y), strict=True)
        ]
        if cells(texts[0]) + 2 + cells(texts[1]) > canvas.width:
            room = (canvas.width - 2) // 2 - 2
            texts = [f"{cut(names[0], room)} →", f"{cut(names[1], room)} ↑"]
        canvas.put(0, place.rows, texts[0], palette.muted)
        canvas.put(canvas.width - cells(texts[1]), place.rows, texts[1], palette.muted)
        return
    low, high = ends_of(x, _LONGEST_BELOW)
    bottom, top = ends_of(y, _LONGEST)
    room, below, beside = place.columns - 2 * max(len(low), len(high)) - 2, names[0], names[1]
    both = f"{names[0]} →   {names[1]} ↑"
    if cells(beside) > _LONGEST and cells(both) <= room:
        below, beside = both, ""
    name = cut(below, room)
    canvas.put(place.left, place.rows, low, palette.muted)
    canvas.put(place.left + place.columns - len(high), place.rows, high, palette.muted)
    canvas.put(place.left + (place.columns - cells(name)) // 2, place.rows, name, palette.muted)
    for row, text in ((0, top), (place.rows // 2, beside), (place.rows - 1, bottom)):
        canvas.put(0, row, to_right(cut(text, _LONGEST), _LONGEST), palette.muted)


def ends_of(ends: Range, longest: int) -> tuple[str, str]:
    """The ends of an axis to two digits or the last whole one, but to no worse than a fiftieth of the way between."""
    off = abs(ends[1] - ends[0]) / 50.0
    low, high = (_end(value, off, longest) for value in ends)
    return low, high


def _end(value: float, off: float, longest: int) -> str:
    rounded = float(f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}")
    if abs(rounded - value) <= off and (text := ticks.short(rounded, 1e-9 * abs(rounded), longest)):
        return text
    return ticks.short(value, off, longest) or ticks.about(value, longest)


def scale(low: float, high: float) -> tuple[str, str, str]:
    """The ends and the middle of a scale, from the lowest, to as many decimals as tell them apart."""
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return "–", "", "–"
    decimals = max(0, 1 - math.floor(math.log10(high - low)))
    low, middle, high = (round(value, decimals) + 0.0 for value in (low, (low + high) / 2, high))
    return ticks.written(low, decimals), ticks.written(middle, decimals), ticks.written(high, decimals)
