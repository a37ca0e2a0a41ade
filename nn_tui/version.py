"""Which nn-tui this is."""

__version__ = "0.1.0"
