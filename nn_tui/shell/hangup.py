"""A full-screen program gives its terminal back when it is told to end, and ends when the terminal is gone."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import FrameType

_HUNG_UP = 128 + 1
"""The exit status of a program that SIGHUP ended."""

_ENDING = ("TERM", "HUP", "QUIT", "INT", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "XCPU", "IO", "PWR")
"""Signals that end a program unless it says otherwise, and that come from outside, not from a fault of its own."""

_ONE_WISH_SECONDS = 2.0
"""A wish to end often comes twice: by `timeout` and to its group, by the shell and the kernel."""

_DEAF_SECONDS = 5.0
"""A terminal that takes nothing for so long, a connection that hangs perhaps, is not waited for by who is to leave."""

_GIVEN_BACK = "".join(f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1006, 1015, 1016, 2004, 1004, 2048, 7727))
_GIVEN_BACK += "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
"""No reports of mouse, focus, size and pastes, usual keys, the main screen, the cursor."""


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
    """From now on a signal that would end the program leaves it.

    One more that comes while it is being left, and not right behind the first, ends it at once, and so does a terminal
    that takes nothing any more, for whose sake it could not be left; the terminal is given back then, too, as far
    as it takes that.

    Args:
        leave: called with the status of a program that the signal has ended; it may be called at any moment.
    """
    restore = _restorer()
    told_at: list[float] = []

    def told(number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if not told_at:
            told_at.append(now)
            leave(128 + number)
            # No thread can be had where there are too many of them.
            with suppress(RuntimeError):
                Thread(target=_end_if_deaf, args=(restore, 128 + number), daemon=True).start()
        elif now - told_at[0] > _ONE_WISH_SECONDS:
            restore()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    for name in _ENDING:
        if hasattr(signal, f"SIG{name}"):
            signal.signal(getattr(signal, f"SIG{name}"), told)


def _restorer() -> Callable[[], None]:
    """What gives the terminal back as it is now, past every buffer and lock; nothing where there is no such thing."""
    try:
        import termios
    except ImportError:
        return lambda: None
    terminal = sys.stdin.fileno()
    with suppress(termios.error):
        before = termios.tcgetattr(terminal)

        def restore() -> None:
            with suppress(OSError, termios.error):
                _write_unless_deaf(_screen())
                termios.tcsetattr(terminal, termios.TCSANOW, before)

        return restore
    return lambda: None


def _screen() -> int:
    """What is drawn on."""
    return sys.__stderr__.fileno() if sys.__stderr__ is not None else sys.stdin.fileno()


def _write_unless_deaf(screen: int) -> None:
    """Writes what gives the terminal back; to one that takes nothing, nothing, for that would never return."""
    waits = os.get_blocking(screen)
    os.set_blocking(screen, False)
    try:
        os.write(screen, _GIVEN_BACK.encode())
    except BlockingIOError:
        pass
    finally:
        # Others have it open, too: the shell above all.
        os.set_blocking(screen, waits)


def _end_if_deaf(restore: Callable[[], None], status: int) -> None:
    """Ends the program once the terminal has taken nothing for a while."""
    screen = _screen()
    while select.select([], [screen], [], _DEAF_SECONDS)[1]:
        time.sleep(0.5)
    restore()
    os._exit(status)


def _wait(terminal: int) -> None:
    poll = select.poll()
    # No event is asked for: what is left is that it has been hung up.
    poll.register(terminal, 0)
    poll.poll()
    os._exit(_HUNG_UP)
