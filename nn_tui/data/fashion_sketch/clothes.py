"""What is worn above the shoes, and the bag: each function paints one class on a canvas."""

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
    share,
    strip,
    without,
)

_SHOULDER = -0.62


def _torso(canvas: GarmentCanvas, chest: Reals, hem: Reals, bottom: Reals) -> Reals:
    """A body from sloping shoulders to a hem: half as wide as `chest` above and `hem` below."""
    x, y = np.abs(canvas.x), canvas.y
    half = chest + (hem - chest) * share(y, _SHOULDER, bottom)
    shoulders = -0.82 + 0.34 * np.maximum(x - 0.15, 0.0)
    return both(x - half, above(y, bottom), below(y, shoulders))


def _sleeves(canvas: GarmentCanvas, chest: Reals, reach: Reals, drop: Reals, thick: Reals, cuff: Reals) -> Reals:
    """Both sleeves, from the shoulder outwards by `reach` and downwards by `drop`."""
    shoulder = chest - thick
    return limb(
        np.abs(canvas.x), canvas.y, (shoulder, _SHOULDER + 0.06), (shoulder + reach, _SHOULDER + drop), (thick, cuff)
    )


def _fold(canvas: GarmentCanvas, sleeves: Reals, body: Reals) -> Reals:
    """The line along which a hanging sleeve lies on the body."""
    return both(strip(sleeves, 0.0, 0.012), body, below(canvas.y, _SHOULDER + 0.3))


def _neck(canvas: GarmentCanvas, width: Reals, depth: Reals) -> Reals:
    return ellipse(canvas.x, canvas.y, (0.0, -0.84), (width, depth))


def t_shirt(canvas: GarmentCanvas) -> None:
    """Short sleeves, or a top with none; a print on some."""
    dice, x, y = canvas.dice, canvas.x, canvas.y
    chest, bottom = dice.between(0.36, 0.5), dice.between(0.62, 0.9)
    fabric, plain = cloth(canvas)
    body = _torso(canvas, chest, chest + dice.between(-0.08, 0.08), bottom)
    reach, drop = dice.between(0.16, 0.36), dice.between(0.22, 0.45)
    sleeves = _sleeves(canvas, chest, reach, drop, dice.between(0.13, 0.17), dice.between(0.12, 0.17))
    neck = _neck(canvas, dice.between(0.13, 0.24), dice.between(0.08, 0.26))
    # A top has armholes where a T-shirt has sleeves, and a wider neck.
    top = dice.chance(0.2)
    armholes = ellipse(np.abs(x), y, (chest + 0.06, -0.62), (0.22, 0.36))
    body = either(top, without(body, armholes), joined(body, sleeves))
    neck = either(top, _neck(canvas, dice.between(0.14, 0.2), dice.between(0.2, 0.4)), neck)
    canvas.paint(without(body, neck), fabric)
    printed, size = dice.chance(0.35), dice.between(0.1, 0.22)
    picture = both(strip(x, 0.0, size * dice.between(0.7, 1.4)), strip(y, -dice.between(0.0, 0.3), size))
    canvas.paint(picture, either(plain > 0.6, plain - 0.4, plain + 0.4), where=printed)


def trouser(canvas: GarmentCanvas) -> None:
    """Two legs from a waistband, tight or flared."""
    dice, x, y = canvas.dice, np.abs(canvas.x), canvas.y
    bottom, hips = dice.between(0.75, 0.95), dice.between(0.26, 0.36)
    fabric, plain = cloth(canvas, patterned=0.25)
    crotch, apart = dice.between(-0.45, -0.2), dice.between(0.02, 0.24)
    waist = hips * dice.between(0.75, 0.95)
    outer = waist + (hips - waist) * share(y, -0.9, -0.55)
    outer = outer + (apart + dice.between(-0.08, 0.05)) * ramp(y, crotch, bottom)
    inner = 0.012 + (y - crotch) * (apart + 0.04) / (bottom - crotch)
    between_legs = either(y > crotch, inner - x, -1.0)
    legs = both(x - outer, between_legs, above(y, bottom), below(y, -0.9))
    canvas.paint(legs, fabric * (1.0 - 0.15 * share(y, -0.9, bottom)))
    canvas.paint(both(legs, above(y, -dice.between(0.76, 0.82))), plain * dice.between(0.5, 1.3))
    fly = both(x - 0.02, above(y, crotch), below(y, -0.8))
    canvas.paint(fly, plain * dice.between(0.5, 0.9))


