"""What stands in a view's cells."""

from dataclasses import dataclass
from typing import Any

from textual.color import Color

from nn_tui.tui.panels.panel import Panel


@dataclass(frozen=True)
class Cell:
    """A character, its color and the color behind it, as `#RRGGBB`."""

    character: str
    color: str
    behind: str


def cells(view: Panel[Any]) -> list[list[Cell]]:
    """By row and column."""
    rows = []
    for y in range(view.size.height):
        row: list[Cell] = []
        for segment in view.render_line(y):
            style = segment.style
            assert style is not None
            colors = [
                "" if found is None else Color.from_rich_color(found).hex for found in (style.color, style.bgcolor)
            ]
            row += [Cell(character, *colors) for character in segment.text]
        rows.append(row)
    return rows


def text(view: Panel[Any]) -> str:
    """All characters, a line a row."""
    return "\n".join("".join(cell.character for cell in row) for row in cells(view))
