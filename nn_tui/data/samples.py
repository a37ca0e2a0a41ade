"""Samples that a person names to see what a trained network makes of them: a row of numbers, or a table of them."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.tables.archive import array_column
from nn_tui.data.tables.cells import LARGEST, is_missing, is_number, number_of, one_line
from nn_tui.data.tables.coding import Coding, ColumnCoding
from nn_tui.data.tables.delimited import DETECTED, Format, read_rows
from nn_tui.data.tables.endings import TEXTS
from nn_tui.data.tables.reading import read_sheet
from nn_tui.data.tables.sheet import Column, TextSheet
from nn_tui.data.tables.table import known_targets
from nn_tui.data.tables.text_reader import text_column
from nn_tui.floats import Floats
from nn_tui.shown import shown
from nn_tui.wording import counted, listed, quoted, suggestion

MOST_SAMPLES = 1_000_000
"""To be predicted at a time: what is said of them takes half a gigabyte."""


_BARE_ROW = re.compile(r"[-+0-9.,eE ]+")


@dataclass(frozen=True)
class SampleLayout:
    """What a model's raw inputs and target are, so that samples can be read for it.

    Attributes:
        columns: names of the raw inputs.
        target_names: of what is predicted.
        class_names: in the order of class numbers; empty in a regression.
        target_places: where the targets stand in the model's own table, counted from 0; None where they go by name.
        image_shape: rows and columns, where the inputs are an image's pixels.
        coding: of the columns, where they are a table's.
        how: how that table is written.
        unknown: what becomes of a category never seen: "refuse" it, or take it as "zeros".
    """

    columns: tuple[str, ...]
    target_names: tuple[str, ...]
    class_names: tuple[str, ...]
    target_places: tuple[int, ...] | None = None
    image_shape: tuple[int, int] | None = None
    coding: Coding | None = None
    how: Format = DETECTED
    unknown: Literal["refuse", "zeros"] = "refuse"

    @property
    def columns_coded(self) -> Coding:
        """What makes inputs of a row's cells."""
        if self.coding is not None:
            return self.coding
        numbers = tuple(ColumnCoding(name, place, "number") for place, name in enumerate(self.columns))
        return Coding(numbers, len(self.columns) + len(self.target_names))

    @property
    def inputs(self) -> str:
        """What one sample is, in words."""
        if self.image_shape:
            return f"pictures of {self.image_shape[0]}×{self.image_shape[1]} pixels"
        noun = "number" if all(column.kind == "number" for column in self.columns_coded.columns) else "value"
        return f"{counted(len(self.columns), noun)} a sample ({listed(self.columns)})"


@dataclass(frozen=True)
class Samples:
    """Samples to predict.

    Attributes:
        names: what each is called.
        inputs: raw, of a table coded, shape (n, columns or inputs).
        targets: class numbers or values, shape (n, targets), NaN where unknown; None where none is known.
        notes: what was done to them, for people.
    """

    names: tuple[str, ...]
    inputs: Floats
    targets: Floats | None = None
    notes: tuple[str, ...] = ()


def check_file(path: Path) -> None:
    """Refuses what is not a file on a disk: a pipe would be waited for without end.

    Raises:
        DataError: for what is not there, or is a folder or a device.
    """
    try:
        if path.is_file():
            return
        problem = "is not a file" if path.exists() else "no such file"
    except (OSError, ValueError):
        # Names that no system has: with a NUL, too long, in half a surrogate pair.
        problem = "no such file"
    raise DataError(f"{shown(path)}: {problem}")


def is_row(text: str) -> bool:
    """Whether an argument is meant as numbers (`5.1,3.5`, `-0.5`, also `5.1,abc`), not as a file."""
    return _BARE_ROW.fullmatch(text) is not None or ("," in text and not Path(text).suffix.lstrip(".").isalpha())


