"""Examples ready to be learned from: mapped, divided into training, validation and test, scaled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.features import expand
from nn_tui.data.preparation import prepared
from nn_tui.data.scaling import Scaling, fit_scaling
from nn_tui.data.splitting import Hashes, Parts
from nn_tui.data.tables.coding import Coding
from nn_tui.data.tables.inputs import LeftOut
from nn_tui.floats import Floats
from nn_tui.numerals import numeral

Inputs: TypeAlias = NDArray[np.floating[Any]]
Task = Literal["binary", "multiclass", "regression"]


@dataclass(frozen=True)
class Examples:
    """A training or test set, as a network reads it.

    Inputs are kept once, in the run's own precision, with the column of ones that a bias multiplies: whoever trains
    uses them as they are, and nobody writes to them.

    Attributes:
        inputs: shape (n, features + 1), float32 or float64, mapped and scaled; the last column is all ones.
        targets: shape (n,): class numbers, or values, scaled; of several targets (n, targets).
    """

    inputs: Inputs
    targets: Floats

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Account:
    """What became of the rows and columns of a file, so that it can be said.

    Attributes:
        rows: how many there were; 0 for data that the scenario makes.
        left_out_rows: how many of them are no examples, by reason.
        left_out_columns: of its columns, with the reason.
        split: how rows were divided: "share", "content", "order", "column", "files", "folds", or "own", where
            a test set comes with the data.
        notes: what a person may want otherwise.
    """

    rows: int = 0
    left_out_rows: Mapping[str, int] = field(default_factory=dict)
    left_out_columns: tuple[LeftOut, ...] = ()
    split: str = "share"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Dataset:
    """A training, a validation and a test set, and how raw inputs become the network's.

    Attributes:
        name: its kind.
        task: "binary", "multiclass" or "regression".
        train, validation, test: the examples; all but `train` may be empty.
        columns: names of the raw inputs.
        feature_names: of the network's inputs.
        class_names: in the order of class numbers; empty in a regression.
        target_names: what is predicted: one name, or several of a regression.
        features: the feature map; None where raw inputs are taken as they are.
        input_scaling, target_scaling: fitted on the training set; targets of classes are not scaled.
        image_shape: rows and columns, where an example's raw inputs are an image's pixels.
        coding: what makes raw inputs of a table's columns; None where they are numbers anyway.
        account: what became of a file's rows and columns.
        test_hashes: of a table, the test rows' contents, shape (test,); see `row_hashes`.
    """

    name: str
    task: Task
    train: Examples
    validation: Examples
    test: Examples
    columns: tuple[str, ...]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    target_names: tuple[str, ...]
    features: tuple[str, ...] | None
    input_scaling: Scaling
    target_scaling: Scaling
    image_shape: tuple[int, int] | None = None
    coding: Coding | None = None
    account: Account = field(default_factory=Account)
    test_hashes: Hashes | None = None

    @property
    def answers(self) -> int:
        """What a prediction is about: the number of classes, or of a regression's targets."""
        return len(self.class_names) or len(self.target_names)

    def own_units(self, targets: NDArray[np.floating[Any]]) -> Floats:
        """Scaled targets or predictions, (n,) or (n, targets), in the targets' own units, in a new array."""
        return self.target_scaling.undo(targets.astype(np.float64).reshape(-1, len(self.target_names))).reshape(
            targets.shape
        )

    @property
    def is_plain(self) -> bool:
        """Whether raw inputs are the numbers of the columns, as they stand."""
        return self.coding is None or self.coding.is_plain

    def transform(self, raw_inputs: Floats) -> Floats:
        """Raw inputs (n, columns), coded where there is a coding, as the network takes them, (n, features).

        Raises:
            DataError: for another number of columns than the data had.
        """
        names = self.coding.features if self.coding else self.columns
        return prepared(raw_inputs, names, self.features, self.input_scaling)


def with_ones(columns: Floats, dtype: str) -> Inputs:
    """Columns (n, features) as a network reads them: a new array (n, features + 1) of `dtype`, the last column ones."""
    inputs = np.ones((columns.shape[0], columns.shape[1] + 1), dtype)
    inputs[:, :-1] = columns
    return inputs


def build_dataset(
    name: str,
    task: Task,
    inputs: Floats,
    targets: Floats,
    parts: Parts,
    *,
    feature_names: Sequence[str],
    class_names: Sequence[str],
    target_names: Sequence[str],
    scaling: str,
    target_scaling: str,
    features: Sequence[str] | None,
    dtype: str,
    coding: Coding | None = None,
    account: Account | None = None,
    test_hashes: Hashes | None = None,
) -> Dataset:
    """Maps, divides and scales examples.

    Args:
        name, task, feature_names, class_names, target_names, coding, account, test_hashes: as in `Dataset` (feature
            names before the feature map).
        inputs: raw, shape (n, columns); coded, where there is a coding.
        targets: shape (n,), class numbers or values, or (n, targets).
        parts: which of them are for what.
        scaling: "none", "standard" or "minmax".
        target_scaling: the same of a regression's targets; "auto" scales them as the inputs.
        features: names of a feature map for points, or None.
        dtype: "float32" or "float64", of the network's inputs.

    Raises:
        DataError: when a class is missing from training, or scaling takes an example beyond all numbers.
    """
    mapped = inputs if features is None else expand(inputs, features)
    train_rows = parts.train
    if task != "regression":
        missing = set(range(len(class_names))) - set(targets[train_rows].astype(np.intp).tolist())
        if missing:
            names = ", ".join(class_names[number] for number in sorted(missing))
            raise DataError(f"no training sample of class {names}: give more samples or a smaller test share")
    columns = targets.reshape(len(targets), -1)
    of_targets = "none" if task != "regression" else scaling if target_scaling == "auto" else target_scaling
    for_inputs = fit_scaling(scaling, mapped[train_rows], coding.scaled if coding else None)
    for_targets = fit_scaling(of_targets, columns[train_rows])
    inputs_named = tuple(features if features is not None else feature_names)
    scaled = _scaled(for_inputs, mapped, inputs_named, dtype, "scaling")
    key = "scaling" if target_scaling == "auto" else "target_scaling"
    scaled_targets = _scaled(for_targets, columns, target_names, dtype, key).reshape(targets.shape)
    train, validation, test = (
        Examples(with_ones(scaled[rows], dtype), scaled_targets[rows])
        for rows in (train_rows, parts.validation, parts.test)
    )
    return Dataset(
        name=name,
        task=task,
        train=train,
        validation=validation,
        test=test,
        columns=coding.names if coding else tuple(feature_names),
        feature_names=inputs_named,
        class_names=tuple(class_names),
        target_names=tuple(target_names),
        features=None if features is None else tuple(features),
        input_scaling=for_inputs,
        target_scaling=for_targets,
        coding=coding,
        account=account or Account(),
        test_hashes=test_hashes,
    )


def _scaled(scaling: Scaling, values: Floats, names: Sequence[str], dtype: str, key: str) -> Floats:
    """Scaled values (n, columns). A spread next to nothing in training leaves no number for what lies outside it."""
    with np.errstate(over="ignore"):
        scaled = scaling.apply(values)
    beyond = np.flatnonzero(np.maximum(scaled.max(axis=0), -scaled.min(axis=0)) > np.finfo(dtype).max)
    if len(beyond):
        raise DataError(
            f"{scaling.kind} scaling of {names[beyond[0]]} by its spread in training, "
            f"{numeral(scaling.scale[beyond[0]])}, gives numbers too large for {dtype}; choose scaling none",
            key,
        )
    return scaled
