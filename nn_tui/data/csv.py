"""A table from a CSV file: columns of numbers to learn from, and one column to predict."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.cells import LARGEST, is_almost_number, is_missing, is_number, one_line, why_no_number
from nn_tui.data.dataset import Task
from nn_tui.data.delimited import Row, read_rows
from nn_tui.data.errors import DataError
from nn_tui.data.wording import counted, listed, quoted, suggestion
from nn_tui.shown import shown

Floats = NDArray[np.float64]

MOST_CLASSES = 1000
_FEW_VALUES = 10


@dataclass(frozen=True)
class Table:
    """Examples from a file.

    Attributes:
        task: "binary", "multiclass" or "regression".
        inputs: shape (n, columns), float64.
        targets: float64: class numbers or values (n,), or the values of several targets (n, targets).
        feature_names: of the inputs, in the file's order; columns that are the same in every row are not among them.
        class_names: in the order of class numbers: numbers by value, else texts by alphabet; empty in a regression.
        target_names: the target columns' names.
        notes: what was left out, for people.
    """

    task: Task
    inputs: Floats
    targets: Floats
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    target_names: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Columns:
    """What the columns are called, and which of them are predicted."""

    path: Path
    names: tuple[str, ...]
    targets: tuple[int, ...]
    named: bool

    @property
    def inputs(self) -> tuple[int, ...]:
        """The places of all others."""
        return tuple(place for place in range(len(self.names)) if place not in self.targets)

    def title(self, column: int) -> str:
        """A column in messages."""
        return f"column {quoted(self.names[column])}" if self.named else f"column {column} (counted from 0)"

    def error(self, problem: str, *, line: int = 0, column: int = -1, key: str = "path") -> DataError:
        """An error with as much of its place as is known."""
        place = ", ".join(
            ([f"line {line}"] if line else []) + ([self.title(column)] if column >= 0 else []),
        )
        return DataError(": ".join(part for part in (shown(self.path), place, problem) if part), key)


def read_csv(path: Path, target: str | int | Sequence[str | int], header: bool | None, task: str) -> Table:
    """Reads a table; `nn_tui.data.delimited` says what such a file looks like.

    Every column but the target holds decimal numbers (`-1.5e3`). A target may be numbers or names of classes.

    Args:
        path: the file.
        target: the column to predict, its name, or its place counted from 0; or several columns of numbers.
        header: whether the first row names the columns. None: it does if a target is given by name, or if no other
            cell of it is a number.
        task: "classification", "regression" or "auto": a target of texts is a classification; one of numbers is a
            classification if they are whole, at most 10 different ones and at most half as many as there are rows, else
            a regression; one of both is refused.

    Raises:
        DataError: with file, line and column, for a file that cannot be read or is no such table, a missing value, a
            target column that is not there or the same in every row, or classes too few or too many.
    """
    rows = read_rows(path)
    first = next(rows, None)
    if first is None:
        raise DataError(f"{shown(path)}: the file is empty", "path")
    wanted = (target,) if isinstance(target, str | int) else tuple(target)
    columns = _columns(path, first, wanted, header)
    lines, inputs, cells = _read(columns, rows if columns.named else chain((first,), rows))
    _refuse_unusable(columns, lines, inputs)
    if len(wanted) == 1:
        found_task, targets, class_names = _targets(columns, lines, cells[0], task, columns.targets[0])
    else:
        found_task, targets, class_names = _several(columns, lines, cells, task)
    inputs, names, notes = _varying(columns, inputs)
    return Table(
        found_task, inputs, targets, names, class_names, tuple(columns.names[place] for place in columns.targets), notes
    )


# -- columns -------------------------------------------------------------------------------------------------------


def _columns(path: Path, first: Row, targets: tuple[str | int, ...], header: bool | None) -> _Columns:
    cells = first.cells
    if len(cells) < 2:
        raise DataError(
            f"{shown(path)}: line {first.line}: one column only; expected at least one input and the target, "
            "separated by commas, semicolons or tabs",
            "path",
        )
    if any(isinstance(target, str) for target in targets):
        if header is False:
            called = next(target for target in targets if isinstance(target, str))
            raise DataError(
                f"{shown(path)}: without a header no column is called {quoted(called)}; give its place counted from 0, "
                f"0 to {len(cells) - 1}",
                "target",
            )
        named = True
    else:
        others = [cell for place, cell in enumerate(cells) if place not in targets]
        named = header if header is not None else not any(map(is_number, others))
    names = _names(path, first) if named else tuple(f"column {number}" for number in range(len(cells)))
    places = tuple(_place(path, first, names, target, header) for target in targets)
    for place in places:
        if places.count(place) > 1:
            raise DataError(f"{shown(path)}: column {quoted(names[place])} is listed twice", "target")
    if len(places) == len(cells):
        raise DataError(f"{shown(path)}: every column is a target; leave at least one to learn from", "target")
    return _Columns(path, names, places, named)


def _place(path: Path, first: Row, names: tuple[str, ...], target: str | int, header: bool | None) -> int:
    if isinstance(target, int):
        if not 0 <= target < len(names):
            raise DataError(
                f"{shown(path)}: there is no column {target}; counted from 0, the {len(names)} columns are 0 to "
                f"{len(names) - 1}",
                "target",
            )
        return target
    wanted = one_line(target)
    if wanted not in names:
        near = suggestion(wanted, names)
        if not near and header is None and any(map(is_number, first.cells)):
            near = "; if this row is no header, give the column's place, counted from 0"
        raise DataError(
            f"{shown(path)}: line {first.line}: there is no column {quoted(target)}{near} "
            f"(the columns are: {listed(names)})",
            "target",
        )
    return names.index(wanted)


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


# -- inputs --------------------------------------------------------------------------------------------------------


def _read(columns: _Columns, rows: Iterable[Row]) -> tuple["array[int]", Floats, list[list[str]]]:
    """Lines, inputs (n, inputs), and each target's cells."""
    lines, values = array("q"), array("d")
    targets: list[list[str]] = [[] for _ in columns.targets]
    width, places = len(columns.names), columns.inputs
    for row in rows:
        cells = row.cells
        if len(cells) != width:
            raise columns.error(f"{counted(len(cells), 'column')}, where the first row has {width}", line=row.line)
        numbers = [float(cells[place]) for place in places if is_number(cells[place])]
        if len(numbers) < len(places):
            column = next(place for place in places if not is_number(cells[place]))
            hint = "every column but the target holds numbers"
            if not lines and not columns.named:
                hint = "if this row names the columns, give header = true"
            raise columns.error(why_no_number(cells[column], hint), line=row.line_of(column), column=column)
        for place, target in zip(columns.targets, targets, strict=True):
            if is_missing(cells[place]):
                raise columns.error(why_no_number(cells[place], ""), line=row.line_of(place), column=place)
            target.append(one_line(cells[place]))
        values.extend(numbers)
        lines.append(row.line)
    return lines, np.array(values, dtype=np.float64).reshape(len(lines), len(places)), targets


