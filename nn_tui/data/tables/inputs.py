"""Which columns of a sheet a network learns from, and how each is coded; what is left out, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import is_almost_number, is_number
from nn_tui.data.tables.coding import ISO, TRUTHS, Coding, ColumnCoding, as_texts, extent, first_text
from nn_tui.data.tables.meanings import meant
from nn_tui.data.tables.selection import place_of, places_of
from nn_tui.data.tables.sheet import Column, TextSheet
from nn_tui.shown import shown
from nn_tui.wording import listed, quoted

MOST_CATEGORIES = 20
"""A column of more texts than this is left out unless it is asked for."""

MOST_ASKED_FOR = 1000
_MOSTLY = 0.5
_ALL_DIFFERENT = 0.8
_CODINGS = ("one-hot", "order", "date")

Codings = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class ColumnChoice:
    """What a scenario makes of a sheet.

    Attributes:
        targets: the columns to predict, by name or place.
        task: "classification", "regression" or "auto".
        columns: what to learn from, by name, place or pattern; empty for all that can be used.
        ignore: what not to learn from.
        coding: by column: "one-hot", "order" (of the alphabet), a list of categories in order, "date", or a format of
            `strptime`.
        missing: what becomes of missing values: "refuse", "drop", "mean", "median" or "most".
        aside: a column that says which rows are for what, and is not learned from.
        reasons: why columns are in `ignore`, by name, where a person has not put them there.
    """

    targets: tuple[str | int, ...]
    task: str = "auto"
    columns: tuple[str | int, ...] = ()
    ignore: tuple[str | int, ...] = ()
    coding: Codings = field(default_factory=dict)
    missing: str = "refuse"
    aside: str | int | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOut:
    """A column that is not learned from, though nobody has asked for other ones.

    Attributes:
        name: its name.
        reason: why, for people.
    """

    name: str
    reason: str


def check_width(sheet: TextSheet) -> None:
    """Refuses a table of one column.

    Raises:
        DataError: for one that leaves nothing to learn from.
    """
    if len(sheet.columns) < 2:
        line = f"line {max(1, sheet.header_line)}: " if sheet.has_lines else ""
        found = "one column only" if sheet.columns else "no column"
        separated = "commas, semicolons, tabs, bars or spaces; for anything else give delimiter"
        how = f", separated by {separated}" if sheet.has_lines else ""
        raise DataError(
            f"{shown(sheet.path)}: {line}{found}; expected at least one input and the target{how}",
            "path",
        )


def target_places(sheet: TextSheet, targets: Sequence[str | int]) -> tuple[int, ...]:
    """Where the targets stand.

    Raises:
        DataError: for one that is not there, or leaves nothing to learn from.
    """
    check_width(sheet)
    places = tuple(place_of(sheet, target, "target") for target in targets)
    for place in places:
        if places.count(place) > 1:
            raise DataError(f"{shown(sheet.path)}: {sheet.title(place)} is listed twice", "target")
    if len(places) == len(sheet.columns):
        raise DataError(f"{shown(sheet.path)}: every column is a target; leave at least one to learn from", "target")
    return places


def chosen_inputs(sheet: TextSheet, choice: ColumnChoice, targets: Sequence[int]) -> tuple[Coding, tuple[LeftOut, ...]]:
    """The coding of the columns to learn from, and the columns left out.

    Raises:
        DataError: for a column that is not there or cannot be coded as asked, a text among numbers, or where nothing
            is left.
    """
    asked = places_of(sheet, choice.columns, "columns")
    ignored = places_of(sheet, choice.ignore, "ignore")
    aside = -1 if choice.aside is None else place_of(sheet, choice.aside, "split")
    # Keys are texts: in a table without names one that is a number is a place.
    own = {
        place_of(sheet, int(name) if name.isdecimal() and name not in sheet.names else name, "coding"): how
        for name, how in choice.coding.items()
    }
    if named := asked & ignored:
        raise DataError(f"{shown(sheet.path)}: {sheet.title(min(named))} is both taken and ignored", "ignore")
    codings, left_out = [], []
    for place, column in enumerate(sheet.columns):
        if place in targets or place == aside or (asked and place not in asked):
            continue
        if place in ignored:
            left_out.append(LeftOut(column.name, choice.reasons.get(column.name, "ignore names it")))
            continue
        wanted = own.get(place)
        if reason := _no_use(column, keeps=place in asked or wanted is not None):
            left_out.append(LeftOut(column.name, reason))
        else:
            codings.append(_coding(sheet, place, wanted))
    if not codings:
        why = f" ({'; '.join(f'{left.name}: {left.reason}' for left in left_out[:3])})" if left_out else ""
        raise DataError(f"{shown(sheet.path)}: no column is left to learn from{why}", "columns" if asked else "path")
    return Coding(tuple(codings), len(sheet.columns)), tuple(left_out)


def _no_use(column: Column, keeps: bool) -> str:
    """Why nothing can be learned from a column; empty if something can. What is asked for is kept if it can be."""
    if column.numbers is not None:
        least, greatest = extent(column.numbers)
        if np.isnan(least):
            return "it has no value in any row"
        return "it is the same in every row" if least == greatest and not keeps else ""
    if column.missing.all():
        return "it has no value in any row"
    count, rows = len(column.texts), int(np.count_nonzero(~column.missing))
    if keeps or _are_numbers_in_disguise(column):
        return ""
    if count == 1:
        return "it is the same in every row"
    if count > 2 and count > _ALL_DIFFERENT * rows:
        return "its texts are nearly all different" + meant(column.name, column.texts)
    if count > MOST_CATEGORIES:
        return f"it has {count:,} categories, more than {MOST_CATEGORIES}" + meant(column.name, column.texts)
    return ""


def _are_numbers_in_disguise(column: Column) -> bool:
    """Whether a column of texts was meant to be one of numbers, so that a person should know."""
    if not any(map(is_almost_number, column.texts)) and not any(map(is_number, column.texts)):
        return False
    assert column.codes is not None
    numeric = np.array([is_number(text) for text in column.texts] + [False])
    almost = np.array([is_almost_number(text) for text in column.texts] + [False])
    there = ~column.missing
    share = np.count_nonzero(numeric[column.codes][there]) / np.count_nonzero(there)
    rest = ~numeric[column.codes] & there
    return bool(share >= _MOSTLY or (rest.any() and almost[column.codes][rest].all()))


def _coding(sheet: TextSheet, place: int, wanted: str | Sequence[str] | None) -> ColumnCoding:
    column = sheet.columns[place]
    if wanted is None:
        if column.numbers is not None:
            return ColumnCoding(column.name, place, "number")
        if _are_numbers_in_disguise(column):
            raise first_text(
                sheet,
                place,
                f'unlike most of the column; correct it, or give coding = {{ "{column.name}" = "one-hot" }} if these '
                f'are names, or ignore = ["{column.name}"]',
            )
        return _categorical(sheet, place, "one-hot")
    if not isinstance(wanted, str):
        return _stated_order(sheet, place, wanted)
    if wanted == "date" or "%" in wanted:
        return ColumnCoding(column.name, place, "date", form=ISO if wanted == "date" else wanted)
    return _categorical(sheet, place, wanted)


def _categorical(sheet: TextSheet, place: int, kind: str) -> ColumnCoding:
    column = sheet.columns[place]
    texts, _ = as_texts(column)
    names = texts if column.numbers is not None else tuple(sorted(texts))
    if {name.lower() for name in names} <= set(TRUTHS):
        names = TRUTHS
    for name in names:
        if not name.isprintable():
            raise sheet.error(f"category {quoted(name)} has a character that cannot be shown", place=place)
    if kind == "order":
        return ColumnCoding(column.name, place, "order", names)
    if len(names) > MOST_ASKED_FOR:
        raise sheet.error(
            f"{len(names):,} categories are too many for an input each (at most {MOST_ASKED_FOR:,})",
            place=place,
            key="coding",
        )
    return ColumnCoding(column.name, place, "flag" if len(names) == 2 else "one-hot", names)


def _stated_order(sheet: TextSheet, place: int, categories: Sequence[str]) -> ColumnCoding:
    column = sheet.columns[place]
    texts, _ = as_texts(column)
    if absent := [text for text in texts if text not in categories]:
        raise sheet.error(f"the order given for it has no {listed(absent)}", place=place, key="coding")
    return ColumnCoding(column.name, place, "order", tuple(categories))
