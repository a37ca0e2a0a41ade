"""Delimited text files, as spreadsheets save them: rows of cells, each row with the line it begins on."""

import csv
import re
import stat
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TextIO

from nn_tui.data.errors import DataError
from nn_tui.data.wording import suggestion
from nn_tui.shown import shown

LARGEST_FILE = 1_000_000_000
"""Bytes."""

LONGEST_LINE = 1_000_000
"""Characters: a file of another kind is noticed before it fills the memory."""

_QUOTED = re.compile(r'"[^"]*"?')
_LINE_BREAK = re.compile(r"\r\n?|\n")


class Row(NamedTuple):
    """One row.

    Attributes:
        line: where it begins, from 1.
        cells: as they stand between the separators, quotes taken off.
    """

    line: int
    cells: list[str]

    def line_of(self, column: int) -> int:
        """The line a cell begins on: quoted cells before it may hold line breaks."""
        return self.line + sum(len(_LINE_BREAK.findall(cell)) for cell in self.cells[:column])


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file, one after the other; blank lines are passed over.

    The text is UTF-8 with or without a byte-order mark, its lines end as on any system. Columns are separated by tabs
    if the first line that is not blank has one outside quotes, else by semicolons if it has one, else by commas. A cell
    may stand in double quotes; within them separators and line breaks are text, and a quote is doubled.

    Raises:
        DataError: for a file that cannot be read or is no such text, with its line.
    """
    try:
        with _opened(path) as file:
            yield from _rows(path, file)
    except UnicodeDecodeError:
        raise _encoding_error(path) from None
    except OSError as error:
        raise DataError(f"{shown(path)}: cannot be read: {error.strerror or error}", "path") from None


def _opened(path: Path) -> TextIO:
    problem = ""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            problem = "is a folder; name a file"
        elif not stat.S_ISREG(status.st_mode):
            problem = "is not a file on a disk, so the run could not be repeated"
        elif status.st_size > LARGEST_FILE:
            problem = f"too large (more than {LARGEST_FILE:,} bytes)"
        else:
            return path.open(encoding="utf-8-sig", newline="")
    except (FileNotFoundError, NotADirectoryError):
        problem = f"no such file{_near(path)}"
    except ValueError:
        # A NUL or half a surrogate pair: no system has such a name.
        problem = "no file can have this name"
    raise DataError(f"{shown(path)}: {problem}", "path")


def _near(path: Path) -> str:
    try:
        return suggestion(path.name, [entry.name for entry in path.parent.iterdir() if entry.is_file()])
    except OSError:
        return ""


def _rows(path: Path, file: TextIO) -> Iterator[Row]:
    lines = _lines(path, file)
    opening: list[str] = []
    separator = ","
    for line in lines:
        opening.append(line)
        if line.strip():
            separator = _separator(line)
            break
    reader = csv.reader(chain(opening, lines), delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        line_number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise DataError(f"{shown(path)}: line {line_number}: {_syntax(str(error))}", "path") from None
        if cells is None:
            return
        if len(cells) > 1 or (cells and cells[0].strip()):
            yield Row(line_number, cells)


def _lines(path: Path, file: TextIO) -> Iterable[str]:
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE + 1), ""), 1):
        if "\0" in line:
            raise DataError(
                f"{shown(path)}: line {number}: a NUL character; expected UTF-8 text (is it UTF-16, or no text?)",
                "path",
            )
        if len(line) > LONGEST_LINE:
            raise DataError(f"{shown(path)}: line {number}: longer than {LONGEST_LINE:,} characters", "path")
        yield line


def _separator(line: str) -> str:
    bare = _QUOTED.sub("", line)
    return next((separator for separator in "\t;" if separator in bare), ",")


def _syntax(problem: str) -> str:
    """The csv module's complaints in plain words."""
    if problem.startswith("field larger"):
        return f"a cell longer than {csv.field_size_limit():,} characters; is a quote before it left open?"
    if problem.startswith("unexpected end"):
        return "a quote that begins in this row is never closed"
    if "expected after" in problem:
        return "more text, or a space, after a closing quote; a quote within quotes is doubled"
    return problem


def _encoding_error(path: Path) -> DataError:
    """The line at fault is looked for only now: the text was decoded a block at a time."""
    try:
        content = path.read_bytes()
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", content[: error.start])) + 1
        found = f"byte 0x{content[error.start]:02x}"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return DataError(f"{shown(path)}: line 1: this is UTF-16; save it as UTF-8", "path")
    return DataError(f"{shown(path)}: line {line}: not UTF-8 ({found}); save it as UTF-8", "path")
