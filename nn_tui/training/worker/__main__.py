"""`python -m nn_tui.training.worker`: commands on stdin, reports on stdout, anything else on stderr.

The process ends when stdin does. Whatever way the app goes, its end of the pipe is closed by the kernel, so no worker
outlives it; a thread that only reads sees that at once, however long a step takes.
"""

import contextlib
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import NoReturn

from threadpoolctl import threadpool_limits

from nn_tui.training.files.kept_file import store_path
from nn_tui.training.worker import wire
from nn_tui.training.worker.host import Host
from nn_tui.training.worker.inbox import Inbox
from nn_tui.training.worker.messages import Crashed, Leave, Open, Refused, Report
from nn_tui.training.worker.recovery import Recovery

_PIPE_BYTES = 1 << 20
_SWITCH_SECONDS = 0.001
_LAST_WRITE = 5.0
"""Seconds a file that is being written may take when the app has gone."""
_LAST_KEPT = 3.0
"""Seconds the last run may take to be kept; a step that takes longer than that is not waited for."""


def main() -> None:
    """Serves until stdin ends."""
    commands, reports = _claim_pipes()
    # A terminal sends these to everything that runs in it; the app says when to go by closing the pipe.
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    # The thread that reads must not wait long for the one that computes.
    sys.setswitchinterval(_SWITCH_SECONDS)
    inbox = Inbox()
    recovery = Recovery(threading.Lock())
    send = _sender(reports)
    left = threading.Event()
    threading.Thread(target=_read_commands, args=(commands, inbox, send, recovery, left), daemon=True).start()
    with threadpool_limits(1):
        try:
            Host(inbox, send, recovery).serve()
        except BaseException:
            _crash(send, traceback.format_exc())
    left.set()
    _leave(recovery)


def _claim_pipes() -> tuple[io.FileIO, io.FileIO]:
    """Takes stdin and stdout for messages alone: what else is printed goes to stderr, what else is read is empty."""
    commands = io.FileIO(os.dup(0), "r")
    reports = io.FileIO(os.dup(1), "w")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    _widen(reports)
    return commands, reports


def _widen(pipe: io.FileIO) -> None:
    """Lets the pipe take a whole frame, so that training does not wait for the app to read it (Linux only)."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _sender(reports: io.FileIO) -> Callable[[Report], None]:
    lock = threading.Lock()

    def send(report: Report) -> None:
        rest = memoryview(wire.pack(report))
        with lock:
            try:
                while rest:
                    rest = rest[reports.write(rest) :]
            except OSError:
                # The app has gone, as the end of the commands will say too.
                return

    return send


def _read_commands(
    commands: io.FileIO, inbox: Inbox, send: Callable[[Report], None], recovery: Recovery, left: threading.Event
) -> None:
    try:
        while (content := wire.read(commands)) is not None:
            try:
                command = wire.command(content)
            except wire.WireError as error:
                send(Refused(run=0, command="", key="", problem=str(error)))
                continue
            # Known at once, so that it goes even if the app does before the run is open.
            if isinstance(command, Open) and command.snapshot is not None:
                recovery.announce(command.snapshot)
            inbox.put(command)
    except (wire.WireError, OSError):
        _crash(send, traceback.format_exc())
    if store_path() is not None:
        inbox.put(Leave())
        left.wait(_LAST_KEPT)
    _leave(recovery)


def _leave(recovery: Recovery) -> NoReturn:
    """Ends the process, since the app has gone: a file that is just being written becomes whole, or is not begun."""
    if recovery.lock.acquire(timeout=_LAST_WRITE):
        recovery.discard()
    os._exit(0)


def _crash(send: Callable[[Report], None], trace: str) -> NoReturn:
    sys.stderr.write(trace)
    sys.stderr.flush()
    send(Crashed(trace=trace))
    os._exit(1)


if __name__ == "__main__":
    main()
