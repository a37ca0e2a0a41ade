"""A full-screen program ends when its terminal is gone, also where no signal tells it so."""

import os
import select
import signal
import sys
from threading import Thread

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


def _wait(terminal: int) -> None:
    poll = select.poll()
    # No event is asked for: what is left is that it has been hung up.
    poll.register(terminal, 0)
    poll.poll()
    os._exit(_HUNG_UP)
