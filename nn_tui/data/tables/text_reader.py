"""A delimited text file as a sheet, a block of rows at a time, column by column.

Nothing here looks at single cells where all is well: rows come from Python's `csv`, columns are turned into numbers by
`float` in a C loop. Only a block in which something is no number is looked at more closely, by its different cells. A
file that is refused is read once more, with care, to say where it is wrong.
"""

import csv
import gc
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from operator import itemgetter
from pathlib import Path

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import Writing, is_missing, is_number, number_of, one_line, value_of
from nn_tui.data.tables.delimited import DETECTED, DelimitedRow, Format, Text, is_blank, opened, read_rows
from nn_tui.data.tables.sheet import Codes, Column, TextSheet, check_count
from nn_tui.data.underway import underway
from nn_tui.floats import Floats
from nn_tui.shown import shown
from nn_tui.wording import counted, quoted

_CELLS = 200_000
"""Cells of a block."""
_COUNTED = 4
"""Numbers from 0 or 1 on, from which a row with a name beside them counts columns. Fewer may be values."""


def read_text(path: Path, how: Format = DETECTED, targets: Sequence[str | int] = ()) -> TextSheet:
    """The sheet in a text file.

    Where the format does not say whether the first row names the columns, it does if a target is given by name, if no
    cell of it but the targets' is a number, or if it counts the columns from 0 or 1 and names one.

    Raises:
        DataError: with line and column, for a file that cannot be read or is no table.
    """
    try:
        return _read(path, how, targets)
    except (csv.Error, ValueError) as error:
        if isinstance(error, DataError):
            raise
        _explain(path, how)
        raise DataError(f"{shown(path)}: cannot be read: {error}", "path") from None


def _explain(path: Path, how: Format) -> None:
    """Goes through a file that is no table, to say in which line."""
    first: list[str] = []
    for number, row in enumerate(read_rows(path, how)):
        first = first or row.cells
        cells = row.cells if _surplus(row.cells, len(first)) else row.cells[: len(first)]
        if len(cells) != len(first):
            found = f"{counted(len(cells), 'column')}, where the first row has {len(first)}"
            hint = _hint(first, cells, number == 1)
            raise DataError(f"{shown(path)}: line {row.line}: {found}; {hint}", "path")


def _surplus(cells: Sequence[str], width: int) -> bool:
    """Whether a row has more than its columns; separators at its end alone are nothing."""
    return any(map(str.strip, cells[width:]))


def _hint(first: Sequence[str], cells: Sequence[str], is_second: bool) -> str:
    """What may be wrong with a row of another width than the first one."""
    if len(first) == 1:
        return "if the lines above are no part of the table, take them out"
    if len(cells) == 1 and is_second:
        return "if the first line is a title, take it out; if separators are others, give delimiter"
    if len(cells) == 1:
        return "if the line is no row, take it out; if separators are others, give delimiter"
    if is_second and len(cells) == len(first) + 1:
        return "if the first column has no name, begin the first line with a separator"
    if not first[-1].strip():
        return "take the separator off the end of the first line"
    if len(cells) < len(first):
        return "a value that is missing keeps its separator"
    return "a value that holds the separator stands in double quotes"


def _read(path: Path, how: Format, targets: Sequence[str | int]) -> TextSheet:
    with opened(path, how) as text:
        first, separator = first_row(text), text.separator
    if first is None:
        raise DataError(f"{shown(path)}: the file is empty", "path")
    named = is_header(first, how, targets)
    names = header_names(path, first, how) if named else tuple(f"column {number}" for number in range(len(first)))
    gathered = _gathered(path, how, named, _Gathered(len(first), how.writing))
    if gathered.turned:
        # Some columns became texts only after numbers: what those were written like is read again.
        gathered = _gathered(path, how, named, _Gathered(len(first), how.writing, gathered.texts))
    columns = tuple(gathered.column(place, name) for place, name in enumerate(names))
    line = next(read_rows(path, how)).line if named else 0
    return TextSheet(path, columns, named, partial(line_of, path, how, named), how.writing, line, True, separator)


def line_of(path: Path, how: Format, named: bool, row: int) -> int:
    """The line that a row of data begins on, found by reading up to it."""
    found: DelimitedRow | None = next(islice(read_rows(path, how), row + named, None), None)
    return found.line if found else 0


