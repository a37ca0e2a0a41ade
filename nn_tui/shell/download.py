"""Fetching a data set while a bar on stderr tells how far it is."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bars

from nn_tui.data import fashion_mnist
from nn_tui.data.fashion_mnist import FoundFiles
from nn_tui.data.fetching import Progress, RemoteFile
from nn_tui.shell.console import Terminal


def fetch_shown(shown: bool = True) -> FoundFiles:
    """Fetches FashionMNIST into the cache, with a bar if stderr is a terminal.

    Raises:
        DataError: as `fashion_mnist.fetched`.
        KeyboardInterrupt: at Ctrl-C or SIGTERM; nothing half-written is left then.
    """
    with _ended_by_term(), _bars(shown and sys.stderr.isatty()) as progress:
        return fashion_mnist.fetched(progress)


def fetch_if_missing(kind: str, shown: bool = True) -> None:
    """Fetches what a kind of data needs and this machine does not have.

    Raises:
        DataError, KeyboardInterrupt: as `fetch_shown`.
    """
    if kind == fashion_mnist.NAME and fashion_mnist.located() is None:
        fetch_shown(shown)


@contextmanager
def _bars(shown: bool) -> Iterator[Progress | None]:
    if not shown:
        yield None
        return
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Terminal(stderr=True),
        transient=True,
    )
    tasks: dict[str, TaskID] = {}

    def move(file: RemoteFile, done: int) -> None:
        if file.name not in tasks:
            tasks[file.name] = bars.add_task(file.name, total=file.size)
        bars.update(tasks[file.name], completed=done)

    with bars:
        yield move


@contextmanager
def _ended_by_term() -> Iterator[None]:
    """Within its `with` block SIGTERM acts as Ctrl-C does, so that temporary files are removed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
