"""A table's description for people: a line a column, then what would be made of it."""

from rich.table import Table
from rich.text import Text

from nn_tui.numerals import numeral
from nn_tui.shell.console import Terminal
from nn_tui.training.run.data_summary import division
from nn_tui.training.tables.describing import ColumnDescription, TableDescription
from nn_tui.wording import counted, listed

_MOST = 60
_STYLES = {"target": "bold blue", "input": "", "left out": "dim", "ignored": "dim"}


def print_description(told: TableDescription) -> None:
    """Prints it on stdout."""
    console = Terminal()
    console.print(Text.assemble((told.path, "bold"), f"  {counted(told.rows, 'row')}, {len(told.columns)} columns"))
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("column", "type", "role"):
        table.add_column(name, overflow="ellipsis", no_wrap=True, min_width=8, max_width=28)
    for name in ("missing", "different"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    # Half a number would be another one.
    longest = max(len(_extent(column)) for column in told.columns[:_MOST])
    table.add_column("range", no_wrap=True, min_width=max(len("range"), longest))
    table.add_column("first values", overflow="ellipsis", no_wrap=True, max_width=32)
    for column in told.columns[:_MOST]:
        table.add_row(*_cells(column), style=_STYLES[column.role])
    console.print(table)
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
