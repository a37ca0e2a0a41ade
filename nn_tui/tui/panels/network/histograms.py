"""Histograms of a layer's weights, gradients and activations; of every layer where there is room."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import MouseMove
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.bins import rebinned, round_ends
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.numbers import cut, fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Range
from nn_tui.charts.ticks import written
from nn_tui.numerals import numeral, scientific
from nn_tui.training.look.parts import Histogram, LayerHistograms, LayerState
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.layers import layer_name, layer_option
from nn_tui.tui.panels.panel import Option, Panel, strips

_QUANTITIES = ("weights", "gradients", "activations")
_ROWS = 8
"""The least rows of a layer where several are shown."""

_ROWS_WITH_AXIS = 6
_GAP = 2
_NONE_FINITE = "none is finite"


@dataclass(frozen=True)
class LayersSeen:
    """Every layer's histograms and state."""

    histograms: tuple[LayerHistograms, ...]
    layers: tuple[LayerState, ...]


class HistogramsPanel(Panel[LayersSeen]):
    """Three histograms side by side.

    Attributes:
        column: the one of each histogram that is read off; None for none.
    """

    TITLE = "Histograms"
    LEGEND = (
        "How often a layer's weights, gradients (of the step to come) and activations take which values, from the "
        "least to the greatest. Healthy gradients spread around 0; all of them in one bar at 0 means that nothing is "
        "learned. Activations heaped at both ends of tanh or sigmoid are saturated; a bar of ReLU at 0 is units at "
        "rest. ← and → read a bar off: its value, and how many there are of it."
    )
    EMPTY = "Weights, gradients and activations appear here as histograms once the net is built."
    PARTS = ("histograms",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "scale", "linear/square-root counts"),
        Binding("left", "read(-1)", "read off, to the left"),
        Binding("right", "read(1)", "read off, to the right"),
        Binding("escape", "stop_reading", "no cursor"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._is_flattened = False
        self.column: int | None = None

    def see(self, opened: Opened, frame: Frame) -> LayersSeen | None:  # noqa: ARG002
        return None if frame.histograms is None else LayersSeen(frame.histograms, frame.layers)

    def headline(self, seen: LayersSeen, palette: Palette) -> Content:
        number = min(self.layer_shown, len(seen.layers) - 1)
        layer = seen.layers[number]
        name = Content.styled(layer_name(self.opened, number), palette.layer(number, len(seen.layers)).hex)
        weights = Content.assemble("  ‖w‖ ", (fixed(layer.weight_norm), palette.text.hex))
        spread = f"{fixed(layer.activation_mean)} ± {fixed(layer.activation_spread)}"
        activations = Content.assemble(" · activations ", (spread, palette.text.hex))
        longest = name + weights + activations
        return longest if longest.cell_length <= self.title_room else name + weights

    def options(self) -> tuple[Option, ...]:
        return (
            layer_option(self.opened, self.layer_shown),
            Option("√ counts" if self._is_flattened else "counts", "scale", "l"),
        )

    def action_scale(self) -> None:
        """Switches between bars as high as the counts and as their square roots, which show the rare ones."""
        self._is_flattened = not self._is_flattened
        self.repaint()

    def action_read(self, by: int) -> None:
        """Moves the cursor, which begins at the right end."""
        last = _width(self.size) - 1
        if last >= 0:
            self.column = max(0, min(last, last if self.column is None else self.column + by))
            self.repaint()

    def action_stop_reading(self) -> None:
        """Takes the cursor away; where there is none, lets go of the panel."""
        if self.column is None:
            self.screen.set_focus(None)
        self.column = None
        self.repaint()

    def on_mouse_move(self, event: MouseMove) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.x < _width(self.size):
            self.column = offset.x
            self.repaint()

    def on_leave(self) -> None:
        if not self.has_focus and self.column is not None:
            self.column = None
            self.repaint()

    def paint(self, seen: LayersSeen, palette: Palette, size: Size) -> list[Strip]:
        canvas = Canvas(size.width, size.height)
        shown = self._shown(len(seen.histograms), size.height)
        rows = size.height // len(shown)
        for place, number in enumerate(shown):
            color = palette.layer(number, len(seen.histograms))
            prefix = layer_name(self.opened, number) if len(shown) > 1 else ""
            block_size = Size(size.width, rows - (rows > _ROWS))
            block = self._block(seen.histograms[number], prefix, color, palette, block_size)
            canvas.paste(block, 0, place * rows)
        return strips(canvas)

    def _shown(self, layers: int, height: int) -> range:
        """The layer looked at, with as many before and after it as there is room for."""
        count = min(layers, max(1, height // _ROWS))
        first = min(max(0, self.layer_shown - count // 2), layers - count)
        return range(first, first + count)

    def _block(self, layer: LayerHistograms, prefix: str, color: Color, palette: Palette, size: Size) -> Canvas:
        canvas = Canvas(size.width, size.height)
        width = _width(size)
        for place, name in enumerate(_QUANTITIES):
            column = place * (width + _GAP)
            found = getattr(layer, name)
            read = self._read(found, width)
            # What is read needs the room; which layer it is, the panel's order tells.
            before = f"{prefix} " if prefix and place == 0 and len(prefix) + 1 + len(read) <= width else ""
            canvas.put(column, 0, before, color)
            canvas.put(column + len(before), 0, (read or name)[: width - len(before)], _ink(read, palette))
            histogram = self._histogram(found, color, palette, Size(width, size.height - 1))
            canvas.paste(histogram, column, 1)
            if self.column is not None and size.height > 3:
                canvas.put(column + self.column, size.height - 2, "▲", palette.accent)
        return canvas

    def _read(self, histogram: Histogram, width: int) -> str:
        """The values under the cursor, and how many there are; empty without one."""
        if self.column is None or self.column >= width or not any(histogram.counts):
            return ""
        ends = round_ends(histogram.low, histogram.high)
        counts = rebinned(histogram.counts, (histogram.low, histogram.high), ends, width)
        value = ends[0] + (ends[1] - ends[0]) * (self.column + 0.5) / width
        count = f"{counts[self.column]:,.0f}"
        said = [
            f"≈ {numeral(value)}: {count}",
            f"≈ {fixed(value, 5).strip()}: {count}",
            f"≈{fixed(value, 4).strip()}: {count}",
        ]
        return next((words for words in said if len(words) <= width), count)

    def _histogram(self, histogram: Histogram, color: Color, palette: Palette, size: Size) -> Canvas:
        canvas = Canvas(size.width, size.height)
        if not any(histogram.counts):
            canvas.put(0, (size.height - 1) // 2, cut(_NONE_FINITE, size.width), palette.muted)
            return canvas
        ends = round_ends(histogram.low, histogram.high)
        has_axis = size.height + 1 >= _ROWS_WITH_AXIS
        rows = size.height - 1 - has_axis
        if rows < 1:
            return canvas
        heights = rebinned(histogram.counts, (histogram.low, histogram.high), ends, size.width)
        heights = (heights / (heights.max() or 1.0)) ** (0.5 if self._is_flattened else 1.0)
        bars = Canvas(size.width, rows)
        for column, share in enumerate(heights.tolist()):
            bars.column(column, share, palette.background.blend(color, 0.8))
        canvas.paste(bars, 0, 0)
        zero = _column_of_zero(ends, size.width)
        if has_axis:
            axis = ["┴" if column == zero else "─" for column in range(size.width)]
            canvas.put(0, rows, "".join(axis), palette.faint)
        _add_numbers(canvas, ends, zero, palette)
        return canvas


def _width(size: Size) -> int:
    """Columns of each histogram."""
    return (size.width - 2 * _GAP) // 3


def _column_of_zero(ends: Range, width: int) -> int | None:
    """Whose bar counts what is 0."""
    if not ends[0] <= 0.0 <= ends[1]:
        return None
    return min(int(-ends[0] / (ends[1] - ends[0]) * width), width - 1)


def _ink(read: str, palette: Palette) -> Color:
    return palette.accent if read else palette.muted


def _add_numbers(canvas: Canvas, ends: tuple[float, float], zero: int | None, palette: Palette) -> None:
    """The ends of the axis below it, and 0 where there is room between them."""
    row = canvas.height - 1
    low, high = written(ends[0]), written(ends[1])
    if len(low) + len(high) >= canvas.width:
        low, high = scientific(ends[0]), scientific(ends[1])
    canvas.put(canvas.width - len(high), row, high, palette.muted)
    canvas.put(0, row, low, palette.muted)
    if zero is not None and len(low) < zero < canvas.width - len(high) - 1:
        canvas.put(zero, row, "0", palette.muted)
