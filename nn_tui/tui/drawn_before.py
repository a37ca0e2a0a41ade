"""What was drawn of a screen or a widget goes with it."""

from functools import lru_cache
from typing import Any

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style

Shades = tuple[Style, Style]


def forget_what_is_gone() -> None:
    """From now on the lines of a widget are not kept when it is gone.

    Textual remembers the shades behind each widget together with the widget's cache of lines, as the method that is
    remembered is given both: a thousand of them, some fifty megabytes of screens that were closed.
    """
    method: Any = StylesCache.get_inner_outer
    if hasattr(method, "__wrapped__"):
        as_textual = method.__wrapped__

        @lru_cache(1024)
        def shades(base: Color, background: Color) -> Shades:
            found: Shades = as_textual(StylesCache, base, background)
            return found

        def get_inner_outer(_cache: StylesCache, base: Color, background: Color) -> Shades:
            return shades(base, background)

        StylesCache.get_inner_outer = get_inner_outer  # type: ignore[method-assign, assignment]
