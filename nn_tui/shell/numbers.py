"""Numbers in tables."""


def number(value: float) -> str:
    """Four digits that say something, so that a column can be read down: `0.04859`, `0.5000`, `12.30`, `3.1e+06`."""
    text = f"{value:#.4g}"
    return f"{value:.1e}" if "e" in text else text.rstrip(".")


def score(name: str, value: float) -> str:
    """A loss, an accuracy or an R²."""
    return f"{100.0 * value:.1f} %" if name == "accuracy" else number(value)
