"""Folds for people: a line each, then their mean and spread."""

from rich.table import Table
from rich.text import Text

from nn_tui.shell.console import Terminal
from nn_tui.shell.numbers import score
from nn_tui.training.folding import Folds


def print_folds(found: Folds) -> None:
    """Prints them on stdout."""
    console, name = Terminal(), found.metric.partition(".")[2]
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in ("fold", "status", "steps", "train " + name, "test " + name, "tested on"):
        table.add_column(heading, justify="left" if heading in ("fold", "status") else "right", no_wrap=True)
    for number, fold in enumerate(found.folds, 1):
        tested = f"{fold.data.split.test:,}" if fold.data is not None else ""
        scores = [score(name, part[name]) if part is not None else "" for part in (fold.train, fold.test)]
        table.add_row(str(number), fold.status, f"{fold.steps:,}", *scores, tested)
    console.print(table)
    console.print()
    console.print(Text(f"{found.metric}: {found.mean:.4f} ± {found.spread:.4f} over {len(found.folds)} folds", "bold"))