def _refuse_unusable(columns: _Columns, lines: Sequence[int], inputs: Floats) -> None:
    if len(lines) < 2:
        count = "only one row of data" if len(lines) else "a header, but no row of data"
        raise columns.error(f"{count}; expected at least two")
    row, index = (int(i) for i in np.unravel_index(np.abs(inputs).argmax(), inputs.shape))
    if abs(inputs[row, index]) > LARGEST:
        raise columns.error(_too_large(), line=lines[row], column=columns.inputs[index])


def _varying(columns: _Columns, inputs: Floats) -> tuple[Floats, tuple[str, ...], tuple[str, ...]]:
    """Inputs and names without the columns that are the same in every row, and a note that says so."""
    names = [columns.names[place] for place in columns.inputs]
    varies = inputs.min(axis=0) < inputs.max(axis=0)
    if varies.all():
        return inputs, tuple(names), ()
    constant = [name for name, kept in zip(names, varies, strict=True) if not kept]
    if len(constant) == len(names):
        raise columns.error("every column but the target is the same in every row, so nothing can be learned from it")
    kept = tuple(name for name, kept in zip(names, varies, strict=True) if kept)
    are = "is" if len(constant) == 1 else "are"
    note = f"left out, since it {are} the same in every row: {listed(constant)}"
    return inputs[:, varies], kept, (note.replace("it are", "they are"),)


