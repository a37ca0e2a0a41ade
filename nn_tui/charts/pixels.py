"""Pixels on a canvas, two to a cell: the upper one in the character's color, the lower one behind it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tui.charts.canvas import Canvas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn_tui.charts.shades import Grid, ShadeGrid, Shades


def put_pixels(canvas: Canvas, levels: ShadeGrid, shades: Shades, column: int, row: int, few: bool = False) -> None:
    """Draws a picture with its top left corner at a cell; it must fit.

    Args:
        canvas: to draw on.
        levels: an even number of rows.
        shades: what they look like.
        column, row: where.
        few: whether to draw with characters, one for two pixels, as far as the shades have any.
    """
    width = len(levels[0])
    here = slice(column, column + width)
    upper, lower = levels[0::2], levels[1::2]
    if few and shades.textures:
        for at, line in enumerate(upper, row):
            canvas.characters[at][here] = [shades.textures[level] for level in line]
            canvas.colors[at][here] = [shades.inks[level] for level in line]
        return
    colors, half = shades.colors, ["▀"] * width
    for at, (above, below) in enumerate(zip(upper, lower, strict=True), row):
        canvas.characters[at][here] = half
        canvas.colors[at][here] = [colors[level] for level in above]
        canvas.behind[at][here] = [colors[level] for level in below]


def resized(images: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    """Images at another size, every pixel the mean of what it covers.

    Args:
        images: shape (n, rows, columns).
        rows, columns: wanted.
    """
    down, across = _coverage(images.shape[1], rows), _coverage(images.shape[2], columns)
    smaller: NDArray[np.float64] = down @ images @ across.T
    return smaller


@cache
def _coverage(there: int, wanted: int) -> NDArray[np.float64]:
    """How much of each wanted pixel each pixel there covers, shape (wanted, there); rows add up to 1."""
    edges = np.linspace(0.0, there, wanted + 1)
    starts = np.arange(there)
    overlap = np.minimum(edges[1:, np.newaxis], starts + 1.0) - np.maximum(edges[:-1, np.newaxis], starts)
    shares: NDArray[np.float64] = np.maximum(overlap, 0.0) * (wanted / there)
    return shares


def picked(values: Grid, rows: int, columns: int) -> Grid:
    """A picture at another size: of every place the pixel nearest to it."""
    if (rows, columns) == (len(values), len(values[0])):
        return values
    across = _middles(columns, len(values[0]))
    return [[values[row][column] for column in across] for row in _middles(rows, len(values))]


def _middles(wanted: int, there: int) -> list[int]:
    return [(2 * at + 1) * there // (2 * wanted) for at in range(wanted)]
