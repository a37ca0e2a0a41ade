"""Array types used all over the engine."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
"""A float32 or float64 array; one engine run uses one dtype throughout."""

BLOCK = 32_768
"""Elements of a block of a large vector, which is walked block by block: five float32 vectors of it fit a 1 MiB
second-level cache, and fewer blocks mean fewer calls."""

_LINE = 64
"""Bytes of a line of the processor's cache, and of the widest number of elements it takes at once."""


def vectors(count: int, size: int, dtype: np.dtype[np.floating]) -> Array:
    """Zeros, shape (count, size), of which each row begins where a line of the cache does.

    What is read and written in lines is quicker than what lies across two. Rows come from one allocation since NumPy
    asks for large pages of memory, which are found sooner, only where it is 4 MB.
    """
    line = _LINE // dtype.itemsize
    width = -(-size // line) * line
    room = np.zeros(count * width + line, dtype)
    first = -room.__array_interface__["data"][0] % _LINE // dtype.itemsize
    return room[first : first + count * width].reshape(count, width)[:, :size]
