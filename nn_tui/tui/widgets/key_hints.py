"""What keys do on a screen, at its lower edge."""

from collections.abc import Sequence

from textual.geometry import Size
from textual.widget import Widget

from nn_tui.charts.numbers import in_lines


class KeyHints(Widget):
    """Every hint whole, in as few lines as they fit in."""

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

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return len(in_lines(self._hints, width))

    def render(self) -> str:
        return "\n".join(in_lines(self._hints, self.size.width))
