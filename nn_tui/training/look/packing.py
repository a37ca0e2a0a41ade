"""Arrays as the bytes that messages carry."""

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.training.look.parts import PackedFloats, PackedLevels


def floats(values: ArrayLike) -> PackedFloats:
    """Little-endian float64, C order."""
    return np.asarray(values).astype("<f8", copy=False).tobytes()


def levels(values: ArrayLike) -> PackedLevels:
    """Little-endian float32, C order; what is too large for it is infinite."""
    with np.errstate(over="ignore"):
        return np.asarray(values).astype("<f4", copy=False).tobytes()
