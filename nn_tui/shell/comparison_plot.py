"""The losses of several runs over each other, drawn in the terminal with plotext."""

import math
import shutil
from collections.abc import Sequence

import numpy as np
import plotext
from rich.text import Text

from nn_tui.charts import ticks
from nn_tui.charts.lanes import lane_looks
from nn_tui.shell.console import Terminal
from nn_tui.shown import shown
from nn_tui.training.kept.thin_history import ThinHistory

_HEIGHT = 18
_MOST_WIDTH = 120


def print_curves(runs: Sequence[tuple[str, ThinHistory]], part: str = "train") -> None:
    """Prints the loss of each run over its epochs, on a log scale where all values are above 0.

    Args:
        runs: names and histories.
        part: "train", or "test" where every run has one.
    """
    width = min(shutil.get_terminal_size().columns, _MOST_WIDTH)
    console = Terminal()
    curves = []
    for name, history in runs:
        loss, x = history.overview(f"{part}.loss"), history.overview("epoch").minimum
        finite = np.isfinite(loss.minimum) & np.isfinite(loss.maximum)
        y = np.column_stack((loss.maximum[finite], loss.minimum[finite])).ravel()
        curves.append((name, np.repeat(x[finite], 2), y))
    drawn = [curve for curve in curves if len(curve[1]) > 1]
    if not drawn:
        print("\nnothing to plot: a curve needs a loss at two steps at least")
        return
    values = np.concatenate([y for _, _, y in drawn])
    logarithmic = bool(values.min() > 0.0)
    looks = lane_looks([str(number) for number in range(len(curves))])
    legend = [Text.assemble((f"{part} loss", "bold"), ", log scale" if logarithmic else "")]
    for look, (name, _, _) in zip(looks, curves, strict=True):
        sign = "⠤⠤ " if console.colored else f"{look.letter.lower()} "
        legend.append(Text.assemble((sign, f"color({look.code})" if console.colored else ""), shown(name)))
    console.print()
    console.print(Text("   ").join(legend))
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(width, _HEIGHT)
    for look, (_, x, y) in zip(looks, curves, strict=True):
        if len(x) > 1:
            marker = "braille" if console.colored else look.letter.lower()
            plotext.plot(x.tolist(), (np.log10(y) if logarithmic else y).tolist(), color=look.code, marker=marker)
    _set_axes(values, max(float(x[-1]) for _, x, _ in drawn), width, logarithmic)
    text = plotext.build()
    print((text if console.colored else plotext.uncolorize(text)).rstrip())


def _set_axes(values: np.ndarray, last: float, width: int, logarithmic: bool) -> None:
    low, high = float(values.min()), float(values.max())
    if logarithmic:
        low, high = math.log10(low), math.log10(high)
    if high - low < 1e-9 * max(1.0, abs(low)):
        low, high = low - 0.5, high + 0.5
    plotext.ylim(low, high)
    plotext.xlim(0.0, last)
    most = _HEIGHT // 3
    for set_ticks, marks in (
        (plotext.yticks, ticks.logarithmic(low, high, most) if logarithmic else ticks.linear(low, high, most)),
        (plotext.xticks, ticks.linear(0.0, last, max(2, width // 12), whole=True)),
    ):
        set_ticks([place for place, _ in marks], [label for _, label in marks])
    plotext.xlabel("epoch")
