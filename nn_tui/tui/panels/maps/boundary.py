"""What the net makes of every place in the plane of two inputs, with the examples it learns from."""

import struct

import msgspec
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.legend import BarLegend, ClassLegend, Legend
from nn_tui.charts.map_frame import MapFrame, map_frame, scale
from nn_tui.charts.numbers import chance, fixed, percent
from nn_tui.charts.palette import Palette
from nn_tui.charts.shades import by_class, class_levels, targets
from nn_tui.numerals import numeral
from nn_tui.training.look.parts import Answer, Map, PackedFloats
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.read_map import ReadMapPanel
from nn_tui.tui.panels.maps.heat_map import HeatMap, axis_names, legend_columns
from nn_tui.tui.panels.maps.points import PointsPanel
from nn_tui.tui.panels.panel import Option, strips
from nn_tui.tui.panels.reading import listed_floats
from nn_tui.tui.panels.score import ScorePanel, score

_TWO_NUMBERS = 16
"""Bytes of a place in the plane."""


class Boundary(msgspec.Struct, frozen=True):
    """The map, how good it is, and what the net makes of the place the cursor is at."""

    map: Map
    score: ScorePanel
    answer: Answer | None = None


class BoundaryPanel(PointsPanel[Boundary], ReadMapPanel[Boundary]):
    """A heat map under points: which class the net sees where, and how sure it is, or which value."""

    TITLE = "Decision boundary"
    LEGEND = (
        "The plane of both inputs in the color of the class that the net sees there: full where it is sure, pale where "
        "it is not, so that the palest places are the boundary. Of a regression, violet is high and yellow low. Filled "
        "points are examples of the training set, hollow and paler ones of the test set, in the color and shape of "
        "their true class: one on the other color is a mistake. ≈ is of some examples only."
    )
    EMPTY = "What the net makes of every place in the plane appears here, with the examples as points."
    PARTS = ("boundary",)

    def grid(self) -> tuple[int, int]:
        return map_frame(self.size, legend_columns(self.opened)).grid

    def see(self, opened: Opened, frame: Frame) -> Boundary | None:
        if frame.boundary is None:
            return None
        return Boundary(frame.boundary, score(opened, frame), self._answered(frame.boundary, frame.answer))

    def headings(self) -> tuple[str, ...]:
        return (self.TITLE, "Boundary") if self._has_classes else ("Fitted surface", "Surface")

    def headline(self, seen: Boundary, palette: Palette) -> Content:
        return seen.score.headline(palette, self.title_room)

    def options(self) -> tuple[Option, ...]:
        return (self.points_option(),)

    # -- reading off ---------------------------------------------------------------------------------------------------

    def given(self) -> PackedFloats:
        if self.cursor.cell is None or self._seen is None:
            return b""
        found = self._seen.map
        return struct.pack("<2d", *self.cursor.at(self.map_place(), found.x, found.y))

    def _answered(self, found: Map, answer: Answer | None) -> Answer | None:
        """What was asked about the cursor's place; one that is left here follows the place read on other maps."""
        if answer is None or answer.given == self.given():
            return answer
        is_in_use = self.has_focus or self.mouse_hover
        if self.cursor.cell is None or is_in_use or len(answer.given) != _TWO_NUMBERS:
            return None
        self.cursor.go(self.map_place(), found.x, found.y, struct.unpack("<2d", answer.given))
        return answer

    def map_place(self) -> MapFrame:
        return map_frame(self.size, legend_columns(self.opened))

    def _reading(self, seen: Boundary) -> list[str]:
        """The place under the cursor, and what the net makes of it."""
        assert self.opened is not None
        names = axis_names(self.opened)
        given = self.given() if seen.answer is None else seen.answer.given
        words = [f"{name} {numeral(value)}" for name, value in zip(names, struct.unpack("<2d", given), strict=False)]
        if seen.answer is None:
            return words
        outputs, classes = listed_floats(seen.answer.outputs), self.opened.class_names
        if self._has_classes and len(outputs) == len(classes):
            return words + [chance(name, percent(share)) for name, share in zip(classes, outputs, strict=True)]
        return words + [fixed(value, 8).strip() for value in outputs]

    @property
    def _has_classes(self) -> bool:
        return self.opened is None or self.opened.task != "regression"

    def paint(self, seen: Boundary, palette: Palette, size: Size) -> list[Strip]:
        opened = self.opened
        assert opened is not None
        several = opened.task == "multiclass"
        shades = by_class(palette, len(opened.class_names)) if several else targets(palette)
        heat = HeatMap(opened, seen.map, shades, palette, size, self.which)
        canvas = heat.draw(class_levels if several else None)
        _legend(heat).draw(canvas, heat.place, palette)
        if self.cursor.cell is not None:
            self.cursor.draw(canvas, heat.place, self._reading(seen), palette)
        return strips(canvas)


def _legend(heat: HeatMap) -> Legend:
    opened, ends = heat.opened, (heat.map.low, heat.map.high)
    if opened.task == "multiclass":
        return ClassLegend(opened.target_name, opened.class_names, heat.swatches)
    named = [f"{mark} {name}" for (mark, _), name in zip(heat.swatches, opened.class_names, strict=True)]
    words = scale(*ends) if opened.task == "regression" else named
    return BarLegend(opened.target_name, words, heat.shades)
