"""The last look at what goes to the terminal: no character in a cell is one that it would obey."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from nn_tui.shown import in_cells


class Unobeyed(LineFilter):
    """Puts a sign in the place of each such character, wherever the text of the line came from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The line as it may be written; as wide as it was."""
        texts = [segment.text if segment.control else in_cells(segment.text) for segment in segments]
        if all(text is segment.text for text, segment in zip(texts, segments, strict=True)):
            return segments
        width = sum(segment.cell_length for segment in segments)
        drawn = [Segment(text, *segment[1:]) for text, segment in zip(texts, segments, strict=True)]
        return Segment.adjust_line_length(drawn, width)
