"""A weight or bias set by hand."""

import math

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, Static

from nn_tui.numerals import as_typed, in_full
from nn_tui.scenario.schema import HandWeight
from nn_tui.tui.dialogs.dialog import Box, Dialog
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.network.by_hand import Parameter

_GREATEST = 1_000_000


class HandWeightScreen(Dialog[HandWeight]):
    """Asks for the value; ends with the weight as it is to be."""

    def __init__(self, parameter: Parameter) -> None:
        """
        Args:
            parameter: that is to be set.
        """
        super().__init__()
        self._parameter = parameter

    def compose(self) -> ComposeResult:
        asked = self._parameter
        layer = "the output layer" if asked.is_output else f"layer {asked.layer + 1}"
        what = "The bias" if asked.input is None else f"Weight {asked.input + 1}"
        with Box("A weight by hand", "enter set · esc leave it"):
            told = f"{what} of unit {asked.unit + 1} in {layer} is {in_full(asked.value)}. Set it to"
            yield Static(told, markup=False)
            yield Input(as_typed(float(f"{asked.value:.6g}")), compact=True)
            yield Static(self._at_hand(), classes="label")
            yield Static("", classes="problem", markup=False)
            if asked.lanes:
                yield Static("It is set in every net of the race.", classes="label")
            yield Static("The optimizer goes on as if nothing had happened. u takes it back.", classes="label")

    def _at_hand(self) -> Content:
        """Some values to click on: nothing, half and twice as much, the other sign."""
        value = float(f"{self._parameter.value:.3g}")
        words = [
            Content.styled(as_typed(other), palette_of(self.app).accent.hex).stylize(
                Style.from_meta({"@click": f"screen.take({other!r})"})
            )
            for other in dict.fromkeys([0.0, value / 2, 2 * value, -value, 1.0, -1.0])
            if other != value and math.isfinite(other)
        ]
        return Content.assemble("or click on  ", Content("   ").join(words))

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def action_take(self, value: float) -> None:
        """Sets it to a value that was clicked on."""
        asked = self._parameter
        read = None if asked.input is None else asked.input + 1
        self.dismiss(HandWeight(layer=asked.layer + 1, unit=asked.unit + 1, input=read, value=value))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        try:
            value = float(event.value.replace("−", "-"))
        except ValueError:
            value = math.nan
        if not abs(value) <= _GREATEST:
            self.complain(f"Expected a number from −{_GREATEST:,} to {_GREATEST:,}.")
            return
        self.action_take(value)
