"""Delimited text files, as spreadsheets save them, plain or compressed with gzip: opened, and read row by row."""

import codecs
import csv
import gzip
import io
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO, cast

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import PLAIN, Writing
from nn_tui.data.tables.endings import what_else
from nn_tui.shown import shown
from nn_tui.wording import quoted, suggestion

if TYPE_CHECKING:
    from _csv import Reader

LARGEST_FILE = 1_000_000_000
"""Bytes, unpacked."""

LONGEST_LINE = 10_000_000
"""Characters: a file of another kind is noticed before it fills the memory."""

_BLOCK = 4_000_000
_QUOTED = re.compile(r'"[^"]*"?')
_LINE_BREAK = re.compile(r"\r\n?|\n")
_SAID = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)
_APART = re.compile(r"\S\s+\S")
_COMMENTS = ("#", "%")
_OTHER_FILES = {
    b"version https://git-lfs": "is what Git LFS leaves in a file's place; git lfs pull fetches the file itself",
    b"<!doctype": "is a web page; fetch the table itself",
    b"<html": "is a web page; fetch the table itself",
    b"<?xml": "is XML; save the table as CSV",
    b'{"': "is JSON; save the table as CSV",
    b"[{": "is JSON; save the table as CSV",
    b"@relation": "is an ARFF file; save the table as CSV",
    b"sqlite format 3": "is a database; save the table as CSV",
}
_SEPARATORS = "\t;|"


@dataclass(frozen=True)
class Format:
    """How a file is written.

    Attributes:
        delimiter: between columns; empty to tell it from the file.
        encoding: of the text, by a name Python knows; empty for UTF-8.
        header: whether the first row names the columns; None to tell it from the file.
        writing: of numbers.
    """

    delimiter: str = ""
    encoding: str = ""
    header: bool | None = None
    writing: Writing = PLAIN


DETECTED = Format()


class DelimitedRow(NamedTuple):
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


@dataclass(frozen=True)
class Text:
    """An open file, past what is no row.

    Attributes:
        lines: with their ends.
        separator: between columns.
        begun: the number of lines passed over.
    """

    lines: Iterator[str]
    separator: str
    begun: int

    def rows(self) -> "Reader":
        """The rows, blank ones among them; raises csv.Error for quotes that are not right."""
        return csv.reader(self.lines, delimiter=self.separator, skipinitialspace=self.separator != " ", strict=True)


@contextmanager
def opened(path: Path, how: Format = DETECTED) -> Iterator[Text]:
    """A file as text.

    It is UTF-8 with or without a byte-order mark, UTF-16 with one, or what `how` says; its lines end as on any system.
    A line `sep=;` at its beginning, as Excel writes it, names the separator. Else columns are separated by the first of
    tab, semicolon and bar that the first row has outside quotes, else by commas, and if it has none of these by
    spaces, as many as there are. Lines above the first row that begin with # or % and have fewer columns are comments.

    Raises:
        DataError: for a file that cannot be read or is no such text, here or while its lines are taken.
    """
    if how.delimiter and (len(how.delimiter) != 1 or how.delimiter in '"\r\n'):
        expected = "the delimiter is one character, but no quote, or tab, or left empty to be told from the file"
        raise DataError(f"{shown(path)}: {expected}; found {quoted(how.delimiter)}", "delimiter")
    try:
        with _text(path, how) as file:
            lines = _lines(path, file)
            opening: list[str] = []
            begun, separator = 0, how.delimiter
            for line in lines:
                if not opening and begun == 0 and (said := _SAID.fullmatch(line)):
                    begun, separator = 1, separator or said[1]
                    continue
                opening.append(line)
                if line.strip() and not line.startswith(_COMMENTS):
                    break
            separator = separator or _separator(opening[-1] if opening and opening[-1].strip() else "")
            comments = _comments(opening, separator)
            rest = chain(opening[comments:], lines)
            yield Text(map(_single_spaced, rest) if separator == " " else rest, separator, begun + comments)
    except UnicodeError as error:
        raise _encoding_error(path, how, error) from None
    except gzip.BadGzipFile:
        raise DataError(
            f"{shown(path)}: is not compressed with gzip; rename it to {shown(path.with_suffix('').name)}", "path"
        ) from None
    except (EOFError, zlib.error):
        raise DataError(f"{shown(path)}: is damaged: it cannot be unpacked", "path") from None
    except OSError as error:
        raise DataError(f"{shown(path)}: cannot be read: {error.strerror or error}", "path") from None


def read_rows(path: Path, how: Format = DETECTED) -> Iterator[DelimitedRow]:
    """The rows of a file, one after the other, with their lines; blank lines are passed over.

    A cell may stand in double quotes; within them separators and line breaks are text, and a quote is doubled.

    Raises:
        DataError: as `opened`, and for quotes that are not right, with the line.
    """
    with opened(path, how) as text:
        reader = text.rows()
        while True:
            line_number = text.begun + reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise DataError(f"{shown(path)}: line {line_number}: {_syntax(str(error))}", "path") from None
            if cells is None:
                return
            if not is_blank(cells):
                yield DelimitedRow(line_number, cells)


def is_blank(cells: list[str]) -> bool:
    """Whether a row is a blank line."""
    return not cells or (len(cells) == 1 and not cells[0].strip())


