"""Lines in Braille over pictures that plotext does not draw: two by four dots a cell, as fine as a terminal can."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn_tui.floats import Floats

ACROSS, DOWN = 2, 4
"""Dots in a cell."""

Indices: TypeAlias = "NDArray[np.intp]"

BLANK = 0x2800
BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""What each dot of a cell adds to the code of its character, by row and column, after Unicode's block of Braille
patterns.
"""


def is_braille(character: str) -> bool:
    """Whether a character is a pattern of dots."""
    return chr(BLANK) <= character <= chr(BLANK + 0xFF)


class Braille:
    """Lines over a rectangle of cells, in dots counted from the top left corner.

    A cell has a single color: where lines run through the same ones they take turns, column by column.
    """

    def __init__(self, width: int, height: int) -> None:
        """
        Args:
            width, height: in cells.
        """
        self._dots = np.zeros((DOWN * height, ACROSS * width), bool)
        self._colors: list[Color] = []
        self._owners = np.full((height, width), -1)

    def add_lines(self, starts: Floats, ends: Floats, color: Color) -> None:
        """Straight lines that lie inside, (n, 2) from x and y to x and y, as parts of one."""
        (x, y), (to_x, to_y) = np.rint(starts).T, np.rint(ends).T
        across, down = to_x - x, to_y - y
        lengths = np.maximum(np.maximum(np.abs(across), np.abs(down)), 1.0).astype(np.intp)
        counts = lengths + 1
        piece = np.repeat(np.arange(len(counts)), counts)
        share = (np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts)) / lengths[piece]
        columns = np.rint(x[piece] + share * across[piece]).astype(np.intp)
        rows = np.rint(y[piece] + share * down[piece]).astype(np.intp)
        self._dots[rows, columns] = True
        rows, columns, number = rows // DOWN, columns // ACROSS, len(self._colors)
        takes = (self._owners[rows, columns] < 0) | (columns % 2 == number % 2)
        self._owners[rows[takes], columns[takes]] = number
        self._colors.append(color)

    def put_on(self, canvas: Canvas) -> None:
        """Draws the dots on a canvas of the same size; blank cells leave what is there."""
        height, width = self._owners.shape
        cells = self._dots.reshape(height, DOWN, width, ACROSS).transpose(0, 2, 1, 3)
        codes = BLANK + (cells * _bits()).sum(axis=(2, 3))
        rows, columns = np.nonzero(self._owners >= 0)
        for row, column, code, owner in zip(
            rows.tolist(),
            columns.tolist(),
            codes[rows, columns].tolist(),
            self._owners[rows, columns].tolist(),
            strict=True,
        ):
            canvas.characters[row][column] = chr(code)
            canvas.colors[row][column] = self._colors[owner]


class Strokes:
    """Straight lines, each in a color of its own; a few dozen are drawn sooner than NumPy is there for them."""

    def __init__(self) -> None:
        self._codes: dict[tuple[int, int], int] = {}
        self._colors: dict[tuple[int, int], Color] = {}

    def add(self, start: tuple[int, int], end: tuple[int, int], color: Color, is_broken: bool = False) -> None:
        """From one place to another, column and row in dots, in dashes if it is broken; later ones lie over earlier."""
        (x, y), across, down = start, end[0] - start[0], end[1] - start[1]
        length = max(abs(across), abs(down), 1)
        for at in range(length + 1):
            if is_broken and at % 4 > 1:
                continue
            column, row = round(x + at / length * across), round(y + at / length * down)
            cell = column // ACROSS, row // DOWN
            self._codes[cell] = self._codes.get(cell, BLANK) | BITS[row % DOWN][column % ACROSS]
            self._colors[cell] = color

    def put_on(self, canvas: Canvas) -> None:
        """Draws them on a canvas that they are inside of."""
        for (column, row), code in self._codes.items():
            canvas.characters[row][column] = chr(code)
            canvas.colors[row][column] = self._colors[column, row]


@cache
def _bits() -> Indices:
    return np.array(BITS)
