"""A table ready to be divided and scaled: inputs as numbers, targets, and an account of what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.tables.coding import Coding, as_texts, check_size, first_text
from nn_tui.data.tables.inputs import ColumnChoice, LeftOut, chosen_inputs, target_places
from nn_tui.data.tables.selection import place_of
from nn_tui.data.tables.sheet import MOST_NUMBERS, TextSheet
from nn_tui.data.tables.targets import Task, class_numbers, read_targets
from nn_tui.floats import Floats
from nn_tui.shown import shown
from nn_tui.wording import counted, listed, quoted, suggestion

Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """Examples from a file.

    Attributes:
        task: "binary", "multiclass" or "regression".
        inputs: shape (n, inputs), float64, NaN where a value is missing that the training rows have to stand in for.
        targets: float64: class numbers or values (n,), or the values of several targets (n, targets).
        class_names: in the order of class numbers: numbers by value, else texts by alphabet; empty in a regression.
        target_names: the target columns' names.
        coding: what made the inputs.
        rows: how many the file has.
        left_out_rows: how many of them are not among the examples, by reason.
        left_out_columns: columns that are not learned from, with the reason.
        aside: each example's text in the column that says what it is for; None without such a column.
        notes: what a person may want otherwise.
    """

    task: Task
    inputs: Floats
    targets: Floats
    class_names: tuple[str, ...]
    target_names: tuple[str, ...]
    coding: Coding
    rows: int
    left_out_rows: dict[str, int]
    left_out_columns: tuple[LeftOut, ...]
    aside: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()


def table_of(sheet: TextSheet, choice: ColumnChoice) -> Table:
    """The examples a sheet holds, by a person's choice.

    Raises:
        DataError: with file, line and column, for a choice that does not suit the sheet, or a value that does not suit
            its column.
    """
    places = target_places(sheet, choice.targets)
    _refuse_few(sheet)
    kept, left_out_rows = sheet, {}
    without: Truths = np.logical_or.reduce([sheet.columns[place].missing for place in places])
    if without.any():
        left_out_rows["without target"] = int(np.count_nonzero(without))
        kept = sheet.rows(~without)
        _refuse_few(kept, "with a target")
    coding, left_out = chosen_inputs(sheet, choice, places)
    _check_size(sheet, coding)
    inputs = coding.encoded(kept, [column.place for column in coding.columns])
    missing: Truths = np.logical_or.reduce(np.isnan(inputs), axis=1)
    if missing.any() and choice.missing == "refuse":
        raise _missing(kept, coding, inputs)
    if missing.any() and choice.missing == "drop":
        left_out_rows["missing values"] = int(np.count_nonzero(missing))
        kept, inputs = kept.rows(~missing), inputs[~missing]
        _refuse_few(kept, "without missing values")
    targets = read_targets(kept, places, choice.task)
    return Table(
        task=targets.task,
        inputs=inputs,
        targets=targets.values,
        class_names=targets.class_names,
        target_names=tuple(sheet.columns[place].name for place in places),
        coding=coding,
        rows=len(sheet),
        left_out_rows=left_out_rows,
        left_out_columns=left_out,
        aside=_aside(kept, choice),
        notes=(targets.note,) if targets.note else (),
    )


def _refuse_few(sheet: TextSheet, which: str = "") -> None:
    if len(sheet) < 2:
        if which:
            problem = f"{counted(len(sheet), 'row') if len(sheet) else 'no row'} {which}"
        else:
            problem = "only one row of data" if len(sheet) else "a header, but no row of data"
        raise DataError(f"{shown(sheet.path)}: {problem}; expected at least two", "path")


def _check_size(sheet: TextSheet, coding: Coding) -> None:
    numbers = len(sheet) * len(coding.features)
    if numbers > MOST_NUMBERS:
        raise DataError(
            f"{shown(sheet.path)}: {len(sheet):,} rows of {counted(len(coding.features), 'input')} are too many "
            f"numbers (at most {MOST_NUMBERS:,}); take fewer columns",
            "columns",
        )


def _missing(sheet: TextSheet, coding: Coding, inputs: Floats) -> DataError:
    """About the first value that is missing, in reading order."""
    row = int(np.flatnonzero(np.isnan(inputs).any(axis=1))[0])
    place = next(column.place for column in coding.columns if sheet.columns[column.place].missing[row])
    count = sum(int(np.count_nonzero(sheet.columns[column.place].missing)) for column in coding.columns)
    more = f" ({count:,} values are missing in all)" if count > 1 else ""
    return sheet.error(
        f'the value is missing; fill it in, leave the row out, or say what becomes of it: missing = "drop", "mean", '
        f'"median" or "most"{more}',
        row=row,
        place=place,
        key="missing",
    )


def _aside(sheet: TextSheet, choice: ColumnChoice) -> tuple[str, ...] | None:
    if choice.aside is None:
        return None
    texts, codes = as_texts(sheet.columns[place_of(sheet, choice.aside, "split")])
    return tuple((*texts, "")[code] for code in codes)


# -- later rows ----------------------------------------------------------------------------------------------------


def more_rows(sheet: TextSheet, table: Table) -> tuple[Floats, Floats]:
    """Rows of another file for the same network: inputs (n, inputs), NaN where missing, and targets as `table` has.

    Columns go by name; without a header by place.

    Raises:
        DataError: for a column that is not there, a target or a category that the table does not know.
    """
    wanted: Sequence[str | int] = [c.name if sheet.named else c.place for c in table.coding.columns]
    inputs = table.coding.encoded(sheet, [place_of(sheet, one, "test_path") for one in wanted])
    values = []
    for name in table.target_names:
        place = place_of(sheet, name, "test_path")
        values.append(known_targets(sheet, place, table.class_names))
        if (absent := np.isnan(values[-1])).any():
            raise sheet.error("the target is missing", row=int(np.flatnonzero(absent)[0]), place=place, key="test_path")
    return inputs, values[0] if len(values) == 1 else np.column_stack(values)


def known_targets(sheet: TextSheet, place: int, class_names: Sequence[str], unknown: str = "refuse") -> Floats:
    """Class numbers or values of a column (n,), NaN where one is missing.

    Args:
        sheet: whose column it is.
        place: of the column.
        class_names: in the order of class numbers; empty in a regression.
        unknown: of a class that is none of these: "refuse", or "none" to take it as missing.

    Raises:
        DataError: for a class that is none of these, or, in a regression, for a text or a number that is too large.
    """
    column = sheet.columns[place]
    if not class_names:
        if column.numbers is None:
            raise first_text(sheet, place, "values are numbers")
        check_size(sheet, place, column.numbers)
        return column.numbers
    numbers = class_numbers(sheet, place, class_names)
    strange = np.isnan(numbers) & ~column.missing
    if unknown == "refuse" and strange.any():
        row = int(np.flatnonzero(strange)[0])
        texts, codes = as_texts(column)
        text = texts[codes[row]]
        raise sheet.error(
            f"there is no class {quoted(text)}{suggestion(text, class_names)} (the classes are: {listed(class_names)})",
            row=row,
            place=place,
        )
    return numbers
