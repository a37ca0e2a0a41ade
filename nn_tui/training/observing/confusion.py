"""Which classes are taken for which."""

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.arrays import Array

Classes = NDArray[np.intp]


def classes_of(rows: Array) -> Classes:
    """Class numbers (n,) of predictions or targets (outputs, n): one output means two classes, told apart at 0.5."""
    classes: Classes = (rows[0] > 0.5).astype(np.intp) if rows.shape[0] == 1 else rows.argmax(axis=0)
    return classes


def confusion(targets: Classes, predicted: Classes, classes: int) -> tuple[tuple[int, ...], ...]:
    """Counts by true class (rows) and predicted class (columns)."""
    counts = np.bincount(targets * classes + predicted, minlength=classes * classes)
    return tuple(tuple(row) for row in counts.reshape(classes, classes).tolist())
