"""What a person gives the net by hand: a weight's value, and which example is walked through it."""

from typing import TYPE_CHECKING

from nn_tui.scenario.schema import HandWeight
from nn_tui.training.look.parts import Floats
from nn_tui.training.worker.messages import Frame
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

    # -- a picture, a point --------------------------------------------------------------------------------------------

    def action_draw(self) -> None:
        """Draws a picture for a net that reads pictures; for one that reads points, goes to the map to point there."""
        opened = self.conversation.opened
        if opened is None or not opened.layers:
            return
        if opened.image_shape is not None and opened.class_names:
            from nn_tui.tui.screens.draw_image import DrawScreen

            screen = DrawScreen(opened.image_shape, opened.class_names, self._take_drawing)
            self.app.push_screen(screen, lambda _: self._take_drawing(b""))
        elif opened.points is not None and opened.points.dimensions == 2:
            self.action_go_to_panel("boundary")
            self.notify("Arrows move a point over the map: what the net makes of it shows there as it trains.")
        else:
            self.notify("Only nets that read pictures, or points in the plane, can be given something by hand.")

    def _take_drawing(self, pixels: Floats) -> None:
        self.board.drawn = pixels

    def _show_drawn(self, frame: Frame) -> None:
        """Says in the drawing what the net takes it for."""
        if self.board.drawn and frame.answer is not None and frame.answer.given == self.board.drawn:
            from nn_tui.tui.screens.draw_image import DrawScreen

            if isinstance(self.app.screen, DrawScreen):
                self.app.screen.show(frame.answer)

    def look(self) -> bool:
        """Asks for what is new, if there may be any; returns whether it asked."""
        raise NotImplementedError
