"""Tables that leave things out, in an order of their own, where a terminal is too narrow for all of them."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

_UNLIMITED = 10_000


def widest(console: Console, tables: Iterable[Table]) -> Table:
    """The first table that fits, else the last.

    Args:
        console: where it is to be printed.
        tables: from the one with most in it to the one with least; at least one.
    """
    chosen = Table()
    for chosen in tables:
        unlimited = console.options.update(width=_UNLIMITED)
        if console.measure(chosen, options=unlimited).maximum <= console.width:
            break
    return chosen
