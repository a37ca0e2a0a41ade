"""A rectangle of cells to draw into, and the strips that come of it."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

LOWER_BLOCKS = " ▁▂▃▄▅▆▇█"
"""A cell filled from below by so many eighths."""

CIRCUMFLEX = "\u0302"
"""The hat of m̂ and ŷ, where Unicode has no letter with it."""


class Canvas:
    """Cells by row from the top: a character, its colour and the colour behind it; None leaves both to the panel.

    Attributes:
        width, height: in cells.
        characters, colours, behind: rows of cells, to read and to change.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.characters = [[" "] * width for _ in range(height)]
        self.colours: list[list[Color | None]] = [[None] * width for _ in range(height)]
        self.behind: list[list[Color | None]] = [[None] * width for _ in range(height)]

    def put(self, column: int, row: int, text: str, colour: Color | None) -> None:
        """Writes to the right from a cell; what lies outside is left out."""
        if 0 <= row < self.height:
            characters, colours = self.characters[row], self.colours[row]
            at = column - 1
            for character in text:
                if character == CIRCUMFLEX:
                    # A hat takes no cell of its own.
                    if 0 <= at < self.width:
                        characters[at] += character
                    continue
                at += 1
                if 0 <= at < self.width:
                    characters[at] = character
                    colours[at] = colour

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
            self.colours[row + at][here] = other.colours[at]
            self.behind[row + at][here] = other.behind[at]

    def column(self, column: int, share: float, colour: Color) -> None:
        """Fills a column from below to a share of its height, in eighths of a cell; a bare trace shows all the same."""
        eighths = round(min(1.0, share) * self.height * 8) or int(share > 0.0)
        for row in range(self.height - 1, -1, -1):
            if eighths <= 0:
                return
            if eighths >= 8:
                self.characters[row][column], self.behind[row][column] = " ", colour
            else:
                self.characters[row][column], self.colours[row][column] = LOWER_BLOCKS[eighths], colour
            eighths -= 8

    def strips(self) -> list[Strip]:
        """The rows, neighbours of one style in one segment."""
        rows = zip(self.characters, self.colours, self.behind, strict=True)
        return [_strip(characters, colours, behind) for characters, colours, behind in rows]


def _strip(characters: list[str], colours: list[Color | None], behind: list[Color | None]) -> Strip:
    styles = list(zip(colours, behind, strict=True))
    segments: list[Segment] = []
    start = 0
    for at in range(1, len(characters) + 1):
        if at == len(characters) or styles[at] != styles[start]:
            segments.append(Segment("".join(characters[start:at]), _style(*styles[start])))
            start = at
    return Strip(segments, len(characters))


@lru_cache(maxsize=4096)
def _style(colour: Color | None, behind: Color | None) -> Style | None:
    if colour is None and behind is None:
        return None
    return Style(color=colour and colour.rich_color, bgcolor=behind and behind.rich_color)
