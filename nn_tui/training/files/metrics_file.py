"""Rows as they are recorded, to JSONL or CSV; the file appears under its name when it is whole."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from nn_tui.training.files.atomic import replacing
from nn_tui.training.run.recording import Row


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
        yield _csv_rows(file, columns) if path.suffix.lower() == ".csv" else _json_rows(file)


def _json_rows(file: IO[bytes]) -> Callable[[Row], None]:
    def write(row: Row) -> None:
        # NaN and infinity are not JSON: msgspec writes null for them.
        file.write(msgspec.json.encode(row.nested()) + b"\n")

    return write


def _csv_rows(file: IO[bytes], columns: Sequence[str]) -> Callable[[Row], None]:
    # Names and numbers hold nothing that would have to be quoted.
    file.write((",".join(columns).replace(" ", "_") + "\n").encode())

    def write(row: Row) -> None:
        file.write((",".join(map(_number, row.flat())) + "\n").encode())

    return write


def _number(value: float) -> str:
    """As short as it can be read back, whole numbers without a point, nothing for NaN."""
    return "" if value != value else repr(value).removesuffix(".0")
