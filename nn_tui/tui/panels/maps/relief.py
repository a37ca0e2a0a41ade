"""The height of a surface as bands of shade between contour lines, drawn once and kept as long as it stays."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.palette import Palette
from nn_tui.charts.pixels import picked, put_pixels
from nn_tui.charts.shades import ShadeGrid, Shades
from nn_tui.training.look.parts import Map
from nn_tui.tui.panels.reading import pixels_of

BANDS = 13
_FULL = 0.5
_STEP = 0.035
"""How much a contour is set off: every other band is that much stronger than its place between low and high."""

_TEXTURES = "  ..::--==++**"
_NEAR = 0.06
"""From which share of the middle height on bands grow wider: near the bottom they are as fine as that."""


@dataclass(frozen=True, eq=False)
class Relief:
    """The cells of a surface.

    Attributes:
        canvas: the cells, to be copied and drawn over.
        middles: by row and column, the color between the two pixels of a cell, to put behind a character.
    """

    canvas: Canvas
    middles: list[list[Color]]

    def copy(self) -> Canvas:
        """The cells to draw on."""
        copied = Canvas(self.canvas.width, self.canvas.height)
        copied.paste(self.canvas, 0, 0)
        return copied


@lru_cache(maxsize=4)
def relief(height: Map, columns: int, rows: int, palette: Palette) -> Relief:
    """The surface in so many cells; low is dark, in a light theme light."""
    levels = bands(np.array(picked(pixels_of(height), 2 * rows, columns)))
    shades = _shades(palette)
    canvas = Canvas(columns, rows)
    put_pixels(canvas, levels, shades, 0, 0, palette.few)
    upper, lower = levels[0::2], levels[1::2]
    middles = [
        [_between(shades.colors[above], shades.colors[below]) for above, below in zip(*pair, strict=True)]
        for pair in zip(upper, lower, strict=True)
    ]
    return Relief(canvas, middles)


def bands(values: np.ndarray) -> ShadeGrid:
    """Which band each height falls into: finer ones the nearer the lowest, so that floors of valleys show."""
    above = values - float(values.min())
    unit = _NEAR * float(np.median(above)) or 1.0
    shares = np.log1p(above / unit)
    found: ShadeGrid = np.minimum(BANDS - 1, (shares / (shares.max() or 1.0) * BANDS).astype(np.intp)).tolist()
    return found


@lru_cache(maxsize=4)
def _shades(palette: Palette) -> Shades:
    shares = (np.linspace(0.0, _FULL, BANDS) + _STEP * (np.arange(BANDS) % 2)).tolist()
    ink = palette.muted.blend(palette.right, 0.62)
    colors = [palette.background.blend(ink, share) for share in shares]
    textures = "".join(_TEXTURES[round(number * (len(_TEXTURES) - 1) / (BANDS - 1))] for number in range(BANDS))
    return Shades([*colors, palette.faint], [palette.muted] * (BANDS + 1), textures + "?")


@lru_cache(maxsize=4096)
def _between(one: Color, other: Color) -> Color:
    return one if one == other else one.blend(other, 0.5)
