"""A progress bar for a replay: on a terminal, and nowhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nn_tui.numerals import numeral
from nn_tui.scenario.kinds import KINDS
from nn_tui.training.run.session import Session

_FIRST_SECONDS = 0.3
_REFRESH_SECONDS = 0.1


@contextmanager
def shown_progress(wanted: bool) -> Iterator[Callable[[Session[Any]], None] | None]:
    """Gives what is to be called before each step, to move a bar on stderr; None where there is no terminal.

    The bar appears once a run has taken a moment, and is gone when it ends.
    """
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from nn_tui.shell.console import Terminal

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[pace]:,.0f} steps/s"),
        TimeRemainingColumn(),
        console=Terminal(stderr=True),
        transient=True,
        auto_refresh=False,
    )
    task = bar.add_task("", total=1.0, pace=0.0)
    started = time.perf_counter()
    due = started + _FIRST_SECONDS

    def move(session: Session[Any]) -> None:
        nonlocal due
        now = time.perf_counter()
        if now < due:
            return
        due = now + _REFRESH_SECONDS
        bar.start()
        bar.update(
            task,
            description=_words(session),
            completed=session.share_done,
            pace=(session.trainer.steps - session.first_step) / (now - started),
            refresh=True,
        )

    try:
        yield move
    finally:
        bar.stop()


def _words(session: Session[Any]) -> str:
    scenario = session.trainer.scenario
    kind = KINDS[scenario.data.kind]
    done = f"{kind.epoch} {session.trainer.epoch:,}/{scenario.training.epochs:,}"
    # A run that goes on has no row yet when it begins to.
    latest = session.history.last()
    return f"{done}  {kind.loss} {numeral(latest['train.loss'], 4)}" if latest else done
