"""A bar on stderr for what takes a while before a run begins: on a terminal, and nowhere else."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nn_tui.data.underway import watched_by

_FIRST_SECONDS = 0.3
_REFRESH_SECONDS = 0.1


@contextmanager
def shown_underway() -> Iterator[None]:
    """Within its `with` block, reading large tables and drawing many pictures show how far they are."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    with watched_by(_Bar()):
        yield


class _Bar:
    """One bar at a time, gone when what it shows has ended."""

    def __init__(self) -> None:
        self._what = ""
        self._total: int | None = None
        self._due = 0.0
        self._bar: Any = None
        self._task: Any = None

    def begin(self, what: str, total: int | None) -> None:
        self._what, self._total = what, total
        self._due = time.perf_counter() + _FIRST_SECONDS
        if total is None:
            # It will not say how far it is, so it is announced at once.
            self._show()

    def move(self, done: int) -> None:
        if (now := time.perf_counter()) < self._due:
            return
        self._due = now + _REFRESH_SECONDS
        if self._bar is None:
            self._show()
        self._bar.update(self._task, completed=done, refresh=True)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        from nn_tui.shell.console import Terminal

        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Terminal(stderr=True), transient=True, auto_refresh=self._total is None)
        self._task = self._bar.add_task(self._what, total=self._total)
        self._bar.start()
