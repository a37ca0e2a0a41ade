"""Gray images in the terminal, two pixels a character."""

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.pixels import put_pixels
from nn_tui.charts.shades import Shades

_GRAYS = Shades(colors=[Color(level, level, level) for level in range(256)], inks=())


def half_blocks(pixels: NDArray[np.float64]) -> list[Text]:
    """An image as lines of text.

    Args:
        pixels: shape (rows, columns), from 0 (black) to 1; others are clipped.

    Returns:
        A line for every two rows, as many characters wide as there are columns.
    """
    levels = np.rint(np.clip(pixels, 0.0, 1.0) * 255.0).astype(int)
    if len(levels) % 2:
        levels = np.vstack((levels, np.zeros_like(levels[:1])))
    canvas = Canvas(levels.shape[1], len(levels) // 2)
    put_pixels(canvas, levels.tolist(), _GRAYS, 0, 0)
    return text_lines(canvas)


def text_lines(canvas: Canvas) -> list[Text]:
    """A canvas as lines of text, to be printed."""
    return [Text.assemble(*((part.text, part.style or "") for part in line)) for line in canvas.lines()]
