"""How good predictions are where the truth is known: of classes a confusion matrix and what follows, of values errors.

Source: Manning, Raghavan & Schütze 2008, sections 8.3 and 13.6. Where a ratio is 0/0 (no sample of a class, or none
taken for it) it counts as 0, as in scikit-learn.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from nn_tui.training.metrics import r_squared

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


class ClassQuality(msgspec.Struct, frozen=True, kw_only=True):
    """One class.

    Attributes:
        name: the class.
        precision: the share of right ones among the samples taken for it.
        recall: the share of its samples that were found.
        f1: the harmonic mean of both.
        samples: how many are of it.
    """

    name: str
    precision: float
    recall: float
    f1: float
    samples: int


class ClassAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """Classes predicted for samples whose class is known.

    Attributes:
        samples: how many.
        accuracy: the share of right ones.
        confusion: numbers of samples, a row for each true class, a column for each predicted one.
        classes: each class by itself.
        mean: the mean over the classes, each weighing the same.
    """

    samples: int
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]
    classes: tuple[ClassQuality, ...]
    mean: ClassQuality


class ValueAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """Values predicted for samples whose value is known.

    Attributes:
        samples: how many.
        r2: the coefficient of determination.
        mae, rmse: mean absolute error, root of the mean squared error, in the target's own units.
    """

    samples: int
    r2: float
    mae: float
    rmse: float


def assess_classes(predicted: Indices, truth: Indices, names: Sequence[str]) -> ClassAssessment:
    """Compares class numbers, shape (n,) each, n at least 1."""
    count = len(names)
    confusion = np.bincount(truth * count + predicted, minlength=count * count).reshape(count, count)
    right, found, there = np.diag(confusion), confusion.sum(axis=0), confusion.sum(axis=1)
    precision, recall, f1 = _ratio(right, found), _ratio(right, there), _ratio(2 * right, found + there)
    columns = zip(names, precision.tolist(), recall.tolist(), f1.tolist(), there.tolist(), strict=True)
    return ClassAssessment(
        samples=len(truth),
        accuracy=float(right.sum() / len(truth)),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        classes=tuple(ClassQuality(name=n, precision=p, recall=r, f1=f, samples=s) for n, p, r, f, s in columns),
        mean=ClassQuality(
            name="mean",
            precision=float(precision.mean()),
            recall=float(recall.mean()),
            f1=float(f1.mean()),
            samples=len(truth),
        ),
    )


def _ratio(part: Indices, whole: Indices) -> Floats:
    ratio = np.zeros(len(whole))
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio


def assess_values(predicted: Floats, truth: Floats) -> ValueAssessment:
    """Compares values, shape (n,) each, n at least 1."""
    error = predicted - truth
    return ValueAssessment(
        samples=len(truth),
        r2=r_squared(predicted[np.newaxis], truth[np.newaxis]),
        mae=float(np.abs(error).mean()),
        rmse=float(np.sqrt(np.square(error).mean())),
    )
