"""A surface's height as bands between contour lines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nn_tui.floats import Floats


Bands = NDArray[np.intp]


def contour_levels(heights: Floats, lowest: float, bands: int) -> Floats:
    """The heights at which one band ends and the next begins.

    Heights above the lowest point are evenly spaced on a power scale, on which half of the picture lies in the lower
    half of the bands: a few steep corners do not leave the rest without lines. It never spreads the upper half, so
    that a plain stays plain.

    Args:
        heights: over the picture, not all the same.
        lowest: the lowest height there is, whether or not the grid has met it.
        bands: how many.

    Returns:
        Rising heights, shape (bands - 1,).
    """
    whole = float(heights.max()) - lowest
    median = (float(np.median(heights)) - lowest) / whole
    power = max(1.0, math.log(median) / math.log(0.5)) if median > 0.0 else 1.0
    levels: Floats = lowest + whole * (np.arange(1, bands) / bands) ** power
    return levels


def banded(heights: Floats, levels: Floats) -> Bands:
    """The number of the band each height lies in, the lowest 0."""
    return np.searchsorted(levels, heights, side="right")
