"""What makes a network's numbers of a table's rows: fitted once, kept with the model, the same for every later row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import LARGEST, value_of, why_no_number
from nn_tui.data.tables.sheet import Column, TextSheet
from nn_tui.floats import Floats
from nn_tui.numerals import numeral
from nn_tui.wording import listed, quoted, suggestion

Kind = Literal["number", "one-hot", "flag", "order", "date"]

ISO = "iso"
"""Dates as 2024-01-31, with or without a time."""

_DAY = 86_400.0


@dataclass(frozen=True)
class ColumnCoding:
    """How one column becomes inputs.

    Attributes:
        name: of the column.
        place: in the file, counted from 0.
        kind: "number" as it is; "one-hot", an input of 0 or 1 for each category; "flag", one input that is 1 for the
            second of two categories; "order", the category's place counted from 0; "date", days since 1970.
        categories: of texts, in the order of the inputs.
        form: how dates are written: `ISO`, or a format of `strptime`.
        fill: what stands for a missing value: a number, or a category's place; None where none may be missing.
    """

    name: str
    place: int
    kind: Kind
    categories: tuple[str, ...] = ()
    form: str = ""
    fill: float | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs."""
        if self.kind == "one-hot":
            return tuple(f"{self.name}={category}" for category in self.categories)
        if self.kind == "flag" and self.categories != TRUTHS:
            return (f"{self.name}={self.categories[1]}",)
        return (self.name,)

    @property
    def is_scaled(self) -> bool:
        """Whether its inputs are scaled with the others: zeros and ones are not."""
        return self.kind not in ("one-hot", "flag")


TRUTHS = ("false", "true")


@dataclass(frozen=True)
class Coding:
    """How rows become inputs.

    Attributes:
        columns: those that are inputs, in the file's order.
        width: how many columns the file has.
    """

    columns: tuple[ColumnCoding, ...]
    width: int

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the matrix."""
        return tuple(name for column in self.columns for name in column.features)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def is_plain(self) -> bool:
        """Whether each input is a column of numbers, none of which may be missing."""
        return all(column.kind == "number" and column.fill is None for column in self.columns)

    @property
    def scaled(self) -> NDArray[np.bool_]:
        """Which inputs are scaled, shape (inputs,)."""
        return np.array([column.is_scaled for column in self.columns for _ in column.features], dtype=bool)

    def encoded(self, sheet: TextSheet, places: Sequence[int], unknown: str = "refuse") -> Floats:
        """Rows of a sheet as inputs (n, inputs), NaN where a value is missing.

        Args:
            sheet: of these rows.
            places: where each column stands in it.
            unknown: of a category that is none of the column's: "refuse", or "zeros" to take it as none of them.

        Raises:
            DataError: for a text where a number is due, or a category never seen.
        """
        matrix = np.empty((len(sheet), len(self.features)))
        start = 0
        for coding, place in zip(self.columns, places, strict=True):
            width = len(coding.features)
            _encode(coding, sheet, place, unknown, matrix[:, start : start + width])
            start += width
        return matrix

    def fitted(self, train: Floats, policy: str) -> "Coding":
        """With what stands for missing values, from the training rows (n, inputs).

        Args:
            train: NaN where a value is missing.
            policy: "mean", "median" or "most", of numbers; of categories it is always the most frequent one. Anything
                else fills nothing.
        """
        if policy not in ("mean", "median", "most"):
            return self
        columns, start = [], 0
        for coding in self.columns:
            width = len(coding.features)
            columns.append(replace(coding, fill=_fill(coding, train[:, start : start + width], policy)))
            start += width
        return replace(self, columns=tuple(columns))

    def missing(self, matrix: Floats) -> int:
        """How many values of the columns are missing in a matrix (n, inputs)."""
        firsts = accumulate((len(coding.features) for coding in self.columns[:-1]), initial=0)
        return sum(int(np.count_nonzero(np.isnan(matrix[:, first]))) for first in firsts)

    def fill(self, matrix: Floats) -> None:
        """Puts what stands for missing values into a matrix (n, inputs), in place."""
        start = 0
        for coding in self.columns:
            width = len(coding.features)
            block = matrix[:, start : start + width]
            missing = np.isnan(block[:, 0])
            if coding.fill is not None and missing.any():
                # Of categories it is a place; of numbers it may be below 0.
                block[missing] = _coded(coding, np.array([coding.fill])) if coding.categories else coding.fill
            start += width


def _encode(coding: ColumnCoding, sheet: TextSheet, place: int, unknown: str, out: Floats) -> None:
    column = sheet.columns[place]
    if coding.kind == "number":
        if column.numbers is None and not column.texts:
            out[:] = np.nan
            return
        if column.numbers is None:
            raise first_text(sheet, place, "inputs are numbers")
        out[:, 0] = column.numbers
        check_size(sheet, place, column.numbers)
    elif coding.kind == "date":
        out[:, 0] = _days(coding, sheet, place)
    else:
        out[:] = _coded(coding, _categories(coding, sheet, place, unknown))


def _coded(coding: ColumnCoding, places: Floats) -> Floats:
    """Places in the categories (n,), NaN where missing, −1 where none, as inputs (n, inputs)."""
    if coding.kind != "one-hot":
        single: Floats = np.where(places < 0, 0.0, places)[:, np.newaxis]
        return single
    hot: Floats = (places[:, np.newaxis] == np.arange(len(coding.categories))).astype(np.float64)
    hot[np.isnan(places)] = np.nan
    return hot


def _categories(coding: ColumnCoding, sheet: TextSheet, place: int, unknown: str) -> Floats:
    """Each row's place in the categories, NaN where it is missing, −1 where it is none of them."""
    texts, codes = as_texts(sheet.columns[place])
    if coding.categories == TRUTHS:
        texts = tuple(text.lower() for text in texts)
    index = {category: float(number) for number, category in enumerate(coding.categories)}
    known = np.array([index.get(text, -1.0) for text in texts] + [np.nan])
    places: Floats = known[codes]
    if unknown == "refuse" and (places < 0).any():
        row = int(np.flatnonzero(places < 0)[0])
        text = texts[codes[row]]
        raise sheet.error(
            f"there is no category {quoted(text)}{suggestion(text, coding.categories)} (the categories are: "
            f"{listed(coding.categories)})",
            row=row,
            place=place,
        )
    return places


