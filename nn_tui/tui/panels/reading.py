"""Arrays as messages carry them, as NumPy's or without it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn_tui.training.look.parts import Map, PackedFloats, PackedLevels


def floats(data: PackedFloats) -> NDArray[np.float64]:
    """The numbers of a message's array, one-dimensional."""
    return np.frombuffer(data, "<f8")


def singles(data: PackedLevels) -> NDArray[np.float32]:
    """The numbers of a message's array of lesser precision, one-dimensional."""
    return np.frombuffer(data, "<f4")


def listed_floats(data: PackedFloats) -> tuple[float, ...]:
    """As `floats`, without NumPy."""
    return struct.unpack(f"<{len(data) // 8}d", data)


def listed_singles(data: PackedLevels) -> tuple[float, ...]:
    """As `singles`, without NumPy."""
    return struct.unpack(f"<{len(data) // 4}f", data)


def pixels_of(found: Map) -> list[tuple[float, ...]]:
    """A map's values by row."""
    values = listed_singles(found.values)
    return [values[at : at + found.columns] for at in range(0, len(values), found.columns)]
