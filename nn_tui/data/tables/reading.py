"""A sheet from whatever holds one: text with separators, a NumPy archive, Parquet."""

from collections.abc import Sequence
from pathlib import Path

from nn_tui.data.tables.delimited import DETECTED, Format, check_file
from nn_tui.data.tables.endings import ARCHIVE, PARQUET
from nn_tui.data.tables.sheet import TextSheet
from nn_tui.data.tables.text_reader import read_text
from nn_tui.data.underway import underway
from nn_tui.shown import shown

LARGE = 8_000_000
"""Bytes from which a text file is worth importing pyarrow for."""


def read_sheet(path: Path, how: Format = DETECTED, targets: Sequence[str | int] = ()) -> TextSheet:
    """The sheet in a file, by its ending; what has none of `SUFFIXES` is read as text.

    Args:
        path: the file.
        how: of a text file, how it is written.
        targets: the columns to predict, as far as known: they tell a header from a first row.

    Raises:
        DataError: for a file that cannot be read, or is no table.
    """
    ending = path.suffix.lower()
    if ending == ARCHIVE:
        from nn_tui.data.tables.archive import read_archive

        return read_archive(path)
    if ending == PARQUET:
        from nn_tui.data.tables.arrow import read_parquet

        return read_parquet(path)
    check_file(path)
    if path.stat().st_size >= LARGE and (sheet := _by_arrow(path, how, targets)) is not None:
        return sheet
    return read_text(path, how, targets)


def _by_arrow(path: Path, how: Format, targets: Sequence[str | int]) -> TextSheet | None:
    """The sheet as pyarrow reads it; None without pyarrow, or where the other reader has to look."""
    try:
        from nn_tui.data.tables.arrow import read_large
    except ImportError:
        return None
    with underway(f"reading {shown(path.name)}", None):
        return read_large(path, how, targets)
