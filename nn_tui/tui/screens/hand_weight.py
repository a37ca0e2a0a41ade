"""A weight or bias set by hand."""

import math

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from nn_tui.numerals import as_typed, in_full
from nn_tui.scenario.schema import HandWeight
from nn_tui.training.look.parts import TraceView
from nn_tui.tui.dialogs.dialog import Box, Dialog

_GREATEST = 1_000_000


class HandWeightScreen(Dialog[HandWeight]):
    """Asks for the value; ends with the weight as it is to be."""

    def __init__(self, traced: TraceView) -> None:
        """
        Args:
            traced: whose parameter is to be set.
        """
        super().__init__()
        self._traced = traced

    def compose(self) -> ComposeResult:
        traced = self._traced
        is_output = traced.layer == len(traced.layers) - 1
        layer = "the output layer" if is_output else f"layer {traced.layer + 1}"
        what = "The bias" if traced.input is None else f"Weight {traced.input + 1}"
        with Box("A weight by hand", "enter set · esc leave it"):
            yield Static(
                f"{what} of unit {traced.unit + 1} in {layer} is {in_full(traced.value)}. Set it to", markup=False
            )
            yield Input(as_typed(float(f"{traced.value:.6g}")), compact=True)
            yield Static("", classes="problem", markup=False)
            if traced.lane:
                yield Static("It is set in every net of the race.", classes="label")
            yield Static("The optimizer goes on as if nothing had happened. u takes it back.", classes="label")

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        try:
            value = float(event.value.replace("−", "-"))
        except ValueError:
            value = math.nan
        if not abs(value) <= _GREATEST:
            self.query_one(".problem", Static).update(f"Expected a number from −{_GREATEST:,} to {_GREATEST:,}.")
            return
        traced = self._traced
        read = None if traced.input is None else traced.input + 1
        self.dismiss(HandWeight(layer=traced.layer + 1, unit=traced.unit + 1, input=read, value=value))
