"""What is worn above the shoes, and the bag: each paints one class on a canvas."""

import numpy as np

from nn_tui.data.fashion_sketch.canvas import Canvas, Floats, cloth, either, ellipse, limb, ramp, without

_SHOULDER = -0.62


def _torso(canvas: Canvas, chest: Floats, hem: Floats, bottom: Floats) -> Floats:
    """A body from sloping shoulders to a hem: half as wide as `chest` above and `hem` below."""
    x, y = np.abs(canvas.x), canvas.y
    half = chest + (hem - chest) * np.clip((y - _SHOULDER) / (bottom - _SHOULDER), 0.0, 1.0)
    top = -0.82 + 0.34 * np.maximum(x - 0.15, 0.0) - y
    body: Floats = np.maximum(np.maximum(x - half, y - bottom), top)
    return body


def _sleeve(canvas: Canvas, chest: Floats, reach: Floats, drop: Floats, thick: Floats, cuff: Floats) -> Floats:
    """Both sleeves, from the shoulder outwards by `reach` and downwards by `drop`."""
    shoulder = chest - thick
    return limb(
        np.abs(canvas.x), canvas.y, (shoulder, _SHOULDER + 0.06), (shoulder + reach, _SHOULDER + drop), (thick, cuff)
    )


def _neck(canvas: Canvas, width: Floats, depth: Floats) -> Floats:
    return ellipse(canvas.x, canvas.y, (0.0, -0.84), (width, depth))


def t_shirt(canvas: Canvas) -> None:
    dice = canvas.dice
    chest, bottom = dice.between(0.36, 0.5), dice.between(0.62, 0.9)
    fabric, plain = cloth(canvas)
    body = _torso(canvas, chest, chest + dice.between(-0.08, 0.08), bottom)
    sleeves = _sleeve(
        canvas,
        chest,
        dice.between(0.16, 0.36),
        dice.between(0.22, 0.45),
        dice.between(0.13, 0.17),
        dice.between(0.12, 0.17),
    )
    neck = _neck(canvas, dice.between(0.13, 0.24), dice.between(0.08, 0.26))
    # A top has armholes where a T-shirt has sleeves, and a wider neck.
    top = dice.chance(0.2)
    armhole = ellipse(np.abs(canvas.x), canvas.y, (chest + 0.06, -0.62), (0.22, 0.36))
    body = either(top, without(body, armhole), np.minimum(body, sleeves))
    neck = either(top, _neck(canvas, dice.between(0.14, 0.2), dice.between(0.2, 0.4)), neck)
    canvas.paint(without(body, neck), fabric)
    # A print on the chest, on some of them.
    size = either(dice.chance(0.35), dice.between(0.1, 0.22), -0.2)
    print_tone = either(plain > 0.6, plain - 0.4, plain + 0.4)
    canvas.paint(
        np.maximum(np.abs(canvas.x) - size * dice.between(0.7, 1.4), np.abs(canvas.y + dice.between(0.0, 0.3)) - size),
        print_tone,
    )


def trouser(canvas: Canvas) -> None:
    dice = canvas.dice
    x, y = np.abs(canvas.x), canvas.y
    bottom, hips = dice.between(0.75, 0.95), dice.between(0.26, 0.36)
    fabric, plain = cloth(canvas, patterned=0.25)
    crotch, apart = dice.between(-0.45, -0.2), dice.between(0.02, 0.24)
    down = np.clip((y + 0.9) / (bottom + 0.9), 0.0, 1.0)
    waist = hips * dice.between(0.75, 0.95)
    outer = waist + (hips - waist) * np.clip((y + 0.9) / 0.35, 0.0, 1.0)
    outer = outer + (apart + dice.between(-0.08, 0.05)) * ramp(y, crotch, bottom)
    inner = np.maximum(y - crotch, 0.0) * (apart + 0.04) / (bottom - crotch)
    inner = either(y > crotch, inner + 0.012, -1.0)
    legs = np.maximum(np.maximum(x - outer, inner - x), np.maximum(y - bottom, -0.9 - y))
    canvas.paint(legs, fabric * (1.0 - 0.15 * down))
    canvas.paint(np.maximum(legs, y + dice.between(0.76, 0.82)), plain * dice.between(0.5, 1.3))
    # A crease, or the fly.
    canvas.paint(np.maximum(np.maximum(x - 0.02, y - crotch), -0.8 - y), plain * dice.between(0.5, 0.9))


