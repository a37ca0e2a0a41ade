"""The network itself: units, and weights as lines between them."""

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar

import msgspec
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import Palette
from nn_tui.training.look.parts import MOST_DRAWN_INPUTS, MOST_DRAWN_UNITS
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.layers import layer_option
from nn_tui.tui.panels.network.by_hand import ByHand, Parameter
from nn_tui.tui.panels.network.picture import Picture, Units
from nn_tui.tui.panels.network_layout import NetworkLayout, is_drawable, widths_of
from nn_tui.tui.panels.panel import Option, Panel, notice, strips
from nn_tui.tui.panels.reading import listed_floats, listed_singles


class Drawn(msgspec.Struct, frozen=True):
    """How many inputs, and units in each layer; and what there is to draw, None for a network that is too large;
    and the unit that is traced, by column and number, if one is, and which of its weights."""

    widths: tuple[int, ...]
    units: Units | None
    traced: tuple[int, int] | None = None
    read: int | None = None


class NetworkPanel(Panel[Drawn]):
    """Units as lights between lines of two colors.

    Attributes:
        layout_shown: where the units stand that were drawn last.
    """

    TITLE = "Network"
    LEGEND = (
        "Lines are weights: whole and green for positive, broken and pink for negative ones, the stronger the "
        "brighter and thicker; of very many only the strongest. A unit shines the brighter the more active it is on "
        "average, and its sides have the color of its bias. Point at a unit, or select one with ↑ and ↓, to see its "
        "own lines and numbers, and with ← and → one of its weights with its gradient in the step to come; Enter sets "
        "that weight, or the unit's bias. While an example is traced, lines and lights are of what it sends through "
        "the net."
    )
    EMPTY = "The units and weights of a small network appear here once it is built."
    PARTS = ("network",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "select(-1)", "previous unit"),
        Binding("down", "select(1)", "next unit"),
        Binding("right", "read(1)", "its next weight"),
        Binding("left", "read(-1)", "the weight before"),
        Binding("enter", "by_hand", "set the weight, or the bias, by hand"),
        Binding("escape", "deselect", "no weight, no unit"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.layout_shown: NetworkLayout | None = None
        self._selected: tuple[int, int] | None = None
        self._pointed: tuple[int, int] | None = None
        self._read: int | None = None

    def see(self, opened: Opened, frame: Frame) -> Drawn | None:
        if self.opened is not None and opened.run != self.opened.run:
            self._selected = self._pointed = None
        widths, fits = widths_of(opened), is_drawable(opened)
        if fits and frame.network is None:
            return None
        if not fits or frame.network is None:
            return Drawn(widths, None)
        outputs = opened.class_names if widths[-1] == len(opened.class_names) else opened.target_names
        layers = tuple(layer.name for layer in opened.layers)
        named = (widths, ("input", *layers), opened.feature_names, outputs, frame.network)
        traced = frame.trace
        if traced is None:
            return Drawn(widths, Units(*named))
        path = (listed_floats(traced.inputs), *(listed_floats(layer.output) for layer in traced.layers))
        return Drawn(widths, Units(*named, traced=path), (traced.layer + 1, traced.unit), traced.input)

    def headline(self, seen: Drawn, palette: Palette) -> Content:
        shape = Content(_shape(seen.widths))
        if seen.units is None:
            return shape
        longest = Content.assemble(shape, " · |w| ≤ ", (fixed(seen.units.greatest_weight), palette.text.hex))
        return longest if longest.cell_length <= self.title_room else shape

    def options(self) -> tuple[Option, ...]:
        if self._seen is None or self._seen.units is None:
            return ()
        by_hand = []
        if self._selected is not None and self._selected[0]:
            read = Option("bias" if self._read is None else f"weight {self._read + 1}", "read(1)", "←→")
            by_hand = [read, Option("set", "by_hand", "enter")]
        return (*by_hand, layer_option(self.opened, self.layer_shown))

    # -- selecting -----------------------------------------------------------------------------------------------------

    def action_select(self, by: int) -> None:
        """Selects the next or the previous unit of the layer looked at."""
        if self.opened is None:
            return
        column = min(self.layer_shown, len(self.opened.layers) - 1) + 1
        units = self.opened.layers[column - 1].units
        is_there = self._selected is not None and self._selected[0] == column
        unit = (self._selected[1] + by) % units if is_there and self._selected else (0 if by > 0 else units - 1)
        self._selected, self._read = (column, unit), None
        self.repaint()

    def action_read(self, by: int) -> None:
        """Goes to the next or the previous weight of the unit selected, or of the layer's first one."""
        if self.opened is None:
            return
        if self._selected is None or self._selected[0] == 0:
            self.action_select(1)
        assert self._selected is not None
        inputs = self.opened.layers[self._selected[0] - 1].inputs
        self._read = (self._read + by) % inputs if self._read is not None else (0 if by > 0 else inputs - 1)
        self.repaint()

    def action_by_hand(self) -> None:
        """Asks for the value of the weight selected, or of the unit's bias; without a unit, selects one first."""
        seen, opened = self._seen, self.opened
        if seen is None or seen.units is None or opened is None:
            return
        column, unit = self._selected or (0, 0)
        if not column:
            self.action_read(1)
            return
        read, numbers = self._read, seen.units.numbers
        inputs = seen.widths[column - 1]
        value = (
            listed_singles(numbers.biases[column - 1])[unit]
            if read is None
            else listed_singles(numbers.weights[column - 1])[unit * inputs + read]
        )
        is_output = column == len(opened.layers)
        self.post_message(ByHand(Parameter(column - 1, unit, read, value, is_output, opened.lanes)))

    def action_deselect(self) -> None:
        """Lets go of the weight, then of the unit, then of the panel."""
        if self._read is not None:
            self._read = None
        elif self._selected is not None:
            self._selected = None
        else:
            self.screen.set_focus(None)
        self.repaint()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._point(self._at(event))

    def on_leave(self) -> None:
        self._point(None)

    def on_click(self, event: events.Click) -> None:
        at = self._at(event)
        if at is not None:
            self._selected, self._read = None if at == self._selected else at, None
            self.repaint()

    def _at(self, event: events.MouseEvent) -> tuple[int, int] | None:
        offset = event.get_content_offset(self)
        node = self.layout_shown.near(*offset) if self.layout_shown is not None and offset is not None else None
        return None if node is None else (node.column, node.unit)

    def _point(self, at: tuple[int, int] | None) -> None:
        if at != self._pointed:
            self._pointed = at
            self.repaint()

    # -- drawing -------------------------------------------------------------------------------------------------------

    def paint(self, seen: Drawn, palette: Palette, size: Size) -> list[Strip]:
        if seen.units is None:
            return notice(_too_large(seen.widths), palette, size)
        chosen, read = (self._pointed or self._selected, self._read if not self._pointed else None)
        if chosen is None:
            chosen, read = seen.traced, seen.read
        picture = Picture(seen.units, palette, size, self.layer_shown + 1, chosen, read)
        self.layout_shown = picture.layout
        return strips(picture.draw())


def _shape(widths: Sequence[int]) -> str:
    """`2 → 4 → 4 → 1`; of three alike or more, `16×10`."""
    runs = [(width, len(list(run))) for width, run in groupby(widths)]
    return " → ".join(f"{width}×{count}" if count > 2 else " → ".join([str(width)] * count) for width, count in runs)


def _too_large(widths: Sequence[int]) -> str:
    return (
        f"{_shape(widths)} is too wide to be drawn unit by unit: that takes {MOST_DRAWN_INPUTS} inputs and "
        f"{MOST_DRAWN_UNITS} units a layer at most. The histograms show the weights of any network."
    )
