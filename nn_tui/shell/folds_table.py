"""Folds for people: a line each, then their mean and spread."""

from rich.table import Table
from rich.text import Text

from nn_tui.numerals import fixed_point
from nn_tui.shell.console import Terminal
from nn_tui.shell.scores import score
from nn_tui.training.folding import Folds

_BESIDE = {"balanced_accuracy": ("accuracy",)}
"""What is shown beside a metric."""


def print_folds(found: Folds) -> None:
    """Prints them on stdout."""
    console, name = Terminal(), found.metric.partition(".")[2]
    columns = [(part, key) for key in dict.fromkeys((name, *_BESIDE.get(name, ()))) for part in ("train", "test")]
    columns = columns[:2] + columns[3:]
    headings = [f"{part} {key.replace('balanced_accuracy', 'balanced')}" for part, key in columns]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("fold", "status", "steps", *headings, "tested on"):
        table.add_column(heading, justify="left" if heading in ("fold", "status") else "right", no_wrap=True)
    for number, fold in enumerate(found.folds, 1):
        tested = f"{fold.data.split.test:,}" if fold.data is not None else ""
        parts = {"train": fold.train, "test": fold.test}
        scores = [score(key, values[key]) if (values := parts[part]) is not None else "" for part, key in columns]
        table.add_row(str(number), fold.status, f"{fold.steps:,}", *scores, tested)
    console.print(table)
    console.print()
    mean, spread = fixed_point(found.mean, 4), fixed_point(found.spread, 4)
    console.print(Text(f"{found.metric}: {mean} ± {spread} over {len(found.folds)} folds", "bold"))
