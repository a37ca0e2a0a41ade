"""Which columns of a sheet are meant: by name, by place, by pattern."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from nn_tui.data.errors import DataError
from nn_tui.data.tables.cells import is_number, one_line
from nn_tui.data.tables.sheet import TextSheet
from nn_tui.shown import shown
from nn_tui.wording import counted, listed, quoted, suggestion


def place_of(sheet: TextSheet, wanted: str | int, key: str) -> int:
    """The place of one column, counted from 0.

    Args:
        sheet: whose columns they are.
        wanted: its name or its place.
        key: of the scenario's data table, for errors.

    Raises:
        DataError: where there is no such column.
    """
    names = sheet.names
    if isinstance(wanted, int):
        if 0 <= wanted < len(names):
            return wanted
        if sheet.named and str(wanted) in names:
            # Typed, a name of digits cannot be told from a place: where it is none, it is the name.
            return names.index(str(wanted))
        raise DataError(
            f"{shown(sheet.path)}: there is no column {wanted}; counted from 0, the {counted(len(names), 'column')} "
            f"are 0 to {len(names) - 1}{_maybe_named(sheet, wanted)}",
            key,
        )
    name = one_line(wanted)
    if name in names:
        return names.index(name)
    if not sheet.named:
        raise DataError(
            f"{shown(sheet.path)}: without a header no column is called {quoted(wanted)}; give its place counted from "
            f"0, 0 to {len(names) - 1}",
            key,
        )
    near = suggestion(name, names)
    if not near and any(map(is_number, names)):
        near = "; if this row is no header, give the column's place, counted from 0"
    line = f"line {sheet.header_line}: " if sheet.header_line else ""
    raise DataError(
        f"{shown(sheet.path)}: {line}there is no column {quoted(wanted)}{near} (the columns are: {listed(names)})", key
    )


def _maybe_named(sheet: TextSheet, wanted: int) -> str:
    """A hint where the first row, taken for numbers, has the name that was asked for."""
    first = [column.numbers[0] for column in sheet.columns if column.numbers is not None and len(column)]
    return "; if the first row names the columns, give header = true" if not sheet.named and wanted in first else ""


def places_of(sheet: TextSheet, wanted: Sequence[str | int], key: str) -> frozenset[int]:
    """The places of all columns that are meant; a pattern (`pixel*`, `x[0-9]`) may mean several.

    Raises:
        DataError: where one means none.
    """
    places: set[int] = set()
    for one in wanted:
        if isinstance(one, str) and sheet.named and one_line(one) not in sheet.names and any(c in one for c in "*?["):
            found = {place for place, name in enumerate(sheet.names) if fnmatchcase(name, one_line(one))}
            if not found:
                raise DataError(
                    f"{shown(sheet.path)}: no column is like {quoted(one)} (the columns are: {listed(sheet.names)})",
                    key,
                )
            places |= found
        else:
            places.add(place_of(sheet, one, key))
    return frozenset(places)
