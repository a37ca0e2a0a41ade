"""How the lanes of a race are told apart: a letter and a color each, wherever they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from nn_tui.charts.color import Color
from nn_tui.charts.palette import Palette, terminal


@dataclass(frozen=True)
class LaneLook:
    """What one lane of a race is drawn with.

    Attributes:
        name: of the lane.
        letter: a digit or capital that no other lane has: its number, or a letter of its name where one is left.
        color: of it.
    """

    name: str
    letter: str
    color: Color


def lane_looks(names: Sequence[str], palette: Palette | None = None) -> tuple[LaneLook, ...]:
    """The looks of these lanes, in their order; colors come round after eight.

    Args:
        names: of the lanes.
        palette: what the picture is drawn with; by default a terminal's of which nothing is known.
    """
    colors = palette or terminal()
    letters: list[str] = []
    for name in names:
        # The number comes first, as it tells `sgd-2` from `sgd`.
        own = sorted(filter(str.isalnum, name.upper()), key=str.isalpha)
        letters.append(next(letter for letter in (*own, *ascii_uppercase) if letter not in letters))
    return tuple(
        LaneLook(name, letter, colors.lane(number))
        for number, (name, letter) in enumerate(zip(names, letters, strict=True))
    )


def lane_letters(names: Sequence[str]) -> tuple[str, ...]:
    """Their letters alone."""
    return tuple(look.letter for look in lane_looks(names))
