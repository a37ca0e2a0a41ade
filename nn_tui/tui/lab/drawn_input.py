"""What a person gives the net by hand: a picture that is drawn, or a point on the map."""

from textual.screen import Screen

from nn_tui.training.look.parts import PackedFloats
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.lab.ways import Ways
from nn_tui.tui.widgets.board import Board


class DrawnInput:
    """Has a picture drawn, and says in it what the net takes it for."""

    def __init__(self, screen: Screen[None], ways: Ways) -> None:
        self._screen = screen
        self._ways = ways

    def begin(self, opened: Opened | None) -> None:
        """Draws a picture for a net that reads pictures; for one that reads points, goes to the map to point there."""
        if opened is None:
            self._screen.notify("There is no run to draw anything for yet.")
        elif opened.image_shape is not None and opened.class_names:
            from nn_tui.tui.screens.draw_image import DrawScreen

            drawn = DrawScreen(opened.image_shape, opened.class_names, self._take)
            self._screen.app.push_screen(drawn, lambda _: self._take(b""))
        elif opened.points is not None and opened.points.dimensions == 2:
            self._ways.to_panel("boundary")
            self._screen.notify("Arrows move a point over the map: what the net makes of it shows there as it trains.")
        else:
            self._screen.notify("Only nets that read pictures, or points in the plane, can be given something by hand.")

    def _take(self, pixels: PackedFloats) -> None:
        self._screen.query_one(Board).drawn = pixels

    def show(self, frame: Frame) -> None:
        """Says in the drawing what the net takes it for."""
        drawn = self._screen.query_one(Board).drawn
        if drawn and frame.answer is not None and frame.answer.given == drawn:
            from nn_tui.tui.screens.draw_image import DrawScreen

            if isinstance(self._screen.app.screen, DrawScreen):
                self._screen.app.screen.show(frame.answer)
