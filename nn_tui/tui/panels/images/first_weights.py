"""The first layer's weights of a net that sees images, as images: what each unit looks for."""

from dataclasses import dataclass

import numpy as np
from textual.content import Content
from textual.events import MouseMove
from textual.geometry import Offset

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.map_frame import MapFrame
from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.pixels import put_pixels, resized
from nn_tui.charts.shades import signed
from nn_tui.training.look.parts import PackedLevels
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.read_map import ReadMapPanel
from nn_tui.tui.panels.images.tiles import ImageTilesPanel, Tiles
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.reading import singles


@dataclass(frozen=True)
class FirstWeights:
    """Weights (units, inputs) of so many units of all."""

    weights: PackedLevels
    units: int


class FirstWeightsPanel(ReadMapPanel[FirstWeights], ImageTilesPanel[FirstWeights]):
    """An image for every unit of the first layer."""

    TITLE = "First weights"
    LEGEND = (
        "The weights of every unit of the first layer, each where its pixel is: green where a bright pixel excites "
        "the unit, pink where it holds it back, in each unit's own range. They begin as noise; shapes of garments "
        "that come up in them are what the unit has learned to look for. Noise that stays is a unit that learns "
        "little. Arrows read a pixel's weight off, in every unit."
    )
    EMPTY = "The weights of the first layer appear here, an image for each unit."
    PARTS = ("first_weights",)
    CAPTION = 1
    MANY = True
    PAGE_KEYS = "PgDn"

    def see(self, opened: Opened, frame: Frame) -> FirstWeights | None:
        return None if frame.first_weights is None else FirstWeights(frame.first_weights, opened.layers[0].units)

    def headline(self, seen: FirstWeights, palette: Palette) -> Content:
        drawn = self.count(seen)
        text = f"{drawn} units" if drawn == seen.units else f"{drawn} of {seen.units} units"
        return Content.styled(text if len(text) <= self.title_room else f"{drawn} units", palette.text.hex)

    def options(self) -> tuple[Option, ...]:
        return (*self.size_option(), *self.page_option())

    # -- reading off ---------------------------------------------------------------------------------------------------

    def map_place(self) -> MapFrame:
        tiles = self.tiles(self.size, 1 if self._seen is None else self.count(self._seen))
        return MapFrame(0, tiles.width, tiles.height, 0, False)

    def pointed(self, event: MouseMove) -> Offset | None:
        offset = event.get_content_offset(self)
        return None if offset is None else self.inside_tile(offset)

    def _read(self, image: np.ndarray, tiles: Tiles, cell: tuple[int, int]) -> float:
        """The weight of the pixel under the cursor, which is in a cell of its picture."""
        rows, columns = image.shape
        return float(image[int(cell[1] / tiles.height * rows), int(cell[0] / tiles.width * columns)])

    # -- drawing -------------------------------------------------------------------------------------------------------

    def count(self, seen: FirstWeights) -> int:
        return len(self._images(seen))

    def _images(self, seen: FirstWeights) -> np.ndarray:
        assert self.opened is not None
        assert self.opened.image_shape is not None
        return singles(seen.weights).reshape(-1, *self.opened.image_shape)

    def add_tile(self, canvas: Canvas, seen: FirstWeights, number: int, tiles: Tiles, at: tuple[int, int]) -> None:
        palette, (column, row) = self.palette, at
        columns, rows = tiles.grid
        whole = self._images(seen)[number]
        image = resized(whole[np.newaxis].astype(np.float64), rows, columns)[0]
        reach = float(np.abs(image).max()) or 1.0
        shades = signed(palette)
        put_pixels(canvas, shades.levels(image.tolist(), -reach, reach), shades, column, row, palette.few)
        greatest = float(np.abs(whole).max())
        name, ends = f"{number + 1}", f"±{fixed(greatest, 5).strip()}" if greatest else "all 0"
        if (cell := self.cursor.within(self.map_place())) is not None:
            canvas.put(column + cell[0], row + cell[1], "┼", palette.text)
            ends = fixed(self._read(whole, tiles, cell), 6).strip()
        if tiles.caption:
            canvas.put(column, row + tiles.height, name, palette.text)
            canvas.put(column + tiles.width - len(ends), row + tiles.height, ends, palette.muted)
