"""A progress bar for a replay: on a terminal, and nowhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from nn_tui.shell.console import Terminal
from nn_tui.training.session import Session

_LOOK_EVERY = 32
_REFRESH_SECONDS = 0.1


@contextmanager
def shown_progress(wanted: bool) -> Iterator[Callable[[Session], None] | None]:
    """Gives what is to be called before each step, to move a bar on stderr; None where there is no terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    bar = Progress(
        TextColumn("epoch {task.fields[epoch]}/{task.total:.0f}"),
        BarColumn(),
        TextColumn("loss {task.fields[loss]}"),
        TextColumn("{task.fields[pace]} steps/s"),
        TimeRemainingColumn(),
        console=Terminal(stderr=True),
        transient=True,
        auto_refresh=False,
    )
    task = bar.add_task("", total=None, epoch=0, loss="–", pace="–")
    started = last = time.perf_counter()
    calls = 0

    def move(session: Session) -> None:
        nonlocal calls, last
        calls += 1
        # A look at the clock is cheap, but not beside a step of a few microseconds.
        if calls % _LOOK_EVERY or (now := time.perf_counter()) - last < _REFRESH_SECONDS:
            return
        last = now
        trainer = session.trainer
        bar.update(
            task,
            completed=trainer.progress,
            total=trainer.scenario.training.epochs,
            epoch=trainer.epoch,
            loss=f"{session.history.last()['train.loss']:.4g}",
            pace=f"{trainer.steps / (now - started):,.0f}",
            refresh=True,
        )

    with bar:
        yield move
