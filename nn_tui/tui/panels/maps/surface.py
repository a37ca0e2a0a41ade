"""A surface from above, with the way every optimizer took over it and what moves the chosen one."""

from dataclasses import dataclass

import numpy as np
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.braille import ACROSS, DOWN, Braille
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.clipping import inside
from nn_tui.charts.color import Color
from nn_tui.charts.lanes import lane_letters
from nn_tui.charts.map_frame import MapFrame, add_axes
from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Range
from nn_tui.floats import Floats
from nn_tui.numerals import numeral
from nn_tui.training.look.parts import LanePoint, Map
from nn_tui.training.look.parts import SurfaceView as SeenSurface
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.read_map import ReadMapPanel
from nn_tui.tui.panels.layers import layer_option
from nn_tui.tui.panels.maps.lane_table import LaneTable
from nn_tui.tui.panels.maps.relief import relief
from nn_tui.tui.panels.panel import Option, strips
from nn_tui.tui.panels.reading import floats, pixels_of

_POINTS = 300
_AXIS_WIDTH = 6
_LEAST_BESIDE, _LEAST_ABREAST = 72, 50
_TABLE_WIDTH = 36
_LEAST_MAP = (24, 8)
_GRADIENT_ARROW, _UPDATE_ARROW = 0.2, 0.13
"""Lengths of the arrows, in shares of the map's shorter side: they say where to, the numbers how far."""

_STILL = 1e-8
"""The length of a gradient or an update from which on it points anywhere."""

_HEADS = "→↗↑↖←↙↓↘"


@dataclass(frozen=True)
class _Layout:
    """Where the map and the table stand, if there is room for it, and how many optimizers are in a row of that."""

    place: MapFrame
    table: tuple[int, int]
    table_size: Size
    abreast: int = 1


class SurfacePanel(ReadMapPanel[SeenSurface]):
    """Heat map, paths, points, arrows, and the numbers behind them."""

    TITLE = "Surface"
    LEGEND = (
        "The surface from above, in bands of equal height between their contours, finer toward the bottom: the "
        "lowest is the background's color. ✕ is a minimum, ◇ a saddle, ○ where all set out; letters are the "
        "optimizers, lines their ways. Of the last step of the optimizer that is chosen (. and , or a click) the "
        "thin arrow points down the gradient where it began and the colored one where it went; below are its inner "
        "terms along x and y, and the rate that each coordinate effectively had: update over gradient. Arrows move a "
        "cursor that reads the height off."
    )
    EMPTY = "The surface appears here, with the way of every optimizer over it."
    PARTS = ("surface",)
    QUICK = True

    def points(self) -> int:
        return _POINTS

    def grid(self) -> tuple[int, int]:
        return _layout(self.size, self.opened).place.grid

    def see(self, opened: Opened, frame: Frame) -> SeenSurface | None:  # noqa: ARG002
        return frame.surface

    def headings(self) -> tuple[str, ...]:
        return (self.TITLE if self._seen is None else self._seen.name.capitalize(),)

    def headline(self, seen: SeenSurface, palette: Palette) -> Content:
        formula = f"f = {seen.formula}"
        return Content.styled(formula, palette.muted.hex) if len(formula) <= self.title_room else Content("")

    def options(self) -> tuple[Option, ...]:
        return (layer_option(self.opened, self.layer_shown),)

    def paint(self, seen: SeenSurface, palette: Palette, size: Size) -> list[Strip]:
        layout = _layout(size, self.opened)
        canvas = Canvas(size.width, size.height)
        chosen = min(self.layer_shown, len(seen.lanes) - 1)
        picture = _Picture(seen, chosen, palette, layout.place.columns, layout.place.rows)
        canvas.paste(picture.draw(), layout.place.left, 0)
        add_axes(canvas, layout.place, seen.height.x, seen.height.y, ("x", "y"), palette)
        if layout.table_size.height > 0:
            table = LaneTable(seen.lanes, chosen, palette, layout.abreast)
            table.draw(canvas, *layout.table, layout.table_size)
        if self.cursor.cell is not None:
            self.cursor.draw(canvas, layout.place, self._read(seen, layout.place), palette)
        return strips(canvas)

    # -- reading off ---------------------------------------------------------------------------------------------------

    def _read(self, seen: SeenSurface, place: MapFrame) -> list[str]:
        """The place under the cursor, and the height there."""
        height = seen.height
        x, y = self.cursor.at(place, height.x, height.y)
        return [f"x {numeral(x)}", f"y {numeral(y)}", f"f ≈ {fixed(_height_at(height, x, y), 6).strip()}"]

    def map_place(self) -> MapFrame:
        return _layout(self.size, self.opened).place

    # -- choosing ------------------------------------------------------------------------------------------------------

    async def on_click(self, event: Click) -> None:
        """Chooses the optimizer whose line is clicked."""
        offset, seen = event.get_content_offset(self), self._seen
        if offset is None or seen is None:
            return
        layout = _layout(self.size, self.opened)
        (left, top), abreast = layout.table, layout.abreast
        number = (offset.y - top) * abreast + (offset.x - left) * abreast // max(1, layout.table_size.width)
        if offset.x >= left and 0 <= number < min(len(seen.lanes), layout.table_size.height * abreast):
            await self.screen.run_action(f"layer({number})")


