"""Rows as they are recorded, to JSONL or CSV: a file that grows under its own name, by whole rows."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from nn_tui.shown import shown
from nn_tui.training.files.atomic import OutputError, real_path, write_atomically
from nn_tui.training.run.rows import HistoryRow

_TAIL = 1 << 20
"""Bytes at the end of a file that hold its last row."""


@contextmanager
def metrics_file(
    path: Path, columns: Sequence[str], resumed_at: int | None = None
) -> Iterator[Callable[[HistoryRow], None]]:
    """Gives what writes a row. Each row is in the file as soon as it is written, whatever becomes of the program.

    What was at `path` is replaced when the first row is written. Of a run that goes on it is kept and added to.

    Args:
        path: ends in .jsonl or .csv.
        columns: names of a flat row's numbers.
        resumed_at: the step from which a run goes on; None for one that begins.

    Raises:
        OutputError: when it cannot be written, or when the file that is there does not end at `resumed_at`.
    """
    goes_on = resumed_at is not None and check_goes_on(path, columns, resumed_at)
    growing = _Growing(path, columns, resumed_at if goes_on else None)
    try:
        yield growing.write
    finally:
        growing.close()


def write_metrics(path: Path, columns: Sequence[str], rows: Iterable[HistoryRow]) -> None:
    """Writes rows that are all there, whole or not at all.

    Raises:
        OutputError: when it cannot be written.
    """
    encode = _encoder(path)
    write_atomically(path, _heading(path, columns) + b"".join(map(encode, rows)))


def check_goes_on(path: Path, columns: Sequence[str], step: int) -> bool:
    """Whether there is a file to be added to.

    Args:
        path: of the file.
        columns: of the rows to come.
        step: the one from which the run goes on.

    Raises:
        OutputError: for a file that has other columns, or whose last row is of another step.
    """
    try:
        with path.open("rb") as file:
            heading = file.readline(_TAIL)
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            end = file.read()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutputError(f"{shown(path)}: cannot be read ({error.strerror})") from error
    if not size:
        return False
    lines = end.splitlines()
    if not end.endswith(b"\n") or (_is_csv(path) and heading != _heading(path, columns)):
        raise OutputError(f"{shown(path)}: are not the rows of this run; name another file, or move it away")
    last = _step(path, lines[-1])
    if last != step:
        found = "does not say at which step it ends" if last is None else f"ends at step {last:,}"
        raise OutputError(f"{shown(path)}: {found}, and the run goes on from step {step:,}; name another file")
    return True


class _Growing:
    """A file that is begun with its first row."""

    def __init__(self, path: Path, columns: Sequence[str], last_step: int | None) -> None:
        self._path = path
        self._columns = columns
        self._last_step = last_step
        self._encode = _encoder(path)
        self._file: IO[bytes] | None = None

    def write(self, row: HistoryRow) -> None:
        """Adds a row; the one a resumed run begins with is there already."""
        content = self._encode(row)
        if self._file is None:
            if self._last_step is not None and int(row.flat()[0]) == self._last_step:
                return
            if self._last_step is None:
                write_atomically(self._path, _heading(self._path, self._columns) + content)
                content = b""
            # Not buffered: it is the row that is written, and not a part of the next.
            self._file = real_path(self._path).open("ab", buffering=0)
        if content:
            self._append(self._file, content)

    def _append(self, file: IO[bytes], content: bytes) -> None:
        whole = file.seek(0, 2)
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError as error:
            file.truncate(whole)
            raise OutputError(f"{shown(self._path)}: cannot be written ({error.strerror})") from error

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


def _heading(path: Path, columns: Sequence[str]) -> bytes:
    # Names and numbers hold nothing that would have to be quoted.
    return (",".join(columns).replace(" ", "_") + "\n").encode() if _is_csv(path) else b""


def _encoder(path: Path) -> Callable[[HistoryRow], bytes]:
    if _is_csv(path):
        return lambda row: (",".join(map(_number, row.flat())) + "\n").encode()
    # NaN and infinity are not JSON: msgspec writes null for them.
    return lambda row: msgspec.json.encode(row.nested()) + b"\n"


def _step(path: Path, line: bytes) -> int | None:
    """The step of a row as it is written."""
    try:
        return int(line.split(b",")[0] if _is_csv(path) else json.loads(line)["step"])
    except (ValueError, LookupError, TypeError, RecursionError, OverflowError):
        return None


def _number(value: float) -> str:
    """As short as it can be read back, whole numbers without a point, nothing for NaN."""
    return "" if value != value else repr(value).removesuffix(".0")
