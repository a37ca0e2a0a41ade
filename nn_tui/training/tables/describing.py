"""What a table holds and what would be made of it: column by column, with the scenario it amounts to."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nn_tui.data.tables.coding import plain
from nn_tui.data.tables.meanings import date_form
from nn_tui.data.tables.sheet import Column
from nn_tui.floats import Floats
from nn_tui.scenario.writing import dumps
from nn_tui.training.tables.suggesting import Suggestion, suggested

_EXAMPLES = 4


class ColumnDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One column.

    Attributes:
        name: what it is called.
        type: "number" or "text".
        role: "target", "input", "left out" (nothing can be learned from it) or "ignored" (by choice).
        coding: how it becomes inputs: "number", "one-hot", "flag", "order" or "date"; why not, of what is left out.
        missing: how many values are.
        distinct: how many different values there are.
        minimum, maximum: of numbers.
        examples: the first different values.
        dates: of texts that are dates, how they are written, as `coding` takes it; else empty.
    """

    name: str
    type: str
    role: str
    coding: str
    missing: int
    distinct: int
    minimum: float | None
    maximum: float | None
    examples: tuple[str, ...]
    dates: str = ""


class TableDescription(msgspec.Struct, frozen=True, kw_only=True):
    """A table.

    Attributes:
        path: its file.
        rows: how many it has.
        left_out: how many of them are no examples, by reason.
        columns: in the file's order.
        target: the columns to predict.
        task: "binary", "multiclass" or "regression".
        classes: how many examples each has; empty in a regression.
        split: how examples are divided: "how", and how many for "train", "validation" and "test".
        notes: what a person may want otherwise.
        scenario: what it amounts to, as TOML.
    """

    path: str
    rows: int
    left_out: dict[str, int]
    columns: tuple[ColumnDescription, ...]
    target: tuple[str, ...]
    task: str
    classes: dict[str, int]
    split: dict[str, Any]
    notes: tuple[str, ...]
    scenario: str


def described(
    path: Path,
    targets: Sequence[str | int] = (),
    task: str = "auto",
    changes: Mapping[str, object] | None = None,
) -> TableDescription:
    """Describes a table.

    Args:
        path: the file.
        targets: the columns to predict; the likeliest if left out.
        task: as in `ColumnChoice`.
        changes: what is wanted otherwise, as of `suggested`.

    Raises:
        ScenarioError: for a file that is no table, or a target that is not there or cannot be learned.
    """
    return description_of(path, suggested(path, targets, task, asks="", changes=changes))


def description_of(path: Path, found: Suggestion) -> TableDescription:
    """The description of a table by what would be made of it."""
    table, sheet = found.table, found.sheet
    left_out = {left.name: left.reason for left in table.left_out_columns}
    codings = {column.name: column.kind for column in table.coding.columns}
    columns = []
    for column in sheet.columns:
        if column.name in table.target_names:
            role, coding = "target", "values" if table.task == "regression" else "classes"
        elif column.name in codings:
            role, coding = "input", codings[column.name]
        elif column.name in left_out and column.name not in found.ignored:
            role, coding = "left out", left_out[column.name]
        else:
            role, coding = "ignored", found.ignored.get(column.name, "")
        columns.append(_column(column, role, coding))
    return TableDescription(
        path=str(path),
        rows=table.rows,
        left_out=table.left_out_rows,
        columns=tuple(columns),
        target=table.target_names,
        task=table.task,
        classes=_counts(found),
        split=found.split,
        notes=found.notes,
        scenario=dumps(found.scenario),
    )


def _counts(found: Suggestion) -> dict[str, int]:
    names = found.table.class_names
    counts = np.bincount(found.table.targets.astype(np.intp), minlength=len(names)) if names else np.arange(0)
    return dict(zip(names, counts.tolist(), strict=True))


def _column(column: Column, role: str, coding: str) -> ColumnDescription:
    missing = int(np.count_nonzero(column.missing))
    own = _texts(column.texts) if column.numbers is None else _numbers(column.numbers[~column.missing])
    return ColumnDescription(name=column.name, role=role, coding=coding, missing=missing, **own)


def _texts(texts: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "text",
        "distinct": len(texts),
        "minimum": None,
        "maximum": None,
        "examples": texts[:_EXAMPLES],
        "dates": date_form(texts),
    }


def _numbers(known: Floats) -> dict[str, Any]:
    first = dict.fromkeys(known[:1000].tolist())
    return {
        "type": "number",
        "distinct": len(np.unique(known)),
        "minimum": float(known.min()) if len(known) else None,
        "maximum": float(known.max()) if len(known) else None,
        "examples": tuple(plain(value) for value in list(first)[:_EXAMPLES]),
    }
