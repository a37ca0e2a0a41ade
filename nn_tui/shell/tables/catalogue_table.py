"""The catalog as a table."""

from rich.table import Table
from rich.text import Text

from nn_tui.scenario import catalogue
from nn_tui.shell.console import Terminal


def print_catalogue() -> None:
    """Prints every scenario with its title and summary, as wide as the terminal."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("scenario", style="bold cyan", no_wrap=True)
    table.add_column("what it shows", ratio=1)
    for entry in catalogue.entries():
        table.add_row(entry.name, Text.assemble((entry.title, "bold"), "\n", (entry.summary, "dim")))
    Terminal().print(table)
