"""A line on its way over a picture: thinned to what can be seen, cut off at the axes, marked where it leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from nn_tui.charts.braille import ACROSS, DOWN, Indices
from nn_tui.charts.clipping import inside

if TYPE_CHECKING:
    from nn_tui.charts.plot import Range
    from nn_tui.floats import Floats


_DASH, _GAP = 4, 2
"""Dots of a dash, and between two."""
_FAR, _CLOSER = 1e300, 2.0**10
"""Where differences of numbers come near the greatest number, and by how much such pictures are drawn smaller."""


class Course(msgspec.Struct, frozen=True, eq=False):
    """A line in dots of Braille, counted from the lower left corner.

    Attributes:
        x, y: shape (n,), whole numbers, NaN between parts that are not connected.
        leaves: columns of cells in which it leaves the picture or comes back to it, and whether over its upper edge.
    """

    x: Floats
    y: Floats
    leaves: tuple[tuple[int, bool], ...]


def course(x: Floats, y: Floats, x_range: Range, y_range: Range, columns: int, rows: int) -> Course:
    """What of a line can be seen.

    Args:
        x: ascending, finite, shape (n,).
        y: shape (n,); NaN is a gap, infinite values are out of every picture.
        x_range, y_range: the ends of the axes.
        columns, rows: of the picture, in cells.
    """
    low, high = np.array([x_range[0], y_range[0]]), np.array([x_range[1], y_range[1]])
    x, y = thinned(x, y, x_range, columns)
    if (
        max(np.abs(low[1]), np.abs(high[1]), np.abs(y, where=np.isfinite(y), out=np.zeros(len(y))).max(initial=0.0))
        > _FAR
    ):
        # Between two such numbers may be more than there are numbers for.
        y, low[1], high[1] = y / _CLOSER, low[1] / _CLOSER, high[1] / _CLOSER
    starts, ends = _pieces(x, y)
    off = [np.where(side[:, 1] > high[1], 1, np.where(side[:, 1] < low[1], -1, 0)) for side in (starts, ends)]
    # What is infinite is reached at the edge, at its own place.
    both = np.isinf(starts[:, 1]) & np.isinf(ends[:, 1])
    for side in (starts, ends):
        side[:, 1] = np.where(np.isinf(side[:, 1]), np.clip(side[:, 1], low[1], high[1]), side[:, 1])
    begun, ended, kept = inside(starts, ends, low, high)
    kept &= ~both
    scale = (np.array([ACROSS * columns, DOWN * rows]) - 1.0) / (high - low)
    begun, ended = np.rint((begun[kept] - low) * scale), np.rint((ended[kept] - low) * scale)
    leaves = set()
    for places, ways, others in ((begun, *(side[kept] for side in off)), (ended, *(side[kept] for side in off[::-1]))):
        at = (ways != 0) & (ways != others)
        leaves |= {(int(x) // ACROSS, bool(way > 0)) for x, way in zip(places[at, 0], ways[at], strict=True)}
    if not kept.any():
        # None of it is to be seen: where it would begin and end.
        shown = np.flatnonzero((starts[:, 0] >= low[0]) & (ends[:, 0] <= high[0]))
        places = [(starts[at, 0], off[0][at]) for at in shown[:1]] + [(ends[at, 0], off[1][at]) for at in shown[-1:]]
        leaves = {(int(np.rint((at - low[0]) * scale[0])) // ACROSS, bool(way > 0)) for at, way in places if way}
    return Course(*_joined(begun, ended), tuple(sorted(leaves)))


def dots(way: Course, is_broken: bool = False) -> tuple[Indices, Indices]:
    """The dots that a course goes through, x and y; of every six of a broken one four are there."""
    x, y = way.x, way.y
    across, up = (np.nan_to_num(np.diff(places)) for places in (x, y))
    steps = np.maximum(np.maximum(np.abs(across), np.abs(up)), 1.0).astype(np.intp)
    piece = np.repeat(np.arange(len(steps)), steps)
    along = np.arange(len(piece)) - np.repeat(np.cumsum(steps) - steps, steps)
    fine_x = np.append(x[:-1][piece] + along * (across / steps)[piece], x[-1:])
    fine_y = np.append(y[:-1][piece] + along * (up / steps)[piece], y[-1:])
    kept = ~np.isnan(fine_x)
    if is_broken:
        kept &= np.arange(len(kept)) % (_DASH + _GAP) < _DASH
    return fine_x[kept].astype(np.intp), fine_y[kept].astype(np.intp)


def thinned(x: Floats, y: Floats, x_range: Range, columns: int) -> tuple[Floats, Floats]:
    """At most four points a column of cells, between gaps: the first, the least, the greatest and the last.

    Args:
        x, y: as in `course`.
        x_range: the ends of the picture.
        columns: of cells.
    """
    if len(x) <= 2:
        return x, y
    column = np.floor((x - x_range[0]) / (x_range[1] - x_range[0]) * columns)
    gap = np.isnan(y)
    fresh = np.append(True, (np.diff(column) != 0) | (gap[1:] != gap[:-1]))
    starts = np.flatnonzero(fresh)
    group = np.cumsum(fresh) - 1
    order = np.lexsort((y, group))
    stops = np.append(starts[1:], len(x))
    kept = np.zeros(len(x), bool)
    kept[starts] = kept[stops - 1] = kept[order[starts]] = kept[order[stops - 1]] = True
    return x[kept], y[kept]


def _pieces(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Starts and ends of the straight pieces, (n, 2) each; a point with no neighbor is a piece by itself."""
    points, known = np.column_stack((x, y)), ~np.isnan(y)
    pair = known[:-1] & known[1:]
    alone = known & ~(np.append(False, pair) | np.append(pair, False))
    first = np.sort(np.concatenate((np.flatnonzero(pair), np.flatnonzero(alone))))
    return points[first].copy(), points[np.where(alone[first], first, first + 1)].copy()


def _joined(starts: Floats, ends: Floats) -> tuple[Floats, Floats]:
    """Pieces one after the other as one line, with gaps where they do not touch; no dot twice in a row."""
    if not len(starts):
        return np.empty(0), np.empty(0)
    apart = np.append(True, (starts[1:] != ends[:-1]).any(axis=1))
    rows = np.full((len(starts), 3, 2), np.nan)
    rows[:, 1], rows[:, 2] = starts, ends
    flat = rows.reshape(-1, 2)
    wanted = np.column_stack((apart, apart, np.ones(len(starts), bool))).ravel()
    flat = flat[wanted][1:]
    same = np.append(False, (flat[1:] == flat[:-1]).all(axis=1))
    return flat[~same, 0], flat[~same, 1]
