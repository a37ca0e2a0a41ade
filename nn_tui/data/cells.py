"""Cells of a table as numbers, and why one is none."""

import re

import numpy as np

from nn_tui.data.wording import quoted

LARGEST = float(np.finfo(np.float32).max)
"""Networks compute in single precision unless told otherwise: what it cannot hold is refused."""

# One way only to match any text, so that a long cell costs no more than its length.
_NUMBER = re.compile(r"[ \t\r\n]*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t\r\n]*")
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)", re.IGNORECASE)
_MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "?"))


def is_number(cell: str) -> bool:
    """Whether a cell is a decimal number (`-1.5e3`), which `float` reads."""
    return _NUMBER.fullmatch(cell) is not None


def is_missing(cell: str) -> bool:
    """Whether a cell is empty or stands for a missing value."""
    return cell.strip().lower() in _MISSING


def is_almost_number(cell: str) -> bool:
    """Whether a text was meant as a number: infinity, or a decimal comma."""
    return bool(_INFINITE.fullmatch(cell) or is_number(cell.replace(",", ".", 1)))


def why_no_number(cell: str, hint: str) -> str:
    """What is wrong with a cell that is no number; the hint is for one that is plain text."""
    text = cell.strip()
    if is_missing(text):
        found = f"{quoted(text)} stands for a missing value" if text else "the value is missing"
        return f"{found}; fill it in, or leave the row out"
    if _INFINITE.fullmatch(text):
        return f"{quoted(text)} is not finite; leave the row out"
    if "," in text and is_number(text.replace(",", ".", 1)):
        return f"{quoted(text)} is not a number; write {quoted(text.replace(',', '.', 1))}, with a decimal point"
    return f"{quoted(text)} is not a number; {hint}"


def one_line(text: str) -> str:
    """Text with every run of white space as one space."""
    return " ".join(text.split())
