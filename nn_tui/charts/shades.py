"""Grid as shades: tables of colors for heat maps and images, with characters for terminals of few colors.

A number becomes a level, and a level a color: few levels make pictures cheap to draw, for neighbors of one color are
written in one go, and no eye tells more of them apart.

No NumPy here, nor in what draws maps: a map is there with the lab's first picture, and for the few thousand pixels of
a panel it would save less than it takes to import.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import msgspec

from nn_tui.charts.color import Color
from nn_tui.charts.palette import Palette

ShadeGrid: TypeAlias = Sequence[Sequence[int]]
"""By row, from the top."""

Grid: TypeAlias = Sequence[Sequence[float]]
"""Likewise."""

_STEPS = 16
"""Shades from nothing to full, on each side of a diverging scale."""

_FULL = 0.52
"""How much of its color the fullest shade of a map has: the points on it have all of it."""

_FLOOR = 0.05
"""How far nothing stands out from the panel, so that a picture shows where it ends."""

_CLASS_STEPS = 12
_LEAST_CLASS = 0.16
_GRAYS = 32

_HIGH_TEXTURE, _LOW_TEXTURE = " ░▒▒", " .::"
_CLASS_TEXTURES = ".░+▒:/×~=\\"


class Shades(msgspec.Struct, frozen=True, eq=False):
    """What levels look like; the last one stands for what is not a number.

    Attributes:
        colors: by level.
        inks: by level, of what is drawn on such a shade or instead of it, in full color.
        textures: a character by level, for terminals of few colors; empty for shades that can do without.
    """

    colors: Sequence[Color]
    inks: Sequence[Color]
    textures: str = ""

    def levels(self, values: Grid, low: float, high: float) -> ShadeGrid:
        """The levels of numbers between two ends; those beyond have the outermost ones."""
        top = len(self.colors) - 2
        scale = top / ((high - low) or 1.0)
        return [
            [round(at) if 0.0 <= (at := (value - low) * scale) <= top else _beyond(at, top) for value in row]
            for row in values
        ]


@cache
def signed(palette: Palette) -> Shades:
    """From `negative` over the background to `positive`."""
    return _diverging(palette, palette.negative, palette.positive)


@cache
def targets(palette: Palette) -> Shades:
    """From class 0, or a low target, over the background to class 1, or a high one."""
    return _diverging(palette, palette.category(0), palette.category(1))


@cache
def verdicts(palette: Palette) -> Shades:
    """From what is wrong over the background to what is right."""
    return _diverging(palette, palette.alarm, palette.right)


def _diverging(palette: Palette, low: Color, high: Color) -> Shades:
    sides = [(number / _STEPS, high if number >= 0 else low) for number in range(-_STEPS, _STEPS + 1)]
    return _table(
        palette,
        [palette.background.blend(end, _FULL * abs(share)) for share, end in sides],
        [palette.muted.blend(end, min(1.0, 0.25 + abs(share))) for share, end in sides],
        "".join((_HIGH_TEXTURE if share >= 0 else _LOW_TEXTURE)[round(3 * abs(share))] for share, _ in sides),
    )


@cache
def rising(palette: Palette) -> Shades:
    """From hardly more than the background to `positive`."""
    shares = _evenly(0.0, 1.0, 2 * _STEPS)
    floor = palette.background.blend(palette.text, _FLOOR)
    return _table(
        palette,
        [floor.blend(palette.positive, _FULL * share) for share in shares],
        [palette.positive] * len(shares),
        "".join(_HIGH_TEXTURE[round(3 * share)] for share in shares),
    )


@cache
def grays(palette: Palette) -> Shades:
    """From hardly more than the background to the color of text."""
    shares = _evenly(_FLOOR, 1.0, _GRAYS)
    return _table(
        palette,
        [palette.background.blend(palette.text, share) for share in shares],
        [palette.text] * len(shares),
        "",
    )


@cache
def by_class(palette: Palette, classes: int) -> Shades:
    """Some shades of each class's color, from doubtful to sure; see `class_levels`."""
    shares = _evenly(_LEAST_CLASS, _FULL, _CLASS_STEPS)
    hues = [palette.category(number) for number in range(classes)]
    return _table(
        palette,
        [palette.background.blend(hue, share) for hue in hues for share in shares],
        [hue for hue in hues for _ in shares],
        "".join(_CLASS_TEXTURES[number % len(_CLASS_TEXTURES)] for number in range(classes) for _ in shares),
    )


def class_levels(values: Grid, classes: int) -> ShadeGrid:
    """The levels, in `by_class`, of winning classes with half their probability's distance to 1 added."""
    return [[_class_level(value, classes) for value in row] for row in values]


def _class_level(value: float, classes: int) -> int:
    if not math.isfinite(value):
        return classes * _CLASS_STEPS
    winner = min(max(0, int(value + 1e-4)), classes - 1)
    # The winner of so many classes has at least its share of the probability.
    sureness = 1.0 - 2.0 * (value - winner) * classes / max(1, classes - 1)
    return winner * _CLASS_STEPS + round(min(max(0.0, sureness), 1.0) * (_CLASS_STEPS - 1))


def _beyond(place: float, top: int) -> int:
    """The end that is nearest to a place outside of 0 to `top`; one more than that for what is not a number."""
    if math.isnan(place):
        return top + 1
    return 0 if place < 0.0 else top


def ladder(shades: Shades, rows: int, columns: int) -> ShadeGrid:
    """All levels from the highest at the top to the lowest."""
    return [[round(step)] * columns for step in _evenly(len(shades.colors) - 2, 0, rows)]


def _evenly(first: float, last: float, count: int) -> list[float]:
    return [first + (last - first) * number / max(1, count - 1) for number in range(count)]


def _table(palette: Palette, colors: list[Color], inks: list[Color], textures: str) -> Shades:
    return Shades([*colors, palette.faint], [*inks, palette.muted], textures and textures + "?")
