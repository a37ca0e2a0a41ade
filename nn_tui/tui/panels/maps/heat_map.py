"""A function of two inputs as a heat map: half-block pixels, with examples on it and axes around it."""

from collections.abc import Callable, Sequence
from functools import cached_property

import msgspec
from textual.geometry import Size

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.map_frame import MapFrame, add_axes, map_frame
from nn_tui.charts.numbers import cells
from nn_tui.charts.palette import Palette
from nn_tui.charts.pixels import picked, put_pixels
from nn_tui.charts.shades import Grid, ShadeGrid, Shades, targets
from nn_tui.training.look.parts import Map
from nn_tui.training.worker.messages import Opened
from nn_tui.tui.panels.maps.scatter import MARKS, SMALL_MARKS, Spot, class_mark, extremes, scatter
from nn_tui.tui.panels.reading import pixels_of

_CROWDED = 0.4
"""The share of cells with a point in them from which on points are drawn small, to leave the map to be seen."""

_TEST_BLEND = 0.3

ByClass = Callable[[Grid, int], ShadeGrid]


class HeatMap(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One heat map to be drawn.

    Attributes:
        opened: whose data it is of.
        map: the function.
        shades: its colors.
        palette: of the theme.
        size: of the panel.
        which: points on it, one of `scatter.WHICH`.
    """

    opened: Opened
    map: Map
    shades: Shades
    palette: Palette
    size: Size
    which: str

    @cached_property
    def place(self) -> MapFrame:
        """Where the map stands."""
        return map_frame(self.size, legend_columns(self.opened))

    @property
    def swatches(self) -> list[tuple[str, Color]]:
        """Each class's mark, as it is on the map, and color."""
        colors = [self.palette.category(number) for number in range(len(self.opened.class_names))]
        return [(self._marks(number)[0], color) for number, color in enumerate(colors)]

    def draw(self, by_class: ByClass | None) -> Canvas:
        """The map with axes and points.

        Args:
            by_class: how values that name classes become levels; None for values between the map's ends.
        """
        place, canvas = self.place, Canvas(self.size.width, self.size.height)
        columns, rows = place.grid
        values = picked(pixels_of(self.map), rows, columns)
        if by_class is None:
            levels = self.shades.levels(values, self.map.low, self.map.high)
        else:
            levels = by_class(values, len(self.opened.class_names))
        put_pixels(canvas, levels, self.shades, place.left, 0, self.palette.few)
        self._add_points(canvas, levels)
        add_axes(canvas, place, self.map.x, self.map.y, axis_names(self.opened), self.palette)
        return canvas

    @cached_property
    def _spots(self) -> tuple[Spot, ...]:
        place, points = self.place, self.opened.points
        assert points is not None
        return scatter(points, self.map.x, self.map.y, place.columns, place.rows, self.which)

    def _add_points(self, canvas: Canvas, levels: ShadeGrid) -> None:
        for spot, ink in zip(self._spots, self._inks(self._spots), strict=True):
            at = self.place.left + spot.column
            canvas.characters[spot.row][at] = self._marks(spot.target)[spot.is_test]
            canvas.colors[spot.row][at] = ink
            under = self.shades.colors[levels[spot.pixel_row][spot.column]]
            canvas.behind[spot.row][at] = None if self.palette.few else under

    def _inks(self, spots: Sequence[Spot]) -> list[Color]:
        """The colors of points: those of the test set nearer to that of text."""
        if self.opened.task == "regression":
            shades = targets(self.palette)
            colors = list(shades.inks)
            numbers = shades.levels([[spot.target for spot in spots]], *self._target_range)[0]
        else:
            colors = [self.palette.category(number) for number in range(len(self.opened.class_names))]
            numbers = [int(spot.target) for spot in spots]
        of_test = [color.blend(self.palette.text, _TEST_BLEND) for color in colors]
        return [(of_test if spot.is_test else colors)[number] for number, spot in zip(numbers, spots, strict=True)]

    @property
    def _target_range(self) -> tuple[float, float]:
        assert self.opened.points is not None
        return extremes(self.opened.points)

    def _marks(self, target: float) -> str:
        """Filled and hollow."""
        crowded = len(self._spots) > _CROWDED * self.place.columns * self.place.rows
        if self.opened.task == "regression":
            return SMALL_MARKS if crowded else MARKS
        return class_mark(int(target), crowded)


def axis_names(opened: Opened) -> tuple[str, ...]:
    """The raw inputs' names: the features' unless these are made of the coordinates of a point."""
    return opened.feature_names if not opened.scenario.data.features else ("x", "y")


def legend_columns(opened: Opened | None) -> int:
    """How many columns the legend of a run's map would like to have beside it."""
    return 0 if opened is None else 5 + max(map(cells, (opened.target_name, *opened.class_names)))
