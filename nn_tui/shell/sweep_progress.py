"""How far a sweep has come: a bar on a terminal, and nothing elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nn_tui.numerals import column_numeral
from nn_tui.training.sweep.plan import Plan
from nn_tui.training.sweep.result import TrialResult
from nn_tui.training.sweep.sweeping import SweepMoment


@contextmanager
def shown_sweep(plan: Plan, wanted: bool) -> Iterator[Callable[[TrialResult, SweepMoment], None] | None]:
    """Gives what is to be told of each trial, to move a bar on stderr; None where there is no terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from nn_tui.shell.console import Terminal

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Terminal(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=plan.trials)

        def move(_: TrialResult, moment: SweepMoment) -> None:
            best = moment.best
            told = "" if best is None or best.mean is None else f"best {plan.metric} {column_numeral(best.mean)}"
            bar.update(task, completed=moment.done, total=moment.planned, description=told)

        yield move
