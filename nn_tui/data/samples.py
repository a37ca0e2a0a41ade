"""Samples that a person names to see what a trained network makes of them: a row of numbers, or a table of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.cells import LARGEST, is_missing, is_number, one_line, why_no_number
from nn_tui.data.delimited import Row, read_rows
from nn_tui.data.errors import DataError
from nn_tui.data.wording import counted, listed, quoted, suggestion
from nn_tui.shown import shown

Floats = NDArray[np.float64]

_BARE_ROW = re.compile(r"[-+0-9.,eE ]+")


@dataclass(frozen=True)
class Layout:
    """What a model's raw inputs and target are, so that samples can be read for it.

    Attributes:
        columns: names of the raw inputs.
        target_names: of what is predicted.
        class_names: in the order of class numbers; empty in a regression.
        target_places: where the targets stand in the model's own table, counted from 0; None where they go by name.
        image_shape: rows and columns, where the inputs are an image's pixels.
    """

    columns: tuple[str, ...]
    target_names: tuple[str, ...]
    class_names: tuple[str, ...]
    target_places: tuple[int, ...] | None = None
    image_shape: tuple[int, int] | None = None

    @property
    def inputs(self) -> str:
        """What one sample is, in words."""
        if self.image_shape:
            return f"pictures of {self.image_shape[0]}×{self.image_shape[1]} pixels"
        return f"{counted(len(self.columns), 'number')} a sample ({listed(self.columns)})"


@dataclass(frozen=True)
class Samples:
    """Samples to predict.

    Attributes:
        names: what each is called.
        inputs: raw, shape (n, columns).
        targets: class numbers or values, shape (n, targets), NaN where unknown; None where none is known.
        notes: what was done to them, for people.
    """

    names: tuple[str, ...]
    inputs: Floats
    targets: Floats | None = None
    notes: tuple[str, ...] = ()


def check_file(path: Path) -> None:
    """Refuses what is not a file on a disk: a pipe would be waited for without end.

    Raises:
        DataError: for what is not there, or is a folder or a device.
    """
    try:
        if path.is_file():
            return
        problem = "is not a file" if path.exists() else "no such file"
    except (OSError, ValueError):
        # Names that no system has: with a NUL, too long, in half a surrogate pair.
        problem = "no such file"
    raise DataError(f"{shown(path)}: {problem}")


def is_row(text: str) -> bool:
    """Whether an argument is meant as numbers (`5.1,3.5`, `-0.5`, also `5.1,abc`), not as a file."""
    return _BARE_ROW.fullmatch(text) is not None or ("," in text and not Path(text).suffix.lstrip(".").isalpha())


def read_row(text: str, layout: Layout) -> Samples:
    """One sample from numbers with commas between them.

    Raises:
        DataError: for other than numbers, or another count of them than the model takes.
    """
    cells = text.split(",")
    if len(cells) != len(layout.columns):
        raise DataError(f"{quoted(text)}: {counted(len(cells), 'number')}, but the model takes {layout.inputs}")
    return Samples((text,), np.array([_numbers(cells, layout, quoted(text))]))


def _numbers(cells: Sequence[str], layout: Layout, place: str) -> list[float]:
    numbers = []
    for cell, name in zip(cells, layout.columns, strict=True):
        if not is_number(cell):
            raise DataError(f"{place}: column {quoted(name)}: {why_no_number(cell, 'inputs are numbers')}")
        number = float(cell)
        if abs(number) > LARGEST:
            raise DataError(f"{place}: column {quoted(name)}: too large a number, the most is {LARGEST:.3g}")
        numbers.append(number)
    return numbers


def read_table(path: Path, layout: Layout) -> Samples:
    """Samples from a CSV file, with or without what the model should find.

    With a header, columns go by name: the model's inputs in any order, the targets if they are there, others left
    aside. Without one, a row has the model's inputs in their order, and the targets where the model's own table has
    them. A target may be missing in some rows.

    Raises:
        DataError: with file, line and column, for a file that is no such table.
    """
    rows = read_rows(path)
    first = next(rows, None)
    if first is None:
        raise DataError(f"{shown(path)}: the file is empty")
    named = not any(is_number(cell) for cell in first.cells)
    inputs, places = _named(path, first, layout) if named else _placed(path, first, layout)
    names, numbers, targets = [], [], []
    for row in rows if named else chain((first,), rows):
        if len(row.cells) != len(first.cells):
            raise DataError(
                f"{shown(path)}: line {row.line}: {counted(len(row.cells), 'column')}, where the first row has "
                f"{len(first.cells)}"
            )
        place = f"{shown(path)}: line {row.line}"
        names.append(f"{path.name}:{row.line}")
        numbers.append(_numbers([row.cells[column] for column in inputs], layout, place))
        if places is not None:
            targets.append([_target(row.cells[column], layout, index, place) for index, column in enumerate(places)])
    if not numbers:
        raise DataError(f"{shown(path)}: a header, but no row of data")
    known = places is not None and not np.isnan(targets).all()
    return Samples(tuple(names), np.array(numbers), np.array(targets) if known else None)


def _named(path: Path, header: Row, layout: Layout) -> tuple[list[int], list[int] | None]:
    """Where the inputs and the targets stand, by the header."""
    names = [one_line(cell) for cell in header.cells]
    for name in layout.columns:
        if name not in names:
            raise DataError(
                f"{shown(path)}: line {header.line}: there is no column {quoted(name)}{suggestion(name, names)} "
                f"(the model takes {layout.inputs})"
            )
    there = all(name in names for name in layout.target_names)
    targets = [names.index(name) for name in layout.target_names] if there else None
    return [names.index(name) for name in layout.columns], targets


def _placed(path: Path, first: Row, layout: Layout) -> tuple[list[int], list[int] | None]:
    """Where the inputs and the targets stand without a header."""
    found, wanted, targets = len(first.cells), len(layout.columns), layout.target_places
    if found == wanted:
        return list(range(wanted)), None
    if targets is not None and found == wanted + len(targets):
        return [column for column in range(found) if column not in targets], list(targets)
    raise DataError(
        f"{shown(path)}: line {first.line}: {found} columns and no header, but the model takes {layout.inputs}; "
        "with a header, columns go by name"
    )


def _target(cell: str, layout: Layout, number: int, place: str) -> float:
    """A class's number or a value, of one of the targets; NaN where it is missing."""
    text, name = one_line(cell), layout.target_names[number]
    if is_missing(text):
        return float("nan")
    classes = layout.class_names
    if not classes:
        if not is_number(text):
            raise DataError(f"{place}: column {quoted(name)}: {why_no_number(text, 'values are numbers')}")
        return float(text)
    if text in classes:
        return float(classes.index(text))
    for place_of_class, known in enumerate(classes):
        # Classes that are numbers have one plain name, whatever way they are written here.
        if is_number(known) and is_number(text) and float(known) == float(text):
            return float(place_of_class)
    raise DataError(
        f"{place}: column {quoted(name)}: there is no class {quoted(text)}{suggestion(text, classes)} "
        f"(the classes are: {listed(classes)})"
    )
