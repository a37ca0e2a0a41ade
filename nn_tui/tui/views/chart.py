"""Views that are curves over the steps of a run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from textual.color import Color
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.training.messages import Frame, Mark, Series
from nn_tui.tui.palette import Palette
from nn_tui.tui.views.drawing import draw, plot_width
from nn_tui.tui.views.numbers import floats
from nn_tui.tui.views.plot import Line, Plot
from nn_tui.tui.views.view import Seen, View

_ONE_NUMBER = 8
"""Bytes; a curve of a single point is none."""


class Chart(View[Seen]):
    """A view whose picture is a `Plot`: a subclass gives `see` and `plot`, and `columns` where it draws series."""

    def plot(self, seen: Seen, palette: Palette) -> Plot:
        """What to draw."""
        raise NotImplementedError

    def points(self) -> int:
        return plot_width(self.size)

    def paint(self, seen: Seen, palette: Palette, size: Size) -> list[Strip]:
        return draw(self.plot(seen, palette), palette, size)


@dataclass(frozen=True)
class Curves:
    """What most charts pick out of a frame.

    Attributes:
        series: one a column, in the order of `View.columns`; None for a column the frame does not hold.
        latest: the last value of each, None where there is none.
        marks: the changes made as the run went.
    """

    series: tuple[Series | None, ...]
    latest: tuple[float | None, ...]
    marks: tuple[Mark, ...]


def curves(columns: Sequence[str], frame: Frame) -> Curves | None:
    """These columns of the history as curves; None before the first step."""
    series = tuple(frame.series.get(column) for column in columns)
    if not any(one is not None and len(one.step) > _ONE_NUMBER for one in series):
        return None
    return Curves(series, tuple(_last(one) for one in series), frame.marks)


def _last(series: Series | None) -> float | None:
    if series is None or not series.high:
        return None
    return float(floats(series.high)[-1])


def line(series: Series, colour: Color) -> Line:
    """A series as a line that touches both extremes of every stretch of steps."""
    step, low, high = floats(series.step), floats(series.low), floats(series.high)
    if np.array_equal(low, high, equal_nan=True):
        return Line(step, high, colour)
    return Line(np.repeat(step, 2), np.column_stack((low, high)).ravel(), colour)


def steps_of(series: Sequence[Series | None]) -> tuple[float, float] | None:
    """The first and the last step of them all, at least one apart; None where there is none."""
    ends = [floats(one.step)[[0, -1]] for one in series if one is not None and one.step]
    if not ends:
        return None
    first, last = float(min(end[0] for end in ends)), float(max(end[1] for end in ends))
    return first, max(last, first + 1)
