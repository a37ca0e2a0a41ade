"""What is shown where the terminal is too small for anything else."""

from textual.content import Content
from textual.widget import Widget

LEAST = (60, 20)
"""Columns and rows the lab needs."""


class TooSmall(Widget):
    """Says what is needed and what there is."""

    def render(self) -> Content:
        columns, rows = self.app.size
        return Content(f"nn-tui needs {LEAST[0]} × {LEAST[1]} cells\nthis terminal has {columns} × {rows}")
