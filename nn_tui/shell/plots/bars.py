"""Shares as bars of text, and numbers of one column with as many decimals as they need."""

import math
from collections.abc import Sequence

from rich.text import Text

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(share: float, width: int, style: str = "blue") -> Text:
    """A bar of `width` characters, of which `share` (0 to 1) is filled, to an eighth of a character."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8) if math.isfinite(share) else 0
    full, rest = divmod(eighths, 8)
    text = _EIGHTHS[-1] * full + (_EIGHTHS[rest] if rest else "")
    return Text(text.ljust(width), style)


def decimals(values: Sequence[float], digits: int = 4) -> int:
    """Decimals that show so many digits of the largest value, for a column of them."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    whole = math.floor(math.log10(largest)) + 1 if largest > 0.0 else 1
    return min(max(digits - whole, 0), 8)
