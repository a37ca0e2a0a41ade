"""Tables read as a scenario reads them."""

from collections.abc import Sequence
from pathlib import Path

from nn_tui.data.tables.delimited import Format
from nn_tui.data.tables.inputs import ColumnChoice
from nn_tui.data.tables.reading import read_sheet
from nn_tui.data.tables.table import Table, table_of


def read_csv(
    path: Path, target: str | int | Sequence[str | int], header: bool | None = None, task: str = "auto"
) -> Table:
    """The examples of a file, everything else left to be told from it."""
    targets = (target,) if isinstance(target, str | int) else tuple(target)
    return table_of(read_sheet(path, Format(header=header), targets), ColumnChoice(targets, task))
