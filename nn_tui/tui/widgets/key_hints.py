"""What keys do on a screen, at its lower edge."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget

from nn_tui.charts.numbers import cells, in_lines

_APART = "   "
"""What stands between hints of one line."""

_NAMED = {"enter": "enter", "esc": "escape", "space": "space", "tab": "tab", "F1": "f1"}


def single_key(hint: str) -> str | None:
    """The one key that a hint names, as Textual calls it; None where it names none, or several."""
    key, _, words = hint.partition(" ")
    is_one = len(key) == 1 and key.isascii() and words and not words.startswith("…")
    return _NAMED.get(key, key if is_one else None)


def to_click(hints: Sequence[str]) -> Content:
    """Hints as they stand in a border: a click on one that names a single key presses it."""
    return Content(" · ").join(
        Content(hint).stylize(Style.from_meta({"@click": f"app.simulate_key('{key}')"}))
        if (key := single_key(hint))
        else Content(hint)
        for hint in hints
    )


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
                if key := single_key(hint):
                    self.app.simulate_key(key)
                return
            end += len(_APART)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return len(in_lines(self._hints, width))

    def render(self) -> str:
        return "\n".join(in_lines(self._hints, self.size.width))