def read_row(text: str, layout: SampleLayout) -> Samples:
    """One sample from values with commas between them.

    Raises:
        DataError: for another count of them than the model takes, a text where a number is due, or an unknown category.
    """
    cells = next(csv.reader([text], skipinitialspace=True), [])
    if len(cells) != len(layout.columns):
        noun = "number" if all(number_of(cell) is not None for cell in cells) else "value"
        raise DataError(f"{quoted(text)}: {counted(len(cells), noun)}, but the model takes {layout.inputs}")
    columns = tuple(_cell_column(name, cell) for name, cell in zip(layout.columns, cells, strict=True))
    sheet = TextSheet(Path(text), columns, named=True)
    try:
        inputs = _coded(sheet, layout, range(len(columns)))
    except DataError as error:
        told = str(error).removeprefix(f"{shown(Path(text))}: ").replace("row 0, ", "", 1)
        raise DataError(f"{quoted(text)}: {told}") from None
    return Samples((text,), inputs)


def coded_rows(rows: NDArray[np.object_], coding: Coding) -> Floats:
    """Rows of values (n, columns), numbers and texts, as a table's inputs (n, inputs).

    Raises:
        DataError: for another number of columns, a text where a number is due, an unknown category, or a value that is
            missing where none was in training.
    """
    if rows.ndim != 2 or rows.shape[1] != len(coding.columns):
        found = str(rows.shape[1]) if rows.ndim == 2 else f"an array of {rows.ndim} dimensions"
        raise DataError(
            f"expected {counted(len(coding.columns), 'value')} a sample ({listed(coding.names)}), found {found}"
        )
    columns = tuple(array_column(name, _typed(values)) for name, values in zip(coding.names, rows.T, strict=True))
    sheet = TextSheet(Path("inputs"), columns, named=True)
    return _coded(sheet, SampleLayout(coding.names, (), (), coding=coding), range(len(columns)))


def number_rows(rows: ArrayLike, names: Sequence[str]) -> Floats:
    """Rows of numbers (n, columns), for a model that takes nothing else.

    Raises:
        DataError: for what is no such array, or a number that is missing or larger than single precision holds.
    """
    takes = f"expected rows of {counted(len(names), 'number')} ({listed(names)})"
    try:
        array: NDArray[Any] = (
            np.ma.filled(np.ma.asarray(rows, np.float64), np.nan) if np.ma.isMA(rows) else np.asarray(rows)
        )
    except ValueError:
        raise DataError(f"{takes}, found rows of different lengths") from None
    if array.dtype.kind not in "biufOSU":
        raise DataError(f"{takes}, found {array.dtype}")
    try:
        with np.errstate(over="ignore"):
            numbers = array.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"{takes}, found other values: {error}") from None
    if numbers.ndim != 2 or numbers.shape[1] != len(names):
        return numbers
    fit = np.abs(numbers) <= LARGEST
    if not fit.all():
        row, column = (int(place) for place in np.argwhere(~fit)[0])
        is_missing = np.isnan(numbers[row, column])
        what = "the value is missing" if is_missing else "too large a number"
        raise DataError(f"inputs: row {row}, column {quoted(names[column])}: {what}; correct it, or leave the row out")
    return numbers


def named_columns(frame: Any, names: Sequence[str]) -> NDArray[np.object_]:
    """Columns of a data frame by their names, (n, columns).

    Raises:
        DataError: where there is none of such a name.
    """
    there = list(frame.columns)
    for name in names:
        if name not in there:
            raise DataError(f"inputs: there is no column {quoted(name)}{suggestion(name, map(str, there))}")
    values: NDArray[np.object_] = frame[list(names)].to_numpy(dtype=object)
    return values


def _typed(values: NDArray[np.object_]) -> NDArray[np.generic]:
    """Values as numbers where all of them are."""
    try:
        return values if any(isinstance(value, str | bool) for value in values) else values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return values


def _cell_column(name: str, cell: str) -> Column:
    number = np.nan if is_missing(cell) else number_of(cell)
    if number is not None:
        return Column(name, np.array([number]))
    return text_column(name, np.zeros(1, np.int64), [cell])