def _height_at(found: Map, x: float, y: float) -> float:
    """The height at a place, by the cubic through the four pixels nearest along each axis, which a surface's few pixels
    on a small panel are too far apart for lines between; the outermost ones stand on the ends of the axes."""
    across = (x - found.x[0]) / (found.x[1] - found.x[0]) * (found.columns - 1)
    down = (found.y[1] - y) / (found.y[1] - found.y[0]) * (found.rows - 1)
    left, along_x = _cubic(across, found.columns)
    top, along_y = _cubic(down, found.rows)
    near = np.array(pixels_of(found))[top : top + len(along_y), left : left + len(along_x)]
    return float(along_y @ near @ along_x)


def _cubic(at: float, count: int) -> tuple[int, Floats]:
    """The first of the pixels nearest to a place, of so many, and what each of these adds to a cubic through them."""
    first = max(0, min(int(at) - 1, count - 4))
    nodes = np.arange(min(4, count))
    shares = [np.prod([(at - first - other) / (node - other) for other in nodes if other != node]) for node in nodes]
    return first, np.array(shares, np.float64)


def _layout(size: Size, opened: Opened | None) -> _Layout:
    """The map to the left of the table, or above it; as much of the table as leaves the map a fair share."""
    lanes = 1 if opened is None else max(1, len(opened.lanes))
    left = _AXIS_WIDTH if size.width >= _LEAST_MAP[0] + _AXIS_WIDTH and size.height >= _LEAST_MAP[1] else 0
    if size.width >= _LEAST_BESIDE:
        columns = size.width - left - _TABLE_WIDTH - 2
        place = MapFrame(left, columns, max(1, size.height - 1), 0, False)
        return _Layout(place, (left + columns + 2, 0), Size(_TABLE_WIDTH, size.height))
    wanted = lanes + 1 + LaneTable.TERM_ROWS
    spare = size.height - 2 - max(_LEAST_MAP[1], size.height * 2 // 5)
    abreast = 2 if wanted > spare and lanes > spare and size.width >= _LEAST_ABREAST else 1
    rows = wanted if spare >= wanted else -(-lanes // abreast)
    rows = rows if rows <= spare else 0
    place = MapFrame(left, max(1, size.width - left), max(1, size.height - 1 - (rows + 1 if rows else 0)), 0, False)
    return _Layout(place, (0, size.height - rows), Size(size.width, rows), abreast)


class _Picture:
    """The map with what is on it."""

    def __init__(self, seen: SeenSurface, chosen: int, palette: Palette, columns: int, rows: int) -> None:
        self._seen, self._chosen, self._palette = seen, chosen, palette
        self._relief = relief(seen.height, columns, rows, palette)
        self._canvas = self._relief.copy()
        self._lines = Canvas(columns, rows)

    def draw(self) -> Canvas:
        """Later things over earlier ones: paths, places, arrows, points, the chosen optimizer last each time."""
        seen = self._seen
        order = [number for number in range(len(seen.lanes)) if number != self._chosen] + [self._chosen]
        fine = Braille(self._canvas.width, self._canvas.height)
        for number in order:
            self._add_path(fine, seen.lanes[number], self._palette.lane(number))
        heads = self._add_arrows(fine, seen.lanes[self._chosen])
        fine.put_on(self._lines)
        self._merge()
        for x, y in seen.saddles:
            self._put(x, y, "◇", self._palette.text)
        for x, y in seen.minima:
            self._put(x, y, "✕", self._palette.text)
        start = floats(seen.lanes[0].path)[:2]
        self._put(float(start[0]), float(start[1]), "○", self._palette.text)
        for (x, y), head, color in heads:
            self._put(x, y, head, color)
        letters = lane_letters([lane.name for lane in seen.lanes])
        for number in order:
            self._add_point(seen.lanes[number], letters[number], self._palette.lane(number))
        return self._canvas

    def _add_path(self, fine: Braille, lane: LanePoint, color: Color) -> None:
        dots = self._dots(floats(lane.path).reshape(-1, 2))
        # A path of a single place is a dot.
        starts, ends = self._seen_of(dots[: max(1, len(dots) - 1)], dots[min(1, len(dots) - 1) :])
        if len(starts):
            fine.add_lines(starts, ends, color)

    def _add_arrows(self, fine: Braille, lane: LanePoint) -> list[tuple[tuple[float, float], str, Color]]:
        """Draws the shafts; returns where the heads are, in the surface's coordinates, and what they look like."""
        if "g" not in lane.terms or lane.diverged_at is not None:
            return []
        # Where the last step set out: downhill there may be uphill where it led.
        down = -lane.terms["g"][0], -lane.terms["g"][1]
        heads = []
        color = self._palette.lane(self._chosen)
        for towards, length, ink in (
            (down, _GRADIENT_ARROW, self._palette.text),
            (lane.update, _UPDATE_ARROW, color),
        ):
            tip = self._tip(lane, towards, length)
            if tip is None:
                continue
            ends = self._dots(np.array([lane.before, tip]))
            shaft = self._seen_of(ends[:1], ends[1:])
            if len(shaft[0]):
                fine.add_lines(*shaft, ink)
                heads.append((tip, head(*(ends[1] - ends[0]).tolist()), ink))
        return heads

    def _tip(self, lane: LanePoint, towards: tuple[float, float], length: float) -> tuple[float, float] | None:
        """Where an arrow from the beginning of a lane's last step ends."""
        (left, right), (low, high) = self._seen.height.x, self._seen.height.y
        # Dots are about as wide as they are high.
        scale = np.array([(right - left) / (ACROSS * self._canvas.width), (high - low) / (DOWN * self._canvas.height)])
        across = np.array(towards) / scale
        size = float(np.hypot(*across))
        if not (np.isfinite(size) and np.hypot(*towards) > _STILL):
            return None
        dots = length * min(ACROSS * self._canvas.width, DOWN * self._canvas.height)
        x, y = (np.array(lane.before) + across / size * dots * scale).tolist()
        return x, y

    def _add_point(self, lane: LanePoint, letter: str, color: Color) -> None:
        cell = self._cell(lane.x, lane.y)
        if cell is None:
            return
        column, row = cell
        self._canvas.characters[row][column] = letter if lane.diverged_at is None else "✗"
        if self._palette.few:
            self._canvas.colors[row][column] = color
        else:
            self._canvas.colors[row][column] = self._palette.background
            self._canvas.behind[row][column] = color

    def _put(self, x: float, y: float, character: str, color: Color) -> None:
        cell = self._cell(x, y)
        if cell is not None:
            self._draw(*cell, character, color)

    def _draw(self, column: int, row: int, character: str, color: Color | None) -> None:
        self._canvas.characters[row][column] = character
        self._canvas.colors[row][column] = color
        if not self._palette.few:
            self._canvas.behind[row][column] = self._relief.middles[row][column]

    def _merge(self) -> None:
        """Draws the fine lines over the map."""
        for row, (characters, colors) in enumerate(zip(self._lines.characters, self._lines.colors, strict=True)):
            for column, character in enumerate(characters):
                if character != " ":
                    self._draw(column, row, character, colors[column])

    def _cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell of a place, or None outside of the map."""
        column, row = self._dots(np.array([[x, y]]))[0].tolist()
        if not (0 <= column <= self._ends[0] and 0 <= row <= self._ends[1]):
            return None
        return round(column) // ACROSS, round(row) // DOWN

    def _dots(self, places: Floats) -> Floats:
        """Places on the surface in dots of Braille from the top left corner."""
        (left, right), (low, high) = self._seen.height.x, self._seen.height.y
        with np.errstate(all="ignore"):
            x = (places[:, 0] - left) / (right - left) * self._ends[0]
            y = (high - places[:, 1]) / (high - low) * self._ends[1]
        return np.column_stack((x, y))

    def _seen_of(self, starts: Floats, ends: Floats) -> tuple[Floats, Floats]:
        """The parts of segments between the first and the last dots."""
        begun, ended, kept = inside(starts, ends, np.zeros(2), np.array(self._ends))
        return begun[kept], ended[kept]

    @property
    def _ends(self) -> Range:
        """The last dot across and the last one down."""
        return ACROSS * self._canvas.width - 1.0, DOWN * self._canvas.height - 1.0


def head(across: float, down: float) -> str:
    """The arrow head for a direction on the screen."""
    return _HEADS[round(np.arctan2(-down, across) / (np.pi / 4)) % 8]
