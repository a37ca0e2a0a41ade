"""One sample's way through the network in numbers: forward to the loss, back to δ, on to the update of one weight."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message

from nn_tui.charts.numbers import fixed, in_lines
from nn_tui.charts.palette import Palette
from nn_tui.numerals import column_numeral, numeral
from nn_tui.training.look.parts import TraceView
from nn_tui.training.worker.messages import Frame, Opened, TraceChoice
from nn_tui.tui.panels.layers import layer_option
from nn_tui.tui.panels.network.by_hand import ByHand, Parameter
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.reading import listed_floats as listed
from nn_tui.tui.panels.tables.formulas import block
from nn_tui.tui.panels.tables.text import TextLine, TextPanel, in_columns, wrapped

_MOST_UNITS = 5
_MOST_NUMBERS = 4
_ROOMY = 40
"""Columns from which numbers have all their digits."""


class TracePanel(TextPanel[TraceView]):
    """The step to come, for one training example and one weight or bias; arrow keys choose which.

    On a surface it is the two partial derivatives, and where they move the point.
    """

    TITLE = "Trace"
    LEGEND = (
        "One example of the next step's batch, forward and back. z is what a unit adds up, a what its activation makes "
        "of it, δ how the loss changes with z; a weight's gradient is δ times what the weight is multiplied by, and the"
        " optimizer makes the update of it. ← → choose the layer, ↑ ↓ the unit, ⇧← ⇧→ the weight (the last is the "
        "bias), ⇧↑ ⇧↓ the example, x the net of a race; Enter sets the weight by hand. The network's drawing lights "
        "up the unit."
    )
    EMPTY = "The next step appears here in numbers, for one example."
    PARTS = ("trace",)
    OF_ALL = True
    SCROLLS_PAGES = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "choose('layer', -1)", "previous layer"),
        Binding("right", "choose('layer', 1)", "next layer"),
        Binding("up", "choose('unit', -1)", "previous unit"),
        Binding("down", "choose('unit', 1)", "next unit"),
        Binding("shift+left", "choose('input', -1)", "previous weight"),
        Binding("shift+right", "choose('input', 1)", "next weight"),
        Binding("shift+up", "choose('sample', -1)", "previous example"),
        Binding("shift+down", "choose('sample', 1)", "next example"),
        Binding("x", "choose('lane', 1)", "the next net of a race"),
        Binding("enter", "by_hand", "set the weight by hand"),
    ]

    class Chosen(Message):
        """Another parameter or example is to be traced."""

        def __init__(self, choice: TraceChoice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self) -> None:
        super().__init__()
        self._chosen: tuple[int, TraceChoice] | None = None
        self._ahead: list[tuple[str, int]] = []

    def see(self, opened: Opened, frame: Frame) -> TraceView | None:  # noqa: ARG002
        if self._ahead and frame.trace is not None:
            self.call_later(self._catch_up)
        return frame.trace

    def _catch_up(self) -> None:
        """Does what was chosen before there was anything to see."""
        ahead, self._ahead = self._ahead, []
        for what, by in ahead:
            self.action_choose(what, by)

    @property
    def _steered(self) -> TraceView | None:
        """The trace that keys choose in: of a network, for on a surface there is nothing to choose."""
        return self._seen if self._seen is not None and self._seen.layers else None

    def options(self) -> tuple[Option, ...]:
        traced = self._steered
        if self.opened is None:
            return self.scroll_option()
        if traced is None:
            return (layer_option(self.opened, self.layer_shown), *self.scroll_option())
        layer = self.opened.layers[traced.layer]
        what, short = ("bias", "b") if traced.input is None else (f"weight {traced.input + 1}", f"w {traced.input + 1}")
        lanes = (Option(name, "choose('lane', 1)", "x") for name in self.opened.lanes if name == traced.lane)
        return (
            *lanes,
            Option(layer.name, "choose('layer', 1)", "←→"),
            Option(f"unit {traced.unit + 1}", "choose('unit', 1)", "↑↓"),
            Option(what, "choose('input', 1)", "⇧→", short),
            Option("set", "by_hand", "enter"),
            Option(f"ex. {traced.sample}", "choose('sample', 1)", "⇧↓"),
            *self.scroll_option(),
        )

    # -- choosing ------------------------------------------------------------------------------------------------------

    def action_choose(self, what: str, by: int) -> None:
        """Goes to the next or the previous layer, unit, weight or example; round at the ends."""
        if self._seen is None:
            self._ahead.append((what, by))
            return
        traced, opened = self._steered, self.opened
        if traced is None or opened is None:
            return
        chosen = _choice_of(traced, opened)
        if self._chosen is not None and self._chosen[0] == opened.run:
            # Keys may come quicker than frames.
            chosen = self._chosen[1]
        layer, unit, read, sample, lane = chosen.layer, chosen.unit, chosen.input, chosen.sample, chosen.lane
        if what == "layer":
            layer = (layer + by) % len(opened.layers)
            unit, read = min(unit, opened.layers[layer].units - 1), 0
        elif what == "unit":
            unit = (unit + by) % opened.layers[layer].units
        elif what == "lane":
            lane = (lane + by) % max(1, len(opened.lanes))
        elif what == "input":
            inputs = opened.layers[layer].inputs
            place = ((inputs if read is None else read) + by) % (inputs + 1)
            read = None if place == inputs else place
        else:
            batch = traced.batch
            place = batch.index(sample) + by if sample in batch else 0
            sample = batch[place % len(batch)]
        choice = TraceChoice(layer=layer, unit=unit, input=read, sample=sample, lane=lane)
        self._chosen = opened.run, choice
        self.post_message(self.Chosen(choice))

    def action_by_hand(self) -> None:
        """Asks for the value of the weight traced."""
        traced, opened = self._steered, self.opened
        if traced is not None and opened is not None:
            is_output = traced.layer == len(traced.layers) - 1
            chosen = Parameter(traced.layer, traced.unit, traced.input, traced.value, is_output, opened.lanes)
            self.post_message(ByHand(chosen))

    # -- drawing -------------------------------------------------------------------------------------------------------

    def lines(self, seen: TraceView, palette: Palette, size: Size) -> list[TextLine]:
        return in_columns(lambda width: self._blocks(seen, palette, width), size)

    def _blocks(self, seen: TraceView, palette: Palette, width: int) -> list[list[TextLine]]:
        if self._steered is not None:
            told = self._about(seen, palette, width)
        else:
            told = [TextLine(line) for line in wrapped(Content.styled(_which(seen), palette.muted.hex), width)]
        return [told, *(block(formula, palette, width) for formula in seen.formulas)]

    def _about(self, seen: TraceView, palette: Palette, width: int) -> list[TextLine]:
        """The example, and z, a and δ of the units around the one chosen; a click on another chooses that."""
        batch = "its batch" if seen.lost in (None, seen.step + 1) else f"the batch of step {seen.step + 1:,}"
        where = f"in {batch}" if seen.in_batch else f"not in {batch}: traced as in prediction"
        said = ": ".join(part for part in (seen.lane, f"{_which(seen)}, example {seen.sample}, {where}") if part)
        told = [f"x = {_some(seen.inputs)}", f"y = {_some(seen.target)}", f"ŷ = {_some(seen.layers[-1].output)}"]
        told.append(f"loss {numeral(seen.loss, 4)}")
        lines = wrapped(Content.styled(said, palette.muted.hex), width)
        for line in in_lines(told, width):
            lines += wrapped(Content.styled(line, palette.text.hex), width)
        return [*map(TextLine, lines), *self._units(seen, palette, width)]

    def _units(self, seen: TraceView, palette: Palette, width: int) -> list[TextLine]:
        """A heading, and a row of each unit around the one chosen, with as many digits as there is room for."""
        is_roomy = width >= _ROOMY
        layer = seen.layers[seen.layer]
        ahead = 6 if is_roomy else max(4, 1 + len(str(len(listed(layer.output)))))
        room = 10 if is_roomy else max(5, (width - ahead - 1) // 3 - 1)
        written = column_numeral if is_roomy else partial(fixed, width=room)
        z, a, delta = (listed(part) for part in (layer.pre_activation, layer.output, layer.delta))
        first = max(0, min(seen.unit - _MOST_UNITS // 2, len(z) - _MOST_UNITS))
        heading = f"{'unit':>{ahead}}{' ' * (1 + is_roomy)}" + " ".join(f"{name:>{room}}" for name in "zaδ")
        rows = [TextLine(Content.styled(heading, palette.muted.hex))]
        for unit in range(first, min(first + _MOST_UNITS, len(z))):
            is_chosen = unit == seen.unit
            sign = "▸" if is_chosen else " "
            row = f"{sign}{unit + 1:>{ahead - 1}}{' ' * (1 + is_roomy)}"
            row += " ".join(f"{written(values[unit]):>{room}}" for values in (z, a, delta))
            color = palette.accent.hex if is_chosen else palette.text.hex
            told_row = Content.styled(row, f"bold {color}" if is_chosen else color)
            rows.append(TextLine(told_row, f"choose('unit', {unit - seen.unit})"))
        return rows


def _which(seen: TraceView) -> str:
    """The step that is traced, and whether it will be taken."""
    if seen.lost is not None:
        return f"step {seen.lost:,}, at which it diverged"
    if seen.has_ended:
        return f"the run has ended: step {seen.step + 1:,} as it would be"
    return f"step {seen.step + 1:,} to come"


def _choice_of(traced: TraceView, opened: Opened) -> TraceChoice:
    """What is to be asked for to have this again."""
    lane = next((number for number, name in enumerate(opened.lanes) if name == traced.lane), 0)
    return TraceChoice(layer=traced.layer, unit=traced.unit, input=traced.input, sample=traced.sample, lane=lane)


def _some(numbers: bytes) -> str:
    """The first of some numbers."""
    values = listed(numbers)
    text = ", ".join(numeral(value, 4) for value in values[:_MOST_NUMBERS])
    return f"{text}, …" if len(values) > _MOST_NUMBERS else text
