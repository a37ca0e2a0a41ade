"""What a run learns from, in figures: rows and columns, what was left out, classes, how examples are divided."""

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from nn_tui.wording import counted, listed

if TYPE_CHECKING:
    from nn_tui.data.dataset import Dataset

_MOST_CLASSES = 6
_HOW = {
    "share": "picked at random",
    "content": "picked by their content, so that equal rows stay together",
    "order": "the last rows are kept aside",
    "column": "a column says which",
    "files": "the test set is a file of its own",
    "folds": "each row is tested on once",
    "own": "the test set comes with the data",
}
"""How examples are divided, behind how many are for what."""


class LeftOutColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table that is not learned from, with the reason."""

    name: str
    reason: str


class SplitSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How examples are divided, as in `Account`, and how many there are."""

    how: str
    train: int
    validation: int
    test: int


class DataSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a run.

    Attributes:
        rows: of a file, all of them; else the number of examples.
        left_out_rows: how many rows are no examples, by reason.
        left_out_columns: of a table.
        inputs: how many the network has.
        task: "binary", "multiclass" or "regression".
        classes: how many examples each has, of all parts together; empty in a regression.
        split: how examples are divided.
        notes: what a person may want otherwise.
    """

    rows: int
    left_out_rows: dict[str, int]
    left_out_columns: tuple[LeftOutColumn, ...]
    inputs: int
    task: str
    classes: dict[str, int]
    split: SplitSummary
    notes: tuple[str, ...]


def division(how: str, train: int, validation: int, test: int) -> str:
    """How many examples are for what and which, in words: `140 to train on, 60 to test on: picked at random`.

    Args:
        how: as in `SplitSummary`.
        train, validation, test: how many.
    """
    if not validation + test:
        return "all to train on"
    named = ((train, "to train on"), (validation, "for validation"), (test, "to test on"))
    parts = [f"{count:,} {use}" for count, use in named if count]
    return f"{', '.join(parts)}: {_HOW[how]}"


def figures(data: DataSummary) -> tuple[str, ...]:
    """In words: rows and what they are for, inputs, task or classes."""
    split = data.split
    of = "image" if split.how == "own" else "row"
    rows = f"{counted(data.rows, of)}, {division(split.how, split.train, split.validation, split.test)}"
    if not data.classes:
        return rows, counted(data.inputs, "input"), data.task
    each = ", ".join(f"{name}: {count:,}" for name, count in list(data.classes.items())[:_MOST_CLASSES])
    more = ", …" if len(data.classes) > _MOST_CLASSES else ""
    return rows, counted(data.inputs, "input"), f"{len(data.classes)} classes ({each}{more})"


def remarks(data: DataSummary) -> list[str]:
    """In words: whatever was left out, and what a person may want otherwise."""
    reasons: dict[str, list[str]] = {}
    for column in data.left_out_columns:
        reasons.setdefault(column.reason, []).append(column.name)
    lines = [f"left out: {counted(count, 'row')}: {reason}" for reason, count in data.left_out_rows.items()]
    lines += [f"left out: {listed(names)}: {reason}" for reason, names in reasons.items()]
    return [*lines, *data.notes]


def summarize_data(data: "Dataset") -> DataSummary:
    """The figures of a data set."""
    parts, account = (data.train, data.validation, data.test), data.account
    sizes = [len(part) for part in parts]
    counts = np.zeros(len(data.class_names), dtype=np.intp)
    if data.class_names:
        for part in parts:
            counts += np.bincount(part.targets.astype(np.intp), minlength=len(counts))
    return DataSummary(
        rows=account.rows or sum(sizes),
        left_out_rows=dict(account.left_out_rows),
        left_out_columns=tuple(LeftOutColumn(name=left.name, reason=left.reason) for left in account.left_out_columns),
        inputs=len(data.feature_names),
        task=data.task,
        classes=dict(zip(data.class_names, counts.tolist(), strict=True)),
        split=SplitSummary(how=account.split, train=sizes[0], validation=sizes[1], test=sizes[2]),
        notes=account.notes,
    )
