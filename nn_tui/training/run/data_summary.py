"""What a run learns from, in figures: rows and columns, what was left out, classes, how examples are divided."""

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from nn_tui.wording import counted, listed

if TYPE_CHECKING:
    from nn_tui.data.dataset import Dataset

_MOST_CLASSES = 6


class LeftOutColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table that is not learned from, with the reason."""

    name: str
    reason: str


class SplitSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How examples are divided: by "share", "content", "order", "column" or "files", and how many there are."""

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


def figures(data: DataSummary) -> tuple[str, ...]:
    """In words: rows and what they are for, inputs, task or classes."""
    split = data.split
    parts = [f"{count:,} {name}" for name, count in (("train", split.train), ("validation", split.validation)) if count]
    parts += [f"{split.test:,} test"] if split.test else []
    rows = f"{counted(data.rows, 'row')} ({', '.join(parts)}; divided by {split.how})"
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
