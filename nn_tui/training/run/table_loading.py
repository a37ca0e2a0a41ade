"""A table's examples as a scenario asks for them: read, chosen from, divided, missing values filled in, scaled."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from nn_tui.data.dataset import Account, Dataset, Task, build_dataset
from nn_tui.data.errors import DataError
from nn_tui.data.splitting import Hashes, Parts, folds_by_content, split, split_by_content, split_by_order
from nn_tui.data.tables.cells import Writing
from nn_tui.data.tables.delimited import Format
from nn_tui.data.tables.inputs import ColumnChoice
from nn_tui.data.tables.reading import read_sheet
from nn_tui.data.tables.rows import row_hashes
from nn_tui.data.tables.sheet import TextSheet
from nn_tui.data.tables.table import Table, more_rows, table_of
from nn_tui.engine.randomness import generator
from nn_tui.floats import Floats
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.schema import Training
from nn_tui.wording import counted, quoted

_HANDFUL, _MOST_NOTES = 10, 3


def load_table(data: Data, training: Training, sheet: TextSheet | None = None) -> Dataset:
    """The data set of a table.

    Args:
        data: names it and what to make of it.
        training: has the seed and the precision.
        sheet: what stands for the file's content; None to read it.

    Raises:
        DataError: for a table that cannot be read or does not suit the choice.
    """
    table = _table(data) if sheet is None else table_of(sheet, choice_of(data))
    inputs, targets, parts, hashes = divided(data, training.seed, table)
    how = "files" if data.test_path else data.split if isinstance(data.split, str) else "column"
    return _dataset(data, training, table, (inputs, targets, parts, hashes), how)


def load_folds(data: Data, training: Training, count: int) -> Iterator[Dataset]:
    """The data sets of a table's folds: each tests on another part of the rows, told by their content.

    Args:
        data, training: as of `load_table`; a validation share is taken of the rows that are not tested on.
        count: how many folds.

    Raises:
        DataError: as `load_table`, and for more folds than the rows allow.
    """
    table, seed = _table(data), training.seed
    strata = table.targets.astype(np.intp) if table.class_names else np.zeros(len(table.inputs), np.intp)
    hashes = row_hashes(table.inputs, table.targets, table.class_names)
    order = np.argsort(hashes, kind="stable")
    fold = folds_by_content(hashes, strata, count, seed)[order]
    if not table.class_names and len(order) and np.bincount(fold, minlength=count).min() < 2:
        raise DataError(f"{counted(count, 'fold')} are too many: of one row to test on there is no R²")
    for number in range(count):
        test, rest = order[fold == number], order[fold != number]
        parts = Parts(rest, rest[:0], test)
        if data.validation_share:
            inner = split_by_content(hashes[rest], data.validation_share, 0.0, seed)
            parts = Parts(rest[inner.train], rest[inner.test], test)
        # Missing values are filled in by each fold's own training rows.
        made = (table.inputs.copy(), table.targets, parts, hashes[test])
        yield _dataset(data, training, table, made, "folds")


def _table(data: Data) -> Table:
    assert data.path is not None
    return table_of(read_sheet(Path(data.path), format_of(data), targets_of(data)), choice_of(data))


def _dataset(
    data: Data, training: Training, table: Table, made: tuple[Floats, Floats, Parts, Hashes], how: str
) -> Dataset:
    inputs, targets, parts, hashes = made
    coding = table.coding.fitted(inputs[parts.train], data.missing)
    missing = coding.missing(inputs) if coding is not table.coding else 0
    coding.fill(inputs)
    return build_dataset(
        data.kind,
        table.task,
        inputs,
        targets,
        parts,
        feature_names=coding.features,
        class_names=table.class_names,
        target_names=table.target_names,
        scaling=data.scaling,
        target_scaling=data.target_scaling,
        features=None,
        dtype=training.dtype,
        coding=coding,
        account=Account(
            rows=table.rows,
            left_out_rows=table.left_out_rows,
            left_out_columns=table.left_out_columns,
            split=how,
            notes=(*table.notes, *([filled_in(missing, data.missing)] if missing else []), *_rare(table)),
        ),
        test_hashes=hashes,
    )


def filled_in(count: int, policy: str) -> str:
    """A note on missing values that the training rows stand in for."""
    what = {"most": "most frequent value"}.get(policy, f"{policy}, of texts the most frequent one")
    return f"filled in: {counted(count, 'missing value')}, with the training rows' {what}"


def _rare(table: Table) -> list[str]:
    """Notes on classes with next to no rows."""
    counts = np.bincount(table.targets.astype(np.intp)) if table.class_names else np.arange(0)
    return [
        f"class {quoted(name)} has {counted(count, 'row')}: too few to be learned or judged by; "
        'training.class_weight = "balanced" makes them count'
        for name, count in zip(table.class_names, counts.tolist(), strict=True)
        if count < _HANDFUL and count < len(table.targets) / len(table.class_names) / 2
    ][:_MOST_NOTES]


def targets_of(data: Data) -> tuple[str | int, ...]:
    """The columns to predict."""
    assert data.target is not None
    return (data.target,) if isinstance(data.target, str | int) else data.target


def format_of(data: Data) -> Format:
    """How the file is written, as far as the scenario says."""
    # A control character cannot stand in a scenario.
    delimiter = "\t" if data.delimiter == "tab" else data.delimiter
    return Format(delimiter, data.encoding, data.header, Writing(data.decimal, data.thousands))


def choice_of(data: Data) -> ColumnChoice:
    """What the scenario makes of the file's columns."""
    return ColumnChoice(
        targets=targets_of(data),
        task=data.task,
        columns=data.columns,
        ignore=data.ignore,
        coding=data.coding,
        missing=data.missing,
        aside=None if isinstance(data.split, str) else data.split["column"],
    )


