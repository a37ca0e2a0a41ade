"""What is seen of a bare table at first sight: how its numbers are written, its target, columns that are of no use."""

import re
import shlex
from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import Writing, is_almost_number, is_number, number_of, value_of
from nn_tui.data.tables.delimited import Format
from nn_tui.data.tables.inputs import MOST_CATEGORIES, Codings
from nn_tui.data.tables.reading import read_sheet
from nn_tui.data.tables.sheet import Column, TextSheet
from nn_tui.scenario.data_table import Data
from nn_tui.shown import shown
from nn_tui.training.run.table_loading import format_of
from nn_tui.wording import listed, quoted

_TARGETS = ("target", "label", "class", "y")
_NUMBERS_OF_ROWS = (
    "index",
    "row",
    "rownames",
    "rownumber",
    "row_number",
    "no",
    "nr",
    "number",
    "sno",
    "#",
    "unnamed: 0",
)
_ID = re.compile(r"(?i:(?:.*[ _.-])?id)|.*[a-z]I[dD]")
"""Of `user_id`, `id` and `PassengerId`, and not of `humid`."""

_PLAIN = re.compile(r"[^\W\d][\w .-]{0,60}")
_VALUES = ("true", "false", "inf", "nan")
"""Names that are written as names are, and mean something else to TOML."""
_MOSTLY = 0.9
"""Share of numbers from which texts in their column are faults, not categories."""
_WRITINGS = tuple(Writing(*signs) for signs in (".,", (",", ""), ",.", ".'", ". ", ", ", ",'"))
"""Tried in this order, but where semicolons stand between columns those with decimal commas come first: that is why the
semicolons are there."""


def read_detected(
    path: Path, targets: Sequence[str | int], wanted: Data, said: frozenset[str]
) -> tuple[TextSheet, Format, list[str]]:
    """The sheet; with decimal commas or signs between thousands, where all that is no number has them."""
    how = format_of(wanted)
    sheet = read_sheet(path, how, targets)
    if said & {"decimal", "thousands"}:
        return sheet, how, []
    texts = {
        text for column in sheet.columns if column.numbers is None and _is_disguised(column) for text in column.texts
    }
    odd = [text for text in texts if not is_number(text)]
    for writing in sorted(_WRITINGS, key=lambda way: way.decimal != ",") if sheet.separator == ";" else _WRITINGS:
        if odd and all(number_of(text, writing) is not None for text in texts):
            how = replace(how, writing=writing)
            note = f"numbers are read with decimal {quoted(writing.decimal)}"
            note += f" and {quoted(writing.thousands)} between thousands" if writing.thousands else ""
            return read_sheet(path, how, targets), how, [note]
    return sheet, how, []


def _is_disguised(column: Column) -> bool:
    return all(is_number(text) or is_almost_number(text) for text in column.texts)


def likely_target(sheet: TextSheet, asks: str) -> tuple[str | int, ...]:
    """The column called target, label, class or y; of other tables the last that has a value.

    Raises:
        DataError: where it is not plain, and `asks` says how it is named: by --target or by --set.
    """
    filled = [place for place, column in enumerate(sheet.columns) if not column.missing.all() or not len(column)]
    last = filled[-1] if filled else len(sheet.columns) - 1
    named = [place for place in filled if sheet.names[place].lower() in _TARGETS]
    if len(named) == 1:
        return (sheet.names[named[0]] if sheet.named else named[0],)
    if asks:
        few = [sheet.names[place] for place in filled if _distinct(sheet.columns[place]) <= MOST_CATEGORIES]
        likely = [*dict.fromkeys([sheet.names[last], *few])]
        raise DataError(
            f"{shown(sheet.path)}: which column is to be predicted? Name it with {asks}, for example "
            f"{_example(sheet, last, asks)} (likely ones: {listed(likely)})",
            "target",
        )
    return (sheet.names[last] if sheet.named else last,)


def _example(sheet: TextSheet, place: int, asks: str) -> str:
    """How a column is named at the shell, to be copied: by its place where its name may be taken for another value."""
    name = sheet.names[place]
    plain = sheet.named and _PLAIN.fullmatch(name) and name.lower() not in _VALUES
    if asks == "--target":
        return f"--target {quoted(name) if plain else place}"
    return f"--set {shlex.quote(f'data.target={name if plain else place}')}"


def _distinct(column: Column) -> int:
    return len(column.texts) if column.numbers is None else len(np.unique(column.numbers[:10_000]))


def set_aside(sheet: TextSheet, named: Set[int]) -> tuple[dict[str, str], Codings]:
    """Columns to ignore, with the reason, and the coding of those that hold numbers and texts; none that are named."""
    ignored: dict[str, str] = {}
    coding: dict[str, str] = {}
    for place, column in enumerate(sheet.columns):
        if place in named or column.missing.all():
            continue
        if column.numbers is not None:
            if reason := _names_rows(column, first=place == 0):
                ignored[column.name] = reason
            continue
        if (share := _numeric_share(column)) > 0.0:
            if share >= _MOSTLY or len(column.texts) > MOST_CATEGORIES:
                ignored[column.name] = _first_odd(sheet, place)
            else:
                coding[column.name] = "one-hot"
    return ignored, coding


def is_mixed(column: Column) -> bool:
    """Whether a column of texts has numbers among them."""
    return column.numbers is None and any(map(is_number, column.texts))


def _numeric_share(column: Column) -> float:
    """In how many of the rows with a value a column of texts has a number."""
    assert column.codes is not None
    numeric = np.array([is_number(text) for text in column.texts] + [False])[column.codes]
    return int(np.count_nonzero(numeric)) / max(1, int(np.count_nonzero(column.codes >= 0)))


def _first_odd(sheet: TextSheet, place: int) -> str:
    """Why a column of numbers and texts, nearly all different, cannot be used."""
    column = sheet.columns[place]
    assert column.codes is not None
    odd = np.array([value_of(text, sheet.writing) is None for text in column.texts] + [False])[column.codes]
    if not odd.any():
        return "it holds numbers as texts, nearly all different"
    row = int(np.flatnonzero(odd)[0])
    line = sheet.line_of(row)
    found = quoted(column.texts[column.codes[row]])
    where = f"line {line}" if line else f"row {row}"
    return f"{where} has {found} where others have numbers; correct it, or take the row out, to learn from the column"


def _names_rows(column: Column, first: bool) -> str:
    """Why nothing can be learned from a column of numbers that only tells one row from another; empty of others."""
    assert column.numbers is not None
    is_id = _ID.fullmatch(column.name) is not None
    called = is_id or column.name.lower() in _NUMBERS_OF_ROWS or (first and column.name == "column 0")
    if not called or column.missing.any() or len(column) < 3:
        return ""
    steps = np.diff(np.sort(column.numbers))
    if (steps == 1.0).all():
        return "it only numbers the rows"
    return "it is another in every row, and called an id" if is_id and (steps >= 1.0).all() else ""
