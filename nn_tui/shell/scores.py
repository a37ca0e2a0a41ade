"""Scores in tables."""

from nn_tui.numerals import column_numeral


def percent(share: float) -> str:
    """A share (0 to 1) as `98.2 %`; only all of them are 100 %."""
    return f"{100.0 * share if not 0.999 < share < 1.0 else 99.9:.1f} %"


def score(name: str, value: float) -> str:
    """A loss, an accuracy or an R²."""
    return percent(value) if name == "accuracy" else column_numeral(value)
