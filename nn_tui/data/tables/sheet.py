"""What a file holds, before anyone has said what is to be learned from it: named columns of numbers or texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import PLAIN, Writing
from nn_tui.floats import Floats
from nn_tui.shown import shown
from nn_tui.wording import counted, quoted

MOST_NUMBERS = 60_000_000
"""In a table: half a gigabyte, before anything is made of them; all of MNIST has 55 million."""

Codes = NDArray[np.int64]


def check_count(path: Path, rows: int, columns: int) -> None:
    """Refuses what would not have room, be it that a few packed bytes stand for it.

    Raises:
        DataError: for more than `MOST_NUMBERS` values.
    """
    if rows * columns > MOST_NUMBERS:
        raise DataError(
            f"{shown(path)}: more than {MOST_NUMBERS:,} values, in rows of {counted(columns, 'column')}; take fewer "
            "rows, or leave columns out of the file",
            "path",
        )


@dataclass(frozen=True)
class Column:
    """One column: numbers, or texts as places in a list of them.

    Attributes:
        name: what it is called, on one line.
        numbers: shape (n,), NaN where a value is missing; None for texts.
        codes: shape (n,), places in `texts`, −1 where a value is missing; None for numbers.
        texts: the different texts of the column, in the order they come in.
    """

    name: str
    numbers: Floats | None = None
    codes: Codes | None = None
    texts: tuple[str, ...] = ()

    def __len__(self) -> int:
        values = self.numbers if self.numbers is not None else self.codes
        assert values is not None
        return len(values)

    def rows(self, kept: NDArray[np.bool_]) -> "Column":
        """Some of the rows, shape (n,)."""
        if self.numbers is not None:
            return replace(self, numbers=self.numbers[kept])
        assert self.codes is not None
        codes = self.codes[kept]
        # Texts that are left in no row are texts of the column no more.
        there = np.unique(codes[codes >= 0])
        places = np.full(len(self.texts) + 1, -1, np.int64)
        places[there] = np.arange(len(there))
        return replace(self, codes=places[codes], texts=tuple(self.texts[code] for code in there))

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where a value is missing, shape (n,)."""
        if self.numbers is not None:
            return np.isnan(self.numbers)
        assert self.codes is not None
        absent: NDArray[np.bool_] = self.codes < 0
        return absent


@dataclass(frozen=True)
class TextSheet:
    """The columns of a file.

    Attributes:
        path: the file, for messages.
        columns: in its order, of the same length.
        named: whether it says what they are called.
        line_of: the line a row begins on, counted from 1, by the row's number from 0; 0 for a file without lines.
        writing: how its numbers are written.
        header_line: the line of its names; 0 without.
        has_lines: whether it is text, whose lines can be told.
        separator: what stands between its columns; empty for a file without lines.
    """

    path: Path
    columns: tuple[Column, ...]
    named: bool
    line_of: Callable[[int], int] = field(default=lambda _: 0, repr=False)
    writing: Writing = PLAIN
    header_line: int = 0
    has_lines: bool = False
    separator: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns."""
        return tuple(column.name for column in self.columns)

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def rows(self, kept: NDArray[np.bool_]) -> "TextSheet":
        """Some of the rows, shape (n,); each still knows its line."""
        places = np.flatnonzero(kept)
        return replace(
            self,
            columns=tuple(column.rows(kept) for column in self.columns),
            line_of=lambda row: self.line_of(int(places[row])),
        )

    def title(self, place: int) -> str:
        """A column in messages."""
        return f"column {quoted(self.columns[place].name)}" if self.named else f"column {place} (counted from 0)"

    def error(self, problem: str, *, row: int = -1, place: int = -1, key: str = "path") -> DataError:
        """An error with as much of its place as is known."""
        line = self.line_of(row) if row >= 0 else 0
        told: Sequence[str] = (
            *([f"line {line}"] if line else [f"row {row}"] if row >= 0 else []),
            *([self.title(place)] if place >= 0 else []),
        )
        return DataError(": ".join(part for part in (shown(self.path), ", ".join(told), problem) if part), key)
