"""The colors that pictures are drawn with, derived from a theme's: blue and orange, a ramp for layers, nothing else.

Blue and orange stay apart for every common kind of color blindness; the ramp falls in lightness, so that its order
shows even in grey.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from nn_tui.charts.color import Color, Gradient

Ground = Literal["dark", "light", "either"]
_GROUNDS: tuple[Ground, ...] = ("dark", "light", "either")


@dataclass(frozen=True)
class Palette:
    """What pictures are drawn with.

    Attributes:
        ground: what is behind the pictures: dark, light, or either, where nobody knows.
        train, test: of the training and of the test set, everywhere.
        accent: what a person can act on.
        text, muted, faint, tint: words, lesser words, grid lines, and a stretch set off from the background.
        background: behind it all.
        positive, negative: signs, and the two sides of a boundary: class 1 and class 0.
        ramp: from the first layer to the last.
        few: whether the terminal has sixteen colors or none, so that shades have to be characters.
    """

    ground: Ground
    train: Color
    test: Color
    accent: Color
    text: Color
    muted: Color
    faint: Color
    tint: Color
    background: Color
    positive: Color
    negative: Color
    ramp: Gradient
    few: bool = False

    def layer(self, number: int, layers: int) -> Color:
        """The color of a layer, counted from 0, of so many."""
        return self.ramp.color(number / (layers - 1) if layers > 1 else 0.0)

    def signed(self, share: float) -> Color:
        """From `negative` at −1 over the background at 0 to `positive` at 1."""
        end = self.positive if share >= 0 else self.negative
        return self.background.blend(end, min(1.0, abs(share)))

    def category(self, number: int) -> Color:
        """The color of a class among several; they come round after ten."""
        return _categories(self.ground)[number % len(_CATEGORIES)]

    def lane(self, number: int) -> Color:
        """The color of an optimizer of a race, counted from 0; they come round after eight.

        Blue and orange come first among the categories, and mean training and test set.
        """
        return self.category(2 + number % (len(_CATEGORIES) - 2))


# After Okabe and Ito's palette; orange and blue, which every common kind of color blindness tells apart, come first. On
# a dark ground, on a light one, and, of the 256 colors that every terminal has, one that can be seen on either.
_CATEGORIES = (
    ("#ffa657", "#c05a00", "#ff8700"),
    ("#58a6ff", "#0b66c3", "#0087ff"),
    ("#3fc9a6", "#00856b", "#00af87"),
    ("#f2e27a", "#8a7400", "#d7af00"),
    ("#e48fc4", "#a83f82", "#d75faf"),
    ("#9d8cf2", "#5b45c2", "#875fff"),
    ("#d7dde6", "#3c4654", "#949494"),
    ("#c96a3a", "#8c3d12", "#af5f00"),
    ("#7fd4f7", "#1385ad", "#00afd7"),
    ("#8a97a8", "#6b7684", "#5f87af"),
)


@cache
def _categories(ground: Ground) -> tuple[Color, ...]:
    return tuple(Color.parse(shades[_GROUNDS.index(ground)]) for shades in _CATEGORIES)


@cache
def palette(dark: bool, background: str, foreground: str, accent: str, few: bool = False) -> Palette:
    """The palette of a dark or a light theme with these colors, each written `#rrggbb`."""
    behind, text = Color.parse(background), Color.parse(foreground)
    train = Color.parse("#58a6ff" if dark else "#0b66c3")
    test = Color.parse("#ffa657" if dark else "#c05a00")
    ramp = ("#cbb0ff", "#9a72f0", "#c04fb4") if dark else ("#a184e8", "#6f3fd0", "#8a1f6e")
    return Palette(
        ground="dark" if dark else "light",
        train=train,
        test=test,
        accent=Color.parse(accent),
        text=text,
        muted=behind.blend(text, 0.62),
        faint=behind.blend(text, 0.22),
        tint=behind.blend(text, 0.07),
        background=behind,
        positive=train,
        negative=test,
        ramp=Gradient(tuple(Color.parse(stop) for stop in ramp)),
        few=few,
    )


@cache
def terminal() -> Palette:
    """The palette of what is printed in a terminal whose background nobody knows."""
    gray, train, test = Color.parse("#808080"), Color.parse("#0087ff"), Color.parse("#ff8700")
    return Palette(
        ground="either",
        train=train,
        test=test,
        accent=Color.parse("#00af87"),
        text=gray,
        muted=gray,
        faint=gray,
        tint=gray,
        background=gray,
        positive=train,
        negative=test,
        ramp=Gradient(tuple(Color.parse(stop) for stop in ("#af87ff", "#875fff", "#af5faf"))),
    )
