"""What a sweep looks like over its keys: a curve over one, a map over two."""

from typing import Any, NamedTuple

from nn_tui.scenario.writing import in_words, inline
from nn_tui.training.sweep.ranking import Ranked
from nn_tui.training.sweep.sweeping import SweepResult

MOST_CELLS = 400


class CurvePoint(NamedTuple):
    """The best combination with a value of a key: its mean over seeds, and their spread (0 for one seed)."""

    value: float
    mean: float
    spread: float


class SweepMap(NamedTuple):
    """The best means over two keys.

    Attributes:
        rows, columns: the values down and across, as a person reads them.
        cells: of each pair that has one, by row and column.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], float]


def written(value: Any) -> str:
    """A value as a person types it."""
    return value if isinstance(value, str) else inline(value)


def short_key(key: str, result: SweepResult) -> str:
    """A key's end, where no other that is varied has the same."""
    end = key.rpartition(".")[2]
    return end if sum(other.rpartition(".")[2] == end for other in result.vary) == 1 else key


def varied(result: SweepResult) -> list[str]:
    """The keys that have more values than one, or all where none has: the others are the same in every trial."""
    return [key for key, values in result.vary.items() if len(values) > 1] or list(result.vary)


def weightiest(result: SweepResult) -> list[str]:
    """The keys to draw over, those that account for most first; in their own order where there are two at most."""
    keys = varied(result)
    if len(keys) == 1 and not all(map(_is_number, result.vary[keys[0]])):
        # Over texts there is no curve, but a map of one row or one column.
        keys = list(result.vary)
    return keys if len(keys) <= 2 else sorted(keys, key=lambda key: -result.importance[key])


def curve_over(result: SweepResult, key: str) -> list[CurvePoint]:
    """By ascending value of a key of numbers; empty for another."""
    best: dict[float, Ranked] = {}
    for one in result.ranking:
        value = one.changes[key]
        if one.mean is not None and _is_number(value):
            best.setdefault(float(value), one)
    return [CurvePoint(value, one.mean or 0.0, one.spread or 0.0) for value, one in sorted(best.items())]


def map_over(result: SweepResult, down: str, across: str) -> SweepMap:
    """The best of each pair of values."""
    cells: dict[tuple[str, str], float] = {}
    for one in result.ranking:
        if one.mean is not None:
            cells.setdefault((in_words(one.changes[down]), in_words(one.changes[across])), one.mean)
    return SweepMap(_values(result, down), _values(result, across), cells)


def _values(result: SweepResult, key: str) -> tuple[str, ...]:
    values = {in_words(one.changes[key]): one.changes[key] for one in result.ranking}
    if all(_is_number(value) for value in values.values()):
        return tuple(sorted(values, key=lambda text: float(values[text])))
    known = dict.fromkeys(in_words(value) for value in result.vary[key])
    return tuple(text for text in known if text in values)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
