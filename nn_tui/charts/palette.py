"""What colors mean, in one place: training and test set, classes, signs and layers each have their own.

No color stands for two of these on one screen, in either theme, in 256 colors or in sixteen. Both of a pair stay apart
for every common kind of color blindness, and a shape says the same without color: the test set's lines are broken and
its points hollow, classes have marks, negative weights are broken lines, layers are numbered.
"""

from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec

from nn_tui.charts.color import Color, Gradient

_MUTED_DARK, _MUTED_LIGHT = 0.69, 0.73
"""How much of the text's color lesser words have: they can be read on what is highlighted, too."""

Ground = Literal["dark", "light", "either"]
_GROUNDS: tuple[Ground, ...] = ("dark", "light", "either")

TRAIN_MARK, TEST_MARK = "━", "╍"
"""How the lines of the two sets are drawn, for a legend."""


class _Hue(NamedTuple):
    """One meaning's color: on a dark ground, on a light one, and, of the 256 colors that every terminal has, one that
    can be seen on either; then on dark and on light of the sixteen that a plain terminal has.
    """

    dark: str
    light: str
    either: str
    dark_of_16: str
    light_of_16: str

    def on(self, ground: Ground, few: bool) -> Color:
        at = _GROUNDS.index(ground)
        return Color.parse(self[3 + min(at, 1)] if few else self[at])


_TRAIN = _Hue("#58a6ff", "#0b66c3", "#0087ff", "#5555ff", "#0000aa")
_TEST = _Hue("#ffa657", "#c05a00", "#ff8700", "#ffff55", "#aa5500")
_POSITIVE = _Hue("#8fd960", "#3d7a12", "#5faf00", "#55ff55", "#00aa00")
_NEGATIVE = _Hue("#f778ba", "#b8307f", "#d75faf", "#ff55ff", "#aa00aa")
_RIGHT = _Hue("#7d93ad", "#5f7389", "#5f87af", "#aaaaaa", "#555555")
_ALARM = _Hue("#f47067", "#b3261e", "#d75f5f", "#ff5555", "#aa0000")
_LAYERS = (
    _Hue("#d3f6fb", "#2a8fa4", "#87d7d7", "#ffffff", "#555555"),
    _Hue("#56c7dd", "#0e6478", "#5fafaf", "#aaaaaa", "#555555"),
    _Hue("#26829c", "#083f4c", "#5f8787", "#aaaaaa", "#000000"),
)
_CATEGORIES = (
    _Hue("#ead94c", "#8a7400", "#d7af00", "#ff5555", "#aa0000"),
    _Hue("#a78bfa", "#6038c8", "#875fff", "#55ffff", "#00aaaa"),
    _Hue("#3fc9a6", "#00856b", "#00af87", "#ffffff", "#000000"),
    _Hue("#d7dde6", "#3c4654", "#949494", "#00aaaa", "#555555"),
    _Hue("#c96a3a", "#8c3d12", "#af5f00", "#aa5500", "#5555ff"),
    _Hue("#7fd4f7", "#1385ad", "#00afd7", "#55ff55", "#00aa00"),
    _Hue("#8a97a8", "#6b7684", "#5f87af", "#aaaaaa", "#ff5555"),
    _Hue("#b0a85a", "#6e6a1e", "#87875f", "#ff55ff", "#aa00aa"),
    _Hue("#e9aed3", "#94487b", "#d787af", "#ffff55", "#aa5500"),
    _Hue("#3d96a6", "#1d5f6b", "#00878f", "#5555ff", "#0000aa"),
)


_FADED = (0.22, 0.3, 0.4, 0.5, 0.6)
_LEAST_CONTRAST = 1.3


class Palette(msgspec.Struct, frozen=True):
    """What pictures are drawn with.

    Attributes:
        ground: what is behind the pictures: dark, light, or either, where nobody knows.
        train, test: of the training and of the test set, everywhere.
        alarm, right: of what is wrong, and of what is as it should be.
        accent: what a person can act on.
        text, muted, faint, tint: words, lesser words, grid lines, and a stretch set off from the background.
        background: behind it all.
        positive, negative: of weights, biases and outputs above and below 0.
        ramp: from the first layer to the last.
        few: whether the terminal has sixteen colors or none, so that shades have to be characters.
    """

    ground: Ground
    train: Color
    test: Color
    alarm: Color
    right: Color
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

    def faded(self, color: Color) -> Color:
        """A color as pale as lets it be told from the background, and from a stretch set off from that."""
        faded = [self.background.blend(color, share) for share in _FADED]
        enough = (one for one in faded if min(one.contrast(self.background), one.contrast(self.tint)) > _LEAST_CONTRAST)
        return next(enough, faded[-1])

    def signed(self, share: float) -> Color:
        """From `negative` at −1 over the background at 0 to `positive` at 1."""
        end = self.positive if share >= 0 else self.negative
        return self.background.blend(end, min(1.0, abs(share)))

    def category(self, number: int) -> Color:
        """The color of a class, or of a target from low (0) to high (1); they come round after ten."""
        return _CATEGORIES[number % len(_CATEGORIES)].on(self.ground, self.few)

    def lane(self, number: int) -> Color:
        """The color of an optimizer of a race, counted from 0: none of two classes'; they come round after eight."""
        return self.category(2 + number % (len(_CATEGORIES) - 2))


@cache
def palette(dark: bool, background: str, foreground: str, accent: str, few: bool = False) -> Palette:
    """The palette of a dark or a light theme with these colors, each written `#rrggbb`."""
    behind, text = Color.parse(background), Color.parse(foreground)
    return Palette(
        **_meanings("dark" if dark else "light", few),
        accent=Color.parse(accent),
        text=text,
        muted=behind.blend(text, _MUTED_DARK if dark else _MUTED_LIGHT),
        faint=behind.blend(text, 0.22),
        tint=behind.blend(text, 0.07),
        background=behind,
        few=few,
    )


@cache
def terminal() -> Palette:
    """The palette of what is printed in a terminal whose background nobody knows."""
    gray = Color.parse("#808080")
    return Palette(
        **_meanings("either", few=False),
        accent=Color.parse("#00af87"),
        text=gray,
        muted=gray,
        faint=gray,
        tint=gray,
        background=gray,
    )


def _meanings(ground: Ground, few: bool) -> dict[str, Any]:
    """The colors that stand for something, by the palette's names for them."""
    named = {
        "train": _TRAIN,
        "test": _TEST,
        "alarm": _ALARM,
        "right": _RIGHT,
        "positive": _POSITIVE,
        "negative": _NEGATIVE,
    }
    ramp = Gradient(tuple(stop.on(ground, few) for stop in _LAYERS))
    return {"ground": ground, "ramp": ramp} | {name: shades.on(ground, few) for name, shades in named.items()}