def pullover(canvas: GarmentCanvas) -> None:
    """Long sleeves, a ribbed hem, a round neck or a rolled one."""
    dice, y = canvas.dice, canvas.y
    chest, bottom = dice.between(0.36, 0.48), dice.between(0.6, 0.85)
    fabric, plain = cloth(canvas)
    thick, cuff = dice.between(0.13, 0.18), dice.between(0.09, 0.13)
    body = _torso(canvas, chest, chest + dice.between(-0.06, 0.06), bottom)
    sleeves = _sleeves(canvas, chest, dice.between(0.16, 0.38), dice.between(0.95, 1.3), thick, cuff)
    neck = _neck(canvas, dice.between(0.13, 0.2), dice.between(0.06, 0.14))
    whole = without(joined(body, sleeves), neck)
    canvas.paint(whole, fabric)
    canvas.paint(_fold(canvas, sleeves, body), plain * 0.6)
    canvas.paint(both(whole, below(y, bottom - dice.between(0.08, 0.16))), plain * dice.between(0.6, 0.95))
    rolled, height = dice.chance(0.4), dice.between(0.05, 0.1)
    canvas.paint(both(strip(neck, -0.02, height), below(y, -0.95)), plain * 0.8, where=rolled)


def dress(canvas: GarmentCanvas) -> None:
    """A waist, and a skirt that is narrow or wide; straps or sleeves above."""
    dice, x, y = canvas.dice, np.abs(canvas.x), canvas.y
    bust, waist, skirt = dice.between(0.2, 0.32), dice.between(0.14, 0.24), dice.between(0.22, 0.56)
    waistline, bottom = dice.between(-0.3, 0.0), dice.between(0.7, 0.97)
    fabric, plain = cloth(canvas)
    half = bust + (waist - bust) * ramp(y, -0.6, waistline)
    half = half + (skirt - waist) * share(y, waistline, bottom) ** 0.8
    straps = dice.chance(0.45)
    top = either(straps, dice.between(-0.68, -0.5), -0.88)
    body = both(x - half, above(y, bottom), below(y, top + 0.4 * np.maximum(x - 0.12, 0.0)))
    reach = either(straps, 0.0, dice.between(0.0, 0.26))
    sleeve = limb(x, y, (bust - 0.1, -0.68), (bust - 0.08 + reach, -0.68 + dice.between(0.12, 0.9)), (0.1, 0.08))
    strap = both(strip(x, bust * 0.6, 0.04), below(y, -0.92), above(y, -0.5))
    neck = _neck(canvas, dice.between(0.1, 0.17), dice.between(0.1, 0.24))
    canvas.paint(without(joined(body, either(straps, strap, sleeve)), neck), fabric)
    belted, width = dice.chance(0.4), dice.between(0.03, 0.06)
    canvas.paint(both(body, strip(y, waistline, width)), plain * dice.between(0.4, 1.3), where=belted)


def coat(canvas: GarmentCanvas) -> None:
    """Longer than a pullover, open at the neck between two lapels, closed in front below."""
    dice, x, y = canvas.dice, canvas.x, canvas.y
    chest, bottom = dice.between(0.34, 0.46), dice.between(0.8, 0.97)
    fabric, plain = cloth(canvas, patterned=0.3)
    body = _torso(canvas, chest, chest + dice.between(-0.02, 0.14), bottom)
    reach, drop = dice.between(0.14, 0.32), dice.between(1.1, 1.4)
    sleeves = _sleeves(canvas, chest, reach, drop, dice.between(0.13, 0.17), dice.between(0.1, 0.13))
    lapel, depth = dice.between(0.16, 0.26), dice.between(0.3, 0.75)
    closing = depth - 0.85
    opening = 0.9 * (np.abs(x) - lapel * share(-y, -closing, 0.85))
    canvas.paint(joined(body, sleeves), fabric)
    canvas.paint(_fold(canvas, sleeves, body), plain * 0.55)
    # Lapels lie open over what is dark beneath.
    canvas.paint(both(body, opening - 0.07, above(y, closing + 0.05)), plain * dice.between(0.7, 1.3))
    canvas.paint(both(body, opening, above(y, closing)), plain * dice.between(0.05, 0.4))
    canvas.paint(both(body, strip(x, 0.0, 0.022), below(y, closing - 0.01)), plain * dice.between(0.25, 0.6))
    belted, width = dice.chance(0.35), dice.between(0.04, 0.06)
    canvas.paint(both(body, strip(y, dice.between(0.0, 0.2), width)), plain * dice.between(0.4, 0.8), where=belted)


