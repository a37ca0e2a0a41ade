"""Shoes, seen from the side with the toe to the left: each function paints one class on a canvas."""

import numpy as np

from nn_tui.data.fashion_sketch.canvas import (
    GarmentCanvas,
    Reals,
    above,
    below,
    both,
    cloth,
    either,
    ellipse,
    joined,
    limb,
    ramp,
    strip,
    without,
)


def _height(x: Reals, toe: Reals, ankle: Reals, instep: Reals) -> Reals:
    """How high a shoe is: `toe` in front, rising along the instep to `ankle` behind."""
    return toe + (ankle - toe) * ramp(x, instep - 0.3, instep + 0.22)


def _upper(canvas: GarmentCanvas, toe: Reals, ankle: Reals, instep: Reals, ground: Reals) -> Reals:
    """A shoe without its sole, which lies on `ground`."""
    x, y = canvas.x, canvas.y
    # The toe is round; behind it only height and heel count.
    front = either(x < -0.4, ellipse(x, y, (-0.4, ground), (0.47, ground - toe)), -1.0)
    heel = x - 0.82 - 0.06 * np.abs(y - ground)
    return both(below(y, _height(x, toe, ankle, instep)), above(y, ground), front, heel)


def _layer(canvas: GarmentCanvas, top: Reals, bottom: Reals, half: float) -> Reals:
    """What lies under the whole shoe between two heights."""
    return both(below(canvas.y, top), above(canvas.y, bottom), strip(canvas.x, -0.01, half))


def sandal(canvas: GarmentCanvas) -> None:
    """A flat sole, a wedge or a heel, and some of four straps."""
    dice, x, y = canvas.dice, canvas.x, canvas.y
    fabric, plain = cloth(canvas, patterned=0.2)
    toe, heel = dice.between(0.42, 0.62), either(dice.chance(0.5), dice.between(0.2, 0.55), dice.between(0.0, 0.1))
    # The sole rises from the ball of the foot to the heel.
    sole = toe - heel * ramp(x, -0.25, 0.7)
    thick = dice.between(0.04, 0.09)
    slab = both(strip(y, sole, thick), strip(x, 0.0, 0.84))
    under = both(below(y, sole), above(y, toe + thick))
    block = both(under, strip(x, 0.7, dice.between(0.04, 0.12)))
    wedge = both(under, strip(x, 0.395, 0.445))
    canvas.paint(joined(slab, either(dice.chance(0.4), wedge, block)), plain * dice.between(0.4, 1.0))
    band, rise = dice.between(0.035, 0.06), dice.between(0.34, 0.6)
    front, back = toe - thick, toe - heel - thick
    ankle = (dice.between(0.05, 0.2), back - rise + heel * 0.4)
    bow = ellipse(x, y, (-0.48, front), (dice.between(0.2, 0.3), dice.between(0.24, 0.36)))
    toes = either(dice.chance(0.35), bow, strip(bow, 0.0, band))
    instep = limb(x, y, (-0.42, front - 0.24), ankle, (band, band))
    crossing = limb(x, y, (-0.05, front - heel * 0.2), (ankle[0] - 0.2, ankle[1] + 0.15), (band, band))
    around = limb(x, y, ankle, (0.68, back - rise * 0.8), (band, band))
    counter = limb(x, y, (0.76, back), (0.68, back - rise * 0.8), (band * 1.5, band))
    strapped = dice.chance(0.75)
    canvas.paint(both(toes, above(y, front)), fabric)
    canvas.paint(instep, fabric, where=dice.chance(0.6))
    canvas.paint(crossing, fabric, where=dice.chance(0.5))
    canvas.paint(joined(around, counter), fabric, where=strapped)


def sneaker(canvas: GarmentCanvas) -> None:
    """Low, on a thick and mostly light sole; a cap on the toe, laces, a stripe on some."""
    dice, x, y = canvas.dice, canvas.x, canvas.y
    fabric, plain = cloth(canvas, patterned=0.3)
    ground, toe, ankle = dice.between(0.34, 0.46), dice.between(0.08, 0.2), dice.between(-0.38, -0.1)
    instep = dice.between(-0.12, 0.1)
    shoe = _upper(canvas, toe, ankle, instep, ground)
    mouth = ellipse(x, y, (dice.between(0.42, 0.52), ankle), (dice.between(0.2, 0.28), dice.between(0.06, 0.14)))
    canvas.paint(without(shoe, mouth), fabric)
    trim = either(dice.chance(0.6), dice.between(0.75, 1.0), plain * dice.between(0.3, 0.7))
    canvas.paint(both(shoe, x + dice.between(0.5, 0.62)), plain * dice.between(0.6, 1.2))
    lean = dice.between(0.3, 0.8)
    stripe = strip(x - lean * (y - 0.1), 0.12, dice.between(0.03, 0.07))
    canvas.paint(both(shoe, stripe, below(y, toe - 0.06)), trim, where=dice.chance(0.6))
    for number in range(3):
        place = instep - 0.16 + 0.13 * number
        height = _height(place, toe, ankle, instep)
        canvas.paint(limb(x, y, (place - 0.02, height - 0.02), (place + 0.06, height + 0.1), (0.025, 0.02)), trim)
    sole = _layer(canvas, ground - 0.02, ground + dice.between(0.08, 0.17), 0.86)
    canvas.paint(sole, either(dice.chance(0.7), dice.between(0.75, 1.0), plain * dice.between(0.3, 0.8)))


def ankle_boot(canvas: GarmentCanvas) -> None:
    """A shaft above the foot, on a flat sole or a heel; an elastic at the ankle and a cuff on some."""
    dice, x, y = canvas.dice, canvas.x, canvas.y
    fabric, plain = cloth(canvas, patterned=0.15)
    ground, toe, top = dice.between(0.58, 0.7), dice.between(0.22, 0.36), dice.between(-0.9, -0.5)
    instep = dice.between(-0.1, 0.12)
    shoe = _upper(canvas, toe, top, instep, ground)
    canvas.paint(shoe, fabric)
    elastic = strip(x + 0.1 * y, dice.between(0.25, 0.45), dice.between(0.03, 0.12))
    canvas.paint(both(shoe, elastic, above(y, 0.1)), plain * 0.6, where=dice.chance(0.55))
    cuffed, cuff = dice.chance(0.4), top + dice.between(0.1, 0.25)
    canvas.paint(both(shoe, above(y, cuff)), plain * dice.between(0.6, 1.3), where=cuffed)
    heel = either(dice.chance(0.6), dice.between(0.12, 0.3), dice.between(0.0, 0.08))
    tone = plain * dice.between(0.3, 0.8)
    depth = dice.between(0.05, 0.09)
    canvas.paint(_layer(canvas, ground - 0.02, ground + depth, 0.85), tone)
    block = both(below(y, ground), above(y, ground + depth + heel), strip(x, 0.64, dice.between(0.1, 0.2)))
    canvas.paint(block, tone)
