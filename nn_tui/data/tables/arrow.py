"""Tables by pyarrow: Parquet, and large text files in a fraction of the time. The matrix is the other reader's."""

import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

# Memory that is given back when it is free: pyarrow's own way keeps twice the numbers for good. Read as it is imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import is_number
from nn_tui.data.tables.delimited import Format, check_file, is_blank, opened
from nn_tui.data.tables.sheet import MOST_NUMBERS, Codes, Column, TextSheet, check_count
from nn_tui.data.tables.text_reader import header_names, is_header, line_of, text_column, typed_column
from nn_tui.floats import Floats
from nn_tui.shown import shown
from nn_tui.wording import quoted

_WIDE = 1000
"""Columns from which the other reader is faster."""

_BLOCK = 1_000_000
_WIDE_SIGNS = re.compile("utf[-_]?(16|32)", re.IGNORECASE)

_MISSING = [cell for word in ("", "NA", "N/A", "#N/A", "NaN", "-NaN", "NULL", "?") for cell in {word, word.lower()}]
"""Among numbers; what else stands for a missing value the other reader looks for."""


def read_parquet(path: Path) -> TextSheet:
    """The sheet in a Parquet file.

    Raises:
        DataError: for a file that is none, or has columns of other than numbers, texts, dates or truth values.
    """
    import pyarrow.parquet as pq

    check_file(path)
    try:
        with pq.ParquetFile(path) as file:
            check_count(path, file.metadata.num_rows, file.metadata.num_columns)
            _check_types(path, file.schema_arrow)
            texts = [each.name for each in file.schema_arrow if _is_text(each.type)]
        # A text that many rows share is kept once: few bytes may hold gigabytes of them.
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{shown(path)}: is no Parquet file: {_first_line(error)}", "path") from None
    names = table.column_names
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise DataError(f"{shown(path)}: two columns are called {quoted(twice[0])}; rename one", "path")
    columns = tuple(_readable(path, name, table.column(place)) for place, name in enumerate(names))
    return TextSheet(path, columns, True)


def _check_types(path: Path, columns: Any) -> None:
    """Refuses, before it is read, what no number and no text is made of."""
    for each in columns:
        kind = each.type.value_type if pa.types.is_dictionary(each.type) else each.type
        spoken = pa.types.is_boolean(kind) or pa.types.is_temporal(kind) or pa.types.is_string_view(kind)
        if not (_is_numeric(kind) or spoken or _is_text(kind) or pa.types.is_null(kind)):
            raise DataError(f"{shown(path)}: column {quoted(each.name)} holds {kind}; leave it out of the file", "path")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _readable(path: Path, name: str, values: Any) -> Column:
    """As `_column`, of what may hold other than its type allows: texts that are no UTF-8, unknown time zones."""
    try:
        return _column(name, values)
    except (pa.ArrowException, UnicodeError) as error:
        told = f"column {quoted(name)} cannot be read ({_first_line(error)}); leave it out of the file"
        raise DataError(f"{shown(path)}: {told}", "path") from None


def _column(name: str, values: Any) -> Column:
    kind = values.type
    if pa.types.is_dictionary(kind) and _is_text(kind.value_type):
        return typed_column(name, *_coded(values))
    if pa.types.is_dictionary(kind):
        values = pc.cast(values, kind.value_type)
        kind = values.type
    if _is_numeric(kind):
        return Column(name, _numbers(values))
    if not (_is_text(kind) or pa.types.is_null(kind)):
        values = pc.cast(values, pa.string())
    return _texts(name, values, typed_column)


def _texts(name: str, values: Any, made: Callable[[str, Codes, Sequence[str]], Column] = text_column) -> Column:
    if pa.types.is_null(values.type):
        return Column(name, np.full(len(values), np.nan))
    coded = pc.dictionary_encode(pc.fill_null(values, "")).combine_chunks()
    chunk = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    codes: Codes = np.from_dlpack(chunk.indices).astype(np.int64)
    return made(name, codes, chunk.dictionary.to_pylist())


