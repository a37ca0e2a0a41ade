"""The columns to predict: which task they make, class numbers or values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import is_almost_number, is_number, number_of, why_no_number
from nn_tui.data.tables.coding import as_texts, check_size, first_text, plain
from nn_tui.data.tables.sheet import TextSheet
from nn_tui.floats import Floats
from nn_tui.shown import shown
from nn_tui.wording import quoted

MOST_CLASSES = 1000
_FEW_VALUES = 10
Task = Literal["binary", "multiclass", "regression"]


@dataclass(frozen=True)
class Targets:
    """What is to be predicted.

    Attributes:
        task: "binary", "multiclass" or "regression".
        values: class numbers or values (n,), or those of several targets (n, targets).
        class_names: in the order of class numbers: numbers by value, else texts by alphabet; empty in a regression.
        note: what a person may want otherwise, for people; empty for nothing.
    """

    task: Task
    values: Floats
    class_names: tuple[str, ...]
    note: str = ""


def read_targets(sheet: TextSheet, places: Sequence[int], task: str) -> Targets:
    """The task and its targets; no value of theirs is missing.

    Args:
        sheet: whose rows all have their targets.
        places: of the target columns.
        task: "classification", "regression" or "auto": a target of texts is a classification; one of numbers is a
            classification if they are whole, at most 10 different ones and at most half as many as there are rows, else
            a regression; one of both is refused.

    Raises:
        DataError: for a target that does not suit the task, or has nothing to learn.
    """
    if len(places) == 1:
        return _one(sheet, places[0], task)
    if task == "classification":
        raise DataError(f"{shown(sheet.path)}: several targets are a regression's; a classification has one", "target")
    return Targets("regression", np.column_stack([_one(sheet, place, "regression").values for place in places]), ())


def _one(sheet: TextSheet, place: int, task: str) -> Targets:
    column = sheet.columns[place]
    if column.numbers is None:
        if task != "classification":
            _refuse_mixture(sheet, place, task)
        return _classes(sheet, place, sorted(column.texts))
    values = column.numbers
    check_size(sheet, place, values)
    different = np.unique(values)
    if len(different) == 1 and task != "classification":
        raise sheet.error(
            f"it is {different[0]:g} in every row, so there is nothing to learn", place=place, key="target"
        )
    whole = bool(np.all(different == np.rint(different)))
    if task == "classification" or (task == "auto" and whole and len(different) <= min(_FEW_VALUES, len(values) // 2)):
        return _classes(sheet, place, [plain(value) for value in different.tolist()])
    note = ""
    if task == "auto" and whole and _FEW_VALUES < len(different) <= min(100, len(values) // 2):
        note = (
            f"{column.name} has {len(different)} different whole numbers and is taken for a regression; if they are "
            'classes, give task = "classification"'
        )
    return Targets("regression", np.ascontiguousarray(values), (), note)


def _refuse_mixture(sheet: TextSheet, place: int, task: str) -> None:
    """Refuses a target that is neither all numbers nor, where the task is open, all names of classes."""
    column = sheet.columns[place]
    assert column.codes is not None
    if task == "regression":
        raise first_text(sheet, place, "a regression predicts numbers")
    numeric = np.array([is_number(text) for text in column.texts])[column.codes]
    almost = np.array([is_almost_number(text) for text in column.texts])[column.codes]
    if (~numeric & almost).any():
        row = int(np.flatnonzero(~numeric & almost)[0])
        text = column.texts[column.codes[row]]
        raise sheet.error(why_no_number(text, "a regression predicts numbers"), row=row, place=place)
    if numeric.any():
        many = bool(numeric.sum() * 2 < len(numeric))
        row = int(np.flatnonzero(numeric == many)[0])
        raise sheet.error(
            f"{quoted(column.texts[column.codes[row]])} is {'a' if numeric[row] else 'not a'} number, unlike others; "
            + (
                "if this row names the columns, give header = true"
                if row == 0 and not sheet.named
                else 'correct it, or give task = "classification" if these are names of classes'
            ),
            row=row,
            place=place,
        )


def _classes(sheet: TextSheet, place: int, names: Sequence[str]) -> Targets:
    rows = len(sheet)
    if len(names) == 1:
        raise sheet.error(
            f"the only class is {quoted(names[0])}, so there is nothing to learn", place=place, key="target"
        )
    if len(names) > min(MOST_CLASSES, rows // 2):
        raise sheet.error(
            f"{len(names):,} classes in {rows:,} rows are too many (at most {MOST_CLASSES:,}, and half as many "
            "as rows); is it the right column?",
            place=place,
            key="target",
        )
    for name in names:
        if not name.isprintable():
            raise sheet.error(f"class {quoted(name)} has a character that cannot be shown", place=place)
    task: Task = "binary" if len(names) == 2 else "multiclass"
    return Targets(task, class_numbers(sheet, place, names), tuple(names), _alike(sheet.columns[place].name, names))


def _alike(column: str, names: Sequence[str]) -> str:
    """A note on classes that are called the same but for capitals; empty without any."""
    by_sound: dict[str, str] = {}
    for name in names:
        if (other := by_sound.setdefault(name.casefold(), name)) != name:
            return f"{column} has the classes {quoted(other)} and {quoted(name)}: two, unless the file is corrected"
    return ""


def class_numbers(sheet: TextSheet, place: int, names: Sequence[str]) -> Floats:
    """Each row's class number, shape (n,); NaN where it is missing or no class of these."""
    texts, codes = as_texts(sheet.columns[place])
    numbers = {name: float(number) for number, name in enumerate(names)}
    # Classes that are numbers have one plain name, whatever way they are written elsewhere.
    by_value = {number_of(name): place for name, place in numbers.items() if number_of(name) is not None}
    known = [numbers.get(text, by_value.get(number_of(text), np.nan)) for text in texts]
    found: Floats = np.array([*known, np.nan])[codes]
    return found
