"""A table's description for people: a line a column, then what would be made of it."""

from collections.abc import Mapping, Sequence
from typing import Literal

from rich.table import Table
from rich.text import Text

from nn_tui.numerals import numeral
from nn_tui.shell.console import Terminal
from nn_tui.training.run.data_summary import division
from nn_tui.training.tables.describing import ColumnDescription, TableDescription
from nn_tui.wording import counted, listed

_MOST = 60
_GAP = 2
_EXAMPLES = "first values"
_CUT = ("column", "role", _EXAMPLES)
_LEAST = 6
"""Of columns whose texts may be cut."""

_HEADINGS = {"column": 20, "type": 8, "role": 15, "missing": 13, "different": 13, "range": 40, _EXAMPLES: 32}
"""The columns, and how wide each becomes at most."""

_STYLES = {"target": "bold blue", "input": "", "left out": "dim", "ignored": "dim"}


def print_description(told: TableDescription) -> None:
    """Prints it on stdout."""
    console = Terminal()
    console.print(Text.assemble((told.path, "bold"), f"  {counted(told.rows, 'row')}, {len(told.columns)} columns"))
    console.print()
    console.print(_columns(told.columns[:_MOST], console.width))
    if len(told.columns) > _MOST:
        console.print(Text(f"… and {len(told.columns) - _MOST:,} more", "dim"))
    console.print()
    task = f"{told.task} of {listed(told.target)}"
    classes = ", ".join(f"{name}: {count:,}" for name, count in list(told.classes.items())[:20])
    console.print(Text(f"{task}{f' ({classes})' if classes else ''}"))
    console.print(Text(division(**told.split)))
    for note in told.notes:
        console.print(Text(f"· {note}", "yellow"))
    console.print()
    console.print(Text(told.scenario.rstrip(), "dim"), soft_wrap=True)


def _columns(columns: Sequence[ColumnDescription], room: int) -> Table:
    """A line a column. Half a number would be another one, so that names give way, and first values before them."""
    rows = [_cells(column) for column in columns]
    widest = [max(Text(name).cell_len, *(row[at].cell_len for row in rows)) for at, name in enumerate(_HEADINGS)]
    widths = dict(zip(_HEADINGS, map(min, widest, _HEADINGS.values()), strict=True))
    if _width(widths) - widths[_EXAMPLES] + len(_EXAMPLES) > room:
        del widths[_EXAMPLES]
    while _width(widths) > room:
        longest = max(_CUT, key=lambda name: widths.get(name, 0))
        if widths[longest] <= _LEAST:
            break
        widths[longest] -= 1
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    for name, width in widths.items():
        justify: Literal["left", "right"] = "right" if name in ("missing", "different") else "left"
        table.add_column(name, justify=justify, overflow="ellipsis", no_wrap=True, width=width)
    for column, row in zip(columns, rows, strict=True):
        table.add_row(*row[: len(widths)], style=_STYLES[column.role])
    return table


def _width(columns: Mapping[str, int]) -> int:
    return sum(columns.values()) + _GAP * (len(columns) - 1)


def _cells(column: ColumnDescription) -> list[Text]:
    missing = f"{column.missing:,}" if column.missing else "–"
    coded = column.coding not in ("", "number", "values", "classes") and column.role == "input"
    role = f"{column.role}, {column.coding}" if coded else column.role
    texts = (
        column.name,
        column.type,
        role,
        missing,
        f"{column.distinct:,}",
        _extent(column),
        ", ".join(column.examples),
    )
    return [Text(text) for text in texts]


def _extent(column: ColumnDescription) -> str:
    return "" if column.minimum is None else f"{numeral(column.minimum, 4)} … {numeral(column.maximum, 4)}"
