"""Rows as they are recorded, to JSONL or CSV; the file appears under its name when it is whole."""

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nn_tui.training.atomic import OutputError, replacing
from nn_tui.training.recording import Row

SUFFIXES = (".jsonl", ".csv")


def check_suffix(path: Path) -> None:
    """Refuses a metrics path whose ending does not name a format.

    Raises:
        OutputError: for an ending other than those of `SUFFIXES`.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(f"{path}: the ending says the format; use .jsonl or .csv")


@contextmanager
def metrics_file(path: Path, columns: Sequence[str]) -> Iterator[Callable[[Row], None]]:
    """Gives what writes a row; the file takes its name when the `with` block ends well.

    Args:
        path: ends in .jsonl or .csv.
        columns: names of a flat row's numbers.

    Raises:
        OutputError: when it cannot be written.
    """
    with replacing(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        yield _csv_rows(text, columns) if path.suffix.lower() == ".csv" else _json_rows(text)
        text.flush()
        text.detach()


def _json_rows(text: IO[str]) -> Callable[[Row], None]:
    def write(row: Row) -> None:
        text.write(json.dumps(_finite(row.nested()), ensure_ascii=False, allow_nan=False) + "\n")

    return write


def _csv_rows(text: IO[str], columns: Sequence[str]) -> Callable[[Row], None]:
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(name.replace(" ", "_") for name in columns)

    def write(row: Row) -> None:
        writer.writerow("" if math.isnan(value) else f"{value:.17g}" for value in row.flat())

    return write


def _finite(value: object) -> object:
    # NaN and infinity are not JSON: a diverged loss is null.
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
