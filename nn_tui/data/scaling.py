"""Scaling of inputs and targets: what is fitted on the training set is applied to everything."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn_tui.floats import Floats

Columns: TypeAlias = NDArray[np.floating[Any]]

_BLOCK = 2_048
"""Rows taken at a time, so that a large set needs no second copy of itself."""


@dataclass(frozen=True)
class Scaling:
    """(value − shift) / scale, column by column.

    Attributes:
        kind: "none", "standard" or "minmax".
        shift, scale: shape (columns,).
    """

    kind: str
    shift: Floats
    scale: Floats

    def apply(self, values: Floats) -> Floats:
        """Scaled values (n, columns), in a new array."""
        return (values - self.shift) / self.scale

    def apply_in_place(self, values: Columns) -> None:
        """Scales float32 or float64 values (n, columns) where they are, rounded once."""
        if self.kind == "none":
            return
        for start in range(0, len(values), _BLOCK):
            block = values[start : start + _BLOCK]
            block[:] = (block - self.shift) / self.scale

    def undo(self, values: Floats) -> Floats:
        """The values (n, columns) that `apply` would take to these, in a new array."""
        return values * self.scale + self.shift


def unscaled(columns: int) -> Scaling:
    """The scaling that leaves so many columns as they are."""
    return Scaling("none", np.zeros(columns), np.ones(columns))


def fit_scaling(kind: str, values: Columns, taken: NDArray[np.bool_] | None = None) -> Scaling:
    """The scaling of a training set.

    "standard" takes each column to mean 0 and (population) standard deviation 1, "minmax" to [0, 1], "none" leaves it.
    A constant column keeps its scale.

    Args:
        kind: "none", "standard" or "minmax".
        values: shape (n, columns), float32 or float64.
        taken: which columns are scaled at all, shape (columns,); all if left out.
    """
    # Told by its values: the deviation from a rounded mean is not exactly 0.
    varies = values.min(axis=0) < values.max(axis=0)
    shift, scale = np.zeros(values.shape[1]), np.ones(values.shape[1])
    if kind == "standard":
        shift = values.mean(axis=0, dtype=np.float64)
        scale = _deviation(values, shift)
    elif kind == "minmax":
        shift = values.min(axis=0).astype(np.float64)
        scale = values.max(axis=0) - shift
    scale = np.where(varies & (scale > 0.0), scale, 1.0)
    if taken is not None:
        shift, scale = np.where(taken, shift, 0.0), np.where(taken, scale, 1.0)
    return Scaling(kind, shift, scale)


def _deviation(values: Columns, mean: Floats) -> Floats:
    squares = np.zeros_like(mean)
    for start in range(0, len(values), _BLOCK):
        squares += np.square(values[start : start + _BLOCK] - mean).sum(axis=0)
    deviation: Floats = np.sqrt(squares / len(values))
    return deviation
