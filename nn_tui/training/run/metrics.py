"""How good predictions are: accuracy and its kin for classes, R² and errors for numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.activations import Constant
from nn_tui.engine.arrays import Array

_HALF = Constant(0.5)


def winners(outputs: Array) -> NDArray[Any]:
    """Which class each sample is of, or is taken for, shape (n,).

    Args:
        outputs: predictions or targets, shape (outputs, n). One output means two classes, told apart at 0.5; several
            mean one a class, the largest wins.
    """
    classes: NDArray[Any] = (
        np.greater(outputs[0], _HALF[outputs.dtype]) if outputs.shape[0] == 1 else outputs.argmax(axis=0)
    )
    return classes


def accuracy(prediction: Array, truth: NDArray[Any]) -> float:
    """Share of samples whose class is predicted, 0 to 1.

    Args:
        prediction: shape (outputs, n).
        truth: the `winners` of the targets.
    """
    return int(np.count_nonzero(np.equal(winners(prediction), truth))) / truth.size


def r_squared(prediction: Array, targets: Array) -> float:
    """Coefficient of determination, 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 is perfect, 0 is as good as the mean.

    Args:
        prediction, targets: shape (outputs, n); of several outputs it is the mean of each one's. With constant targets
            it is 1 for a perfect fit, else 0.
    """
    residual = np.subtract(targets, prediction, dtype=np.float64)
    spread = np.subtract(targets, targets.mean(axis=1, keepdims=True, dtype=np.float64), dtype=np.float64)
    return sum(map(_explained, residual, spread)) / len(residual)


def _explained(residual: NDArray[np.float64], spread: NDArray[np.float64]) -> float:
    unexplained, total = float(np.square(residual).sum()), float(np.square(spread).sum())
    if total == 0.0:
        return float(unexplained == 0.0)
    return 1.0 - unexplained / total


def mean_errors(prediction: Array, targets: Array) -> dict[str, float]:
    """ "mae" and "rmse": the mean absolute error, and the root of the mean squared error.

    Args:
        prediction, targets: in the units they are wanted in, shape (outputs, n); of several outputs each error is the
            mean of each one's.
    """
    error = np.subtract(prediction, targets, dtype=np.float64)
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt(np.square(error).mean(axis=1)).mean()),
    }


def class_scores(predicted: NDArray[np.intp], truth: NDArray[np.intp]) -> dict[str, float]:
    """ "balanced_accuracy", "precision", "recall" and "f1", each the mean over classes, so that rare ones show.

    The mean is over the classes that occur, in truth or prediction; of balanced accuracy over those in truth. A share
    of nothing is 0, as scikit-learn has it.

    Args:
        predicted, truth: class numbers, shape (n,).
    """
    labels = np.union1d(predicted, truth)
    right = predicted == truth
    found = np.array([np.count_nonzero(right & (truth == label)) for label in labels], np.float64)
    taken = np.array([np.count_nonzero(predicted == label) for label in labels], np.float64)
    there = np.array([np.count_nonzero(truth == label) for label in labels], np.float64)
    precision, recall = found / np.maximum(taken, 1.0), found / np.maximum(there, 1.0)
    f1 = 2.0 * found / np.maximum(taken + there, 1.0)
    return {
        "balanced_accuracy": float(recall[there > 0.0].mean()),
        "precision": float(precision.mean()),
        "recall": float(recall.mean()),
        "f1": float(f1.mean()),
    }
