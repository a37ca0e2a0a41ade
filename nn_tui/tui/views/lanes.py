"""The optimizers of a race as they look everywhere: each has a colour and a letter of its own."""

from collections.abc import Sequence

from textual.color import Color

from nn_tui.charts.lanes import lane_looks
from nn_tui.tui.palette import Palette

_FIRST_COLOUR = 2
"""Blue and orange come first among the categories, and mean training and test set."""


def lane_colour(palette: Palette, number: int) -> Color:
    """The colour of an optimizer, counted from 0."""
    return palette.category(_FIRST_COLOUR + number)


def lane_letters(names: Sequence[str]) -> tuple[str, ...]:
    """A letter or digit each, the same as at the shell."""
    return tuple(look.letter for look in lane_looks(names))
