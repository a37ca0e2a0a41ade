"""Numbers as messages carry them, and as people read them."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn_tui.training.look.parts import Floats, Levels, Map


def floats(data: Floats) -> NDArray[np.float64]:
    """The numbers of a message's array, one-dimensional."""
    return np.frombuffer(data, "<f8")


def singles(data: Levels) -> NDArray[np.float32]:
    """The numbers of a message's array of lesser precision, one-dimensional."""
    return np.frombuffer(data, "<f4")


def listed_floats(data: Floats) -> tuple[float, ...]:
    """As `floats`, without NumPy."""
    return struct.unpack(f"<{len(data) // 8}d", data)


def listed_singles(data: Levels) -> tuple[float, ...]:
    """As `singles`, without NumPy."""
    return struct.unpack(f"<{len(data) // 4}f", data)


def pixels_of(found: Map) -> list[tuple[float, ...]]:
    """A map's values by row."""
    values = listed_singles(found.values)
    return [values[at : at + found.columns] for at in range(0, len(values), found.columns)]


def fixed(value: float | None, width: int = 6) -> str:
    """A number right-aligned in a fixed width, with as many digits as fit: `0.1823`, ` 12.30`, `1.2e-5`."""
    if value is None or math.isnan(value):
        return "–".rjust(width)
    if math.isinf(value):
        return ("∞" if value > 0 else "−∞").rjust(width)
    value += 0.0  # −0 is 0.
    size = abs(value)
    if size != 0 and (size < 10.0 ** (3 - width) or size >= 10.0 ** (width - 1)):
        texts = (scientific(value, digits) for digits in range(width - 5, 0, -1))
        text = next((text for text in texts if len(text) <= width), scientific(value))
    else:
        whole = len(str(int(size))) + (value < 0)
        text = f"{value:.{max(0, width - 1 - whole)}f}"
    return text.rjust(width)


def percent(share: float) -> str:
    """A share in five characters: ` 9.3%`, `97.1%`, ` 100%`; only all of them are 100 %."""
    if math.isnan(share):
        return "  –  "
    return " 100%" if share > 0.9995 else f"{100.0 * share:4.1f}%"


def scientific(value: float, digits: int = 0) -> str:
    """A number with a power of ten and so many digits behind the point: `1.2e-5`."""
    return f"{value:.{digits}e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
