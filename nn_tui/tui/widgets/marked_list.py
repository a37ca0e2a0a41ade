"""A list to mark entries of, told apart without color: `[x]` is marked, `[ ]` is not."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import SelectionList

_BOX = 3
"""Segments that Textual draws the box with, whose cross only its color takes away."""


class MarkedList(SelectionList[str]):
    """Textual's list of selections with a box that can be read in black and white."""

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        segments = list(line)
        at = self.scroll_offset.y + y
        if at >= self.option_count:
            return line
        box, rest = segments[:_BOX], segments[_BOX:]
        style = rest[0].style or Style()
        is_marked = self.get_option_at_index(at).value in self.selected
        meta = [segment.style.meta if segment.style is not None else {} for segment in box]
        if at == self.highlighted:
            rest[0] = Segment("▸", rest[0].style)
        parts = zip(("[", "x" if is_marked else " ", "]"), meta, strict=True)
        return Strip([*(Segment(text, style + Style(meta=known)) for text, known in parts), *rest])