def pullover(canvas: Canvas) -> None:
    dice = canvas.dice
    chest, bottom = dice.between(0.36, 0.48), dice.between(0.6, 0.85)
    fabric, plain = cloth(canvas)
    thick, cuff = dice.between(0.13, 0.18), dice.between(0.09, 0.13)
    body = _torso(canvas, chest, chest + dice.between(-0.06, 0.06), bottom)
    sleeves = _sleeve(canvas, chest, dice.between(0.16, 0.38), dice.between(0.95, 1.3), thick, cuff)
    neck = _neck(canvas, dice.between(0.13, 0.2), dice.between(0.06, 0.14))
    whole = without(np.minimum(body, sleeves), neck)
    canvas.paint(whole, fabric)
    # The gap between arm and body shows as a fold; ribs close hem and cuffs.
    canvas.paint(np.maximum(np.abs(sleeves) - 0.012, np.maximum(body, _SHOULDER + 0.3 - canvas.y)), plain * 0.6)
    rib = bottom - dice.between(0.08, 0.16)
    canvas.paint(
        np.maximum(whole, np.minimum(rib - canvas.y, 10.0 * (rib - canvas.y))), plain * dice.between(0.6, 0.95)
    )
    collar = either(dice.chance(0.4), dice.between(0.05, 0.1), -0.2)
    canvas.paint(np.maximum(np.abs(neck + 0.02) - collar, -0.95 - canvas.y), plain * 0.8)


def dress(canvas: Canvas) -> None:
    dice = canvas.dice
    x, y = np.abs(canvas.x), canvas.y
    bust, waist, skirt = dice.between(0.2, 0.32), dice.between(0.14, 0.24), dice.between(0.22, 0.56)
    waistline, bottom = dice.between(-0.3, 0.0), dice.between(0.7, 0.97)
    fabric, plain = cloth(canvas)
    half = bust + (waist - bust) * ramp(y, -0.6, waistline)
    half = half + (skirt - waist) * np.clip((y - waistline) / (bottom - waistline), 0.0, 1.0) ** 0.8
    straps = dice.chance(0.45)
    top = either(straps, dice.between(-0.68, -0.5), -0.88)
    body = np.maximum(np.maximum(x - half, y - bottom), top + 0.4 * np.maximum(x - 0.12, 0.0) - y)
    reach = either(straps, 0.0, dice.between(0.0, 0.26))
    sleeve = limb(x, y, (bust - 0.1, -0.68), (bust - 0.08 + reach, -0.68 + dice.between(0.12, 0.9)), (0.1, 0.08))
    strap = np.maximum(np.abs(x - bust * 0.6) - 0.04, np.maximum(-0.92 - y, y + 0.5))
    neck = _neck(canvas, dice.between(0.1, 0.17), dice.between(0.1, 0.24))
    canvas.paint(without(np.minimum(body, either(straps, strap, sleeve)), neck), fabric)
    belt = either(dice.chance(0.4), dice.between(0.03, 0.06), -0.2)
    canvas.paint(np.maximum(body, np.abs(y - waistline) - belt), plain * dice.between(0.4, 1.3))


def coat(canvas: Canvas) -> None:
    dice = canvas.dice
    x, y = canvas.x, canvas.y
    chest, bottom = dice.between(0.34, 0.46), dice.between(0.8, 0.97)
    fabric, plain = cloth(canvas, patterned=0.3)
    body = _torso(canvas, chest, chest + dice.between(-0.02, 0.14), bottom)
    sleeves = _sleeve(
        canvas,
        chest,
        dice.between(0.14, 0.32),
        dice.between(1.1, 1.4),
        dice.between(0.13, 0.17),
        dice.between(0.1, 0.13),
    )
    lapel = dice.between(0.16, 0.26)
    depth = dice.between(0.3, 0.75)
    opening = (np.abs(x) - lapel * np.clip((depth - 0.85 - y) / depth, 0.0, 1.0)) * 0.9
    canvas.paint(np.minimum(body, sleeves), fabric)
    canvas.paint(np.maximum(np.abs(sleeves) - 0.012, np.maximum(body, _SHOULDER + 0.3 - y)), plain * 0.55)
    # Lapels lie open over what is dark beneath; the front closes below them.
    canvas.paint(np.maximum(np.maximum(body, opening - 0.07), y - (depth - 0.8)), plain * dice.between(0.7, 1.3))
    canvas.paint(np.maximum(np.maximum(body, opening), y - (depth - 0.85)), plain * dice.between(0.05, 0.4))
    canvas.paint(np.maximum(np.maximum(np.abs(x) - 0.022, body), depth - 0.86 - y), plain * dice.between(0.25, 0.6))
    belt = either(dice.chance(0.35), dice.between(0.04, 0.06), -0.2)
    canvas.paint(np.maximum(body, np.abs(y - dice.between(0.0, 0.2)) - belt), plain * dice.between(0.4, 0.8))


