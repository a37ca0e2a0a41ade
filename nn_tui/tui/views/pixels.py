"""Pixels on a canvas, two to a cell: the upper one in the character's colour, the lower one behind it."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nn_tui.tui.views.canvas import Canvas
from nn_tui.tui.views.shades import Levels, Shades

Number = TypeVar("Number", bound=np.generic)


def put_pixels(canvas: Canvas, levels: Levels, shades: Shades, column: int, row: int, few: bool = False) -> None:
    """Draws a picture with its top left corner at a cell; it must fit.

    Args:
        canvas: to draw on.
        levels: shape (rows, columns), an even number of rows.
        shades: what they look like.
        column, row: where.
        few: whether to draw with characters, one for two pixels, as far as the shades have any.
    """
    here = slice(column, column + levels.shape[1])
    upper, lower = levels[0::2], levels[1::2]
    if few and shades.textures:
        for at, line in enumerate(upper.tolist(), row):
            canvas.characters[at][here] = [shades.textures[level] for level in line]
            canvas.colours[at][here] = [shades.inks[level] for level in line]
        return
    colours, half = shades.colours, ["▀"] * levels.shape[1]
    for at, (above, below) in enumerate(zip(upper.tolist(), lower.tolist(), strict=True), row):
        canvas.characters[at][here] = half
        canvas.colours[at][here] = [colours[level] for level in above]
        canvas.behind[at][here] = [colours[level] for level in below]


def picked(values: NDArray[Number], rows: int, columns: int) -> NDArray[Number]:
    """A picture at another size: of every place the pixel nearest to it."""
    return values[np.ix_(_middles(rows, values.shape[0]), _middles(columns, values.shape[1]))]


def _middles(wanted: int, there: int) -> Levels:
    return (2 * np.arange(wanted) + 1) * there // (2 * wanted)
