"""A rectangle of cells to draw into, and the lines that come of it."""

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from nn_tui.charts.color import Color

LOWER_BLOCKS = " ▁▂▃▄▅▆▇█"
"""A cell filled from below by so many eighths."""


class Canvas:
    """Cells by row from the top: a character, its color and the color behind it; None leaves both to the panel.

    Attributes:
        width, height: in cells.
        characters, colors, behind: rows of cells, to read and to change; of a character that takes two cells the
            second is empty.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.characters = [[" "] * width for _ in range(height)]
        self.colors: list[list[Color | None]] = [[None] * width for _ in range(height)]
        self.behind: list[list[Color | None]] = [[None] * width for _ in range(height)]

    def put(self, column: int, row: int, text: str, color: Color | None) -> None:
        """Writes to the right from a cell; what lies outside is left out, and a wide character of which half does."""
        if not 0 <= row < self.height:
            return
        if _is_plain(text):
            if column < 0 or column + len(text) > self.width:
                text, column = text[max(0, -column) : max(0, self.width - column)], max(0, column)
            if text:
                self._put_cells(column, row, text, color)
            return
        at = column
        for character in text:
            width = cell_len(character)
            if not width:
                # A hat takes no cell of its own.
                self._add_hat(at - 1, row, character)
            elif 0 <= at <= self.width - width:
                self._put_cells(at, row, [character, ""][:width], color)
            at += width

    def _add_hat(self, column: int, row: int, hat: str) -> None:
        """Puts a combining character on what was written before it."""
        characters = self.characters[row]
        while 0 < column < self.width and not characters[column]:
            column -= 1
        if 0 <= column < self.width:
            characters[column] += hat

    def _put_cells(self, column: int, row: int, written: Sequence[str], color: Color | None) -> None:
        """Writes cells that are inside; a wide character of which one half is written over is gone."""
        characters, after = self.characters[row], column + len(written)
        if not characters[column]:
            characters[column - 1] = " "
        if after < self.width and not characters[after]:
            characters[after] = " "
        characters[column:after] = written
        self.colors[row][column:after] = [color] * len(written)

    def is_free(self, column: int, row: int, cells: int = 1) -> bool:
        """Whether so many cells to the right from one are inside and blank."""
        if not (0 <= row < self.height and column >= 0 and column + cells <= self.width):
            return False
        return all(character == " " for character in self.characters[row][column : column + cells])

    def paste(self, other: "Canvas", column: int, row: int) -> None:
        """Copies another canvas, which must fit, to here with its top left corner at a cell."""
        here = slice(column, column + other.width)
        for at in range(other.height):
            self.characters[row + at][here] = other.characters[at]
            self.colors[row + at][here] = other.colors[at]
            self.behind[row + at][here] = other.behind[at]

    def column(self, column: int, share: float, color: Color) -> None:
        """Fills a column from below to a share of its height, in eighths of a cell; a bare trace shows all the same."""
        eighths = round(min(1.0, share) * self.height * 8) or int(share > 0.0)
        for row in range(self.height - 1, -1, -1):
            if eighths <= 0:
                return
            if eighths >= 8:
                self.characters[row][column], self.behind[row][column] = " ", color
            else:
                self.characters[row][column], self.colors[row][column] = LOWER_BLOCKS[eighths], color
            eighths -= 8

    def lines(self) -> list[list[Segment]]:
        """The rows, neighbors of one style in one segment."""
        rows = zip(self.characters, self.colors, self.behind, strict=True)
        return [_line(characters, colors, behind) for characters, colors, behind in rows]


@lru_cache(maxsize=4096)
def _is_plain(text: str) -> bool:
    """Whether each character takes one cell."""
    return text.isascii() or all(cell_len(character) == 1 for character in text)


def _line(characters: list[str], colors: list[Color | None], behind: list[Color | None]) -> list[Segment]:
    styles = list(zip(colors, behind, strict=True))
    segments: list[Segment] = []
    start = 0
    for at in range(1, len(characters) + 1):
        if at == len(characters) or styles[at] != styles[start]:
            segments.append(Segment("".join(characters[start:at]), _style(*styles[start])))
            start = at
    return segments


@lru_cache(maxsize=4096)
def _style(color: Color | None, behind: Color | None) -> Style | None:
    if color is None and behind is None:
        return None
    return Style(color=color and color.rich_color, bgcolor=behind and behind.rich_color)
