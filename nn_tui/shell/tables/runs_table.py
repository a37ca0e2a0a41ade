"""Kept runs as a table."""

import time
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from nn_tui.numerals import column_numeral
from nn_tui.shell.console import Terminal
from nn_tui.shell.fitting import widest
from nn_tui.shell.scores import score
from nn_tui.shown import shown
from nn_tui.training.kept.kept_line import KeptLine, SweepLine
from nn_tui.wording import counted

STATUS_STYLE = {"finished": "bold blue", "diverged": "bold red", "interrupted": "bold yellow", "left": "dim"}
_LONGEST = 28


def print_runs(lines: Sequence[KeptLine], most: int, place: str) -> None:
    """Prints the last of the runs, as much of each as the terminal has room for.

    Args:
        lines: in the order they are to stand in.
        most: how many at most.
        place: the file they are kept in.
    """
    console = Terminal()
    if not lines:
        console.print(Text(f"no such run is kept in {shown(place)}"), soft_wrap=True)
        return
    listed_lines = lines[len(lines) - min(most, len(lines)) :]
    tables = (_table(listed_lines, wide) for wide in (3, 2, 1, 0))
    console.print(widest(console, tables))
    if len(listed_lines) < len(lines):
        console.print(
            Text(f"the last {len(listed_lines):,} of {counted(len(lines), 'run')}; --limit N shows more", style="dim")
        )


def when(started: float) -> str:
    """A moment, in the local time; a dash for one that no calendar has."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(started))
    except (ValueError, OverflowError, OSError):
        return "–"


def scored(scores: dict[str, float | None] | None, name: str) -> str:
    """A score, or a dash where there is none."""
    value = (scores or {}).get(name)
    return "–" if value is None else score(name, value)


def _table(lines: Sequence[KeptLine], wide: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("run", justify="right", no_wrap=True)
    if wide >= 2:
        table.add_column("started", no_wrap=True)
    table.add_column("scenario", no_wrap=True)
    if wide >= 1:
        table.add_column("from", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("steps", justify="right", no_wrap=True)
    table.add_column("train loss", justify="right", no_wrap=True)
    if wide >= 1:
        table.add_column("test loss", justify="right", no_wrap=True)
    table.add_column("quality", justify="right", no_wrap=True)
    if wide >= 3:
        table.add_column("findings", no_wrap=True)
    for line in lines:
        table.add_row(*_cells(line, wide))
    return table


def _cells(line: KeptLine, wide: int) -> list[Text]:
    name = shown(line.title if "/" in line.name or not line.name else line.name)
    cells = [Text(str(line.id), style="bold")]
    if wide >= 2:
        cells.append(Text(when(line.started), style="dim"))
    cells.append(Text(name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"))
    if wide >= 1:
        cells.append(Text(line.origin))
    status = f"best of {line.trials:,}" if isinstance(line, SweepLine) else line.status
    cells += [Text(status, style=STATUS_STYLE.get(line.status, "")), Text(f"{line.steps:,}")]
    cells.append(Text(scored(line.train, "loss")))
    if wide >= 1:
        cells.append(Text(scored(line.test, "loss")))
    cells.append(Text(_quality(line)))
    if wide >= 3:
        cells.append(Text(", ".join(line.findings), style="dim"))
    return cells


def _quality(line: KeptLine) -> str:
    if line.quality is None:
        return ""
    metric, value = line.quality
    name = metric.rpartition(".")[2]
    if value is None:
        return "–"
    return f"R² {column_numeral(value)}" if name == "r2" else score(name, value)