def _too_large() -> str:
    return f"too large a number; single precision holds up to {LARGEST:.3g}"


# -- targets -------------------------------------------------------------------------------------------------------


def _several(
    columns: _Columns, lines: Sequence[int], cells: Sequence[list[str]], task: str
) -> tuple[Task, Floats, tuple[str, ...]]:
    """A regression's targets (n, targets)."""
    if task == "classification":
        raise columns.error("several targets are a regression's; a classification has one", key="target")
    values = [_targets(columns, lines, *each)[1] for each in zip(cells, repeat("regression"), columns.targets)]
    return "regression", np.column_stack(values), ()


def _targets(
    columns: _Columns, lines: Sequence[int], cells: list[str], task: str, place: int
) -> tuple[Task, Floats, tuple[str, ...]]:
    """The task, targets (n,) and names of the classes, of the target at a place."""
    numeric = [is_number(cell) for cell in cells]
    if task != "classification" and not all(numeric):
        _refuse_mixture(columns, lines, cells, numeric, task, place)
    if not all(numeric):
        return _classes(columns, place, cells, sorted(set(cells)))
    values = np.array([float(cell) for cell in cells])
    if np.abs(values).max() > LARGEST:
        row = int(np.abs(values).argmax())
        raise columns.error(_too_large(), line=lines[row], column=place)
    different = np.unique(values)
    if len(different) == 1 and task != "classification":
        raise columns.error(
            f"it is {different[0]:g} in every row, so there is nothing to learn", column=place, key="target"
        )
    few = len(different) <= min(_FEW_VALUES, len(values) // 2) and bool(np.all(different == np.rint(different)))
    if task == "classification" or (task == "auto" and few):
        return _classes(columns, place, [_plain(value) for value in values], [_plain(value) for value in different])
    return "regression", values, ()


def _refuse_mixture(
    columns: _Columns, lines: Sequence[int], cells: Sequence[str], numeric: Sequence[bool], task: str, place: int
) -> None:
    """Refuses a target that is neither all numbers nor, where the task is open, all names of classes."""
    odd = next((row for row, cell in enumerate(cells) if not numeric[row] and is_almost_number(cell)), None)
    if odd is None and task == "regression":
        odd = numeric.index(False)
    if odd is not None:
        problem = why_no_number(cells[odd], "a regression predicts numbers")
        raise columns.error(problem, line=lines[odd], column=place)
    if any(numeric):
        odd = numeric.index(sum(numeric) * 2 < len(cells))
        raise columns.error(
            f"{quoted(cells[odd])} is {'a' if numeric[odd] else 'not a'} number, unlike others; correct it, or give "
            'task = "classification" if these are names of classes',
            line=lines[odd],
            column=place,
        )


def _classes(
    columns: _Columns, place: int, labels: Sequence[str], names: Sequence[str]
) -> tuple[Task, Floats, tuple[str, ...]]:
    if len(names) == 1:
        raise columns.error(
            f"the only class is {quoted(names[0])}, so there is nothing to learn", column=place, key="target"
        )
    if len(names) > min(MOST_CLASSES, len(labels) // 2):
        raise columns.error(
            f"{len(names):,} classes in {len(labels):,} rows are too many (at most {MOST_CLASSES:,}, and half as many "
            "as rows); is it the right column?",
            column=place,
            key="target",
        )
    numbers = {name: float(number) for number, name in enumerate(names)}
    for name in names:
        if not name.isprintable():
            raise columns.error(f"class {quoted(name)} has a character that cannot be shown", column=place)
    return "binary" if len(names) == 2 else "multiclass", np.array([numbers[label] for label in labels]), tuple(names)


def _plain(value: float) -> str:
    """A class's number as people write it."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
