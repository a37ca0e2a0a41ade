"""Metrics files read back: the rows that `--metrics` or the lab wrote, thinned as they come."""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.run.history import History

_FIRST = ("step", "epoch")
_LONGEST = 1 << 20


def is_metrics(name: str) -> bool:
    """Whether a name is that of a metrics file: by its ending, and of a CSV by its first columns."""
    path = Path(name).expanduser()
    if path.suffix.lower() == ".jsonl":
        return True
    if path.suffix.lower() != ".csv":
        return False
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline(_LONGEST).startswith(",".join(_FIRST) + ",")
    except OSError:
        return False


def read_metrics(name: str) -> History:
    """The rows of a metrics file.

    Raises:
        ScenarioError: for a file that cannot be read, or holds other than rows of a run; the message is for people.
    """
    path = Path(name).expanduser()
    history: History | None = None
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file) if path.suffix.lower() == ".csv" else map(json.loads, file)
            for row in rows:
                flat = dict(_flat(row))
                if history is None:
                    history = _begun(path, tuple(flat))
                if not math.isfinite(flat["step"]) or (len(history) and flat["step"] <= history.last()["step"]):
                    raise ValueError("steps go up from row to row")
                if not math.isfinite(flat["epoch"]):
                    raise ValueError("no epoch")
                history.append([flat[column] for column in history.columns])
    except ScenarioError:
        raise
    except OSError as error:
        raise ScenarioError(f"cannot be read ({error.strerror})", source=str(path)) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, csv.Error) as error:
        number = 1 if history is None else len(history) + 1
        raise ScenarioError(f"row {number} is not a row of metrics ({error})", source=str(path)) from error
    return history or _begun(path, ())


def _begun(path: Path, columns: tuple[str, ...]) -> History:
    if columns[:2] != _FIRST or "train.loss" not in columns:
        raise ScenarioError("holds no rows of metrics, as nn-tui replay --metrics writes them", source=str(path))
    return History(columns)


def _flat(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """A row's numbers by the columns' names, however it was written."""
    for key, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            for part in value:
                yield from _flat({name: inner for name, inner in part.items() if name != "name"}, f"{part['name']}.")
        else:
            yield prefix + key, math.nan if value in (None, "") else float(value)
