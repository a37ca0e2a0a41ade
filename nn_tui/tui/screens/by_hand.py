"""What a person gives the net by hand: a field's value, a weight's, a picture, and what a lesson says to try."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import HandWeight
from nn_tui.training.look.parts import Floats
from nn_tui.training.worker.messages import Frame
from nn_tui.tui.screens.navigation import NavigatedScreen

if TYPE_CHECKING:
    from nn_tui.scenario.lesson_steps import LessonStep
    from nn_tui.tui.panels.network.trace import TracePanel


class ByHandScreen(NavigatedScreen):
    """The part of the lab where numbers are chosen and set by hand."""

    # -- a field -------------------------------------------------------------------------------------------------------

    def propose(self, key: str, value: object, refuse: Callable[[str], None]) -> None:
        """Has a field changed: at once, or when the run is reset; what speaks against it is told.

        Args:
            key: of the field, a dotted path.
            value: as TOML would give it.
            refuse: shows what is wrong with the value.
        """
        draft = self.control.draft
        if draft is None or self.control.status == "loading":
            refuse("The scenario is still being loaded.")
            return
        try:
            is_live = draft.propose(key, value)
        except ScenarioError as error:
            at = "" if error.key in ("", key) else f"{error.key}: "
            refuse(f"{at}{error.problem}")
            return
        if is_live:
            self.control.apply(key, value)
        self._show_draft()

    def action_lesson(self) -> None:
        from nn_tui.tui.screens.lesson import LessonScreen

        self.app.push_screen(LessonScreen(self.source.scenario), self._try_out)

    def _try_out(self, step: "LessonStep | None") -> None:
        """Does what a lesson says: opens a scenario, or sets a field as if it had been set in the forms."""
        if step is not None and step.scenario:
            self.action_open_named(step.scenario)
        elif step is not None:
            self.propose(step.key, step.value, partial(self.notify, severity="warning", markup=False))

    # -- a weight ------------------------------------------------------------------------------------------------------

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
