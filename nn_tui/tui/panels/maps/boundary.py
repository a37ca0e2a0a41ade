"""What the net makes of every place in the plane of two inputs, with the examples it learns from."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.legend import BarLegend, ClassLegend, Legend
from nn_tui.charts.map_frame import map_frame, scale
from nn_tui.charts.palette import Palette
from nn_tui.charts.shades import by_class, class_levels, diverging
from nn_tui.training.look.parts import Map
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.maps.heat_map import HeatMap, legend_columns
from nn_tui.tui.panels.maps.scatter import WHICH
from nn_tui.tui.panels.panel import Option, Panel, strips
from nn_tui.tui.panels.score import Score, score


@dataclass(frozen=True)
class Boundary:
    """The map, and how good it is."""

    map: Map
    score: Score


class BoundaryPanel(Panel[Boundary]):
    """A heat map under points: which class the net sees where, and how sure it is, or which value."""

    TITLE = "Decision boundary"
    LEGEND = (
        "The plane of both inputs in the color of the class that the net sees there: full where it is sure, pale "
        "where it is not, so that the palest places are the boundary. Of a regression, blue is high and orange low. "
        "Filled points are examples of the training set, hollow and paler ones of the test set, in the color of "
        "their true class: one on the other color is a mistake."
    )
    EMPTY = "What the net makes of every place in the plane appears here, with the examples as points."
    PARTS = ("boundary",)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "points", "which points")]

    def __init__(self) -> None:
        super().__init__()
        self._which = 0

    def grid(self) -> tuple[int, int]:
        return map_frame(self.size, legend_columns(self.opened)).grid

    def see(self, opened: Opened, frame: Frame) -> Boundary | None:
        return None if frame.boundary is None else Boundary(frame.boundary, score(opened, frame))

    def heading(self) -> str:
        if self.size.width < 40:
            return "Boundary" if self._has_classes else "Surface"
        return self.TITLE if self._has_classes else "Fitted surface"

    def headline(self, seen: Boundary, palette: Palette) -> Content:
        return seen.score.headline(palette, self.title_room)

    def options(self) -> tuple[Option, ...]:
        return (Option(WHICH[self._which], "points", "d"),)

    def action_points(self) -> None:
        """Goes through all points, those of one set, and none."""
        self._which = (self._which + 1) % len(WHICH)
        self.repaint()

    @property
    def _has_classes(self) -> bool:
        return self.opened is None or self.opened.task != "regression"

    def paint(self, seen: Boundary, palette: Palette, size: Size) -> list[Strip]:
        opened = self.opened
        assert opened is not None
        several = opened.task == "multiclass"
        shades = by_class(palette, len(opened.class_names)) if several else diverging(palette)
        heat = HeatMap(opened, seen.map, shades, palette, size)
        canvas = heat.draw(class_levels if several else None, WHICH[self._which])
        _legend(heat).draw(canvas, heat.place, palette)
        return strips(canvas)


def _legend(heat: HeatMap) -> Legend:
    opened, ends = heat.opened, (heat.map.low, heat.map.high)
    if opened.task == "multiclass":
        return ClassLegend(opened.target_name, opened.class_names, heat.swatches)
    words = scale(*ends) if opened.task == "regression" else opened.class_names
    return BarLegend(opened.target_name, words, heat.shades)
