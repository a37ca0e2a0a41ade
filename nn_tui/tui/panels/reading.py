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


def level_at(found: Map, across: float, down: float) -> float:
    """A map's value at a place, between those of the four pixels around it: a cell holds two, one above the other.

    Args:
        found: the map.
        across, down: in pixels, from the middle of the first one.
    """
    rows = pixels_of(found)
    across, down = max(0.0, min(across, found.columns - 1.0)), max(0.0, min(down, found.rows - 1.0))
    column, row = int(across), int(down)
    following, lower = min(column + 1, found.columns - 1), min(row + 1, found.rows - 1)
    right, below = across - column, down - row
    above, beneath = ((1 - right) * line[column] + right * line[following] for line in (rows[row], rows[lower]))
    return (1 - below) * above + below * beneath