def _coded(values: Any) -> tuple[Codes, list[str]]:
    """A dictionary's codes (n,) and its texts, in the order they come in; those that no row has are left out."""
    coded = values.unify_dictionaries().combine_chunks()
    chunk = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    texts = ["" if text is None else text for text in (*chunk.dictionary.to_pylist(), None)]
    codes = np.from_dlpack(pc.fill_null(pc.cast(chunk.indices, pa.int64()), len(texts) - 1)).astype(np.int64)
    first = np.full(len(texts), len(codes))
    # Of several values for one place the last stays.
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    order = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(codes))]
    places = np.zeros(len(texts), np.int64)
    places[order] = np.arange(len(order))
    return places[codes], [texts[place] for place in order]


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_numeric(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _numbers(values: Any) -> Floats:
    """Numbers (n,), NaN where one is null. `to_numpy` would import pandas where it is there, a quarter of a second."""
    numbers, start = np.empty(len(values)), 0
    for chunk in values.chunks:
        if chunk.null_count or not pa.types.is_primitive(chunk.type):
            chunk = pc.fill_null(pc.cast(chunk, pa.float64(), safe=False), np.nan)
        numbers[start : start + len(chunk)] = np.from_dlpack(chunk)
        start += len(chunk)
    return numbers


def read_large(path: Path, how: Format, targets: Sequence[str | int]) -> TextSheet | None:
    """The sheet in a text file; None where anything is out of the ordinary, for the other reader to look at."""
    if not how.writing.is_plain or path.suffix.lower() == ".gz" or _WIDE_SIGNS.match(how.encoding):
        return None
    with opened(path, how) as text:
        if text.begun or text.separator == " ":
            return None
        separator = text.separator
        rows = text.rows()
        first = next(rows, None)
        if first is None or is_blank(first) or rows.line_num != 1 or len(first) > _WIDE:
            return None
    # A number and what parts it from the next one take two bytes.
    if path.stat().st_size > 2 * MOST_NUMBERS:
        check_count(path, _count_lines(path), len(first))
    named = is_header(first, how, targets)
    names = header_names(path, first, how) if named else tuple(f"column {number}" for number in range(len(first)))
    try:
        columns = _columns(path, how, separator, names, named)
    except (pa.ArrowException, OSError, ValueError, UnicodeError):
        return None
    finally:
        pa.default_memory_pool().release_unused()
    if any(_needs_a_look(column) for column in columns):
        return None
    return TextSheet(path, columns, named, partial(line_of, path, how, named), how.writing, int(named), True, separator)


def _columns(path: Path, how: Format, separator: str, names: Sequence[str], named: bool) -> tuple[Column, ...]:
    table = _read(path, how, separator, names, named, {})
    if any(pa.types.is_integer(kind) for kind in table.schema.types) and _has_hexadecimals(path):
        raise ValueError("0x10 is a number to pyarrow")
    texts = {name: pa.string() for name in names if not _is_plain(table.column(name))}
    if any(not pa.types.is_string(table.column(name).type) for name in texts):
        table = _read(path, how, separator, names, named, texts)
    columns = []
    for name in names:
        # Of each column one copy is kept: pyarrow's goes as ours comes.
        column, table = table.column(0), table.remove_column(0)
        columns.append(_texts(name, column) if name in texts else _column(name, column))
    return tuple(columns)


# Line breaks in quotes, which would keep it to one thread, end in an error where they come at a block's end; the other
# reader takes such a file.
def _read(path: Path, how: Format, separator: str, names: Sequence[str], named: bool, types: dict[str, Any]) -> Any:
    return pv.read_csv(
        path,
        read_options=pv.ReadOptions(column_names=list(names), skip_rows=int(named), encoding=how.encoding or "utf8"),
        parse_options=pv.ParseOptions(delimiter=separator, newlines_in_values=False),
        convert_options=pv.ConvertOptions(
            column_types=types, null_values=_MISSING, true_values=[], false_values=[], timestamp_parsers=[]
        ),
    )


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(partial(file.read, _BLOCK), b""))


def _has_hexadecimals(path: Path) -> bool:
    """Whether 0x stands anywhere in a file of an encoding that ASCII is part of."""
    last = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if b"0x" in (near := last + block) or b"0X" in near:
                return True
            last = block[-1:]
    return False


def _is_plain(values: Any) -> bool:
    """Whether a column is of finite numbers, or empty."""
    if pa.types.is_null(values.type):
        return True
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        return False
    return bool(pc.all(pc.is_finite(values)).as_py())


def _needs_a_look(column: Column) -> bool:
    """Whether a column of texts has some that the other reader would take for numbers."""
    return column.codes is not None and any(map(is_number, column.texts[:1000]))
