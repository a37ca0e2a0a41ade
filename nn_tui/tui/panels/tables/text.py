"""Views that are words: lines that may be more than fit, some of which do something when they are clicked."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.palette import Palette
from nn_tui.tui.panels.panel import Option, Panel, Seen

_LEAST_COLUMN, _GAP = 56, 3
"""Cells of a column of text, and between two."""


class TextLine(NamedTuple):
    """A line that fits the panel, and the view's action that a click on it stands for; empty for none.

    Attributes:
        reach: so many of its first cells can be clicked; 0 for all of them.
    """

    content: Content
    action: str = ""
    reach: int = 0


class TextPanel(Panel[Seen]):
    """A view of lines: a subclass gives `see` and `lines`.

    Attributes:
        SCROLLS_PAGES: whether it is scrolled by pages, where arrows do something else.
    """

    SCROLLS_PAGES: ClassVar[bool] = False
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
        further, back = ("PgDn", "PgUp") if self.SCROLLS_PAGES else ("↑↓", "↑↓")
        if below:
            return (Option(f"{below} more ↓", f"scroll_lines(1, {self.SCROLLS_PAGES})", further, f"{below} ↓"),)
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
        if offset is None or not 0 <= self._top + offset.y < len(self._lines):
            return
        line = self._lines[self._top + offset.y]
        if line.action and (offset.x < line.reach or not line.reach):
            await self.run_action(line.action)

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


def in_columns(blocks: Callable[[int], Sequence[list[TextLine]]], size: Size) -> list[TextLine]:
    """Blocks one below the other; those that do not fit so stand in columns, where that brings all of them in sight.

    Args:
        blocks: of a width; only those of the first column can be clicked.
        size: of the panel.
    """
    lines = joined(blocks(size.width), apart=True)
    most = (size.width + _GAP) // (_LEAST_COLUMN + _GAP)
    for count in range(2, most + 1) if len(lines) > size.height else ():
        width = (size.width + _GAP) // count - _GAP
        columns = _filled(blocks(width), size.height)
        if len(columns) <= count and max(map(len, columns)) <= size.height:
            return _abreast(columns, width)
    return lines


def _filled(blocks: Sequence[list[TextLine]], rows: int) -> list[list[TextLine]]:
    """Columns of so many rows, one after the other filled with blocks as they are."""
    columns: list[list[TextLine]] = [[]]
    for block in blocks:
        below = joined([columns[-1], block], apart=True)
        if len(below) <= rows:
            columns[-1] = below
        else:
            columns.append(block)
    return columns


def _abreast(columns: Sequence[list[TextLine]], width: int) -> list[TextLine]:
    lines = []
    for row in zip_longest(*columns, fillvalue=TextLine(Content(""))):
        parts = (line.content.pad_right(width + _GAP - line.content.cell_length) for line in row)
        lines.append(TextLine(Content.assemble(*parts), row[0].action, width))
    return lines