def shirt(canvas: GarmentCanvas) -> None:
    """A collar and a placket; long sleeves or short ones, a pocket on some."""
    dice, x, y = canvas.dice, canvas.x, canvas.y
    chest, bottom = dice.between(0.36, 0.48), dice.between(0.62, 0.92)
    fabric, plain = cloth(canvas, patterned=0.65)
    body = _torso(canvas, chest, chest + dice.between(-0.06, 0.1), bottom)
    long = dice.chance(0.65)
    reach = either(long, dice.between(0.14, 0.34), dice.between(0.2, 0.34))
    drop = either(long, dice.between(0.95, 1.3), dice.between(0.3, 0.5))
    sleeves = _sleeves(canvas, chest, reach, drop, dice.between(0.12, 0.16), dice.between(0.09, 0.13))
    canvas.paint(joined(body, sleeves), fabric)
    canvas.paint(_fold(canvas, sleeves, body), plain * 0.65)
    trim = either(plain > 0.6, plain * dice.between(0.5, 0.85), plain + dice.between(0.15, 0.4))
    canvas.paint(both(body, strip(x, 0.0, 0.035), below(y, -0.7)), trim)
    # The collar: two points that lean apart over a dark neck.
    spread, length = dice.between(0.12, 0.2), dice.between(0.2, 0.32)
    canvas.paint(ellipse(x, y, (0.0, -0.84), (spread * 0.7, 0.12)), plain * 0.15)
    canvas.paint(limb(np.abs(x), y, (spread * 0.35, -0.86), (spread, -0.86 + length), (0.035, 0.05)), trim)
    canvas.paint(both(strip(x, chest * 0.5, 0.09), strip(y, -0.28, 0.09)), trim, where=dice.chance(0.4))


def bag(canvas: GarmentCanvas) -> None:
    """A body with round corners under a handle or a strap, or a clutch without one; a flap and a clasp on some."""
    dice, x, y = canvas.dice, canvas.x, canvas.y
    fabric, plain = cloth(canvas, patterned=0.35)
    wide, top, bottom = dice.between(0.5, 0.82), dice.between(-0.25, 0.12), dice.between(0.5, 0.8)
    upper = wide * dice.between(0.72, 1.08)
    half = upper + (wide - upper) * share(y, top, bottom)
    corner = dice.between(0.04, 0.16)
    across, down = strip(x, 0.0, half - corner), strip(y, (top + bottom) / 2.0, (bottom - top) / 2.0 - corner)
    rounded = np.sqrt(np.maximum(across, 0.0) ** 2 + np.maximum(down, 0.0) ** 2)
    body = rounded + np.minimum(both(across, down), 0.0) - corner
    rise, span = dice.between(0.25, 0.85), upper * dice.between(0.4, 0.95)
    handle = strip(ellipse(x, y, (0.0, top), (span, rise)), 0.0, dice.between(0.025, 0.05))
    carried = dice.chance(0.85)
    canvas.paint(both(handle, above(y, top + 0.05)), plain * dice.between(0.5, 1.0), where=carried)
    canvas.paint(body, fabric)
    flap = top + (bottom - top) * dice.between(0.25, 0.6)
    edge = flap - 0.12 * np.abs(x) * dice.sign()
    flapped = dice.chance(0.55)
    canvas.paint(both(body, above(y, edge)), plain * dice.between(0.6, 1.2), where=flapped)
    canvas.paint(both(body, strip(y, edge, 0.018)), plain * 0.4, where=flapped)
    clasp = dice.chance(0.6)
    canvas.paint(ellipse(x, y, (0.0, flap), (0.07, 0.06)), dice.between(0.1, 1.0), where=clasp)
