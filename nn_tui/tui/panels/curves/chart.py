"""Views that are curves over the steps of a run."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import ClassVar

import msgspec
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.cursor import between, draw_cursor, read_off
from nn_tui.charts.curves import LABEL_WIDTH, draw, plot_width, plotted_area
from nn_tui.charts.ghosts import Ghost
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Line, Moment, Plot, Range, placed
from nn_tui.training.look.parts import Mark, Series
from nn_tui.training.worker.messages import Frame
from nn_tui.tui.panels.panel import Option, Panel, Seen, strips
from nn_tui.tui.panels.reading import floats
from nn_tui.tui.panels.score import Estimated

_ONE_NUMBER = 8
"""Bytes; a curve of a single point is none."""

_MOST_POINTS = 4_096
"""That can be asked for."""


class Chart(Panel[Seen]):
    """A panel whose picture is a `Plot`: a subclass gives `see` and `plot`, and `columns` where it draws series.

    Attributes:
        ghosts: other runs that are shown behind this one.
        column: that the cursor is in, of those between the axes; None for no cursor.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "read(-1)", "read off, to the left, as the mouse does"),
        Binding("right", "read(1)", "read off, to the right"),
        Binding("shift+left", "read(-8)", "by more", show=False),
        Binding("shift+right", "read(8)", "by more", show=False),
        Binding("plus,equals_sign", "magnify(0.5)", "nearer, as the wheel does"),
        Binding("minus", "magnify(2.0)", "farther"),
        Binding("escape", "stop_reading", "no cursor, all steps"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.ghosts: tuple[Ghost, ...] = ()
        self.column: int | None = None
        self._ends: Range | None = None
        self._nearer = 1.0

    def haunt(self, ghosts: tuple[Ghost, ...]) -> None:
        """Shows other runs behind this one, instead of those before."""
        if ghosts != self.ghosts:
            self.ghosts = ghosts
            self.repaint()

    def plot(self, seen: Seen, palette: Palette) -> Plot:
        """What to draw."""
        raise NotImplementedError

    def points(self) -> int:
        # Of a recent window the points are rows: more of them would be another window.
        return min(_MOST_POINTS, int(4 * plot_width(self.size) * (1.0 if self.recent else self._nearer)))

    def drawing(self, seen: Seen, palette: Palette, size: Size) -> Callable[[], list[Strip]]:
        plot, column = self.zoomed(seen, palette), self.column
        return lambda: strips(pictured(plot, palette, size, column))

    # -- reading off ---------------------------------------------------------------------------------------------------

    def zoomed(self, seen: Seen, palette: Palette) -> Plot:
        """What is drawn, between the steps that are looked at."""
        plot, self._nearer = self.plot(seen, palette), 1.0
        if self._ends is None:
            return plot
        (first, last), (low, high) = placed(plot).x_range, self._ends
        low, high = max(low, first), min(high, last)
        if low >= high:
            # A run that begins anew, or goes back, may not have come to what was looked at.
            return plot
        self._nearer = (last - first) / (high - low)
        return between(plot, (low, high))

    def span(self) -> Option:
        """The option that says which steps are shown."""
        if self._nearer > 1.0:
            return Option("some steps", "stop_reading", "esc")
        return Option("recent" if self.recent else "full range", "screen.recent", "w")

    def action_read(self, by: int) -> None:
        """Moves the cursor, which begins at the right end."""
        if self._seen is None:
            return
        last = plotted_area(self.plot(self._seen, self.palette), self.size)[0] - 1
        self.column = max(0, min(last, (last if self.column is None else self.column) + by))
        self.repaint()

    def action_stop_reading(self) -> None:
        """Takes the cursor away, and shows all steps; where there is neither, lets go of the panel."""
        if self.column is None and self._ends is None:
            self.screen.set_focus(None)
        self.column = self._ends = None
        self.repaint()

    def action_magnify(self, by: float) -> None:
        """Shows so much of the steps there are now, around the cursor or at the right end."""
        if self._seen is None:
            return
        whole = self.plot(self._seen, self.palette)
        if whole.log_x:
            return
        full, shown = placed(whole).x_range, placed(self.zoomed(self._seen, self.palette)).x_range
        width = plotted_area(whole, self.size)[0]
        share = 1.0 if self.column is None else self.column / max(1, width - 1)
        span = max(2.0, (shown[1] - shown[0]) * by)
        low = max(full[0], shown[0] + share * (shown[1] - shown[0] - span))
        high = min(full[1], low + span)
        low = max(full[0], high - span)
        self._ends = None if (low, high) == full else (low, high)
        self.repaint()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)
        self.column = None if offset is None else max(0, offset.x - LABEL_WIDTH - 1)
        self.repaint()

    def on_leave(self) -> None:
        if not self.has_focus and self.column is not None:
            self.column = None
            self.repaint()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_magnify(0.5)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_magnify(2.0)

    def paint(self, seen: Seen, palette: Palette, size: Size) -> list[Strip]:
        return self.drawing(seen, palette, size)()

    def steps(self, series: Sequence[Series | None]) -> Range | None:
        """The first and the last step to show, at least one apart; None where there is none.

        In a recent window, that of the run's own curves; else with the courses that it has left.
        """
        ends = [floats(one.step)[[0, -1]] for one in series if one is not None and one.step]
        if not ends:
            return None
        first, last = float(min(end[0] for end in ends)), float(max(end[1] for end in ends))
        if not self.recent:
            others = [ghost.last_step for ghost in self.ghosts if ghost.holds_axis]
            last = max([last, *others])
        return first, max(last, first + 1)

    def line(self, series: Series, color: Color, label: str = "") -> Line:
        """A series as a line; the test set's is a broken one."""
        name = {self.palette.train: "train", self.palette.test: "test"}.get(color, "")
        return Line(floats(series.step), floats(series.value), color, label, is_broken=name == "test", name=name)


