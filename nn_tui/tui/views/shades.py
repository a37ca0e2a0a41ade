"""Numbers as shades: tables of colours for heat maps and images, with characters for terminals of few colours.

A number becomes a level, and a level a colour: few levels make pictures cheap to draw, for neighbours of one colour are
written in one go, and no eye tells more of them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from textual.color import Color

from nn_tui.tui.palette import Palette

Levels = NDArray[np.intp]
Numbers = NDArray[np.float64] | NDArray[np.float32]

_STEPS = 16
"""Shades from nothing to full, on each side of a diverging scale."""

_FULL = 0.52
"""How much of its colour the fullest shade of a map has: the points on it have all of it."""

_FLOOR = 0.05
"""How far nothing stands out from the panel, so that a picture shows where it ends."""

_CLASS_STEPS = 12
_LEAST_CLASS = 0.16
_GREYS = 32

_HIGH_TEXTURE, _LOW_TEXTURE = " ░▒▒", " .::"
_CLASS_TEXTURES = ".░+▒:/×~=\\"


@dataclass(frozen=True, eq=False)
class Shades:
    """What levels look like; the last one stands for what is not a number.

    Attributes:
        colours: by level.
        inks: by level, of what is drawn on such a shade or instead of it, in full colour.
        textures: a character by level, for terminals of few colours; empty for shades that can do without.
    """

    colours: Sequence[Color]
    inks: Sequence[Color]
    textures: str = ""

    def levels(self, values: Numbers, low: float, high: float) -> Levels:
        """The levels of numbers between two ends; those beyond have the outermost ones."""
        last = len(self.colours) - 1
        with np.errstate(all="ignore"):
            shares = (values - low) / ((high - low) or 1.0) * (last - 1)
            known = np.clip(np.rint(shares), 0, last - 1)
        return np.where(np.isnan(known), last, known).astype(np.intp)


@cache
def diverging(palette: Palette) -> Shades:
    """From `negative` over the background to `positive`."""
    sides = np.linspace(-1.0, 1.0, 2 * _STEPS + 1).tolist()
    return _table(
        palette,
        [palette.background.blend(_end(palette, share), _FULL * abs(share), 1.0) for share in sides],
        [palette.muted.blend(_end(palette, share), min(1.0, 0.25 + abs(share)), 1.0) for share in sides],
        "".join((_HIGH_TEXTURE if share >= 0 else _LOW_TEXTURE)[round(3 * abs(share))] for share in sides),
    )


@cache
def rising(palette: Palette) -> Shades:
    """From hardly more than the background to `positive`."""
    shares = np.linspace(0.0, 1.0, 2 * _STEPS).tolist()
    floor = palette.background.blend(palette.text, _FLOOR, 1.0)
    return _table(
        palette,
        [floor.blend(palette.positive, _FULL * share, 1.0) for share in shares],
        [palette.positive] * len(shares),
        "".join(_HIGH_TEXTURE[round(3 * share)] for share in shares),
    )


@cache
def greys(palette: Palette) -> Shades:
    """From hardly more than the background to the colour of text."""
    shares = np.linspace(_FLOOR, 1.0, _GREYS).tolist()
    return _table(
        palette,
        [palette.background.blend(palette.text, share, 1.0) for share in shares],
        [palette.text] * len(shares),
        "",
    )


@cache
def by_class(palette: Palette, classes: int) -> Shades:
    """Some shades of each class's colour, from doubtful to sure; see `class_levels`."""
    shares = np.linspace(_LEAST_CLASS, _FULL, _CLASS_STEPS).tolist()
    hues = [palette.category(number) for number in range(classes)]
    return _table(
        palette,
        [palette.background.blend(hue, share, 1.0) for hue in hues for share in shares],
        [hue for hue in hues for _ in shares],
        "".join(_CLASS_TEXTURES[number % len(_CLASS_TEXTURES)] for number in range(classes) for _ in shares),
    )


def class_levels(values: Numbers, classes: int) -> Levels:
    """The levels, in `by_class`, of winning classes with half their probability's distance to 1 added."""
    with np.errstate(all="ignore"):
        winner = np.clip(np.floor(values + 1e-4), 0, classes - 1)
        # The winner of so many classes has at least its share of the probability.
        sureness = 1.0 - 2.0 * (values - winner) * classes / max(1, classes - 1)
        known = winner * _CLASS_STEPS + np.clip(np.rint(sureness * (_CLASS_STEPS - 1)), 0, _CLASS_STEPS - 1)
    return np.where(np.isnan(known), classes * _CLASS_STEPS, known).astype(np.intp)


def ladder(shades: Shades, rows: int, columns: int) -> Levels:
    """All levels from the highest at the top to the lowest."""
    steps = np.linspace(len(shades.colours) - 2, 0, rows).round().astype(np.intp)
    return np.repeat(steps[:, np.newaxis], columns, axis=1)


def _end(palette: Palette, share: float) -> Color:
    return palette.positive if share >= 0 else palette.negative


def _table(palette: Palette, colours: list[Color], inks: list[Color], textures: str) -> Shades:
    return Shades([*colours, palette.faint], [*inks, palette.muted], textures and textures + "?")
