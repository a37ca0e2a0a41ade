"""Histograms for a screen: bins spread over as many cells as there are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nn_tui.charts.plot import Range

if TYPE_CHECKING:
    from nn_tui.floats import Floats


def rebinned(counts: Sequence[float], ends: Range, wanted: Range, cells: int) -> Floats:
    """Bins of equal width spread over cells of equal width; what lies outside is left out, the rest keeps its area.

    Args:
        counts: by bin.
        ends: where the first bin begins and the last one ends.
        wanted: where the first cell begins and the last one ends.
        cells: how many.
    """
    edges = np.linspace(*ends, len(counts) + 1)
    total = np.concatenate(([0.0], np.cumsum(np.asarray(counts, np.float64))))
    return np.diff(np.interp(np.linspace(*wanted, cells + 1), edges, total))


def round_ends(low: float, high: float) -> Range:
    """Ends on round numbers around a range, so that an axis stays as it is while the range changes a little."""
    reach = max(abs(low), abs(high))
    if not reach:
        return -1.0, 1.0
    power = 10.0 ** math.floor(math.log10((high - low) or reach))
    step = next(factor * power for factor in (0.2, 0.5, 1.0, 2.0) if factor * power * 5 >= high - low)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