def pictured(plot: Plot, palette: Palette, size: Size, column: int | None) -> Canvas:
    """A plot, with what is read off at a column of it; None for no cursor."""
    canvas = draw(plot, palette, size)
    reading = None if column is None else read_off(plot, size, column)
    if reading is not None:
        draw_cursor(canvas, plot, reading, palette)
    return canvas


class LogChart(Chart[Seen]):
    """A chart over the steps of a run whose vertical axis can be logarithmic, and is to begin with."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("l", "log", "linear/log scale")]

    def __init__(self) -> None:
        super().__init__()
        self.log_scale = True

    def options(self) -> tuple[Option, ...]:
        return (Option("log" if self.log_scale else "linear", "log", "l"), self.span())

    def action_log(self) -> None:
        """Switches between the logarithmic and the linear scale."""
        self.log_scale = not self.log_scale
        self.repaint()


class ScaleChart(Chart[Seen]):
    """A chart over the steps of a run whose vertical axis is all there can be, or zoomed in on what there is.

    Attributes:
        is_whole: which of the two.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("l", "zoom", "whole scale/zoomed in")]

    def __init__(self) -> None:
        super().__init__()
        self.is_whole = False

    def options(self) -> tuple[Option, ...]:
        return (Option("whole scale" if self.is_whole else "zoomed in", "zoom", "l"), self.span())

    def action_zoom(self) -> None:
        """Switches between the whole scale and the part of it that the curves take."""
        self.is_whole = not self.is_whole
        self.repaint()


class Curves(msgspec.Struct, frozen=True):
    """What most charts pick out of a frame.

    Attributes:
        series: one a column, in the order of `Panel.columns`; None for a column the frame does not hold.
        latest: the value of each at the latest row, None where there is none.
        marks: the changes made as the run went.
        estimated: whether the latest on the training and on the test set are of some of the examples only.
    """

    series: tuple[Series | None, ...]
    latest: tuple[float | None, ...]
    marks: tuple[Mark, ...]
    estimated: Estimated = (False, False)


def curves(
    columns: Sequence[str], frame: Frame, latest: Sequence[float | None], estimated: Estimated = (False, False)
) -> Curves | None:
    """These columns of the history as curves; None before the first step."""
    series = tuple(continued(column, frame) for column in columns)
    if not any(one is not None and len(one.step) > _ONE_NUMBER for one in series):
        return None
    return Curves(series, tuple(latest), frame.marks, estimated)


def continued(column: str, frame: Frame) -> Series | None:
    """A column's series with its open end, if it has one; None for a column the frame does not hold."""
    series = frame.series.get(column)
    if series is None or column not in frame.open_end:
        return series
    end = struct.pack("<2d", frame.seen, frame.open_end[column])
    return Series(step=series.step + end[:_ONE_NUMBER], value=series.value + end[_ONE_NUMBER:])


def moments(marks: Sequence[Mark], with_words: bool = False) -> list[Moment]:
    """The changes made as the run went; their words are for the chart that is looked at first, and for any cursor."""
    return [Moment(mark.step, mark.text, is_quiet=not with_words) for mark in marks]