def first_row(text: Text) -> list[str] | None:
    """The first row that is not blank; None of an empty file."""
    return next((cells for cells in text.rows() if not is_blank(cells)), None)


def is_header(first: Sequence[str], how: Format, targets: Sequence[str | int]) -> bool:
    """Whether the first row names the columns; see `read_text`."""
    if how.header is not None:
        return how.header
    if any(isinstance(target, str) for target in targets):
        return True
    numbers = [place for place, cell in enumerate(first) if is_number(cell)]
    return set(numbers) <= set(targets) or (not targets and _counts_columns(first, numbers))


def _counts_columns(first: Sequence[str], numbers: Sequence[int]) -> bool:
    """Whether a row with names numbers the other columns from 0 or 1, as programs do with those that have none."""
    if len(numbers) < _COUNTED or len(numbers) == len(first):
        return False
    values = [first[place].strip() for place in numbers]
    return any(values == [str(start + count) for count in range(len(values))] for start in (0, 1))


def header_names(path: Path, cells: Sequence[str], how: Format = DETECTED) -> tuple[str, ...]:
    """What a header calls the columns, each on one line; one without a name goes by its place.

    Raises:
        DataError: for a name that stands twice, or cannot be shown.
    """
    names = [one_line(cell) or f"column {place}" for place, cell in enumerate(cells)]
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in places or not name.isprintable():
            line = next(read_rows(path, how)).line_of(place)
            where = f"{shown(path)}: line {line}, column {place} (counted from 0)"
            if name.isprintable():
                raise DataError(f"{where}: column {places[name]} is called {quoted(name)} too; rename one", "path")
            raise DataError(f"{where}: its name {quoted(name)} has a character that cannot be shown", "path")
        places[name] = place
    return tuple(names)


# -- columns -------------------------------------------------------------------------------------------------------


class _Gathered:
    """The columns as they grow.

    Attributes:
        texts: the places of those that hold texts.
        turned: whether one of them held numbers before the first text came.
    """

    def __init__(self, width: int, writing: Writing, texts: frozenset[int] = frozenset()) -> None:
        self.width = width
        self.texts = texts
        self.turned = False
        self.rows = 0
        self._writing = writing
        self._numbers: list[Floats] = []
        self._codes: dict[int, array[int]] = {place: array("q") for place in texts}
        self._places: dict[int, defaultdict[str, int]] = {place: _numbering() for place in texts}

    def add(self, block: list[str], lines: Iterator[str], text: Text) -> None:
        """Adds some lines, and as many of those that follow as belong to their last row.

        Raises:
            ValueError, csv.Error: for rows of several widths, and quotes that are not right.
        """
        rows = None
        numbers = self._parsed(block, text)
        if numbers is None or self.texts:
            rows = _rows(block, lines, text, self.width)
        if numbers is None or (rows is not None and len(numbers) != len(rows)):
            assert rows is not None
            self._add_cells(rows)
            return
        self._numbers.append(numbers)
        self._add_texts(rows or [])
        self.rows += len(numbers)

    def _parsed(self, block: list[str], text: Text) -> Floats | None:
        """The columns of numbers (rows, columns); None where NumPy cannot read them, or would read them otherwise."""
        places = [place for place in range(self.width) if place not in self.texts]
        joined = "".join(block)
        if not places or not self._writing.is_plain or '"' in joined or not joined.isascii() or joined.isspace():
            return None
        try:
            numbers = np.loadtxt(
                block, delimiter=text.separator, comments=None, ndmin=2, usecols=places if self.texts else None
            )
        except ValueError:
            return None
        return numbers if numbers.shape[1] == len(places) and not np.isinf(numbers).any() else None

    def _add_cells(self, rows: list[list[str]]) -> None:
        """Adds rows whose cells have to be looked at, column by column."""
        if not rows:
            return
        values = np.full((len(rows), self.width - len(self.texts)), np.nan)
        numeric = [place for place in range(self.width) if place not in self.texts]
        index = {place: number for number, place in enumerate(numeric)}
        turned = set()
        for place, cells in enumerate(zip(*rows, strict=True)):
            if place in self.texts:
                continue
            column = _values(cells, self._writing)
            if column is None:
                turned.add(place)
            else:
                values[:, index[place]] = column
        if turned:
            self._turn(turned, numeric)
            values = np.delete(values, [index[place] for place in turned], axis=1)
        self._numbers.append(values)
        self._add_texts(rows)
        self.rows += len(rows)

    def _turn(self, places: set[int], numeric: Sequence[int]) -> None:
        """Makes columns of texts of some that were taken for numbers so far."""
        self.turned = self.turned or self.rows > 0
        kept = [number for number, place in enumerate(numeric) if place not in places]
        self._numbers = [numbers[:, kept] for numbers in self._numbers]
        self.texts |= places
        self._codes |= {place: array("q", bytes(8 * self.rows)) for place in places}
        self._places |= {place: _numbering() for place in places}

    def _add_texts(self, rows: list[list[str]]) -> None:
        for place in self.texts:
            self._codes[place].extend(map(self._places[place].__getitem__, map(itemgetter(place), rows)))

    def column(self, place: int, name: str) -> Column:
        """What has come together of one column."""
        if place in self.texts:
            return text_column(name, np.array(self._codes[place], np.int64), tuple(self._places[place]))
        if len(self._numbers) != 1:
            whole = np.concatenate(self._numbers) if self._numbers else np.empty((0, self.width - len(self.texts)))
            self._numbers = [whole]
        return Column(name, self._numbers[0][:, place - sum(text < place for text in self.texts)])


