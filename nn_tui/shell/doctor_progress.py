"""How far a doctor's visit has come: on a terminal, and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nn_tui.numerals import numeral
from nn_tui.training.diagnosis.trials.bench import Trial
from nn_tui.wording import counted


@contextmanager
def shown_trials(wanted: bool) -> Iterator[Callable[[Trial], None] | None]:
    """Gives what is to be called with each trial, to tell of it on stderr; None where there is no terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from nn_tui.shell.console import Terminal

    bar = Progress(SpinnerColumn(), TextColumn("{task.description}"), console=Terminal(stderr=True), transient=True)
    task = bar.add_task("looking at the run")
    count = 0

    def tell(trial: Trial) -> None:
        nonlocal count
        count += 1
        keys = ", ".join(key.rpartition(".")[2] for key in trial.asked.changes) or "the run left alone"
        bar.update(task, description=f"{counted(count, 'trial')} · {keys[:60]} → {numeral(trial.outcome.chosen)}")

    with bar:
        yield tell