def as_texts(column: Column) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Different texts of a column, and each row's place in them, −1 where it is missing; numbers in plain writing."""
    if column.codes is not None:
        return column.texts, column.codes
    assert column.numbers is not None
    values, codes = np.unique(column.numbers, return_inverse=True)
    count = len(values) - int(np.isnan(values[-1:]).any())
    return tuple(map(plain, values[:count].tolist())), np.where(codes < count, codes, -1)


def plain(value: float) -> str:
    """A number as people write it."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(float(value))


def _days(coding: ColumnCoding, sheet: TextSheet, place: int) -> Floats:
    """Days since 1970, NaN where a date is missing."""
    texts, codes = as_texts(sheet.columns[place])
    days = np.full(len(texts) + 1, np.nan)
    for number, text in enumerate(texts):
        try:
            when = datetime.fromisoformat(text) if coding.form == ISO else datetime.strptime(text, coding.form)
            days[number] = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() / _DAY
        except (ValueError, OverflowError):
            wanted = "a date such as 2024-01-31" if coding.form == ISO else f"a date written {coding.form}"
            hint = f'; for another writing give it, for example coding = {{ "{coding.name}" = "%d.%m.%Y" }}'
            raise sheet.error(
                f"{quoted(text)} is not {wanted}{hint if coding.form == ISO else ''}",
                row=int(np.flatnonzero(codes == number)[0]),
                place=place,
                key="coding",
            ) from None
    each: Floats = days[codes]
    return each


def _fill(coding: ColumnCoding, train: Floats, policy: str) -> float:
    """What stands for a missing value of a column."""
    known = train[~np.isnan(train[:, 0])]
    if len(known) == 0:
        return 0.0
    if coding.kind == "one-hot":
        return float(known.sum(axis=0).argmax())
    values = known[:, 0]
    if policy == "most" or coding.kind in ("flag", "order"):
        different, counts = np.unique(values, return_counts=True)
        return float(different[counts.argmax()])
    return float(values.mean() if policy == "mean" else np.median(values))


def check_size(sheet: TextSheet, place: int, values: Floats) -> None:
    """Refuses numbers that single precision cannot hold.

    Raises:
        DataError: with the first of them.
    """
    least, greatest = extent(values)
    if least < -LARGEST or greatest > LARGEST:
        raise sheet.error(
            f"too large a number; single precision holds up to {numeral(LARGEST)}; correct it, or leave the row out",
            row=int(np.flatnonzero(np.abs(values) > LARGEST)[0]),
            place=place,
        )


def extent(values: Floats) -> tuple[float, float]:
    """The least and the greatest of some numbers (n,), without those that are missing; NaN where all are."""
    if not len(values):
        return np.nan, np.nan
    return float(np.fmin.reduce(values)), float(np.fmax.reduce(values))


def first_text(sheet: TextSheet, place: int, hint: str) -> DataError:
    """An error about the first cell of a column that is no number."""
    column = sheet.columns[place]
    assert column.codes is not None
    odd = np.array([value_of(text, sheet.writing) is None for text in column.texts] + [False])
    row = int(np.flatnonzero(odd[column.codes])[0])
    if row == 0 and not sheet.named:
        hint = "if this row names the columns, give header = true"
    return sheet.error(why_no_number(column.texts[column.codes[row]], hint), row=row, place=place)
