"""Colors as pictures mix them: red, green and blue, 0 to 255."""

from functools import lru_cache
from typing import NamedTuple

from rich.color import Color as RichColor


class Color(NamedTuple):
    """One color; `hex` is how it is written, `#RRGGBB`."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> "Color":
        """The color that `#rrggbb` stands for.

        Raises:
            ValueError: for any other text.
        """
        if len(text) != 7 or not text.startswith("#"):
            raise ValueError(f"not a color like #58a6ff: {text!r}")
        return cls(*(int(text[at : at + 2], 16) for at in (1, 3, 5)))

    @property
    def hex(self) -> str:
        """As `#RRGGBB`."""
        return f"#{self.red:02X}{self.green:02X}{self.blue:02X}"

    def contrast(self, other: "Color") -> float:
        """As the Web Content Accessibility Guidelines have it: 1 is none, 21 that of black and white."""
        low, high = sorted((self._luminance, other._luminance))
        return (high + 0.05) / (low + 0.05)

    @property
    def _luminance(self) -> float:
        red, green, blue = (
            part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in self
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def blend(self, other: "Color", share: float) -> "Color":
        """So much of another color in this one: 0 leaves it, 1 is the other."""
        return Color(*(int(own + (its - own) * share) for own, its in zip(self, other, strict=True)))

    @property
    def rich_color(self) -> RichColor:
        """As Rich takes it."""
        return _rich_color(self)


@lru_cache(maxsize=4096)
def _rich_color(color: Color) -> RichColor:
    return RichColor.from_rgb(*color)


class Gradient(NamedTuple):
    """Colors evenly spread from 0 to 1, and what lies between them."""

    stops: tuple[Color, ...]

    def color(self, share: float) -> Color:
        """The color at a place from 0 to 1."""
        place = min(max(share, 0.0), 1.0) * (len(self.stops) - 1)
        first = min(int(place), len(self.stops) - 2)
        return self.stops[first].blend(self.stops[first + 1], place - first)
