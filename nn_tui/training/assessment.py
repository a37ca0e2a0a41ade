"""How good predictions are where the truth is known: of classes a confusion matrix and what follows, of values errors.

Source: Manning, Raghavan & Schütze 2008, sections 8.3 and 13.6. A ratio that is 0/0 (no sample of a class, or none
taken for it) is undefined: it is none, and left out of the mean, as in scikit-learn with `zero_division=nan`.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from nn_tui.floats import Floats
from nn_tui.training.run.metrics import mean_errors, r_squared

Indices = NDArray[np.intp]


class ClassQuality(msgspec.Struct, frozen=True, kw_only=True):
    """One class.

    Attributes:
        name: the class.
        precision: the share of right ones among the samples taken for it; None where none were.
        recall: the share of its samples that were found; None where there are none.
        f1: the harmonic mean of both; None where neither is defined.
        samples: how many are of it.
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    samples: int


class ClassAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """Classes predicted for samples whose class is known.

    Attributes:
        samples: how many.
        accuracy: the share of right ones.
        confusion: numbers of samples, a row for each true class, a column for each predicted one.
        classes: each class by itself.
        mean: the mean of what is defined over the classes, each weighing the same.
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
        mae, rmse: mean absolute error, root of the mean squared error, in the target's own units. Of several targets
            each is the mean of each one's.
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
    precision, recall, f1 = _ratios(right, found), _ratios(right, there), _ratios(2 * right, found + there)
    columns = zip(names, precision, recall, f1, there.tolist(), strict=True)
    return ClassAssessment(
        samples=len(truth),
        accuracy=float(right.sum() / len(truth)),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        classes=tuple(ClassQuality(name=n, precision=p, recall=r, f1=f, samples=s) for n, p, r, f, s in columns),
        mean=ClassQuality(
            name="mean",
            precision=_mean(precision),
            recall=_mean(recall),
            f1=_mean(f1),
            samples=len(truth),
        ),
    )


def _ratios(parts: Indices, wholes: Indices) -> list[float | None]:
    return [part / whole if whole else None for part, whole in zip(parts.tolist(), wholes.tolist(), strict=True)]


def _mean(values: Sequence[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return math.fsum(defined) / len(defined) if defined else None


def assess_values(predicted: Floats, truth: Floats) -> ValueAssessment:
    """Compares values, shape (n, targets) each, n at least 1."""
    return ValueAssessment(samples=len(truth), r2=r_squared(predicted.T, truth.T), **mean_errors(predicted.T, truth.T))
