"""Cells of a table as numbers, and why one is none."""

import math
import re
from typing import NamedTuple

import numpy as np

from nn_tui.wording import quoted

LARGEST = float(np.finfo(np.float32).max)
"""Networks compute in single precision unless told otherwise: what it cannot hold is refused."""

# One way only to match any text, so that a long cell costs no more than its length.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)", re.IGNORECASE)
_MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "-nan", "null", "<na>", "nat", "?"))
_FAILED = ("#div/0!", "#value!", "#num!", "#ref!", "#name?", "#null!", "#error!")
"""What spreadsheets leave where a formula came to nothing."""

_MISSING_AMONG_NUMBERS = _MISSING | {"none", "nil", "-", "--", ".", "missing", "unknown", *_FAILED}
_GROUPED = "[+-]?[1-9][0-9]{{0,2}}(?:{0}[0-9]{{3}})+(?:{1}[0-9]*)?"
"""Nobody groups 0,066."""


class Writing(NamedTuple):
    """How numbers are written.

    Attributes:
        decimal: the sign before the fraction, "." or ",".
        thousands: the sign between groups of three digits; empty for none.
    """

    decimal: str = "."
    thousands: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether `float` reads them as they are."""
        return self.decimal == "." and not self.thousands


PLAIN = Writing()


def number_of(cell: str, writing: Writing = PLAIN) -> float | None:
    """The decimal number in a cell (`-1.5e3`); None where there is none.

    White space around it, no-break spaces too, and U+2212 for a minus sign are what they look like.
    """
    text = cell.strip().replace("\u2212", "-")
    if writing.thousands:
        text = _ungrouped(text, writing)
    if writing.decimal != ".":
        if "." in text:
            return None
        text = text.replace(writing.decimal, ".", 1)
    return float(text) if _NUMBER.fullmatch(text) else None


def _ungrouped(text: str, writing: Writing) -> str:
    """Without the signs between groups of three digits; as it is where they stand elsewhere."""
    sign = writing.thousands
    # A space may be any of those that typesetters put there.
    text = re.sub("[\u00a0\u2009\u202f]", " ", text) if sign == " " else text
    whole = _GROUPED.format(re.escape(sign), re.escape(writing.decimal))
    return text.replace(sign, "") if re.fullmatch(whole, text) else text


def is_number(cell: str) -> bool:
    """Whether a cell is a decimal number."""
    return number_of(cell) is not None


def is_missing(cell: str) -> bool:
    """Whether a cell is empty or stands for a missing value."""
    return cell.strip().lower() in _MISSING


def value_of(cell: str, writing: Writing) -> float | None:
    """The number in a cell of numbers, NaN for a missing one, None for anything else."""
    number = number_of(cell, writing)
    return math.nan if number is None and cell.strip().lower() in _MISSING_AMONG_NUMBERS else number


def is_almost_number(cell: str) -> bool:
    """Whether a text was meant as a number: infinity, a decimal comma, signs between thousands."""
    return bool(_INFINITE.fullmatch(cell.strip())) or _remedy(cell.strip()) is not None


def why_no_number(cell: str, hint: str) -> str:
    """What is wrong with a cell that is no number; the hint is for one that is plain text."""
    text = cell.strip()
    if is_missing(text):
        found = f"{quoted(text)} stands for a missing value" if text else "the value is missing"
        return f"{found}; fill it in, or leave the row out"
    if _INFINITE.fullmatch(text):
        return f"{quoted(text)} is not finite; leave the row out"
    return f"{quoted(text)} is not a number; {_remedy(text) or hint}"


def _remedy(text: str) -> str | None:
    """Which keys of a scenario make a number of a text."""
    told = []
    for sign, word in ((",", ","), (".", "."), ("'", "'"), (" ", " ")):
        for decimal in ".,":
            if sign != decimal and sign in text and (value := number_of(text, Writing(decimal, sign))) is not None:
                point = f'decimal = "{decimal}", ' if decimal != "." and decimal in text else ""
                told.append(f'{point}thousands = "{word}" for {_shortest(value)}')
                break
    if "," in text and (value := number_of(text, Writing(","))) is not None:
        told.append(f'decimal = "," for {_shortest(value)}')
    return f"give {', or '.join(told)}" if told else None


def _shortest(value: float) -> str:
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)


def one_line(text: str) -> str:
    """Text with every run of white space as one space."""
    return " ".join(text.split())
