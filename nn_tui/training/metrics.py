"""How good predictions are: accuracy for classes, R² for numbers."""

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.activations import Constant
from nn_tui.engine.arrays import Array

_HALF = Constant(0.5)


def accuracy(prediction: Array, targets: Array) -> float:
    """Share of samples whose class is predicted, 0 to 1.

    Args:
        prediction, targets: shape (outputs, n). One output means two classes, told apart at 0.5; several mean one a
            class, the largest wins.
    """
    if prediction.shape[0] == 1:
        half = _HALF[prediction.dtype]
        hits: NDArray[np.bool_] = np.equal(np.greater(prediction, half), np.greater(targets, half))
    else:
        hits = np.equal(prediction.argmax(axis=0), targets.argmax(axis=0))
    return int(np.count_nonzero(hits)) / hits.size


def r_squared(prediction: Array, targets: Array) -> float:
    """Coefficient of determination, 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 is perfect, 0 is as good as the mean.

    Args:
        prediction, targets: shape (outputs, n). With constant targets it is 1 for a perfect fit, else 0.
    """
    residual = np.subtract(targets, prediction, dtype=np.float64)
    spread = np.subtract(targets, targets.mean(axis=1, keepdims=True, dtype=np.float64), dtype=np.float64)
    unexplained, total = float(np.square(residual).sum()), float(np.square(spread).sum())
    if total == 0.0:
        return float(unexplained == 0.0)
    return 1.0 - unexplained / total