def _text(path: Path, how: Format) -> TextIO:
    check_file(path)
    try:
        raw = cast("BinaryIO", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")  # noqa: SIM115
    except ValueError:
        raise DataError(f"{shown(path)}: no file can have this name", "path") from None
    try:
        return io.TextIOWrapper(raw, encoding=how.encoding or _encoding(raw), newline="")
    except LookupError:
        raise DataError(
            f"there is no encoding {how.encoding!r}; common ones are utf-8, utf-16, latin-1, cp1252", "encoding"
        ) from None


def _encoding(raw: BinaryIO) -> str:
    """UTF-8, or UTF-16 or UTF-32 where the file begins with its mark, as Excel's "Unicode text" does."""
    mark = raw.read(4)
    raw.seek(0)
    if mark in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    return "utf-16" if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def check_file(path: Path) -> None:
    """Refuses what cannot be a table, whatever is in it.

    Raises:
        DataError: for what is not there, is not a file on a disk, is too large, or is a spreadsheet.
    """
    problem = ""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            problem = "is a folder; name a file"
        elif not stat.S_ISREG(status.st_mode):
            problem = "is not a file on a disk, so the run could not be repeated"
        elif other := what_else(path.name):
            problem = other
        elif status.st_size > LARGEST_FILE:
            problem = f"too large (more than {LARGEST_FILE:,} bytes)"
        else:
            problem = _something_else(path)
    except (FileNotFoundError, NotADirectoryError):
        problem = f"no such file{_near(path)}"
    except ValueError:
        # A NUL or half a surrogate pair: no system has such a name.
        problem = "no file can have this name"
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
    if problem:
        raise DataError(f"{shown(path)}: {problem}", "path")


def _something_else(path: Path) -> str:
    """What a file is by its first bytes that is no table, whatever its name; empty for anything else."""
    with path.open("rb") as file:
        beginning = file.read(64).lstrip().lower()
    return next((what for mark, what in _OTHER_FILES.items() if beginning.startswith(mark)), "")


def _near(path: Path) -> str:
    try:
        return suggestion(path.name, [entry.name for entry in path.parent.iterdir() if entry.is_file()])
    except OSError:
        return ""


def _lines(path: Path, file: TextIO) -> Iterator[str]:
    """Lines, block by block: nothing is done line by line."""
    return chain.from_iterable(_blocks(path, file))


def _blocks(path: Path, file: TextIO) -> Iterator[list[str]]:
    total, number = 0, 0
    # What has no line end for so long is no table: it is told before a single line fills the memory.
    first = file.readline(LONGEST_LINE + 1)
    lines = [first] if first else []
    while lines:
        block = "".join(lines)
        total += len(block)
        if "\0" in block:
            line = number + 1 + next(index for index, line in enumerate(lines) if "\0" in line)
            raise DataError(
                f"{shown(path)}: line {line}: a NUL character; expected text; take it out, or for UTF-16 give "
                'encoding = "utf-16-le"',
                "path",
            )
        if len(block) > LONGEST_LINE and (longest := max(lines, key=len)) and len(longest) > LONGEST_LINE:
            line = number + 1 + lines.index(longest)
            raise DataError(f"{shown(path)}: line {line}: longer than {LONGEST_LINE:,} characters", "path")
        if total > LARGEST_FILE:
            raise DataError(f"{shown(path)}: too large (more than {LARGEST_FILE:,} characters)", "path")
        yield lines
        number += len(lines)
        lines = file.readlines(_BLOCK)


def _separator(line: str) -> str:
    bare = _QUOTED.sub("", line)
    given = next((separator for separator in _SEPARATORS if separator in bare), ",")
    return " " if given not in bare and _APART.search(_QUOTED.sub("x", line)) else given


def _comments(opening: list[str], separator: str) -> int:
    """How many lines above the first row are comments."""
    if not opening or opening[-1].startswith(_COMMENTS):
        return 0
    wanted = opening[-1].count(separator)
    above = opening[:-1]
    # A row may begin so too: a first column called #.
    rows = (place for place, line in enumerate(above) if line.strip() and line.count(separator) >= wanted)
    return next(rows, len(above)) if any(map(str.strip, above)) else 0


def _single_spaced(line: str) -> str:
    return " ".join(line.split()) + "\n"


def _syntax(problem: str) -> str:
    """The csv module's complaints in plain words."""
    if problem.startswith("field larger"):
        return f"a cell longer than {csv.field_size_limit():,} characters; is a quote before it left open?"
    if problem.startswith("unexpected end"):
        return "a quote that begins in this row is never closed"
    if "expected after" in problem:
        return "more text, or a space, after a closing quote; a quote within quotes is doubled"
    return problem


def _encoding_error(path: Path, how: Format, error: UnicodeError) -> DataError:
    """The line at fault is looked for only now: the text was decoded a block at a time."""
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        content = file.read(LARGEST_FILE)
    if how.encoding:
        return DataError(f"{shown(path)}: is not {how.encoding}: {getattr(error, 'reason', error)}", "encoding")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return DataError(f"{shown(path)}: begins like UTF-16, but is not; save it as UTF-8", "path")
    if content.startswith(b"PK\x03\x04"):
        return DataError(f"{shown(path)}: is a spreadsheet or an archive; save the sheet as CSV", "path")
    if content.startswith(b"\x1f\x8b"):
        return DataError(f"{shown(path)}: is compressed with gzip; rename it to {path.name}.gz", "path")
    try:
        content.decode("utf-8")
        line, found = 1, "its end is missing"
    except UnicodeDecodeError as fault:
        line = len(re.findall(rb"\r\n?|\n", content[: fault.start])) + 1
        found = f"byte 0x{content[fault.start]:02x}"
    return DataError(
        f"{shown(path)}: line {line}: not UTF-8 ({found}); save it as UTF-8, or give its encoding, "
        'for example encoding = "cp1252"',
        "path",
    )