def _coded(sheet: TextSheet, layout: SampleLayout, places: Sequence[int]) -> Floats:
    """Rows as inputs, missing values filled in as they were in training.

    Raises:
        DataError: also for a value that is missing where none was in training.
    """
    coding = layout.columns_coded
    inputs = coding.encoded(sheet, places, layout.unknown)
    coding.fill(inputs)
    if (absent := np.isnan(inputs).any(axis=1)).any():
        row = int(np.flatnonzero(absent)[0])
        place = next(place for place in places if sheet.columns[place].missing[row])
        raise sheet.error("the value is missing; fill it in, or leave the row out", row=row, place=place)
    return inputs


def read_table(path: Path, layout: SampleLayout) -> Samples:
    """Samples from a table, with or without what the model should find.

    With a header, columns go by name: the model's inputs in any order, the targets if they are there, others left
    aside. Without one, a row has the model's inputs in their order or as many columns as the model's own table, or as
    that without its targets. A target may be missing in some rows.

    Raises:
        DataError: with file, line and column, for a file that is no such table.
    """
    check_file(path)
    is_text = path.name.lower().removesuffix(".gz").endswith(TEXTS)
    named = _is_named(path, layout) if is_text else True
    sheet = read_sheet(path, Format(layout.how.delimiter, layout.how.encoding, named, layout.how.writing))
    places, targets = _named(sheet, layout) if named else _placed(sheet, layout)
    if len(sheet) == 0:
        raise DataError(f"{shown(path)}: a header, but no row of data")
    sheet = _called(sheet, dict(zip(places, layout.columns, strict=True)))
    inputs = _coded(sheet, layout, places)
    found = None
    if targets is not None:
        found = np.column_stack([known_targets(sheet, place, layout.class_names) for place in targets])
    if is_text:
        lines = [row.line for row in read_rows(path, layout.how)][int(named) :]
        names = tuple(f"{shown(path.name)}:{line}" for line in lines)
    else:
        names = tuple(f"{shown(path.name)}[{number}]" for number in range(len(sheet)))
    return Samples(names, inputs, found if found is not None and not np.isnan(found).all() else None)


def _called(sheet: TextSheet, names: dict[int, str]) -> TextSheet:
    """With the model's names of its columns, so that messages have them."""
    columns = [replace(column, name=names.get(place, column.name)) for place, column in enumerate(sheet.columns)]
    return replace(sheet, columns=tuple(columns), named=True)


def _is_named(path: Path, layout: SampleLayout) -> bool:
    """Whether a file's first row names the columns: it has names of the model's, or no number."""
    first = next(read_rows(path, layout.how), None)
    if first is None:
        raise DataError(f"{shown(path)}: the file is empty")
    return not set(layout.columns).isdisjoint(map(one_line, first.cells)) or not any(map(is_number, first.cells))


def _named(sheet: TextSheet, layout: SampleLayout) -> tuple[list[int], list[int] | None]:
    """Where the inputs and the targets stand, by the header."""
    names = sheet.names
    for name in layout.columns:
        if name not in names:
            line = f"line {sheet.header_line}: " if sheet.header_line else ""
            raise DataError(
                f"{shown(sheet.path)}: {line}there is no column {quoted(name)}{suggestion(name, names)} "
                f"(the model takes {layout.inputs})"
            )
    there = all(name in names for name in layout.target_names)
    targets = [names.index(name) for name in layout.target_names] if there else None
    return [names.index(name) for name in layout.columns], targets


def _placed(sheet: TextSheet, layout: SampleLayout) -> tuple[list[int], list[int] | None]:
    """Where the inputs and the targets stand without a header."""
    found, coding, targets = len(sheet.columns), layout.columns_coded, layout.target_places
    places = [column.place for column in coding.columns]
    if found == len(places):
        return list(range(found)), None
    if targets is not None and found == coding.width:
        if layout.coding is None:
            places = [place for place in range(found) if place not in targets]
        return places, list(targets)
    if targets is not None and found == coding.width - len(targets):
        return [place - sum(target < place for target in targets) for place in places], None
    raise DataError(
        f"{shown(sheet.path)}: line {sheet.line_of(0)}: {found} columns and no header, but the model takes "
        f"{layout.inputs}; with a header, columns go by name"
    )
