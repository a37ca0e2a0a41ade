"""What takes a while (reading a large table, drawing thousands of pictures) and whoever wants to see how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Watcher(Protocol):
    """Sees what takes a while come and go."""

    def begin(self, what: str, total: int | None) -> None:
        """Something begins: in words, and how much of it there is; None where that is not known."""

    def move(self, done: int) -> None:
        """So much of it is done."""

    def end(self) -> None:
        """It has ended, well or not."""


_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Within its `with` block a watcher sees what is underway."""
    before = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(before)


@contextmanager
def underway(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Says that something begins and ends, and gives what is to be called as it gets on."""
    watcher = _WATCHER.get()
    if watcher is None:
        yield _unseen
        return
    watcher.begin(what, total)
    try:
        yield watcher.move
    finally:
        watcher.end()


def _unseen(_done: int) -> None:
    """Nobody looks."""
