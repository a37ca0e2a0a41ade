"""The colors that pictures are drawn with, derived from a theme's: blue and orange, a ramp for layers, nothing else.

Blue and orange stay apart for every common kind of color blindness; the ramp falls in lightness, so that its order
shows even in grey.
"""

from dataclasses import dataclass
from functools import cache

from nn_tui.charts.color import Color, Gradient


@dataclass(frozen=True)
class Palette:
    """What pictures are drawn with.

    Attributes:
        dark: whether the theme is a dark one.
        train, test: of the training and of the test set, everywhere.
        accent: what a person can act on.
        text, muted, faint, tint: words, lesser words, grid lines, and a stretch set off from the background.
        background: behind it all.
        positive, negative: signs, and the two sides of a boundary: class 1 and class 0.
        ramp: from the first layer to the last.
        few: whether the terminal has sixteen colors or none, so that shades have to be characters.
    """

    dark: bool
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
        shades = _CATEGORIES_DARK if self.dark else _CATEGORIES_LIGHT
        return Color.parse(shades[number % len(shades)])


# After Okabe and Ito's palette, lightened or darkened for the background; blue and orange come first.
_CATEGORIES_DARK = (
    "#ffa657", "#58a6ff", "#3fc9a6", "#f2e27a", "#e48fc4", "#9d8cf2", "#d7dde6", "#c96a3a", "#7fd4f7", "#8a97a8",
)  # fmt: skip
_CATEGORIES_LIGHT = (
    "#c05a00", "#0b66c3", "#00856b", "#8a7400", "#a83f82", "#5b45c2", "#3c4654", "#8c3d12", "#1385ad", "#6b7684",
)  # fmt: skip


@cache
def palette(dark: bool, background: str, foreground: str, accent: str, few: bool = False) -> Palette:
    """The palette of a dark or a light theme with these colors, each written `#rrggbb`."""
    behind, text = Color.parse(background), Color.parse(foreground)
    train = Color.parse("#58a6ff" if dark else "#0b66c3")
    test = Color.parse("#ffa657" if dark else "#c05a00")
    ramp = ("#cbb0ff", "#9a72f0", "#c04fb4") if dark else ("#a184e8", "#6f3fd0", "#8a1f6e")
    return Palette(
        dark=dark,
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
