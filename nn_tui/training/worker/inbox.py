"""Commands on their way from the thread that reads them to the one that trains."""

import threading
from collections import deque

from nn_tui.training.messages import Command


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

    def wait(self, seconds: float | None = None) -> None:
        """Returns once there is a command, or after so many seconds; may return early."""
        # Cleared before looking: what comes after the look sets it again.
        self._arrived.clear()
        if not self.waiting:
            self._arrived.wait(seconds)
