"""The palette that suits the app's theme."""

from functools import cache
from typing import Any

from textual.app import App
from textual.color import Color

from nn_tui.charts.palette import Palette, palette


def palette_of(app: App[object]) -> Palette:
    """The palette that suits the app's present theme, and its terminal."""
    return themed(app.current_theme.dark, app.theme_variables, has_few_colors(app))


def has_few_colors(app: App[Any]) -> bool:
    """Whether what differs in color alone may look the same in the app's terminal."""
    return app.no_color or has_sixteen_colors(app)


def has_sixteen_colors(app: App[Any]) -> bool:
    """Whether the app's terminal has the sixteen colors of old, and may show them."""
    return not app.no_color and app.console.color_system in ("standard", "windows")


def themed(dark: bool, variables: dict[str, str], few: bool = False) -> Palette:
    """The palette of a dark or a light theme with these variables."""
    # A theme of the terminal's own colors gives no numbers to mix: black and white stand in for them.
    return palette(
        dark,
        _fixed(variables["background"], "#101010" if dark else "#f4f4f4"),
        _fixed(variables["foreground"], "#e0e0e0" if dark else "#202020"),
        _fixed(variables["accent"], "#4fd6be" if dark else "#00796b"),
        few,
    )


@cache
def _fixed(name: str, instead: str) -> str:
    color = Color.parse(name)
    return instead if color.ansi is not None else color.hex6
