"""Curves printed in the terminal: the kit's, below a title and what tells them apart."""

import shutil
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from nn_tui.charts.color import Color
from nn_tui.charts.curves import draw
from nn_tui.charts.palette import terminal
from nn_tui.charts.plot import Line, Moment, Plot
from nn_tui.shell.console import Terminal

_HEIGHT, _MOST_WIDTH = 18, 120
_BETWEEN = "   "
_BRAILLE = "⠤⠤"


class PrintedCurve(NamedTuple):
    """A curve over steps or epochs.

    Attributes:
        entry: its words in the legend.
        color: of it.
        letter: what it is drawn with where there are no colors; empty for Braille.
        x, y: shape (n,), x ascending; NaN is a gap, an infinite y off the scale.
        sign: what stands for it in the legend; empty for what it is drawn with.
    """

    entry: str
    color: Color
    letter: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    sign: str = ""


def print_curves(
    title: str,
    curves: Sequence[PrintedCurve],
    unit: str,
    moments: Sequence[Moment] = (),
    y_range: tuple[float, float] | None = None,
    y_unit: str = "",
) -> None:
    """Prints curves, on a logarithmic scale where all values are above 0 and no range is given.

    Args:
        title: what they show.
        curves: the first over the others.
        unit: what they go over: "step" or "epoch".
        moments: changes made on the way.
        y_range: the ends of the vertical axis; None to fit it.
        y_unit: what a number of it is followed by.
    """
    console, width = Terminal(), plot_columns()
    drawn = [curve for curve in curves if len(curve.x)]
    console.print()
    if not any(len(curve.x) > 1 for curve in drawn):
        console.print("nothing to plot: a curve needs a loss at two steps at least", soft_wrap=True)
        return
    values = np.concatenate([curve.y[np.isfinite(curve.y)] for curve in drawn])
    log = y_range is None and bool(len(values)) and bool(values.min() > 0.0)
    entries = [_entry(curve, console.colored) for curve in drawn]
    for line in headed(Text.assemble((title, "bold"), ", log scale" if log else ""), entries, width):
        console.print(line)
    lines = [
        Line(curve.x, curve.y, curve.color, marker="" if console.colored else curve.letter) for curve in drawn[::-1]
    ]
    last = max(float(curve.x[-1]) for curve in drawn)
    plot = Plot(lines, (0.0, last), y_range, x_unit=unit, y_unit=y_unit, log=log, moments=moments)
    print_plot(plot, console)


def plot_columns() -> int:
    """How many columns a plot takes here."""
    return min(shutil.get_terminal_size().columns, _MOST_WIDTH)


def print_plot(plot: Plot, console: Terminal) -> None:
    """Prints a plot in the terminal's width."""
    for line in draw(plot, terminal(), (plot_columns(), _HEIGHT)).lines():
        text = Text.assemble(*((segment.text, segment.style or "") for segment in line))
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False)


def headed(title: Text, entries: Sequence[Text], width: int) -> list[Text]:
    """A legend beside its title where it fits there, else in lines below it."""
    legend = in_lines([title, *entries], width)
    return legend if len(legend) == 1 else [title, *in_lines(entries, width)]


def in_lines(entries: Sequence[Text], width: int) -> list[Text]:
    """Entries in as few lines of a width as they fit in, none of them broken."""
    lines: list[Text] = []
    for entry in entries:
        if lines and lines[-1].cell_len + len(_BETWEEN) + entry.cell_len <= width:
            lines[-1].append(_BETWEEN).append_text(entry)
        else:
            lines.append(entry.copy())
    return lines


def _entry(curve: PrintedCurve, colored: bool) -> Text:
    """The sign a curve is drawn with, and its words."""
    if colored:
        return Text.assemble((f"{curve.sign or _BRAILLE} ", f"bold {curve.color.hex}"), curve.entry)
    return Text(f"{curve.sign or curve.letter or _BRAILLE} {curve.entry}")
