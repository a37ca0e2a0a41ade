"""Views that are words: lines that may be more than fit, some of which do something when they are clicked."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.palette import Palette
from nn_tui.tui.panels.panel import Option, Panel, Seen


class TextLine(NamedTuple):
    """A line that fits the panel, and the view's action that a click on it stands for; empty for none."""

    content: Content
    action: str = ""


class TextPanel(Panel[Seen]):
    """A view of lines: a subclass gives `see` and `lines`.

    Attributes:
        SCROLL_KEYS: what goes further down, and further up, as it is shown.
    """

    SCROLL_KEYS: ClassVar[tuple[str, str]] = ("↑↓", "↑↓")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "scroll_lines(1)", "further down"),
        Binding("up", "scroll_lines(-1)", "further up"),
        Binding("pagedown", "scroll_lines(1, True)", "a page down", show=False),
        Binding("pageup", "scroll_lines(-1, True)", "a page up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[TextLine] = []
        self._top = 0

    @abstractmethod
    def lines(self, seen: Seen, palette: Palette, size: Size) -> list[TextLine]:
        """All lines, in the panel's width; more than its height may be."""

    def paint(self, seen: Seen, palette: Palette, size: Size) -> list[Strip]:
        self._lines = self.lines(seen, palette, size)
        self._top = max(0, min(self._top, len(self._lines) - size.height))
        shown = self._lines[self._top : self._top + size.height]
        strips = [Strip(line.content.render_segments()).adjust_cell_length(size.width) for line in shown]
        return strips + [Strip.blank(size.width)] * (size.height - len(strips))

    def scroll_option(self) -> tuple[Option, ...]:
        """Which of the lines that are drawn are in sight, if there are others."""
        count = len(self._lines)
        if self._seen is None or not 1 <= self.size.height < count:
            return ()
        top = max(0, min(self._top, count - self.size.height))
        below = count - top - self.size.height
        further, back = self.SCROLL_KEYS
        if below:
            return (Option(f"{below} more ↓", "scroll_lines(1)", further, f"{below} ↓"),)
        return (Option(f"{top} more ↑", "to_top", back, f"{top} ↑"),)

    def action_scroll_lines(self, by: int, whole_pages: bool = False) -> None:
        """Goes on by some lines or pages, or back."""
        self._scroll(by * (max(1, self.size.height - 1) if whole_pages else 1))

    def action_to_top(self) -> None:
        """Goes back to the first line."""
        self._scroll(-len(self._lines))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        if self._scroll(2):
            event.stop()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        if self._scroll(-2):
            event.stop()

    async def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        at = -1 if offset is None else self._top + offset.y
        if 0 <= at < len(self._lines) and self._lines[at].action:
            await self.run_action(self._lines[at].action)

    def _scroll(self, by: int) -> bool:
        """Moves by lines; returns whether there was anywhere to go."""
        top = max(0, min(self._top + by, len(self._lines) - self.size.height))
        if top == self._top:
            return False
        self._top = top
        self.repaint()
        return True


def wrapped(text: Content, width: int, indent: int = 0) -> list[Content]:
    """A text in lines of a width, all of them indented."""
    return [line.pad_left(indent) for line in text.wrap(max(4, width - indent))]


def joined(blocks: Sequence[list[TextLine]], apart: bool) -> list[TextLine]:
    """Blocks one below the other, with a blank line between them if they are to stand apart."""
    lines: list[TextLine] = []
    for block in blocks:
        lines += ([TextLine(Content(""))] if apart and lines else []) + block
    return lines
