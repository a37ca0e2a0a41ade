"""Keeping a tooltip from appearing below what has been opened meanwhile."""

from textual.screen import Screen
from textual.widget import Widget


class LateTooltip(Screen[None]):
    """A screen whose tooltips wait for it to be on top again.

    Textual shows a tooltip a moment after the pointer has come to rest, though a click may have opened a list over the
    screen by then, and there it would stay: no movement of the pointer reaches what lies below.
    """

    def _handle_tooltip_timer(self, widget: Widget) -> None:
        if self.is_active:
            super()._handle_tooltip_timer(widget)
