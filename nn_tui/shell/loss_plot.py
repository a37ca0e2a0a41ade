"""The loss curves, drawn in the terminal with plotext."""

import math
import os
import shutil
import sys
from typing import NamedTuple

import numpy as np
import plotext
from rich.text import Text

from nn_tui.charts import ticks
from nn_tui.shell.console import Terminal
from nn_tui.training.history import Floats, History

_HEIGHT = 18
_MOST_WIDTH = 120
_FEWEST_EPOCHS = 2.0
"""From here on the horizontal axis counts epochs, before it steps."""


class _Curve(NamedTuple):
    """One loss over the run.

    `marker` is plotext's, `sign` what stands for it in the legend; without colour they tell the curves apart.
    """

    part: str
    color: str
    marker: str
    sign: str
    x: Floats
    y: Floats


def print_losses(history: History) -> None:
    """Prints training and test loss over the run, on a log scale where all values are above 0."""
    width = min(shutil.get_terminal_size().columns, _MOST_WIDTH)
    colored = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    unit = "epoch" if history.overview("epoch").maximum[-1] >= _FEWEST_EPOCHS else "step"
    curves = [curve for curve in _curves(history, unit, width, colored) if len(curve.x)]
    if len(history) < 2 or not curves:
        print("\nnothing to plot: a curve needs a loss at two steps at least")
        return
    values = np.concatenate([curve.y for curve in curves])
    logarithmic = bool(values.min() > 0.0)
    legend = Text.assemble(("\nloss", "bold"), (", log scale" if logarithmic else ""))
    for curve in reversed(curves):
        legend.append(f"   {curve.sign} ", style=curve.color if colored else "").append(curve.part)
    console = Terminal()
    console.print(legend)
    text = _drawn(curves, values, unit, history.last()[unit], width, logarithmic)
    print((text if colored else plotext.uncolorize(text)).rstrip())


def _curves(history: History, unit: str, width: int, colored: bool) -> list[_Curve]:
    fine = ("braille", "⠤⠤")
    test_marker = fine if colored else ("x", "x")
    curves = []
    for part, color, (marker, sign) in (("test", "dark_orange", test_marker), ("train", "blue", fine)):
        overview = history.overview(f"{part}.loss")
        x = history.overview(unit).minimum
        curves.append(_Curve(part, color, marker, sign, *_thinned(x, overview.minimum, overview.maximum, width)))
    return curves


def _thinned(x: Floats, low: Floats, high: Floats, columns: int) -> tuple[Floats, Floats]:
    """At most two points a column: where there were more, the lowest and the highest of them."""
    finite = np.isfinite(low) & np.isfinite(high)
    x, low, high = x[finite], low[finite], high[finite]
    if not len(x):
        return x, low
    starts = np.unique(np.linspace(0, len(x), min(columns, len(x)), endpoint=False).astype(int))
    lows, highs = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    return np.repeat(x[starts], 2), np.column_stack((highs, lows)).ravel()


def _drawn(curves: list[_Curve], values: Floats, unit: str, last: float, width: int, logarithmic: bool) -> str:
    figure = plotext
    figure.clear_figure()
    figure.theme("clear")
    figure.plot_size(width, _HEIGHT)
    for curve in curves:
        y = np.log10(curve.y) if logarithmic else curve.y
        color = 208 if curve.color == "dark_orange" else curve.color
        figure.plot(curve.x.tolist(), y.tolist(), color=color, marker=curve.marker)
    low, high = float(values.min()), float(values.max())
    if logarithmic:
        low, high = math.log10(low), math.log10(high)
    if high - low < 1e-9 * max(1.0, abs(low)):
        low, high = low - 0.5, high + 0.5
    figure.ylim(low, high)
    figure.xlim(0.0, last)
    most = _HEIGHT // 3
    _set_ticks(figure.yticks, ticks.logarithmic(low, high, most) if logarithmic else ticks.linear(low, high, most))
    _set_ticks(figure.xticks, ticks.linear(0.0, last, max(2, width // 12), whole=True))
    figure.xlabel(unit)
    text: str = figure.build()
    return text


def _set_ticks(setter: object, marks: ticks.Ticks) -> None:
    assert callable(setter)
    setter([place for place, _ in marks], [label for _, label in marks])
