"""Examples ready to be learned from: mapped, split into training and test, scaled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.features import expand
from nn_tui.data.preparation import prepared
from nn_tui.data.scaling import Scaling, fit_scaling

Floats = NDArray[np.float64]
Inputs: TypeAlias = NDArray[np.floating[Any]]
Indices = NDArray[np.intp]
Task = Literal["binary", "multiclass", "regression"]


@dataclass(frozen=True)
class Examples:
    """A training or test set, as a network reads it.

    Inputs are kept once, in the run's own precision, with the column of ones that a bias multiplies: whoever trains
    uses them as they are, and nobody writes to them.

    Attributes:
        inputs: shape (n, features + 1), float32 or float64, mapped and scaled; the last column is all ones.
        targets: shape (n,): class numbers, or values (scaled as the inputs are).
    """

    inputs: Inputs
    targets: Floats

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Dataset:
    """A training and a test set, and how raw inputs become the network's.

    Attributes:
        name: its kind.
        task: "binary", "multiclass" or "regression".
        train, test: the examples; `test` may be empty.
        columns: names of the raw inputs.
        feature_names: of the network's inputs.
        class_names: in the order of class numbers; empty in a regression.
        target_name: what is predicted.
        features: the feature map; None where raw inputs are taken as they are.
        input_scaling, target_scaling: fitted on the training set; targets of classes are not scaled.
        image_shape: rows and columns, where an example's raw inputs are an image's pixels.
    """

    name: str
    task: Task
    train: Examples
    test: Examples
    columns: tuple[str, ...]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    target_name: str
    features: tuple[str, ...] | None
    input_scaling: Scaling
    target_scaling: Scaling
    image_shape: tuple[int, int] | None = None

    def transform(self, raw_inputs: Floats) -> Floats:
        """Raw inputs (n, columns) as the network takes them, (n, features).

        Raises:
            DataError: for another number of columns than the data had.
        """
        return prepared(raw_inputs, self.columns, self.features, self.input_scaling)


def with_ones(columns: Floats, dtype: str) -> Inputs:
    """Columns (n, features) as a network reads them: a new array (n, features + 1) of `dtype`, the last column ones."""
    inputs = np.ones((columns.shape[0], columns.shape[1] + 1), dtype)
    inputs[:, :-1] = columns
    return inputs


def split(
    count: int, test_share: float, generator: np.random.Generator, strata: Indices | None = None
) -> tuple[Indices, Indices]:
    """Training and test rows, in shuffled order.

    Args:
        count: examples in all.
        test_share: share of them kept for testing, rounded to whole examples.
        generator: draws the order.
        strata: class numbers, shape (count,): each class is split by the same share, to within one example, and keeps
            one for training.
    """
    order = generator.permutation(count)
    tested = round(count * test_share)
    if strata is None:
        return order[tested:], order[:tested]
    labels, sizes = np.unique(strata, return_counts=True)
    in_test = np.zeros(count, dtype=bool)
    for label, quota in zip(labels, _quotas(sizes, test_share, tested), strict=True):
        in_test[order[strata[order] == label][:quota]] = True
    return order[~in_test[order]], order[in_test[order]]


def _quotas(sizes: Indices, share: float, total: int) -> Indices:
    """How many of each class are for testing: its share rounded down, and one more where the rest is largest."""
    exact = sizes * share
    quotas: Indices = np.floor(exact).astype(np.intp)
    by_rest = [index for index in np.argsort(quotas - exact, kind="stable") if quotas[index] + 1 < sizes[index]]
    quotas[by_rest[: max(0, total - int(quotas.sum()))]] += 1
    return quotas


def build_dataset(
    name: str,
    task: Task,
    inputs: Floats,
    targets: Floats,
    *,
    feature_names: Sequence[str],
    class_names: Sequence[str],
    target_name: str,
    test_share: float,
    scaling: str,
    features: Sequence[str] | None,
    split_generator: np.random.Generator,
    dtype: str,
) -> Dataset:
    """Maps, splits and scales examples.

    Args:
        name, task, feature_names, class_names, target_name: as in `Dataset` (feature names before the feature map).
        inputs: raw, shape (n, columns).
        targets: shape (n,), class numbers or values.
        test_share: share of the examples kept for testing, 0 to below 1.
        scaling: "none", "standard" or "minmax"; for a regression the target is scaled alike.
        features: names of a feature map for points, or None.
        split_generator: draws which examples are for testing.
        dtype: "float32" or "float64", of the network's inputs.

    Raises:
        DataError: when nothing is left to train or test on, a class is missing from training, or scaling takes a test
            example beyond all numbers.
    """
    mapped = inputs if features is None else expand(inputs, features)
    classes = targets.astype(np.intp) if task != "regression" else None
    train_rows, test_rows = split(len(inputs), test_share, split_generator, classes)
    if len(train_rows) == 0 or (test_share > 0.0 and len(test_rows) == 0):
        use = "test" if len(train_rows) else "train"
        raise DataError(
            f"a test share of {test_share:g} leaves none of {len(inputs)} samples to {use} on", "test_share"
        )
    if classes is not None and len(missing := set(range(len(class_names))) - set(classes[train_rows].tolist())):
        names = ", ".join(class_names[number] for number in sorted(missing))
        raise DataError(f"no training sample of class {names}: give more samples or a smaller test share")
    input_scaling = fit_scaling(scaling, mapped[train_rows])
    target_scaling = fit_scaling(scaling if task == "regression" else "none", targets[train_rows, np.newaxis])
    inputs_named = tuple(features if features is not None else feature_names)
    scaled = _scaled(input_scaling, mapped, inputs_named, dtype)
    scaled_targets = _scaled(target_scaling, targets[:, np.newaxis], (target_name,), dtype)[:, 0]
    return Dataset(
        name=name,
        task=task,
        train=Examples(with_ones(scaled[train_rows], dtype), scaled_targets[train_rows]),
        test=Examples(with_ones(scaled[test_rows], dtype), scaled_targets[test_rows]),
        columns=tuple(feature_names),
        feature_names=inputs_named,
        class_names=tuple(class_names),
        target_name=target_name,
        features=None if features is None else tuple(features),
        input_scaling=input_scaling,
        target_scaling=target_scaling,
    )


def _scaled(scaling: Scaling, values: Floats, names: Sequence[str], dtype: str) -> Floats:
    """Scaled values (n, columns). A spread next to nothing in training leaves no number for what lies outside it."""
    with np.errstate(over="ignore"):
        scaled = scaling.apply(values)
    beyond = np.flatnonzero(np.abs(scaled).max(axis=0) > np.finfo(dtype).max)
    if len(beyond):
        raise DataError(
            f"{scaling.kind} scaling of {names[beyond[0]]} by its spread in training, {scaling.scale[beyond[0]]:.3g}, "
            f"gives numbers too large for {dtype}; choose scaling none",
            "scaling",
        )
    return scaled
