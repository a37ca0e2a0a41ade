"""Work done for the lab in a process of its own, at low priority, so that neither training nor keys wait for it.

The request goes to the process's stdin, its size in bytes before it on a line of its own; the answers come from its
stdout, a line of JSON each. The process ends as soon as its stdin does, which is when whoever asked has gone, however
that came about.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Mapping

import msgspec

from nn_tui.training.child_environment import child_environment

_NICE = 10


class Errand:
    """A process that works for this one.

    Attributes:
        latest: its latest answer; empty before the first.
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
        self.latest, self.running, self.failed = b"", True, False
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
            for line in process.stdout:
                self.latest = line
        self.failed = process.wait() != 0
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        self.running = False

    def close(self) -> None:
        """Ends the work."""
        self._process.kill()


def asked() -> bytes:
    """In the process: what it is asked. From here on it has a low priority, and ends with whoever asked."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    stream = sys.stdin.buffer
    request = stream.read(int(stream.readline()))
    threading.Thread(target=_end_with, args=(sys.stdin.fileno(),), daemon=True).start()
    return request


def _end_with(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os._exit(1)


def say(answer: object) -> None:
    """In the process: gives an answer; what nobody listens to is nobody's loss."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()
