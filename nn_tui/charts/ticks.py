"""Where the ticks of an axis go, and how their numbers are written: 1-2-5 steps, or powers of ten."""

import math
from collections.abc import Callable, Iterator

from nn_tui.numerals import MINUS, as_shown, fixed_point, in_full, scientific

Ticks = list[tuple[float, str]]

LONGEST = 6
"""Characters of a number beside an axis."""

_OFF = 0.01
"""Of the way from tick to tick, how far a tick may be from the number that is written there."""

_STEPS = 3
"""From tick to tick that are tried, each next one coarser, so that all numbers can be written in one way."""

_LETTERS = {"k": 1e3, "M": 1e6}


def linear(low: float, high: float, most: int, whole: bool = False, longest: int = LONGEST) -> Ticks:
    """Ticks at multiples of 1, 2 or 5 times a power of ten.

    Args:
        low, high: the ends of the axis, finite, low below high.
        most: how many there is room for.
        whole: of counted things, which have no halves.
        longest: characters that a number has room for.
    """
    step = _step((high - low) / max(1, most))
    if whole:
        step = max(1.0, step)
    places = _places(low, high, step)
    if len(places) > 2 * most + 1:
        return []
    coarser = step
    for _ in range(_STEPS):
        found = _alike(_places(low, high, coarser), coarser, longest)
        if len(found) > 1 or (found and coarser == step):
            return found
        coarser = _step(1.5 * coarser)
    return _one_by_one(places, _OFF * step, longest)


def _places(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _alike(places: list[float], step: float, longest: int) -> Ticks:
    """Ticks there whose numbers are all written in the same way; none if there is no way that has room."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    ways: tuple[Callable[[float], str], ...] = (lambda place: written(place, decimals), _in_powers)
    for way in ways:
        labels = [way(place) for place in places]
        if all(_suits(*each, _OFF * step, longest) for each in zip(labels, places, strict=True)):
            return list(zip(places, labels, strict=True))
    return []


def _one_by_one(places: list[float], off: float, longest: int) -> Ticks:
    """The ticks whose numbers can be written in so many characters, each as it can; else one that says it is not."""
    found = [(place, label) for place in places if (label := short(place, off, longest))]
    near = [(place, label) for place in places if (label := about(place, longest))]
    return found or sorted(near, key=lambda tick: abs(_read(tick[1][1:]) - tick[0]))[:1]


def short(value: float, off: float, longest: int = LONGEST) -> str:
    """A number in so many characters, off by no more than said; empty where there is no room for it."""
    return next((text for text in _ways(value) if _suits(text, value, off, longest)), "")


def about(value: float, longest: int = LONGEST) -> str:
    """A number as near as there is room for, behind a sign that says so; empty where there is no room for one."""
    texts = [text for text in _ways(value) if len(text) < longest]
    return f"≈{min(texts, key=lambda text: abs(_read(text) - value))}" if texts else ""


def _ways(value: float) -> Iterator[str]:
    """Ways to write a number, those first that people like best."""
    size = abs(value)
    if size < 1e-300:
        yield "0"
    elif 1e-4 <= size < 1e9:
        limit, letter = next(((_LETTERS[name], name) for name in "Mk" if size >= _LETTERS[name]), (1.0, ""))
        yield from (as_shown(f"{value / limit:.{digits}f}{letter}") for digits in range(6))
    yield from (scientific(value, digits) for digits in range(6))
    if 1.0 <= size < 1e9:
        yield fixed_point(value, 0)
    # As 12e−11, which is a character shorter than 1.2e−10.
    power = math.floor(math.log10(size)) if size >= 1e-300 else 0
    yield from (as_shown(f"{value / 10.0 ** (power - more):.0f}e{power - more}") for more in (1, 2))


def _suits(text: str, value: float, off: float, longest: int) -> bool:
    return len(text) <= longest and abs(_read(text) - value) <= off


def _read(text: str) -> float:
    """The number that a text of this module stands for."""
    text = text.replace(MINUS, "-")
    return float(text[:-1]) * _LETTERS[text[-1]] if text[-1] in _LETTERS else float(text)


def _in_powers(value: float) -> str:
    """A number with a power of ten and as many digits as it has, up to six."""
    texts = (scientific(value, digits) for digits in range(6))
    return next((text for text in texts if abs(_read(text) - value) <= 1e-9 * abs(value)), scientific(value, 5))


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


def _step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is at least so large."""
    power = 10.0 ** math.floor(math.log10(least) + 1e-12)
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= least * (1 - 1e-9))


def written(value: float, decimals: int | None = None) -> str:
    """A tick's number, with as many digits as it has or so many decimals: `0.05`, `200`, `1.5k`, `2M`, `1e−6`."""
    size = abs(value)
    if size < 1e-300:
        return "0"
    if size >= 1e9 or size < 1e-4:
        return _in_powers(value)
    for letter in "Mk":
        if size >= _LETTERS[letter]:
            return as_shown(f"{value / _LETTERS[letter]:.7g}{letter}")
    return fixed_point(value, decimals) if decimals is not None else in_full(value)
