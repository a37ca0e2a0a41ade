"""Numbers in tables."""


def number(value: float) -> str:
    """Four digits that say something, so that a column can be read down: `0.04859`, `0.5000`, `12.30`, `3.1e+06`."""
    text = f"{value:#.4g}"
    return f"{value:.1e}" if "e" in text else text.rstrip(".")


def percent(share: float) -> str:
    """A share (0 to 1) as `98.2 %`; only all of them are 100 %."""
    return f"{100.0 * share if not 0.999 < share < 1.0 else 99.9:.1f} %"


def score(name: str, value: float) -> str:
    """A loss, an accuracy or an R²."""
    return percent(value) if name == "accuracy" else number(value)
