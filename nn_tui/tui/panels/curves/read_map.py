"""A cursor on a map: moved by arrows or the mouse, it says what there is at a place."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import MouseMove
from textual.geometry import Offset

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.map_frame import MapFrame
from nn_tui.charts.numbers import cells, cut, in_lines
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Range
from nn_tui.tui.panels.panel import Panel, Seen


class MapCursor:
    """A cell of a map.

    Attributes:
        cell: its column and row within the map; None where there is no cursor.
    """

    def __init__(self) -> None:
        self.cell: tuple[int, int] | None = None

    def move(self, frame: MapFrame, right: int, down: int) -> None:
        """Goes on by so many cells; the first time it appears in the middle."""
        column, row = self.cell or (frame.columns // 2 - right, frame.rows // 2 - down)
        self.cell = max(0, min(frame.columns - 1, column + right)), max(0, min(frame.rows - 1, row + down))

    def point(self, frame: MapFrame, offset: Offset | None) -> bool:
        """Goes to where the mouse is, if that is on the map; returns whether it is."""
        if offset is None or not (0 <= offset.x - frame.left < frame.columns and offset.y < frame.rows):
            return False
        self.cell = offset.x - frame.left, offset.y
        return True

    def leave(self) -> bool:
        """Takes it away; returns whether there was one."""
        had, self.cell = self.cell, None
        return had is not None

    def at(self, frame: MapFrame, x: Range, y: Range) -> tuple[float, float]:
        """The place it is at, on a map between such ends."""
        column, row = self.within(frame) or (0, 0)
        return (
            x[0] + (x[1] - x[0]) * (column + 0.5) / frame.columns,
            y[1] - (y[1] - y[0]) * (row + 0.5) / frame.rows,
        )

    def go(self, frame: MapFrame, x: Range, y: Range, place: tuple[float, float]) -> None:
        """Goes to a place, on a map between such ends, or to the nearest that there is on it."""
        column = int((place[0] - x[0]) / (x[1] - x[0]) * frame.columns)
        row = int((y[1] - place[1]) / (y[1] - y[0]) * frame.rows)
        self.cell = max(0, min(frame.columns - 1, column)), max(0, min(frame.rows - 1, row))

    def within(self, frame: MapFrame) -> tuple[int, int] | None:
        """The cell, or the nearest to it that there is on a map that has become smaller."""
        return self.cell and (min(self.cell[0], frame.columns - 1), min(self.cell[1], frame.rows - 1))

    def draw(self, canvas: Canvas, frame: MapFrame, words: Sequence[str], palette: Palette) -> None:
        """A cross, and in the first rows, or below it where the cross is in those, what there is to read."""
        cell = self.within(frame)
        if cell is None:
            return
        column, row = cell
        canvas.put(frame.left + column, row, "┼", palette.accent)
        write_reading(canvas, frame, words, palette, row)


def write_reading(canvas: Canvas, frame: MapFrame, words: Sequence[str], palette: Palette, row: int) -> None:
    """Writes what there is to read at a place in a row of a map: in the first rows, or below it if it is in those."""
    lines = in_lines(words, canvas.width, gap=2)[: max(1, frame.rows - 1)]
    first = 0 if row >= len(lines) else min(row + 1, frame.rows - len(lines))
    for at, line in enumerate(lines, first):
        text = cut(line, canvas.width)
        canvas.put(0, at, text, palette.text)
        canvas.behind[at][: cells(text)] = [palette.background] * cells(text)


class ReadMapPanel(Panel[Seen]):
    """A view of a map, or of several of one place, with a cursor; a subclass gives `map_place`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "read(-1, 0)", "read off, to the left"),
        Binding("right", "read(1, 0)", "read off, to the right"),
        Binding("up", "read(0, -1)", "read off, further up"),
        Binding("down", "read(0, 1)", "read off, further down"),
        Binding("escape", "stop_reading", "no cursor"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.cursor = MapCursor()

    def map_place(self) -> MapFrame:
        """Where the map stands."""
        raise NotImplementedError

    def pointed(self, event: MouseMove) -> Offset | None:
        """Where the mouse is, as if there were one map."""
        return event.get_content_offset(self)

    def action_read(self, right: int, down: int) -> None:
        """Moves the cursor, which begins in the middle; it stays while the net trains."""
        self.cursor.move(self.map_place(), right, down)
        self.repaint()

    def action_stop_reading(self) -> None:
        """Takes the cursor away; where there is none, lets go of the panel."""
        if not self.cursor.leave():
            self.screen.set_focus(None)
        self.repaint()

    def on_mouse_move(self, event: MouseMove) -> None:
        if self.cursor.point(self.map_place(), self.pointed(event)):
            self.repaint()

    def on_leave(self) -> None:
        if not self.has_focus and self.cursor.leave():
            self.repaint()
