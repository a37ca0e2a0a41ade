"""What the net makes of every place in the plane of two inputs, with the examples it learns from."""

import struct
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.legend import BarLegend, ClassLegend, Legend
from nn_tui.charts.map_frame import map_frame, scale
from nn_tui.charts.numbers import cut, fixed, percent
from nn_tui.charts.palette import Palette
from nn_tui.charts.shades import by_class, class_levels, targets
from nn_tui.training.look.parts import Answer, Floats, Map
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.maps.heat_map import HeatMap, axis_names, legend_columns
from nn_tui.tui.panels.maps.scatter import WHICH, class_mark
from nn_tui.tui.panels.panel import Option, Panel, strips
from nn_tui.tui.panels.reading import listed_floats
from nn_tui.tui.panels.score import ScorePanel, score


@dataclass(frozen=True)
class Boundary:
    """The map, how good it is, and what the net makes of the place the cursor is at."""

    map: Map
    score: ScorePanel
    answer: Answer | None = None


class BoundaryPanel(Panel[Boundary]):
    """A heat map under points: which class the net sees where, and how sure it is, or which value."""

    TITLE = "Decision boundary"
    LEGEND = (
        "The plane of both inputs in the color of the class that the net sees there: full where it is sure, pale "
        "where it is not, so that the palest places are the boundary. Of a regression, violet is high and yellow low."
        " Filled points are examples of the training set, hollow and paler ones of the test set, in the color and "
        "shape of their true class: one on the other color is a mistake."
    )
    EMPTY = "What the net makes of every place in the plane appears here, with the examples as points."
    PARTS = ("boundary",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "points", "which points"),
        Binding("left", "read(-1, 0)", "read off, to the left"),
        Binding("right", "read(1, 0)", "read off, to the right"),
        Binding("up", "read(0, -1)", "read off, further up"),
        Binding("down", "read(0, 1)", "read off, further down"),
        Binding("escape", "stop_reading", "no cursor"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._which = 0
        self._cell: tuple[int, int] | None = None

    def grid(self) -> tuple[int, int]:
        return map_frame(self.size, legend_columns(self.opened)).grid

    def see(self, opened: Opened, frame: Frame) -> Boundary | None:
        if frame.boundary is None:
            return None
        answer = frame.answer if frame.answer is not None and frame.answer.given == self.given() else None
        return Boundary(frame.boundary, score(opened, frame), answer)

    def headings(self) -> tuple[str, ...]:
        return (self.TITLE, "Boundary") if self._has_classes else ("Fitted surface", "Surface")

    def headline(self, seen: Boundary, palette: Palette) -> Content:
        return seen.score.headline(palette, self.title_room)

    def options(self) -> tuple[Option, ...]:
        return (Option(WHICH[self._which], "points", "d"),)

    def action_points(self) -> None:
        """Goes through all points, those of one set, and none."""
        self._which = (self._which + 1) % len(WHICH)
        self.repaint()

    # -- reading off ---------------------------------------------------------------------------------------------------

    def given(self) -> Floats:
        if self._cell is None or self._seen is None:
            return b""
        frame, (x, y) = map_frame(self.size, legend_columns(self.opened)), (self._seen.map.x, self._seen.map.y)
        column, row = self._cell
        return struct.pack(
            "<2d",
            x[0] + (x[1] - x[0]) * (column + 0.5) / frame.columns,
            y[1] - (y[1] - y[0]) * (row + 0.5) / frame.rows,
        )

    def action_read(self, right: int, down: int) -> None:
        """Moves the cursor, which begins in the middle; it stays while the net trains."""
        frame = map_frame(self.size, legend_columns(self.opened))
        column, row = self._cell or (frame.columns // 2 - right, frame.rows // 2 - down)
        self._cell = max(0, min(frame.columns - 1, column + right)), max(0, min(frame.rows - 1, row + down))
        self.repaint()

    def action_stop_reading(self) -> None:
        """Takes the cursor away; where there is none, lets go of the panel."""
        if self._cell is None:
            self.screen.set_focus(None)
        self._cell = None
        self.repaint()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset, frame = event.get_content_offset(self), map_frame(self.size, legend_columns(self.opened))
        if offset is not None and 0 <= offset.x - frame.left < frame.columns and offset.y < frame.rows:
            self._cell = offset.x - frame.left, offset.y
            self.repaint()

    def on_leave(self) -> None:
        if not self.has_focus and self._cell is not None:
            self._cell = None
            self.repaint()

    def _draw_cursor(self, canvas: Canvas, seen: Boundary, palette: Palette) -> None:
        """A cross at the cursor, and in the first row what there is to read."""
        if self._cell is None or self.opened is None:
            return
        frame = map_frame(self.size, legend_columns(self.opened))
        column, row = self._cell
        canvas.put(frame.left + column, row, "┼", palette.accent)
        names = axis_names(self.opened)
        words = [f"{name} {value:.3g}" for name, value in zip(names, struct.unpack("<2d", self.given()), strict=False)]
        if seen.answer is not None:
            outputs = listed_floats(seen.answer.outputs)
            classes = self.opened.class_names
            if self._has_classes and len(outputs) == len(classes):
                words += [f"{name} {percent(p).strip()}" for name, p in zip(classes, outputs, strict=True)]
            else:
                words += [fixed(value, 8).strip() for value in outputs]
        text = cut("  ".join(words), canvas.width)
        at = 0 if row else min(1, frame.rows - 1)
        canvas.put(0, at, text, palette.text)
        canvas.behind[at][: len(text)] = [palette.background] * len(text)

    @property
    def _has_classes(self) -> bool:
        return self.opened is None or self.opened.task != "regression"

    def paint(self, seen: Boundary, palette: Palette, size: Size) -> list[Strip]:
        opened = self.opened
        assert opened is not None
        several = opened.task == "multiclass"
        shades = by_class(palette, len(opened.class_names)) if several else targets(palette)
        heat = HeatMap(opened, seen.map, shades, palette, size)
        canvas = heat.draw(class_levels if several else None, WHICH[self._which])
        _legend(heat).draw(canvas, heat.place, palette)
        self._draw_cursor(canvas, seen, palette)
        return strips(canvas)


def _legend(heat: HeatMap) -> Legend:
    opened, ends = heat.opened, (heat.map.low, heat.map.high)
    if opened.task == "multiclass":
        return ClassLegend(opened.target_name, opened.class_names, heat.swatches)
    named = [f"{class_mark(number)[0]} {name}" for number, name in enumerate(opened.class_names)]
    words = scale(*ends) if opened.task == "regression" else named
    return BarLegend(opened.target_name, words, heat.shades)
