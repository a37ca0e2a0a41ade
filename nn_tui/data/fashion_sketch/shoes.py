"""Shoes, seen from the side with the toe to the left: each paints one class on a canvas."""

import numpy as np

from nn_tui.data.fashion_sketch.canvas import Canvas, Floats, cloth, either, ellipse, limb, ramp, without


def _upper(canvas: Canvas, toe: Floats, ankle: Floats, instep: Floats, ground: Floats) -> Floats:
    """A shoe from the sole up: as high as `toe` in front, rising along the instep to `ankle` behind."""
    x, y = canvas.x, canvas.y
    height = toe + (ankle - toe) * ramp(x, instep - 0.3, instep + 0.22)
    # The toe is round; behind it only height and heel count.
    front = either(x < -0.4, ellipse(x, y, (-0.4, ground), (0.47, ground - toe)), -1.0)
    heel = x - 0.82 - 0.06 * np.abs(y - ground)
    return np.maximum(np.maximum(height - y, y - ground), np.maximum(front, heel))


def sandal(canvas: Canvas) -> None:
    dice = canvas.dice
    x, y = canvas.x, canvas.y
    fabric, plain = cloth(canvas, patterned=0.2)
    toe, heel = dice.between(0.42, 0.62), either(dice.chance(0.5), dice.between(0.2, 0.55), dice.between(0.0, 0.1))
    # The sole rises from the ball of the foot to the heel.
    sole = toe - heel * ramp(x, -0.25, 0.7)
    thick = dice.between(0.04, 0.09)
    slab = np.maximum(np.abs(y - sole) - thick, np.abs(x) - 0.84)
    wedge = np.maximum(np.maximum(sole - y, y - toe - thick), np.maximum(-0.05 - x, x - 0.84))
    block = np.maximum(np.maximum(sole - y, y - toe - thick), np.abs(x - 0.7) - dice.between(0.04, 0.12))
    canvas.paint(np.minimum(slab, either(dice.chance(0.4), wedge, block)), plain * dice.between(0.4, 1.0))
    band, rise = dice.between(0.035, 0.06), dice.between(0.34, 0.6)
    front, back = toe - thick, toe - heel - thick
    ankle = (dice.between(0.05, 0.2), back - rise + heel * 0.4)
    never = 1.0
    # Over the toes, along the instep, around the ankle and up the heel: most sandals have two or three of these.
    bow = ellipse(x, y, (-0.48, front), (dice.between(0.2, 0.3), dice.between(0.24, 0.36)))
    toes = np.maximum(np.abs(bow) - band, y - front)
    toes = either(dice.chance(0.35), np.maximum(bow, y - front), toes)
    instep = limb(x, y, (-0.42, front - 0.24), ankle, (band, band))
    crossing = limb(x, y, (-0.05, front - heel * 0.2), (ankle[0] - 0.2, ankle[1] + 0.15), (band, band))
    around = limb(x, y, ankle, (0.68, back - rise * 0.8), (band, band))
    counter = limb(x, y, (0.76, back), (0.68, back - rise * 0.8), (band * 1.5, band))
    strapped = dice.chance(0.75)
    canvas.paint(toes, fabric)
    canvas.paint(either(dice.chance(0.6), instep, never), fabric)
    canvas.paint(either(dice.chance(0.5), crossing, never), fabric)
    canvas.paint(either(strapped, np.minimum(around, counter), never), fabric)


def sneaker(canvas: Canvas) -> None:
    dice = canvas.dice
    x, y = canvas.x, canvas.y
    fabric, plain = cloth(canvas, patterned=0.3)
    ground, toe, ankle = dice.between(0.34, 0.46), dice.between(0.08, 0.2), dice.between(-0.38, -0.1)
    instep = dice.between(-0.12, 0.1)
    shoe = _upper(canvas, toe, ankle, instep, ground)
    mouth = ellipse(x, y, (dice.between(0.42, 0.52), ankle), (dice.between(0.2, 0.28), dice.between(0.06, 0.14)))
    canvas.paint(without(shoe, mouth), fabric)
    trim = either(dice.chance(0.6), dice.between(0.75, 1.0), plain * dice.between(0.3, 0.7))
    # A cap on the toe, a stripe on the side, laces up the instep.
    canvas.paint(np.maximum(shoe, x + dice.between(0.5, 0.62)), plain * dice.between(0.6, 1.2))
    lean = dice.between(0.3, 0.8)
    stripe = np.abs(x - 0.12 - lean * (y - 0.1)) - dice.between(0.03, 0.07)
    canvas.paint(np.maximum(np.maximum(shoe, stripe), toe - 0.06 - y) + either(dice.chance(0.6), 0.0, 1.0), trim)
    for step in (0.0, 1.0, 2.0):
        place = instep - 0.16 + 0.13 * step
        lace_y = toe + (ankle - toe) * ramp(place + np.zeros_like(ankle), instep - 0.3, instep + 0.22)
        canvas.paint(limb(x, y, (place - 0.02, lace_y - 0.02), (place + 0.06, lace_y + 0.1), (0.025, 0.02)), trim)
    sole = np.maximum(np.maximum(ground - 0.02 - y, y - ground - dice.between(0.08, 0.17)), np.abs(x + 0.01) - 0.86)
    canvas.paint(sole, either(dice.chance(0.7), dice.between(0.75, 1.0), plain * dice.between(0.3, 0.8)))


def ankle_boot(canvas: Canvas) -> None:
    dice = canvas.dice
    x, y = canvas.x, canvas.y
    fabric, plain = cloth(canvas, patterned=0.15)
    ground, toe, top = dice.between(0.58, 0.7), dice.between(0.22, 0.36), dice.between(-0.9, -0.5)
    instep = dice.between(-0.1, 0.12)
    shoe = _upper(canvas, toe, top, instep, ground)
    canvas.paint(shoe, fabric)
    # A seam or an elastic at the ankle, a cuff at the top.
    seam = np.abs(x - dice.between(0.25, 0.45) + 0.1 * y) - dice.between(0.03, 0.12)
    canvas.paint(np.maximum(np.maximum(shoe, seam), y - 0.1) + either(dice.chance(0.55), 0.0, 1.0), plain * 0.6)
    cuff = top + either(dice.chance(0.4), dice.between(0.1, 0.25), -0.2)
    canvas.paint(np.maximum(shoe, y - cuff), plain * dice.between(0.6, 1.3))
    heel = either(dice.chance(0.6), dice.between(0.12, 0.3), dice.between(0.0, 0.08))
    tone = plain * dice.between(0.3, 0.8)
    depth = dice.between(0.05, 0.09)
    canvas.paint(np.maximum(np.maximum(ground - 0.02 - y, y - ground - depth), np.abs(x + 0.01) - 0.85), tone)
    block = np.abs(x - 0.64) - dice.between(0.1, 0.2)
    canvas.paint(np.maximum(np.maximum(ground - y, y - ground - depth - heel), block), tone)
