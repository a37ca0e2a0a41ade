"""What each unit of a layer gives at every place in the plane of two inputs."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import MouseMove
from textual.geometry import Offset, Size
from textual.strip import Strip

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.legend import BarLegend
from nn_tui.charts.map_frame import MapFrame, map_frame, scale
from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.pixels import picked, put_pixels
from nn_tui.charts.shades import Shades, rising, signed
from nn_tui.charts.ticks import short
from nn_tui.numerals import fixed_point, numeral
from nn_tui.training.look.parts import Map, PackedFloats
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.read_map import ReadMapPanel, write_reading
from nn_tui.tui.panels.images.tiles import Tiles, TilesPanel, filling
from nn_tui.tui.panels.layers import layer_name, layer_option
from nn_tui.tui.panels.maps.heat_map import HeatMap, axis_names, legend_columns
from nn_tui.tui.panels.maps.points import PointsPanel
from nn_tui.tui.panels.panel import Option, strips
from nn_tui.tui.panels.reading import listed_floats, pixels_of

_LEAST_WIDTH = 6

_OFF = (0.06, 0.3)
"""How far off, of itself, the end of a unit's range may be written where there is little room, and very little."""

_TWO_NUMBERS = 16
"""Bytes of the coordinates of a place."""


@dataclass(frozen=True)
class UnitMaps:
    """A layer, its units' maps, and the place that is read off, if one is: there or on the boundary; what they give at
    it."""

    layer: int
    maps: tuple[Map, ...]
    place: tuple[float, float] | None = None
    given_there: Sequence[float] = ()


