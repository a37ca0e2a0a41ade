"""A table from a CSV file: columns of numbers to learn from, and one column to predict."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.cells import LARGEST, is_almost_number, is_missing, is_number, one_line, why_no_number
from nn_tui.data.dataset import Task
from nn_tui.data.delimited import Row, read_rows, shown
from nn_tui.data.errors import DataError
from nn_tui.data.wording import counted, listed, quoted, suggestion

Floats = NDArray[np.float64]

MOST_CLASSES = 1000
_FEW_VALUES = 10


@dataclass(frozen=True)
class Table:
    """Examples from a file.

    Attributes:
        task: "binary", "multiclass" or "regression".
        inputs: shape (n, columns), float64.
        targets: shape (n,), float64: class numbers, or values.
        feature_names: of the inputs, in the file's order.
        class_names: in the order of class numbers: numbers by value, else texts by alphabet; empty in a regression.
        target_name: the target column's name.
    """

    task: Task
    inputs: Floats
    targets: Floats
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    target_name: str


@dataclass(frozen=True)
class _Columns:
    """What the columns are called, and which of them is predicted."""

    path: Path
    names: tuple[str, ...]
    target: int
    named: bool

    def title(self, column: int) -> str:
        """A column in messages."""
        return f"column {quoted(self.names[column])}" if self.named else f"column {column} (counted from 0)"

    def error(self, problem: str, *, line: int = 0, column: int = -1, key: str = "path") -> DataError:
        """An error with as much of its place as is known."""
        place = ", ".join(
            ([f"line {line}"] if line else []) + ([self.title(column)] if column >= 0 else []),
        )
        return DataError(": ".join(part for part in (shown(self.path), place, problem) if part), key)


def read_csv(path: Path, target: str | int, header: bool | None, task: str) -> Table:
    """Reads a table; `nn_tui.data.delimited` says what such a file looks like.

    Every column but the target holds decimal numbers (`-1.5e3`). A target may be numbers or names of classes.

    Args:
        path: the file.
        target: the column to predict: its name, or its place counted from 0.
        header: whether the first row names the columns. None: it does if the target is given by name, or if no other
            cell of it is a number.
        task: "classification", "regression" or "auto": a target of texts is a classification; one of numbers is a
            classification if they are whole, at most 10 different ones and at most half as many as there are rows, else
            a regression; one of both is refused.

    Raises:
        DataError: with file, line and column, for a file that cannot be read or is no such table, a missing value, a
            column that is the same in every row, a target column that is not there, or classes too few or too many.
    """
    rows = read_rows(path)
    first = next(rows, None)
    if first is None:
        raise DataError(f"{shown(path)}: the file is empty", "path")
    columns = _columns(path, first, target, header)
    lines, inputs, cells = _read(columns, rows if columns.named else chain((first,), rows))
    _refuse_unusable(columns, lines, inputs)
    found_task, targets, class_names = _targets(columns, lines, cells, task)
    names = list(columns.names)
    target_name = names.pop(columns.target)
    return Table(found_task, inputs, targets, tuple(names), class_names, target_name)


# -- columns -------------------------------------------------------------------------------------------------------


def _columns(path: Path, first: Row, target: str | int, header: bool | None) -> _Columns:
    cells = first.cells
    if len(cells) < 2:
        raise DataError(
            f"{shown(path)}: line {first.line}: one column only; expected at least one input and the target, "
            "separated by commas, semicolons or tabs",
            "path",
        )
    if isinstance(target, int):
        if not 0 <= target < len(cells):
            raise DataError(
                f"{shown(path)}: there is no column {target}; counted from 0, the {len(cells)} columns are 0 to "
                f"{len(cells) - 1}",
                "target",
            )
        named = header if header is not None else not any(map(is_number, _without(cells, target)))
        names = _names(path, first) if named else tuple(f"column {number}" for number in range(len(cells)))
        return _Columns(path, names, target, named)
    if header is False:
        raise DataError(
            f"{shown(path)}: without a header no column is called {quoted(target)}; give its place counted from 0, "
            f"0 to {len(cells) - 1}",
            "target",
        )
    names = _names(path, first)
    wanted = one_line(target)
    if wanted not in names:
        near = suggestion(wanted, names)
        if not near and header is None and any(map(is_number, cells)):
            near = "; if this row is no header, give the column's place, counted from 0"
        raise DataError(
            f"{shown(path)}: line {first.line}: there is no column {quoted(target)}{near} "
            f"(the columns are: {listed(names)})",
            "target",
        )
    return _Columns(path, names, names.index(wanted), True)


def _names(path: Path, header: Row) -> tuple[str, ...]:
    names: list[str] = []
    for column, cell in enumerate(header.cells):
        name = one_line(cell)
        place = f"{shown(path)}: line {header.line_of(column)}, column {column} (counted from 0)"
        if not name:
            raise DataError(f"{place}: the header has no name for it; name it, or leave the column out", "path")
        if not name.isprintable():
            raise DataError(f"{place}: its name {quoted(name)} has a character that cannot be shown", "path")
        if name in names:
            raise DataError(f"{place}: column {names.index(name)} is called {quoted(name)} too; rename one", "path")
        names.append(name)
    return tuple(names)


def _without(cells: Sequence[str], column: int) -> list[str]:
    return [*cells[:column], *cells[column + 1 :]]


# -- inputs --------------------------------------------------------------------------------------------------------


def _read(columns: _Columns, rows: Iterable[Row]) -> tuple["array[int]", Floats, list[str]]:
    """Lines, inputs (n, columns − 1), and the target's cells."""
    lines, values, targets = array("q"), array("d"), list[str]()
    width, target = len(columns.names), columns.target
    for row in rows:
        cells = row.cells
        if len(cells) != width:
            raise columns.error(f"{counted(len(cells), 'column')}, where the first row has {width}", line=row.line)
        inputs = cells[:target] + cells[target + 1 :]
        numbers = [float(cell) for cell in inputs if is_number(cell)]
        if len(numbers) < width - 1:
            column = next(i for i, cell in enumerate(cells) if i != target and not is_number(cell))
            hint = "every column but the target holds numbers"
            if not lines and not columns.named:
                hint = "if this row names the columns, give header = true"
            raise columns.error(why_no_number(cells[column], hint), line=row.line_of(column), column=column)
        if is_missing(cells[target]):
            raise columns.error(why_no_number(cells[target], ""), line=row.line_of(target), column=target)
        values.extend(numbers)
        targets.append(one_line(cells[target]))
        lines.append(row.line)
    return lines, np.array(values, dtype=np.float64).reshape(len(lines), width - 1), targets


