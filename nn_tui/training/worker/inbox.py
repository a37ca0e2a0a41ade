"""Commands on their way from the thread that reads them to the one that trains."""

import threading
from collections import deque
from typing import TypeVar

from nn_tui.training.worker.messages import Command

_Command = TypeVar("_Command", bound=Command)


class Inbox:
    """A queue whose emptiness costs next to nothing to ask for.

    Attributes:
        waiting: commands not yet taken. `while not inbox.waiting` is how training looks up: no lock, no call.
    """

    def __init__(self) -> None:
        self.waiting: deque[Command] = deque()
        self._arrived = threading.Event()

    def put(self, command: Command) -> None:
        """Adds a command, from any thread."""
        self.waiting.append(command)
        self._arrived.set()

    def take(self) -> Command | None:
        """The oldest command, or None if there is none."""
        return self.waiting.popleft() if self.waiting else None

    def pick(self, kind: type[_Command]) -> _Command | None:
        """The oldest command of a kind, past others that came before it; None if there is none."""
        # A copy, since another thread may add to the queue meanwhile.
        for command in list(self.waiting):
            if isinstance(command, kind):
                self.waiting.remove(command)
                return command
        return None

    def has(self, kind: type[Command]) -> bool:
        """Whether a command of a kind waits."""
        return any(isinstance(command, kind) for command in list(self.waiting))

    def wait(self, seconds: float | None = None) -> None:
        """Returns once there is a command, or after so many seconds; may return early."""
        # Cleared before looking: what comes after the look sets it again.
        self._arrived.clear()
        if not self.waiting:
            self._arrived.wait(seconds)
