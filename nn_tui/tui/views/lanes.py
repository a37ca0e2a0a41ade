"""The optimizers of a race as they look everywhere: each has a colour and a letter of its own."""

from collections.abc import Sequence

from textual.color import Color

from nn_tui.tui.palette import Palette

_FIRST_COLOUR = 2
"""Blue and orange come first among the categories, and mean training and test set."""


def lane_colour(palette: Palette, number: int) -> Color:
    """The colour of an optimizer, counted from 0."""
    return palette.category(_FIRST_COLOUR + number)


def lane_letters(names: Sequence[str]) -> tuple[str, ...]:
    """A capital letter each: the first of its name that no one before has, or else any that is left."""
    letters: list[str] = []
    for name in names:
        wanted = [*name.upper(), *"BCFHIJKLOPQTUVXYZADEGMNRSW"]
        letters.append(next((letter for letter in wanted if letter.isalpha() and letter not in letters), "?"))
    return tuple(letters)
