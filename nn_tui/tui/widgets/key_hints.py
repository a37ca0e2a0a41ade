"""What keys do on a screen, at its lower edge."""

from collections.abc import Sequence

from textual import events
from textual.geometry import Size
from textual.widget import Widget

from nn_tui.charts.numbers import cells, in_lines

_APART = "   "
"""What stands between hints of one line."""

_NAMED = {"enter": "enter", "esc": "escape", "space": "space"}


class KeyHints(Widget):
    """Every hint whole, in as few lines as they fit in; a click on one that names a single key presses it."""

    def __init__(self, *hints: str) -> None:
        """
        Args:
            hints: a key, or several, and what it does, each.
        """
        super().__init__()
        self._hints: Sequence[str] = hints

    def show(self, *hints: str) -> None:
        """Shows others."""
        if hints != self._hints:
            self._hints = hints
            self.refresh(layout=True)

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        end = 0
        for hint in in_lines(self._hints, self.size.width)[at.y].split(_APART):
            end += cells(hint)
            if end - cells(hint) <= at.x < end:
                key, _, _ = hint.partition(" ")
                if len(key) == 1 or key in _NAMED:
                    self.app.simulate_key(_NAMED.get(key, key))
                return
            end += len(_APART)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return len(in_lines(self._hints, width))

    def render(self) -> str:
        return "\n".join(in_lines(self._hints, self.size.width))
