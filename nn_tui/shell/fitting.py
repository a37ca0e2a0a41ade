"""Tables that leave things out, in an order of their own, where a terminal is too narrow for all of them."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

_UNLIMITED = 10_000


def widest(console: Console, tables: Iterable[Table]) -> Table:
    """The first table that fits, if need be with the words of its headings below each other; else the last.

    Args:
        console: where it is to be printed.
        tables: from the one with most in it to the one with least; at least one. A column that must not be cut, such
            as one of figures, has `no_wrap`: the others give way first.
    """
    chosen = Table()
    for chosen in tables:
        if _fits(console, chosen):
            break
        for column in chosen.columns:
            column.header = str(column.header).replace(" ", "\n")
        if _fits(console, chosen):
            break
    return chosen


def _fits(console: Console, table: Table) -> bool:
    unlimited = console.options.update(width=_UNLIMITED)
    return console.measure(table, options=unlimited).maximum <= console.width
