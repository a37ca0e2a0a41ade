"""Columns of the history, short enough to be drawn."""

from collections.abc import Iterable

import numpy as np

from nn_tui.floats import Floats
from nn_tui.training.look.packing import floats
from nn_tui.training.look.parts import Series
from nn_tui.training.run.history import History

_OF_A_STRETCH = 4
"""Points: its first, least, greatest and last."""


def series(history: History, columns: Iterable[str], points: int, recent: bool) -> dict[str, Series]:
    """Columns by name; those that are unknown or hold no numbers are left out.

    Args:
        history: what was recorded.
        columns: which columns.
        points: the most points of each, 1 or more.
        recent: the latest rows, each for itself, instead of the whole run.
    """
    found = {}
    for column in dict.fromkeys(columns):
        if column in history.columns:
            step, value = latest_points(history, column, points) if recent else whole_course(history, column, points)
            if not np.isnan(value).all():
                found[column] = Series(step=floats(step), value=floats(value))
    return found


def latest_points(history: History, column: str, points: int) -> tuple[Floats, Floats]:
    """Steps and values of the latest rows, at most so many."""
    rows = history.recent(points)
    return rows[:, 0], rows[:, history.columns.index(column)]


def whole_course(history: History, column: str, points: int) -> tuple[Floats, Floats]:
    """Steps and values of a column over the whole run, thinned to at most so many points.

    Where there are more rows, the run is cut into stretches of equal length in steps, and every one of them keeps its
    first, least, greatest and last point, in the order of their steps.
    """
    seen = history.overview(column)
    # A bucket of several rows is such a stretch already.
    step = np.column_stack((seen.step, seen.minimum_step, seen.maximum_step, seen.last_step))
    value = np.column_stack((seen.first, seen.minimum, seen.maximum, seen.last))
    order = np.argsort(step, axis=1, kind="stable")
    flat = np.take_along_axis(step, order, axis=1).ravel()
    fresh = np.append(True, np.diff(flat) > 0)
    return thinned(flat[fresh], np.take_along_axis(value, order, axis=1).ravel()[fresh], points)


def thinned(step: Floats, value: Floats, points: int) -> tuple[Floats, Floats]:
    """A curve of at most so many points, its extremes and both its ends among them.

    Args:
        step: ascending, shape (n,).
        value: shape (n,); NaN where there is none.
        points: at most.
    """
    if len(step) <= points:
        return step, value
    stretches = max(1, points // _OF_A_STRETCH)
    stretch = ((step - step[0]) * (stretches / (step[-1] - step[0]))).astype(np.intp).clip(0, stretches - 1)
    starts = np.flatnonzero(np.append(True, np.diff(stretch) > 0))
    lengths = np.diff(np.append(starts, len(step)))
    kept = np.zeros(len(step), bool)
    kept[starts] = kept[starts + lengths - 1] = True
    for extreme in (np.fmin, np.fmax):
        best = np.repeat(extreme.reduceat(value, starts), lengths)
        hits = np.flatnonzero(value == best)
        # The first of equals in every stretch.
        kept[hits[np.append(True, np.diff(stretch[hits]) > 0)] if len(hits) else hits] = True
    return step[kept], value[kept]