def _numbering() -> defaultdict[str, int]:
    """Texts by the order they come in."""
    places: defaultdict[str, int] = defaultdict()
    places.default_factory = places.__len__
    return places


def _values(cells: Sequence[str], writing: Writing) -> Floats | None:
    """A block as numbers, NaN where one is missing; None if a cell is neither."""
    if writing.is_plain:
        try:
            values = np.fromiter(map(float, cells), np.float64, len(cells))
        except ValueError:
            pass
        else:
            # Beyond what stands in tables, `float` reads 1_000, digits of every script, and infinity.
            text = "".join(cells)
            if text.isascii() and "_" not in text and not np.isinf(values).any():
                return values
    different = {cell: value_of(cell, writing) for cell in set(cells)}
    if None in different.values():
        return None
    return np.fromiter(map(different.__getitem__, cells), np.float64, len(cells))


def text_column(name: str, codes: Codes, texts: Sequence[str]) -> Column:
    """A column of texts, each on one line, those that stand for a missing value as such."""
    places: dict[str, int] = {}
    tidy = map(one_line, texts)
    final = np.array([-1 if is_missing(text) else places.setdefault(text, len(places)) for text in tidy], np.int64)
    return Column(name, None, final[codes] if len(codes) else codes, tuple(places))


def typed_column(name: str, codes: Codes, texts: Sequence[str]) -> Column:
    """As `text_column`; a column of numbers where every text is one, as in a text file."""
    column = text_column(name, codes, texts)
    numbers = [number_of(text) for text in column.texts]
    if not numbers or None in numbers or column.codes is None:
        return column
    return Column(name, np.array([*numbers, np.nan], np.float64)[column.codes])


def _gathered(path: Path, how: Format, named: bool, into: _Gathered) -> _Gathered:
    """Reads the whole file. Its rows are many small lists at a time, which the collector of cycles need not visit."""
    collects = gc.isenabled()
    gc.disable()
    try:
        # Unpacked, a compressed file is some multiple of its size, nobody knows which.
        size = None if path.suffix.lower() == ".gz" else path.stat().st_size
        with opened(path, how) as text, underway(f"reading {shown(path.name)}", size) as move:
            lines, done = text.lines, 0
            if named:
                next(cells for cells in text.rows() if not is_blank(cells))
            count = max(1, _CELLS // into.width)
            while block := list(islice(lines, count)):
                into.add(block, lines, text)
                check_count(path, into.rows, into.width)
                done += sum(map(len, block))
                move(done)
    finally:
        if collects:
            gc.enable()
    return into


def _rows(block: list[str], lines: Iterator[str], text: Text, width: int) -> list[list[str]]:
    """The rows in some lines, blank ones left out; takes more lines as long as a quote is open."""
    while True:
        try:
            rows = list(replace(text, lines=iter(block)).rows())
            break
        except csv.Error as error:
            more = list(islice(lines, len(block))) if str(error).startswith("unexpected end") else []
            if not more:
                raise
            block = block + more
    if set(map(len, rows)) != {width} or width == 1:
        rows = [cells if _surplus(cells, width) else cells[:width] for cells in rows if not is_blank(cells)]
        if any(len(cells) != width for cells in rows):
            raise ValueError("rows of several widths")
    return rows
