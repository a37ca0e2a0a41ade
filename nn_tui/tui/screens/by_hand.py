"""What a person gives the net by hand: a weight's value, and which example is walked through it."""

from typing import TYPE_CHECKING

from nn_tui.scenario.schema import HandWeight
from nn_tui.tui.screens.navigation import NavigatedScreen

if TYPE_CHECKING:
    from nn_tui.tui.panels.network.trace import TracePanel


class ByHandScreen(NavigatedScreen):
    """The part of the lab where numbers are chosen and set by hand."""

    def action_trace(self) -> None:
        """Goes to the trace of a sample."""
        self.action_go_to_panel("trace")

    def on_trace_panel_chosen(self, event: "TracePanel.Chosen") -> None:
        """Another parameter or example to trace."""
        event.stop()
        self.board.trace = event.choice
        self.look()

    def on_trace_panel_by_hand(self, event: "TracePanel.ByHand") -> None:
        """A weight is to be set."""
        from nn_tui.tui.screens.hand_weight import HandWeightScreen

        event.stop()
        self.app.push_screen(HandWeightScreen(event.traced), self._set_weight)

    def _set_weight(self, weight: HandWeight | None) -> None:
        if weight is not None:
            self.control.set_weight(weight)
            self.look()

    def look(self) -> bool:
        """Asks for what is new, if there may be any; returns whether it asked."""
        raise NotImplementedError
