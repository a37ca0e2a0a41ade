"""Numbers as people are shown them, everywhere alike: `−0.25`, `3.8e6`, `1.2e−5`, `∞`.

What a program reads, and what a person copies or types (TOML, JSON, commands, fields), is not written here: it keeps
Python's way, which parsers take.
"""

import math
import re

MINUS = "−"
NONE = "–"
"""Where there is no number."""

_POWER = re.compile(r"e([+-]?)0*(\d)")
_WRITTEN_OUT = 1e5
"""From here on, and below a ten-thousandth, a number has a power of ten."""


def as_shown(text: str) -> str:
    """A number that Python has written, with a true minus and no needless signs in its power of ten.

    It never gets longer.
    """
    if "e" in text:
        text = _POWER.sub(_short_power, text)
    return text.replace("-", MINUS).replace("inf", "∞")


def as_typed(value: float) -> str:
    """A number as a person types it, and copies it: with Python's minus."""
    return _POWER.sub(_short_power, f"{value:.10g}")


def numeral(value: float | None, digits: int = 3) -> str:
    """A number to so many digits that say something; up to 99,999 none of those before the point is left out.

    Args:
        value: any; None and NaN are a dash.
        digits: at least 1.
    """
    if value is None or math.isnan(value):
        return NONE
    if math.isinf(value):
        return as_shown(str(value))
    value += 0.0  # −0 is 0.
    if 10.0**digits <= abs(value) + 0.5 < _WRITTEN_OUT:
        return as_shown(f"{value:.0f}")
    return as_shown(f"{value:.{digits}g}")


def in_full(value: float | None) -> str:
    """A number to six digits: of one that somebody has chosen, all there are."""
    return numeral(value, 6)


def column_numeral(value: float | None, digits: int = 4) -> str:
    """A number to exactly so many digits, for a column to be read down: `0.5000`, `12.30`, `2.250e−6`; 0 is `0`."""
    if not value or not math.isfinite(value):
        return numeral(value)
    text = f"{value + 0.0:#.{digits}g}"
    if "e" in text and "e" not in (whole := numeral(value, digits)):
        return whole
    return as_shown(text.rstrip("."))


def scientific(value: float, digits: int = 0) -> str:
    """A number with a power of ten and so many digits behind the point: `1.2e−5`."""
    return as_shown(f"{value:.{digits}e}")


def fixed_point(value: float, decimals: int) -> str:
    """A number with so many digits behind the point; 0 has no sign."""
    text = f"{value:.{decimals}f}"
    return as_shown(text if text.strip("-0.") else text.lstrip("-"))


def signed(value: float, decimals: int) -> str:
    """A number with its sign and so many digits behind the point: `+0.31`, `−0.07`; where these are all 0, `−4e−3`.

    A 0 has neither sign.
    """
    if not math.isfinite(value):
        return numeral(value)
    text = f"{value:+.{decimals}f}"
    if text.strip("+-0."):
        return as_shown(text)
    return as_shown(f"{value:+.0e}") if value else fixed_point(value, decimals)


def _short_power(found: re.Match[str]) -> str:
    return f"e{found[1].strip('+')}{found[2]}"
