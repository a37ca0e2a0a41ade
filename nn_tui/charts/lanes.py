"""How the optimizers of a race are told apart: a letter and a color each, wherever they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from nn_tui.charts.color import Color
from nn_tui.charts.palette import Palette

# After Okabe and Ito's palette, as the nearest of the 256 colors every terminal has, light and dark enough for either
# background. Blue and orange, which every common kind of color blindness tells apart, come first.
_COLORS = (
    (33, "#0087ff"),
    (208, "#ff8700"),
    (36, "#00af87"),
    (178, "#d7af00"),
    (169, "#d75faf"),
    (99, "#875fff"),
    (246, "#949494"),
    (130, "#af5f00"),
)


@dataclass(frozen=True)
class LaneLook:
    """What one optimizer of a race is drawn with.

    Attributes:
        name: of the lane.
        letter: a digit or capital that no other lane has: its number, or a letter of its name where one is left.
        code: its color among a terminal's 256.
        color: the same as `#rrggbb`.
    """

    name: str
    letter: str
    code: int
    color: str


def lane_looks(names: Sequence[str]) -> tuple[LaneLook, ...]:
    """The looks of these lanes, in their order; colors come round after eight."""
    letters: list[str] = []
    for name in names:
        # The number comes first, as it tells `sgd-2` from `sgd`.
        own = sorted(filter(str.isalnum, name.upper()), key=str.isalpha)
        letters.append(next(letter for letter in (*own, *ascii_uppercase) if letter not in letters))
    return tuple(
        LaneLook(name, letter, *_COLORS[number % len(_COLORS)])
        for number, (name, letter) in enumerate(zip(names, letters, strict=True))
    )


_FIRST_COLOR = 2
"""Blue and orange come first among the categories, and mean training and test set."""


def lane_color(palette: Palette, number: int) -> Color:
    """The color of an optimizer, counted from 0."""
    return palette.category(_FIRST_COLOR + number)


def lane_letters(names: Sequence[str]) -> tuple[str, ...]:
    """A letter or digit each, the same as at the shell."""
    return tuple(look.letter for look in lane_looks(names))
