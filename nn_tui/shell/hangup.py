"""A full-screen program gives its terminal back when it is told to end, and ends when the terminal is gone."""

import os
import select
import signal
import sys
from collections.abc import Callable
from threading import Thread
from types import FrameType

_HUNG_UP = 128 + 1
"""The exit status of a program that SIGHUP ended."""


def end_with_terminal() -> None:
    """From now on the program ends when stdin's terminal is closed.

    The kernel's SIGHUP is not enough: `nohup` has it ignored, and it goes only to those whose controlling terminal it
    was, which a container's often is not.
    """
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # Elsewhere a terminal cannot be waited on in this way.
    if sys.platform == "linux":
        Thread(target=_wait, args=(sys.stdin.fileno(),), daemon=True).start()


def leave_when_told(leave: Callable[[int], None]) -> None:
    """From now on SIGTERM, SIGHUP and SIGQUIT leave the program; a second one ends it at once.

    Args:
        leave: called with the status of a program that the signal has ended; it may be called at any moment.
    """

    def told(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        leave(128 + number)

    for name in ("SIGTERM", "SIGHUP", "SIGQUIT"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), told)


def _wait(terminal: int) -> None:
    poll = select.poll()
    # No event is asked for: what is left is that it has been hung up.
    poll.register(terminal, 0)
    poll.poll()
    os._exit(_HUNG_UP)