def by_chance(data: Data, seed: int, task: Task, targets: Floats, test_share: float | None = None) -> Parts:
    """The parts of examples divided by chance, classes by the same shares each.

    Raises:
        DataError: as `split`.
    """
    strata = targets.astype(np.intp) if task != "regression" else None
    share = data.test_share if test_share is None else test_share
    return split(len(targets), share, data.validation_share, generator(seed, "split"), strata)


def divided(data: Data, seed: int, table: Table) -> tuple[Floats, Floats, Parts, Hashes]:
    """Inputs and targets, which of them are for what, and the contents of those for testing.

    Raises:
        DataError: for a division that leaves a part or a class without examples.
    """
    inputs, targets = table.inputs, table.targets
    if data.test_path is not None:
        own = by_chance(data, seed, table.task, targets, test_share=0.0)
        tested, answers = more_rows(read_sheet(Path(data.test_path), format_of(data), targets_of(data)), table)
        if data.missing in ("refuse", "drop") and (bad := np.isnan(tested).any(axis=1)).any():
            if data.missing == "refuse":
                raise DataError(
                    f"{data.test_path}: row {int(np.flatnonzero(bad)[0])} (counted from 0): a value is missing; fill "
                    'it in, leave the row out, or give missing = "drop", "mean", "median" or "most"',
                    "test_path",
                )
            tested, answers = tested[~bad], answers[~bad]
        rows = np.arange(len(inputs), len(inputs) + len(tested))
        parts = Parts(own.train, own.validation, rows)
        inputs, targets = np.concatenate((inputs, tested)), np.concatenate((targets, answers))
    elif not isinstance(data.split, str):
        assert table.aside is not None
        parts = _by_column(data.split, table.aside)
    elif data.split == "content":
        hashes = row_hashes(inputs, targets, table.class_names)
        parts = split_by_content(hashes, data.test_share, data.validation_share, seed)
        _check_classes(parts, table)
        return inputs, targets, parts, hashes[parts.test]
    elif data.split == "order":
        parts = split_by_order(len(inputs), data.test_share, data.validation_share)
    else:
        parts = by_chance(data, seed, table.task, targets)
    return inputs, targets, parts, row_hashes(inputs[parts.test], targets[parts.test], table.class_names)


def _by_column(said: dict[str, str], texts: Sequence[str]) -> Parts:
    values = np.array(texts, dtype=object)
    found = {key: np.flatnonzero(values == said[key]) for key in ("test", "validation") if key in said}
    for key, rows in found.items():
        if len(rows) == 0:
            there = ", ".join(quoted(text) for text in sorted(set(texts))[:6])
            raise DataError(
                f"no row has {quoted(said[key])} in column {quoted(said['column'])} (there are {there})", "split"
            )
    kept = np.ones(len(texts), dtype=bool)
    for rows in found.values():
        kept[rows] = False
    if not kept.any():
        raise DataError(f"column {quoted(said['column'])} leaves no row to train on", "split")
    return Parts(np.flatnonzero(kept), found.get("validation", np.arange(0)), found["test"])


def _check_classes(parts: Parts, table: Table) -> None:
    """Refuses a division by content that leaves a class without examples to train or to test on."""
    if table.task == "regression":
        return
    for name, rows in (("train", parts.train), ("test", parts.test)):
        if len(rows) == 0:
            continue
        counts = np.bincount(table.targets[rows].astype(np.intp), minlength=len(table.class_names))
        if (counts == 0).any():
            told = ", ".join(f"{table.class_names[i]} {count:,}" for i, count in enumerate(counts[:12].tolist()))
            raise DataError(
                f"picked by content, no row of class {quoted(table.class_names[int(counts.argmin())])} is left to "
                f'{name} on ({told}); another seed, a larger part or split = "share" (at random) may have some',
                "split",
            )
