"""The part of a PyTorch script that makes numbers of a table's rows: texts, dates, values that are missing."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from nn_tui.data.scaling import Scaling
from nn_tui.data.tables.coding import ISO, TRUTHS, Coding, ColumnCoding


def code_function(coding: Coding) -> str:
    """A function `code(row)` that gives one row's values, in the order of the columns, as numbers."""
    lines = [
        "def code(row):",
        '    """One row of values as numbers; None or an empty text where one is missing."""',
        "    numbers = []",
    ]
    for index, column in enumerate(coding.columns):
        lines += [f"    # {json.dumps(column.name, ensure_ascii=False)}", *_column(column, index)]
    return "\n".join([*lines, "    return numbers"])


def needs_dates(coding: Coding) -> bool:
    """Whether the function needs `datetime`."""
    return any(column.kind == "date" for column in coding.columns)


def _column(column: ColumnCoding, index: int) -> Iterator[str]:
    value = f"row[{index}]"
    categories = json.dumps(list(column.categories), ensure_ascii=False)
    if column.categories == TRUTHS:
        value = f"str({value}).lower()"
    number = {
        "number": f"float({value})",
        "flag": f"float({categories}.index({value}))",
        "order": f"float({categories}.index({value}))",
        "date": _days(column, value),
    }.get(column.kind, "")
    if column.kind == "one-hot":
        chosen = value
        if column.fill is not None:
            most = json.dumps(column.categories[int(column.fill)], ensure_ascii=False)
            chosen = f'({most} if row[{index}] in (None, "") else {value})'
        yield f"    numbers += [float({chosen} == name) for name in {categories}]"
    elif column.fill is None:
        yield f"    numbers.append({number})"
    else:
        yield f'    numbers.append({column.fill!r} if row[{index}] in (None, "") else {number})'


def _days(column: ColumnCoding, value: str) -> str:
    when = f"datetime.fromisoformat({value})"
    if column.form != ISO:
        when = f"datetime.strptime({value}, {json.dumps(column.form, ensure_ascii=False)})"
    return f"{when}.replace(tzinfo=timezone.utc).timestamp() / 86400"


def sample_rows(coding: Coding, scaling: Scaling) -> list[list[Any]]:
    """Three rows of raw values that are short to write and not out of the way."""
    rows: list[list[Any]] = [[], [], []]
    start = 0
    for column in coding.columns:
        shift, scale = float(scaling.shift[start]), float(scaling.scale[start])
        for number, row in enumerate(rows):
            row.append(_value(column, number, shift, scale))
        start += len(column.features)
    return rows


def _value(column: ColumnCoding, number: int, shift: float, scale: float) -> Any:
    if column.kind == "number":
        return float(f"{shift + (number - 1) * scale:.3g}")
    if column.kind == "date":
        day = np.datetime64(int(shift), "D").astype(object)
        return day.isoformat() if column.form == ISO else day.strftime(column.form)
    return column.categories[number % len(column.categories)]
