"""The next value up or down: on the scale a person would think in for that field."""

import math

from nn_tui.scenario.field import Field

_EXACT = {"seed", "units"}
_SHARES_KEPT = {"beta", "beta1", "beta2", "decay"}
_FROM_NOTHING = {"norm": 1.0, "value": 0.5}
_LEAST = 1e-6


def stepped(field: Field, value: float, up: bool) -> float:
    """The neighbor of a value, or the value itself where the field ends.

    Batch sizes go in powers of two; rates and counts in 1-2-5; shares in twentieths; what is kept of a mean by the
    1-2-5 steps of what is *not* kept (0.9, 0.95, 0.98, 0.99 …); seeds and units one by one.
    """
    after = _neighbor(field, value, up)
    if field.type == "integer":
        after = round(after)
    return after if field.allows(after) else value


def _neighbor(field: Field, value: float, up: bool) -> float:
    name = field.key.rpartition(".")[2]
    sign = 1 if up else -1
    if name in _EXACT:
        return value + sign
    if name == "batch_size":
        return _power_of_two(value, up)
    if field.type == "integer":
        return _one_two_five(value, up) if value >= 1 else value + sign
    if name in _SHARES_KEPT:
        return _tidy(1.0 - _one_two_five(1.0 - value, not up)) if value < 1 else _tidy(1.0 - 0.01)
    if name == "noise" or (field.minimum == 0 and 1 in (field.maximum, field.below) and name != "weight_decay"):
        step = round(value / 0.05, 6)
        return _tidy(0.05 * (math.floor(step + 1) if up else math.ceil(step - 1)))
    if value <= 0:
        return _FROM_NOTHING.get(name, 1e-4) if up else value
    below = _one_two_five(value, up)
    return 0.0 if not up and below < _LEAST and field.minimum == 0 else below


def _power_of_two(value: float, up: bool) -> float:
    exponent = math.log2(max(1.0, value))
    return float(2 ** (math.floor(exponent + 1e-9) + 1 if up else max(0, math.ceil(exponent - 1e-9) - 1)))


def _one_two_five(value: float, up: bool) -> float:
    """The next of … 1, 2, 5, 10, 20 … above or below a number greater than 0."""
    decade = math.floor(math.log10(value))
    ladder = [factor * 10.0**power for power in (decade - 1, decade, decade + 1) for factor in (1, 2, 5)]
    if up:
        return _tidy(next(rung for rung in ladder if rung > value * (1 + 1e-9)))
    return _tidy(next(rung for rung in reversed(ladder) if rung < value * (1 - 1e-9)))


def _tidy(value: float) -> float:
    """Without the last bits that arithmetic left (0.1 + 0.2)."""
    return float(f"{value:.12g}")
