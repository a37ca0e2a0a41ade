"""Metrics files read back: the rows that `--metrics` or the lab wrote, thinned as they come."""

import csv
import json
import math
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from nn_tui.data.underway import underway
from nn_tui.scenario.errors import ScenarioError
from nn_tui.shown import shown
from nn_tui.training.run.history import History
from nn_tui.user_path import user_path
from nn_tui.wording import quoted

LARGEST_FILE = 1_000_000_000
"""Bytes. Of a run of a million steps, each with a row, it is about a third."""

_FIRST = ("step", "epoch")
_LONGEST = 1 << 20
"""Characters of a line."""
_MOST_COLUMNS = 10_000
_BEYOND = 2.0**53
"""Where whole numbers are not told from each other any more."""


class _RowError(ValueError):
    """What is wrong with a row, in words."""


def is_metrics(name: str) -> bool:
    """Whether a name is that of a metrics file: by its ending, and of a CSV by its first columns."""
    path = user_path(name)
    if path.suffix.lower() == ".jsonl":
        return True
    try:
        # A pipe would be waited for without end.
        if path.suffix.lower() != ".csv" or not path.is_file():
            return False
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            return file.readline(_LONGEST).startswith(",".join(_FIRST) + ",")
    except (OSError, ValueError):
        return False


def read_metrics(name: str) -> History:
    """The rows of a metrics file.

    Raises:
        ScenarioError: for a file that cannot be read, or holds other than rows of a run; the message is for people.
    """
    path = user_path(name)
    history: History | None = None
    try:
        size = _checked_size(path)
        with (
            path.open(encoding="utf-8-sig", newline="") as file,
            underway(f"reading {shown(path.name)}", size) as move,
        ):
            lines = _Lines(file)
            for flat in _rows(lines, path.suffix.lower() == ".csv"):
                history = history or _begun(path, flat)
                _add(history, flat)
                move(lines.read)
    except OSError as error:
        raise ScenarioError(f"cannot be read ({error.strerror})", source=str(path)) from error
    except UnicodeDecodeError as error:
        raise ScenarioError("cannot be read (it is not UTF-8)", source=str(path)) from error
    except (_RowError, csv.Error, RecursionError) as error:
        number = 1 if history is None else len(history) + 1
        reason = str(error) if isinstance(error, _RowError) else "is not as nn-tui replay --metrics writes it"
        raise ScenarioError(f"row {number} {reason}", source=str(path)) from error
    return history or _begun(path, {})


def _checked_size(path: Path) -> int:
    """The size of a file that may be read.

    Raises:
        OSError: for what is not there.
        ScenarioError: for what is no file on a disk, or is too large.
    """
    try:
        status = path.stat()
    except ValueError:
        raise ScenarioError("no file can have this name", source=str(path)) from None
    if not stat.S_ISREG(status.st_mode):
        raise ScenarioError("is not a file", source=str(path))
    if status.st_size > LARGEST_FILE:
        raise ScenarioError(f"too large (more than {LARGEST_FILE:,} bytes)", source=str(path))
    return status.st_size


class _Lines:
    """The lines of a file, blank ones left out.

    Attributes:
        read: characters so far.
    """

    def __init__(self, file: IO[str]) -> None:
        self.read = 0
        self._file = file

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(_LONGEST + 1):
            if len(line) > _LONGEST:
                raise _RowError(f"is longer than {_LONGEST:,} characters")
            self.read += len(line)
            if not line.isspace():
                yield line


def _rows(lines: _Lines, is_csv: bool) -> Iterator[dict[str, float]]:
    """The numbers of each row by the columns' names."""
    if not is_csv:
        for line in lines:
            yield _objects_row(line)
        return
    rows = csv.reader(lines)
    names = next(rows, [])
    for cells in rows:
        if len(cells) != len(names):
            raise _RowError(f"has {len(cells)} cells, where the first line names {len(names)} columns")
        yield dict(zip(names, map(_cell, cells), strict=True))


def _cell(text: str) -> float:
    try:
        return float(text) if text else math.nan
    except ValueError:
        raise _RowError(f"has {quoted(text)}, which is not a number") from None


def _objects_row(line: str) -> dict[str, float]:
    try:
        # Digits beyond number make infinity, not an error.
        found = json.loads(line, parse_int=float)
    except ValueError:
        raise _RowError("is not JSON") from None
    if not isinstance(found, dict):
        raise _RowError("is not a JSON object")
    return dict(_flat(found))


def _flat(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """A row's numbers by the columns' names, however it was written."""
    for key, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            for part in value:
                if not isinstance(part, Mapping) or not isinstance(part.get("name"), str):
                    raise _RowError(f"lists what has no name under {quoted(prefix + key)}")
                yield from _flat({name: inner for name, inner in part.items() if name != "name"}, f"{part['name']}.")
        elif isinstance(value, float) or value is None:
            yield prefix + key, math.nan if value is None else value
        else:
            raise _RowError(f"has no number under {quoted(prefix + key)}")


def _begun(path: Path, first: Mapping[str, float]) -> History:
    columns = tuple(first)
    if columns[:2] == _FIRST and any(column.endswith("loss") for column in columns) and "train.loss" not in columns:
        told = "holds the rows of a race or a surface, and only those of one net can be read back"
        raise ScenarioError(f"{told}; name its scenario, or the run that --keep kept", source=str(path))
    if columns[:2] != _FIRST or "train.loss" not in columns:
        raise ScenarioError("holds no rows of metrics, as nn-tui replay --metrics writes them", source=str(path))
    if len(columns) > _MOST_COLUMNS:
        raise ScenarioError(f"has {len(columns):,} columns; at most {_MOST_COLUMNS:,} are read", source=str(path))
    odd = next((column for column in columns if not column.isprintable()), None)
    if odd is not None:
        raise ScenarioError(f"a column's name {quoted(odd)} has a character that cannot be shown", source=str(path))
    # Its last row and its curves are all that is looked at.
    return History(columns, recent_rows=2)


def _add(history: History, flat: Mapping[str, float]) -> None:
    missing = next((column for column in history.columns if column not in flat), None)
    if missing is not None:
        raise _RowError(f"has no {quoted(missing)}")
    for key in _FIRST:
        if not 0.0 <= flat[key] < _BEYOND:
            raise _RowError(f"has no {key} that can be counted")
    if len(history) and flat["step"] <= history.last()["step"]:
        raise _RowError("does not go on from the step of the row before")
    history.append([flat[column] for column in history.columns])
