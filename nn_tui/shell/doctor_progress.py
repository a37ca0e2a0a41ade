"""How far a doctor's visit has come: on a terminal, and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nn_tui.training.diagnosis.underway import Underway


@contextmanager
def shown_trials(wanted: bool) -> Iterator[Callable[[Underway], None] | None]:
    """Gives what is to be called as each trial begins, to tell of it on stderr; None where there is no terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from nn_tui.shell.console import Terminal

    told = TextColumn("{task.description}", markup=False)
    bar = Progress(SpinnerColumn(), told, console=Terminal(stderr=True), transient=True)
    task = bar.add_task("looking at the run")

    def tell(trial: Underway) -> None:
        bar.update(task, description=str(trial))

    with bar:
        yield tell