def shirt(canvas: Canvas) -> None:
    dice = canvas.dice
    x, y = canvas.x, canvas.y
    chest, bottom = dice.between(0.36, 0.48), dice.between(0.62, 0.92)
    fabric, plain = cloth(canvas, patterned=0.65)
    body = _torso(canvas, chest, chest + dice.between(-0.06, 0.1), bottom)
    long = dice.chance(0.65)
    reach, drop = either(long, dice.between(0.14, 0.34), dice.between(0.2, 0.34)), dice.between(0.95, 1.3)
    sleeves = _sleeve(
        canvas,
        chest,
        reach,
        either(long, drop, dice.between(0.3, 0.5)),
        dice.between(0.12, 0.16),
        dice.between(0.09, 0.13),
    )
    canvas.paint(np.minimum(body, sleeves), fabric)
    canvas.paint(np.maximum(np.abs(sleeves) - 0.012, np.maximum(body, _SHOULDER + 0.3 - y)), plain * 0.65)
    trim = either(plain > 0.6, plain * dice.between(0.5, 0.85), plain + dice.between(0.15, 0.4))
    canvas.paint(np.maximum(np.maximum(np.abs(x) - 0.035, body), -0.7 - y), trim)
    # A collar: two points that lean apart over a dark neck.
    spread, length = dice.between(0.12, 0.2), dice.between(0.2, 0.32)
    canvas.paint(ellipse(x, y, (0.0, -0.84), (spread * 0.7, 0.12)), plain * 0.15)
    canvas.paint(limb(np.abs(x), y, (spread * 0.35, -0.86), (spread, -0.86 + length), (0.035, 0.05)), trim)
    pocket = either(dice.chance(0.4), 0.09, -0.2)
    canvas.paint(np.maximum(np.abs(x - chest * 0.5) - pocket, np.abs(y + 0.28) - pocket), trim)


def bag(canvas: Canvas) -> None:
    dice = canvas.dice
    x, y = canvas.x, canvas.y
    fabric, plain = cloth(canvas, patterned=0.35)
    wide, top, bottom = dice.between(0.5, 0.82), dice.between(-0.25, 0.12), dice.between(0.5, 0.8)
    upper = wide * dice.between(0.72, 1.08)
    half = upper + (wide - upper) * np.clip((y - top) / (bottom - top), 0.0, 1.0)
    corner = dice.between(0.04, 0.16)
    across, down = np.abs(x) - half + corner, np.abs(y - (top + bottom) / 2.0) - (bottom - top) / 2.0 + corner
    outside = np.sqrt(np.maximum(across, 0.0) ** 2 + np.maximum(down, 0.0) ** 2)
    body = outside + np.minimum(np.maximum(across, down), 0.0) - corner
    # A handle, a long strap, or none for a clutch.
    rise, span = dice.between(0.25, 0.85), upper * dice.between(0.4, 0.95)
    strap = np.maximum(np.abs(ellipse(x, y, (0.0, top), (span, rise))) - dice.between(0.025, 0.05), y - top - 0.05)
    strap = either(dice.chance(0.85), strap, 1.0)
    canvas.paint(strap, plain * dice.between(0.5, 1.0))
    canvas.paint(body, fabric)
    flap = top + (bottom - top) * dice.between(0.25, 0.6)
    edge = flap - 0.12 * np.abs(x) * dice.sign()
    flapped = either(dice.chance(0.55), 0.0, 1.0)
    canvas.paint(np.maximum(body, y - edge) + flapped, plain * dice.between(0.6, 1.2))
    canvas.paint(np.maximum(body, np.abs(y - edge) - 0.018) + flapped, plain * 0.4)
    canvas.paint(ellipse(x, y, (0.0, flap), (0.07, 0.06)) + either(dice.chance(0.6), 0.0, 1.0), dice.between(0.1, 1.0))
