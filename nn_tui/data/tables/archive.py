"""NumPy archives (.npz) with an array `X` of inputs and `y` of targets; a sheet of arrays from a program."""

import contextlib
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.errors import DataError
from nn_tui.data.tables.delimited import check_file
from nn_tui.data.tables.sheet import Column, TextSheet, check_count
from nn_tui.data.tables.text_reader import typed_column
from nn_tui.shown import shown
from nn_tui.wording import listed, quoted

_MOST_BYTES = 600_000_000
_BLOCK = 100_000


def read_archive(path: Path) -> TextSheet:
    """The arrays `X` (n, …) and `y` (n,) or (n, targets) of an archive; the columns are called x0, x1, … and y.

    Raises:
        DataError: for a file that is no such archive.
    """
    check_file(path)
    try:
        # Of a damaged file NumPy would leave its own handle open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            _check_size(path, archive)
            names = {name.lower(): name for name in archive.files}
            if not {"x", "y"} <= names.keys():
                raise DataError(
                    f"{shown(path)}: expected the arrays X and y (numpy.savez(path, X=…, y=…)), found "
                    f"{listed(archive.files) or 'none'}",
                    "path",
                )
            return sheet_of_arrays(path, archive[names["x"]], archive[names["y"]])
    except DataError:
        raise
    except Exception as error:
        # Whatever goes wrong in unpacking comes through: versions, encryption, headers that are Python literals.
        objects = "allow_pickle" in str(error) or "Object arrays" in str(error)
        problem = "holds Python objects, which are never unpickled here" if objects else "is no NumPy archive"
        raise DataError(f"{shown(path)}: {problem}; numpy.savez(path, X=…, y=…) writes one", "path") from None


def _check_size(path: Path, archive: Any) -> None:
    """Refuses, before it is unpacked, what a few packed bytes may have been made to grow to."""
    size = sum(entry.file_size for entry in archive.zip.infolist()) if hasattr(archive, "zip") else 0
    if size > _MOST_BYTES:
        raise DataError(f"{shown(path)}: {size:,} bytes once unpacked; at most {_MOST_BYTES:,} are read", "path")


def sheet_of_arrays(path: Path, inputs: NDArray[Any], targets: NDArray[Any], names: Sequence[str] = ()) -> TextSheet:
    """Inputs (n, …) and targets (n,) or (n, targets) as a sheet.

    Args:
        path: for messages.
        inputs, targets: numbers, truth values or texts.
        names: of the inputs; x0, x1, … if left out.

    Raises:
        DataError: for other than such arrays.
    """
    if inputs.ndim == 0 or targets.ndim not in (1, 2) or len(inputs) != len(targets):
        rows = "as many rows in y as in X, of one target or several each"
        raise DataError(f"{shown(path)}: expected {rows}; found {_shape(inputs)} and {_shape(targets)}", "path")
    if not len(inputs):
        raise DataError(f"{shown(path)}: has no rows", "path")
    check_count(path, len(inputs), (inputs.size + targets.size) // len(inputs))
    flat, answers = inputs.reshape(len(inputs), -1), targets.reshape(len(targets), -1)
    called = names or [f"x{number}" for number in range(flat.shape[1])]
    answers_called = ["y"] if answers.shape[1] == 1 else [f"y{number}" for number in range(answers.shape[1])]
    return _sheet(path, chain(zip(called, flat.T, strict=True), zip(answers_called, answers.T, strict=True)))


def _sheet(path: Path, named: Iterable[tuple[str, NDArray[Any]]]) -> TextSheet:
    try:
        return TextSheet(path, tuple(array_column(name, values) for name, values in named), True)
    except DataError as error:
        raise DataError(f"{shown(path)}: {error}", error.key) from None


def _shape(array: NDArray[Any]) -> str:
    return "×".join(map(str, array.shape)) or "a single number"


def sheet_of(table: Any, path: Path) -> TextSheet:
    """A data frame, or a pair of arrays (X, y), as a sheet.

    Args:
        table: anything with `columns` whose values `numpy.asarray` takes, or two arrays as of `sheet_of_arrays`.
        path: what stands for the file in messages.

    Raises:
        DataError: for other than these, or values that are neither numbers nor texts.
    """
    if hasattr(table, "columns"):
        names = [str(name) for name in table.columns]
        if len(set(names)) < len(names):
            raise DataError(f"two columns are called {max(names, key=names.count)!r}; rename one", "path")
        return _sheet(path, ((str(name), _values(table[name])) for name in table.columns))
    if isinstance(table, tuple | list) and len(table) == 2:
        try:
            inputs, targets = np.asarray(table[0]), np.asarray(table[1])
        except ValueError:
            raise DataError("expected a pair of arrays (X, y) whose rows are all of one length", "path") from None
        return sheet_of_arrays(path, inputs, targets)
    raise DataError("expected a data frame, or a pair of arrays (X, y)", "path")


def _values(column: Any) -> NDArray[Any]:
    return np.asarray(column.to_numpy() if hasattr(column, "to_numpy") else column)


def array_column(name: str, values: NDArray[Any]) -> Column:
    """A column of numbers, truth values or texts (n,).

    Raises:
        DataError: for values of other types.
    """
    if values.dtype.kind in "iuf":
        # What is too large for a float is infinite, and refused as that.
        with np.errstate(over="ignore"):
            return Column(name, values.astype(np.float64))
    if values.dtype.kind == "M":
        values = np.datetime_as_string(values)
    if values.dtype.kind not in "bUSTO":
        raise DataError(
            f"column {quoted(name)} holds {values.dtype}; expected numbers, texts, or true and false", "path"
        )
    if values.dtype.kind == "O" and not any(isinstance(value, str | bytes | bool) for value in values.tolist()):
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            return Column(name, values.astype(np.float64))
    return typed_column(name, *_coded(values))


def _coded(values: NDArray[Any]) -> tuple[NDArray[np.int64], list[str]]:
    """The places of values (n,) in the list of their different texts, which are in order."""
    places: dict[str, int] = {}
    found = np.empty(len(values), np.int64)
    # Of a great many values, as Python's objects, only a part is there at a time.
    for start in range(0, len(values), _BLOCK):
        texts = ("" if _is_missing(value) else _text(value) for value in values[start : start + _BLOCK].tolist())
        for row, text in enumerate(texts, start):
            found[row] = places.setdefault(text, len(places))
    ordered = sorted(places)
    return np.argsort([places[text] for text in ordered])[found], ordered


def _is_missing(value: object) -> bool:
    """None, NaN, NaT, or pandas' NA, which compares to nothing."""
    try:
        return value is None or bool(value != value)
    except TypeError:
        return True


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)
