"""Many small pictures painted at once: coordinates, soft-edged shapes, and the cloth they are filled with.

Every array is float32 of shape (n, 28, 28), or (n, 1, 1) for one number a picture. A picture spans [−1, 1] both ways, x
to the right and y downwards; where a garment stands in it, and how it is turned, is in the coordinates already.
Shapes are signed distances: below 0 inside, above 0 outside, about true to scale near the edge. So the larger of two is
where both are, and the smaller where either is.
"""

from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.floating[Any]]
Bools: TypeAlias = NDArray[np.bool_]
Number: TypeAlias = Reals | float
Point: TypeAlias = tuple[Number, Number]

SIDE = 28
_PIXEL = 2.0 / SIDE


class Dice:
    """Draws one number for each of n pictures."""

    def __init__(self, count: int, generator: np.random.Generator) -> None:
        self.count = count
        self.generator = generator

    def between(self, low: float, high: float) -> Reals:
        """Even between two bounds."""
        return (low + (high - low) * self.generator.random((self.count, 1, 1), np.float32)).astype(np.float32)

    def chance(self, share: float) -> Bools:
        """True in this share of the pictures."""
        drawn: Bools = self.generator.random((self.count, 1, 1), np.float32) < share
        return drawn

    def sign(self) -> Reals:
        """−1 or 1."""
        return either(self.chance(0.5), 1.0, -1.0)


class GarmentCanvas:
    """n pictures in the making, each with a garment's own coordinates.

    Attributes:
        dice: draws what differs between the pictures.
        x, y: of every pixel's center, in the garment's frame.
        tone: what has been painted so far, 0 to about 1.
    """

    def __init__(self, dice: Dice, *, turn: float = 0.12, stretch: float = 0.14, mirrored: float = 0.0) -> None:
        """
        Args:
            dice: one for this canvas.
            turn: most rotation, in radians.
            stretch: most change of width and of height, as a share.
            mirrored: share of pictures that are flipped from left to right.
        """
        self.dice = dice
        center = (np.arange(SIDE, dtype=np.float32) + 0.5) * np.float32(_PIXEL) - 1.0
        x = center[np.newaxis, np.newaxis, :] - dice.between(-0.2, 0.2)
        y = center[np.newaxis, :, np.newaxis] - dice.between(-0.16, 0.16)
        angle, lean = dice.between(-turn, turn), dice.between(-turn, turn)
        size = dice.between(0.7, 1.04)
        wide, high = size * dice.between(1.0 - stretch, 1.0), size * dice.between(1.0 - stretch, 1.0)
        flip = either(dice.chance(mirrored), -1.0, 1.0)
        turned = x * np.cos(angle) + y * np.sin(angle)
        self.y: Reals = (y * np.cos(angle) - x * np.sin(angle)) / high
        self.x: Reals = flip * (turned / wide + lean * self.y)
        self._sharpness = np.sqrt(wide * high) / np.float32(_PIXEL)
        self.tone: Reals = np.zeros((dice.count, SIDE, SIDE), np.float32)

    def paint(self, shape: Reals, tone: Number, where: Bools | None = None) -> None:
        """Fills a shape, in all pictures or some of them; its edge is one pixel wide."""
        cover = np.clip(0.5 - shape * self._sharpness, 0.0, 1.0)
        if where is not None:
            cover *= where
        self.tone += cover * (tone - self.tone)

    def pictures(self) -> NDArray[np.uint8]:
        """The pictures as gray values, shape (n, 28, 28), with a little grain where anything is painted."""
        grain = self.dice.generator.standard_normal(self.tone.shape, np.float32)
        gray = self.tone * (1.0 + np.float32(0.04) * grain) * 255.0
        return np.clip(gray, 0.0, 255.0).astype(np.uint8)


def cloth(canvas: GarmentCanvas, patterned: float = 0.55) -> tuple[Reals, Reals]:
    """A tone for each garment, with stripes, checks or dots on a share of them.

    Returns:
        The cloth (n, 28, 28), and its plain tone (n, 1, 1) for trimmings.
    """
    dice = canvas.dice
    plain = dice.between(0.3, 0.95)
    kind = dice.generator.random((dice.count, 1, 1), np.float32) / np.float32(patterned)
    # A product of two waves makes them all: one wave alone is stripes, both are checks, none is plain cloth.
    down = either((kind < 0.4) | ((kind > 0.7) & (kind < 1.0)), dice.between(8.0, 22.0), 0.0)
    across = either((kind > 0.4) & (kind < 1.0), dice.between(8.0, 22.0), 0.0)
    wave = np.cos(down * canvas.y) * np.cos(across * canvas.x)
    depth = either(kind < 1.0, plain * dice.between(0.15, 0.6), 0.0)
    # Cloth is darker where it turns away at the sides.
    shade = 1.0 - dice.between(0.0, 0.35) * canvas.x * canvas.x
    return (plain + depth * np.clip(2.5 * wave, -1.0, 1.0)) * shade, plain


def either(condition: Bools, yes: Number, no: Number) -> Reals:
    """`yes` where the condition holds, else `no`."""
    return np.where(condition, np.asarray(yes, np.float32), np.asarray(no, np.float32))


def ellipse(x: Reals, y: Reals, center: Point, radii: Point) -> Reals:
    """An ellipse with its axes upright."""
    across, down = (x - center[0]) / radii[0], (y - center[1]) / radii[1]
    distance: Reals = (np.sqrt(across * across + down * down) - 1.0) * np.minimum(radii[0], radii[1])
    return distance


def limb(x: Reals, y: Reals, start: Point, end: Point, radii: Point) -> Reals:
    """A line from start to end as thick as its two radii: a sleeve, a strap."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    from_x, from_y = x - start[0], y - start[1]
    part = np.clip((from_x * along_x + from_y * along_y) / (along_x * along_x + along_y * along_y), 0.0, 1.0)
    off_x, off_y = from_x - part * along_x, from_y - part * along_y
    distance: Reals = np.sqrt(off_x * off_x + off_y * off_y) - (radii[0] + part * (radii[1] - radii[0]))
    return distance


def strip(value: Reals, center: Number, half: Number) -> Reals:
    """Where a coordinate, or another shape's distance, is within `half` of `center`: a stripe, an outline."""
    distance: Reals = np.abs(value - center) - half
    return distance


def both(*shapes: Reals) -> Reals:
    """Where all the shapes are."""
    common: Reals = reduce(np.maximum, shapes)
    return common


def joined(*shapes: Reals) -> Reals:
    """Where any of the shapes is."""
    union: Reals = reduce(np.minimum, shapes)
    return union


def without(shape: Reals, cut: Reals) -> Reals:
    """A shape with another cut out of it."""
    return both(shape, -cut)


def above(y: Reals, line: Number) -> Reals:
    """The part of the picture over a line."""
    return y - line


def below(y: Reals, line: Number) -> Reals:
    """The part of the picture under a line."""
    return line - y


def share(value: Reals, low: Number, high: Number) -> Reals:
    """From 0 at `low` to 1 at `high`, evenly."""
    part: Reals = np.clip((value - low) / (high - low), 0.0, 1.0)
    return part


def ramp(value: Reals, low: Number, high: Number) -> Reals:
    """From 0 at `low` to 1 at `high`, gently at both ends."""
    part = share(value, low, high)
    return part * part * (3.0 - 2.0 * part)
