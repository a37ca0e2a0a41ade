"""Where the ticks of an axis go, and how their numbers are written: 1-2-5 steps, or powers of ten."""

import math

from nn_tui.charts.numbers import scientific

Ticks = list[tuple[float, str]]

_LONGEST = 6
"""Characters of a number beside an axis."""


def linear(low: float, high: float, most: int, whole: bool = False) -> Ticks:
    """Ticks at multiples of 1, 2 or 5 times a power of ten.

    Args:
        low, high: the ends of the axis, finite, low below high.
        most: how many there is room for.
        whole: of counted things, which have no halves.
    """
    step = _step((high - low) / max(1, most))
    if whole:
        step = max(1.0, step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last - first > 2 * most:
        return []
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return _told_apart([(number * step, written(number * step, decimals)) for number in range(first, last + 1)])


def logarithmic(low: float, high: float, most: int) -> Ticks:
    """Ticks of a logarithmic axis, at powers of ten; of a short one at numbers between them too.

    Args:
        low, high: the ends of the axis, as exponents of ten.
        most: how many there is room for.

    Returns:
        Places as exponents, and the numbers there.
    """
    decades = range(math.floor(low), math.ceil(high) + 1)
    inside: list[float] = []
    for factors in ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        places = [decade + math.log10(factor) for decade in decades for factor in factors]
        inside = [place for place in places if low - 1e-9 <= place <= high + 1e-9]
        if len(inside) <= most:
            break
    if len(inside) < 2:
        # Too short for such round numbers: ticks as on a linear axis, at their places on this one.
        return [(math.log10(value), label) for value, label in linear(10.0**low, 10.0**high, most) if value > 0.0]
    every = math.ceil(len(inside) / max(1, most))
    kept = [place for place in inside if every == 1 or round(place) % every == 0]
    return [(place, written(10.0**place)) for place in kept]


def _told_apart(found: Ticks) -> Ticks:
    """Ticks whose numbers fit and differ: in powers of ten where they do not, of alike ones the one nearest to it."""
    labels = {label for _, label in found}
    if len(labels) == len(found) and all(len(label) <= _LONGEST for label in labels):
        return found
    nearest: dict[str, float] = {}
    for value, _ in found:
        label = scientific(value, 1 if value > 0.0 else 0) if value else "0"
        nearest[label] = min(nearest.get(label, value), value, key=lambda place: abs(place - float(label)))
    return [(value, label) for label, value in nearest.items()]


def _step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is at least so large."""
    power = 10.0 ** math.floor(math.log10(least) + 1e-12)
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= least * (1 - 1e-9))


def written(value: float, decimals: int | None = None) -> str:
    """A tick's number in at most six characters: `0.05`, `200`, `1.5k`, `2M`, `1e-06`."""
    size = abs(value)
    if size < 1e-300:
        return "0"
    if size >= 1e9 or size < 1e-4:
        return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    for limit, letter in ((1e6, "M"), (1e3, "k")):
        if size >= limit:
            return f"{value / limit:g}{letter}"
    return f"{value:.{decimals}f}" if decimals is not None else f"{value:.6g}"
