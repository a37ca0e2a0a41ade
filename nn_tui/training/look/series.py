"""Columns of the history, short enough to be drawn."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nn_tui.training.look.packing import floats
from nn_tui.training.look.parts import Series
from nn_tui.training.run.history import History

Floats = NDArray[np.float64]


def series(history: History, columns: Iterable[str], points: int, recent: bool) -> dict[str, Series]:
    """Columns by name; those that are unknown or hold no numbers are left out.

    Args:
        history: what was recorded.
        columns: which columns.
        points: the most points of each, 1 or more.
        recent: the latest rows, each for itself, instead of the whole run.
    """
    known = [column for column in dict.fromkeys(columns) if column in history.columns]
    short = recent or len(history) <= points
    found = _rows(history, known, points) if short else _buckets(history, known, points)
    return {column: entry for column, entry in found.items() if entry is not None}


def _rows(history: History, columns: list[str], points: int) -> dict[str, Series | None]:
    rows = history.recent(points)
    step = floats(rows[:, 0])
    places = {column: history.columns.index(column) for column in columns}
    return {column: _series(step, rows[:, place], rows[:, place]) for column, place in places.items()}


def _buckets(history: History, columns: list[str], points: int) -> dict[str, Series | None]:
    found: dict[str, Series | None] = {}
    for column in columns:
        overview = history.overview(column)
        count = len(overview.step)
        starts = np.arange(min(points, count)) * count // min(points, count)
        low = np.fmin.reduceat(overview.minimum, starts)
        high = np.fmax.reduceat(overview.maximum, starts)
        found[column] = _series(floats(overview.step[starts]), low, high)
    return found


def _series(step: bytes, low: Floats, high: Floats) -> Series | None:
    return None if np.isnan(low).all() else Series(step=step, low=floats(low), high=floats(high))