def _refuse_unusable(columns: _Columns, lines: Sequence[int], inputs: Floats) -> None:
    if len(lines) < 2:
        count = "only one row of data" if len(lines) else "a header, but no row of data"
        raise columns.error(f"{count}; expected at least two")
    places = [column for column in range(len(columns.names)) if column != columns.target]
    row, index = (int(i) for i in np.unravel_index(np.abs(inputs).argmax(), inputs.shape))
    if abs(inputs[row, index]) > LARGEST:
        raise columns.error(_too_large(), line=lines[row], column=places[index])
    constant = np.flatnonzero(inputs.min(axis=0) == inputs.max(axis=0))
    if len(constant):
        raise columns.error(
            f"it is {inputs[0, constant[0]]:g} in every row, so nothing can be learned from it; leave the column out",
            column=places[int(constant[0])],
        )


def _too_large() -> str:
    return f"too large a number; single precision holds up to {LARGEST:.3g}"


# -- targets -------------------------------------------------------------------------------------------------------


def _targets(
    columns: _Columns, lines: Sequence[int], cells: list[str], task: str
) -> tuple[Task, Floats, tuple[str, ...]]:
    """The task, targets (n,) and names of the classes."""
    numeric = [is_number(cell) for cell in cells]
    if task != "classification" and not all(numeric):
        _refuse_mixture(columns, lines, cells, numeric, task)
    if not all(numeric):
        return _classes(columns, cells, sorted(set(cells)))
    values = np.array([float(cell) for cell in cells])
    if np.abs(values).max() > LARGEST:
        row = int(np.abs(values).argmax())
        raise columns.error(_too_large(), line=lines[row], column=columns.target)
    different = np.unique(values)
    if len(different) == 1 and task != "classification":
        raise columns.error(
            f"it is {different[0]:g} in every row, so there is nothing to learn", column=columns.target, key="target"
        )
    few = len(different) <= min(_FEW_VALUES, len(values) // 2) and bool(np.all(different == np.rint(different)))
    if task == "classification" or (task == "auto" and few):
        return _classes(columns, [_plain(value) for value in values], [_plain(value) for value in different])
    return "regression", values, ()


def _refuse_mixture(
    columns: _Columns, lines: Sequence[int], cells: Sequence[str], numeric: Sequence[bool], task: str
) -> None:
    """Refuses a target that is neither all numbers nor, where the task is open, all names of classes."""
    odd = next((row for row, cell in enumerate(cells) if not numeric[row] and is_almost_number(cell)), None)
    if odd is None and task == "regression":
        odd = numeric.index(False)
    if odd is not None:
        problem = why_no_number(cells[odd], "a regression predicts numbers")
        raise columns.error(problem, line=lines[odd], column=columns.target)
    if any(numeric):
        odd = numeric.index(sum(numeric) * 2 < len(cells))
        raise columns.error(
            f"{quoted(cells[odd])} is {'a' if numeric[odd] else 'not a'} number, unlike others; correct it, or give "
            'task = "classification" if these are names of classes',
            line=lines[odd],
            column=columns.target,
        )


def _classes(columns: _Columns, labels: Sequence[str], names: Sequence[str]) -> tuple[Task, Floats, tuple[str, ...]]:
    if len(names) == 1:
        raise columns.error(
            f"the only class is {quoted(names[0])}, so there is nothing to learn", column=columns.target, key="target"
        )
    if len(names) > min(MOST_CLASSES, len(labels) // 2):
        raise columns.error(
            f"{len(names):,} classes in {len(labels):,} rows are too many (at most {MOST_CLASSES:,}, and half as many "
            "as rows); is it the right column?",
            column=columns.target,
            key="target",
        )
    numbers = {name: float(number) for number, name in enumerate(names)}
    for name in names:
        if not name.isprintable():
            raise columns.error(f"class {quoted(name)} has a character that cannot be shown", column=columns.target)
    return "binary" if len(names) == 2 else "multiclass", np.array([numbers[label] for label in labels]), tuple(names)


def _plain(value: float) -> str:
    """A class's number as people write it."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
