"""A picture with examples in it, of which a person chooses those to be seen."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from nn_tui.tui.panels.maps.scatter import WHICH
from nn_tui.tui.panels.panel import Option, Panel, Seen


class PointsPanel(Panel[Seen]):
    """A view with points in it: all, those of one set, or none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "points", "which points")]

    _which = 0

    @property
    def which(self) -> str:
        """What is chosen, one of `WHICH`."""
        return WHICH[self._which]

    def points_option(self) -> Option:
        """The option that says which points are seen."""
        return Option(self.which, "points", "d")

    def action_points(self) -> None:
        """Goes through all points, those of one set, and none."""
        self._which = (self._which + 1) % len(WHICH)
        self.repaint()
