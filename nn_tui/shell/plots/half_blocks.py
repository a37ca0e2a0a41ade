"""Grey images in the terminal: two pixels a character, the upper one in its color, the lower in its background's."""

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.style import Style
from rich.text import Text


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
    return [_line(upper.tolist(), lower.tolist()) for upper, lower in zip(levels[0::2], levels[1::2], strict=True)]


def _line(upper: list[int], lower: list[int]) -> Text:
    line = Text()
    for above, below in zip(upper, lower, strict=True):
        colors = (Color.from_rgb(level, level, level) for level in (above, below))
        line.append("▀", Style(color=next(colors), bgcolor=next(colors)))
    return line
