"""Lines in Braille between axes with ticks, drawn by plotext.

plotext keeps state in its modules and is not made for several threads: one figure is drawn at a time, and all of them
with one object of its class. A picture takes it a few milliseconds, more than an event loop can spare; the lab draws in
a thread of its own.

It is given the cells that a line goes through, each with its pattern of dots for a marker. Of the line itself it makes
the same picture, but works ten microseconds on every dot, which where a line jumps about is five times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nn_tui.charts.braille import ACROSS, BITS, BLANK, DOWN
from nn_tui.charts.color import Color
from nn_tui.charts.course import Course, dots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn_tui.charts.braille import Indices

_ONE_AT_A_TIME = Lock()


class Stroke(NamedTuple):
    """A line to be drawn.

    Attributes:
        course: where it goes.
        color: of it.
        behind: whether others lie over it.
        marker: a character to draw it with instead of Braille; empty for none.
        is_broken: whether it is drawn in dashes.
    """

    course: Course
    color: Color
    behind: bool = False
    marker: str = ""
    is_broken: bool = False


class Tick(NamedTuple):
    """A tick of an axis: its cell, counted from the lower left corner between the axes, and what is written there."""

    cell: int
    label: str


class Drawing(NamedTuple):
    """What plotext has drawn, by row from the top: characters, and the color of those that are a line's.

    Attributes:
        characters, colors: by row and column.
        left: the first column between the axes.
    """

    characters: list[list[str]]
    colors: list[list[Any]]
    left: int


def drawn(
    strokes: Sequence[Stroke],
    size: tuple[int, int],
    x_ticks: Sequence[Tick],
    y_ticks: Sequence[Tick],
    has_line_below: bool = True,
) -> Drawing:
    """Strokes between a vertical axis at the left and a horizontal one below.

    Where lines share a cell all of their dots show, and they take turns, column by column, in whose color. Those that
    lie behind give way to the others.

    Args:
        strokes: later ones over earlier ones.
        size: columns and rows between the axes.
        x_ticks, y_ticks: no more than there is room for.
        has_line_below: whether there is a row for the line of the horizontal axis.
    """
    columns, rows = size
    with _ONE_AT_A_TIME:
        figure = _figure()
        # What was drawn before goes; plotext keeps ticks and limits, which are set anew below.
        figure.clear_data()
        labels = max((len(tick.label) for tick in y_ticks), default=0)
        figure.plot_size(labels + 1 + columns, rows + has_line_below + bool(x_ticks))
        figure.xaxes(has_line_below, False)
        figure.yaxes(True, False)
        # In cells, so that what is drawn where depends on no rounding but ours.
        figure.xlim(0, max(1, columns - 1))
        figure.ylim(0, max(1, rows - 1))
        figure.xticks([tick.cell for tick in x_ticks], [tick.label for tick in x_ticks])
        figure.yticks([tick.cell for tick in y_ticks], [tick.label for tick in y_ticks])
        # Without a line plotext leaves out the axes.
        figure.plot([0], [0], marker=" ")
        strokes = sorted(strokes, key=lambda stroke: not stroke.behind)
        codes, owners = _cells(strokes, size)
        for number, stroke in enumerate(strokes):
            across, up = np.nonzero((owners == number) & (codes > 0))
            if len(across):
                characters = [chr(code) for code in codes[across, up].tolist()]
                figure.scatter(across.tolist(), up.tolist(), color=tuple(stroke.color), marker=characters)
        # Without the escape sequences that `build` makes of it in the end, which are of no use here.
        figure._set_sizes()
        figure._build_matrix()
        matrix = figure.monitor.matrix
        return Drawing(matrix.marker[::-1], matrix.fullground[::-1], matrix.Cols_canvas.start)


def load() -> None:
    """Imports plotext, so that the first picture need not wait for it."""
    _figure()


def _cells(strokes: Sequence[Stroke], size: tuple[int, int]) -> tuple[Indices, Indices]:
    """What stands in the cells, by column and row from the low ends: a character's code, 0 for none, and whose color.

    Args:
        strokes: those that lie behind first.
        size: columns and rows.
    """
    codes, owners, behind = np.zeros(size, np.intp), np.zeros(size, np.intp), np.zeros(size, bool)
    takes_turn = (np.arange(size[0]) % 2 == 1)[:, None]
    for number, stroke in enumerate(strokes):
        own = _patterns(stroke, size)
        here = own > 0
        shared = here & _is_pattern(own) & _is_pattern(codes) & (behind == stroke.behind)
        codes = np.where(shared, codes | own, np.where(here, own, codes))
        here &= takes_turn | ~shared
        owners[here], behind[here] = number, stroke.behind
    return codes, owners


def _is_pattern(codes: Indices) -> NDArray[np.bool_]:
    """Which are codes of Braille patterns."""
    return (codes > BLANK) & (codes <= BLANK + 0xFF)


def _patterns(stroke: Stroke, size: tuple[int, int]) -> Indices:
    """The codes of the characters in the cells that a stroke goes through, 0 in others."""
    x, y = dots(stroke.course, stroke.is_broken)
    codes = np.zeros(size, np.intp)
    np.bitwise_or.at(codes, (x // ACROSS, y // DOWN), BLANK | np.array(BITS)[DOWN - 1 - y % DOWN, x % ACROSS])
    return np.where(codes, ord(stroke.marker), 0) if stroke.marker else codes


@cache
def _figure() -> Any:
    """The one figure."""
    from plotext._figure import _figure_class

    figure = _figure_class()
    # However large a picture is to be, the terminal that the program runs in does not matter.
    figure._limit_size(False, False)
    figure.theme("clear")
    return figure
