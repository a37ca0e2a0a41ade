"""Work done for the lab in a process of its own, at low priority, so that neither training nor keys wait for it.

The request goes to the process's stdin, its size in bytes before it on a line of its own; the answers come from its
stdout, a line of JSON each; one that begins with a blank says how far the work has come. An empty line asks for a
number, which then comes on a line of stdin; other lines there say whether whoever asked is busy. The process ends as
soon as its stdin does, which is when whoever asked has gone, however that came about.
"""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from queue import SimpleQueue

import msgspec

from nn_tui.training.child_environment import child_environment

_NICE = 19

_STRETCH, _REST = 0.05, 0.2
"""Seconds of work, and of rest after them, while whoever asked is busy. A low priority is not all: processors share
caches and memory, and what trains beside a process that never rests is slower by a sixth."""


class Errand:
    """A process that works for this one.

    Attributes:
        latest: its latest answer; empty before the first.
        how_far: what it said last of how far it is; likewise.
        is_asking: whether it wants to know something, and waits for `answer`.
        running: whether it is at work.
        failed: whether it has ended without coming to its end.
    """

    def __init__(self, module: str, request: bytes, environment: Mapping[str, str] | None = None) -> None:
        """
        Args:
            module: what it runs, as `python -m` does.
            request: what it is asked.
            environment: variables it has besides this process's.
        """
        self.latest, self.how_far = b"", b""
        self.running, self.failed, self.is_asking = True, False, False
        self._is_asked = self._makes_way = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**child_environment(), **(environment or {})},
        )
        threading.Thread(target=self._read, args=(request,), daemon=True).start()

    def _read(self, request: bytes) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            # Left open: where it ends, without a word or with one, the work ends.
            process.stdin.write(b"%d\n" % len(request) + request)
            process.stdin.flush()
            self._is_asked = True
            for line in process.stdout:
                if not line.strip():
                    self.is_asking = True
                elif line.startswith(_HOW_FAR):
                    self.how_far = line
                else:
                    self.latest = line
        self.failed = process.wait() != 0
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        self.running = False

    def answer(self, number: int) -> None:
        """Says what it wants to know."""
        self.is_asking = False
        self._tell(b"%d\n" % number)

    def _tell(self, line: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def make_way(self, is_busy: bool) -> None:
        """Has it work for a fifth of the time only, as long as whoever asked is busy."""
        if self._is_asked and is_busy != self._makes_way:
            self._makes_way = is_busy
            self._tell(_BUSY if is_busy else _IDLE)

    def close(self) -> None:
        """Ends the work."""
        self._process.kill()


def asked() -> bytes:
    """In the process: what it is asked. From here on it has a low priority, and ends with whoever asked."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    # Read byte by byte, so that what is said after the request is not taken in with it.
    descriptor = sys.stdin.fileno()
    request, missing = b"", int(_line(descriptor))
    while missing > len(request) and (part := os.read(descriptor, missing - len(request))):
        request += part
    threading.Thread(target=_listen, args=(descriptor,), daemon=True).start()
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGVTALRM, lambda *_: _MAY_WORK.wait(_REST))
        signal.setitimer(signal.ITIMER_VIRTUAL, _STRETCH, _STRETCH)
        # As Python ends it forgets what it does at a signal, and the next one would end the process as a failure.
        atexit.register(signal.setitimer, signal.ITIMER_VIRTUAL, 0.0)
    return request


_HOW_FAR = b" "
_BUSY, _IDLE = b"busy\n", b"idle\n"

_ANSWERS: SimpleQueue[int] = SimpleQueue()
_MAY_WORK = threading.Event()
_MAY_WORK.set()


def _listen(descriptor: int) -> None:
    while line := _line(descriptor):
        if line == _BUSY:
            _MAY_WORK.clear()
        elif line == _IDLE:
            _MAY_WORK.set()
        else:
            _ANSWERS.put(int(line))
    os._exit(1)


def _line(descriptor: int) -> bytes:
    """The next line, with its end; less than that where the stream ends."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(descriptor, 1)):
        line += byte
    return line


def ask() -> int:
    """In the process: a number that only whoever asked can know, when they get to say it."""
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
    return _ANSWERS.get()


def say(answer: object) -> None:
    """In the process: gives an answer; what nobody listens to is nobody's loss."""
    _write(msgspec.json.encode(answer))


def say_how_far(underway: object) -> None:
    """In the process: says how far it has come."""
    _write(_HOW_FAR + msgspec.json.encode(underway))


def _write(line: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