class UnitMapsPanel(PointsPanel[UnitMaps], ReadMapPanel[UnitMaps], TilesPanel[UnitMaps]):
    """A small map for every unit of the layer looked at, or a large one of a single unit, with the examples on it."""

    TITLE = "Unit maps"
    LEGEND = (
        "What every unit of one layer gives at each place of the plane: green above zero, pink below, each in its own"
        " range. Units of the first layer see one straight edge; those of the next ones put edges together. A unit "
        "without any shade does nothing. A place read off the boundary, or here by arrows, is marked in every map, "
        "with what the unit gives there."
    )
    EMPTY = "What each unit of a layer makes of every place in the plane appears here, a small map for each."
    PARTS = ("unit_maps",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "unit(1)", "next unit"),
        Binding("U", "unit(-1)", "unit before"),
    ]
    PAGE_KEYS = "PgDn"

    def __init__(self) -> None:
        super().__init__()
        self._unit: int | None = None

    def grid(self) -> tuple[int, int]:
        if self._unit is not None:
            return map_frame(self.size, legend_columns(self.opened)).grid
        units = 1 if self.opened is None else self.opened.layers[self._layer].units
        return self.tiles(self.size, units).grid

    @property
    def _layer(self) -> int:
        return 0 if self.opened is None else min(self.layer_shown, len(self.opened.layers) - 1)

    def see(self, opened: Opened, frame: Frame) -> UnitMaps | None:  # noqa: ARG002
        if frame.unit_maps is None:
            return None
        if frame.answer is None or len(frame.answer.given) != _TWO_NUMBERS:
            return UnitMaps(self._layer, frame.unit_maps)
        x, y = listed_floats(frame.answer.given)
        return UnitMaps(self._layer, frame.unit_maps, (x, y), listed_floats(frame.answer.units))

    def headline(self, seen: UnitMaps, palette: Palette) -> Content:
        assert self.opened is not None
        layer, color = self.opened.layers[seen.layer], palette.layer(seen.layer, len(self.opened.layers))
        name = Content.styled(layer_name(self.opened, seen.layer), color.hex)
        whole = Content.assemble(name, (f"  {layer.units} {layer.activation}", palette.text.hex))
        return whole if whole.cell_length <= self.title_room else name

    def options(self) -> tuple[Option, ...]:
        layer = layer_option(self.opened, self.layer_shown)
        if self._unit is None:
            return (layer, Option("all units", "unit(1)", "u"), *self.page_option())
        return (layer, Option(f"unit {self._unit + 1}", "unit(1)", "u"), self.points_option())

    def action_unit(self, by: int) -> None:
        """Goes from all units to the first one by itself, on to the last one, and back to all of them."""
        maps = () if self._seen is None else self._seen.maps
        place = self.cursor.at(self.map_place(), maps[0].x, maps[0].y) if maps and self.cursor.cell else None
        number = ((-1 if self._unit is None else self._unit) + by) % (len(maps) + 1)
        self._unit = number if number < len(maps) else None
        if place is not None:
            # The cell it is in is another one on a map of another size.
            self.cursor.go(self.map_place(), maps[0].x, maps[0].y, place)
        self.repaint()

    def paint(self, seen: UnitMaps, palette: Palette, size: Size) -> list[Strip]:
        if self._unit is None:
            return super().paint(seen, palette, size)
        assert self.opened is not None
        found = seen.maps[min(self._unit, len(seen.maps) - 1)]
        shades = _shades(found, palette)
        heat = HeatMap(self.opened, found, shades, palette, size, self.which)
        canvas = heat.draw(None)
        BarLegend("output", scale(found.low, found.high), shades).draw(canvas, heat.place, palette)
        cell = self._add_cross(canvas, found, seen.place, (heat.place.left, 0), (heat.place.columns, heat.place.rows))
        if cell is not None and seen.place is not None and self._unit < len(seen.given_there):
            words = [f"{name} {numeral(at)}" for name, at in zip(axis_names(self.opened), seen.place, strict=False)]
            words.append(f"unit {self._unit + 1}: {fixed(seen.given_there[self._unit], 8).strip()}")
            write_reading(canvas, heat.place, words, palette, cell[1])
        return strips(canvas)

    # -- reading off -------------------------------------------------------------------------------------------------

    def map_place(self) -> MapFrame:
        """Of a single map, or of each of the small ones."""
        if self._unit is not None or self._seen is None:
            return map_frame(self.size, legend_columns(self.opened))
        tiles = self.tiles(self.size, len(self._seen.maps))
        return MapFrame(0, tiles.width, tiles.height, 0, False)

    def given(self) -> PackedFloats:
        if self.cursor.cell is None or self._seen is None:
            return b""
        found = self._seen.maps[0]
        return struct.pack("<2d", *self.cursor.at(self.map_place(), found.x, found.y))

    def pointed(self, event: MouseMove) -> Offset | None:
        offset = event.get_content_offset(self)
        return offset if self._unit is not None or offset is None else self.inside_tile(offset)

    # -- the small ones ----------------------------------------------------------------------------------------------

    def count(self, seen: UnitMaps) -> int:
        return len(seen.maps)

    def tiles(self, size: Size, count: int) -> Tiles:
        return filling(size, count, _LEAST_WIDTH)

    def add_tile(self, canvas: Canvas, seen: UnitMaps, number: int, tiles: Tiles, at: tuple[int, int]) -> None:
        palette, found, (column, row) = self.palette, seen.maps[number], at
        columns, rows = tiles.grid
        values = pixels_of(found)
        shades = _shades(found, palette)
        levels = shades.levels(picked(values, rows, columns), found.low, found.high)
        put_pixels(canvas, levels, shades, column, row, palette.few)
        cell = self._add_cross(canvas, found, seen.place, at, (tiles.width, tiles.height))
        if tiles.caption:
            name = f"{number + 1}"
            room = tiles.width - len(name) - 1
            written = _ends(found, room) if any(map(any, values)) else ("always 0", "0")
            if cell is not None and number < len(seen.given_there):
                here = seen.given_there[number]
                written = (fixed(here, 6).strip(), numeral(here, 2), fixed_point(here, 2), fixed_point(here, 1))
            ends = next((text for text in written if len(text) <= room), written[-1])
            canvas.put(column, row + tiles.height, name, palette.text)
            if len(ends) <= room:
                canvas.put(column + tiles.width - len(ends), row + tiles.height, ends, palette.muted)

    def _add_cross(
        self,
        canvas: Canvas,
        found: Map,
        place: tuple[float, float] | None,
        corner: tuple[int, int],
        cells: tuple[int, int],
    ) -> tuple[int, int] | None:
        """Marks the place that is read off in a map of so many cells; returns the one it is in."""
        if place is None:
            return None
        across = (place[0] - found.x[0]) / (found.x[1] - found.x[0])
        down = (found.y[1] - place[1]) / (found.y[1] - found.y[0])
        if not (0.0 <= across < 1.0 and 0.0 <= down < 1.0):
            return None
        column, row = int(across * cells[0]), int(down * cells[1])
        canvas.put(corner[0] + column, corner[1] + row, "┼", self.palette.text)
        return column, row


def _shades(found: Map, palette: Palette) -> Shades:
    return rising(palette) if found.low >= 0.0 else signed(palette)


def _ends(found: Map, room: int) -> tuple[str, ...]:
    """Between what a unit's outputs lie, in ever fewer cells."""
    sign, high = "≤" if found.low >= 0.0 else "±", scale(found.low, found.high)[-1]
    exact = (f"0 to {high}", f"≤ {high}", f"≤{high}") if found.low >= 0.0 else (f"±{high}",)
    if not math.isfinite(found.high):
        return exact
    about = (short(found.high, off * found.high, room - 1) for off in _OFF)
    return *exact, *(f"{sign}{text}" for text in about if text)
