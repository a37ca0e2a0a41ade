"""The app's end of a worker: sends commands, hands reports on, notices when the process ends, and sees that it does.

Nothing here blocks the event loop. The process is a plain `Popen` whose pipes asyncio reads and writes: so it can be
started before there is an event loop (`launch`), and no child watcher is needed.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
from msgspec import structs

from nn_tui.training.worker import wire
from nn_tui.training.worker.launch import Launched, launch
from nn_tui.training.worker.messages import Command, Open, Report

_READ_AHEAD = 1 << 20
_PATIENCE = 5.0
"""Seconds a worker has to end after its stdin has, and again after it was told to terminate."""

_LAST_LINES = 20
_LAST_BYTES = 8_000


class WorkerExit(msgspec.Struct, frozen=True):
    """How a worker ended without being asked to.

    Attributes:
        reason: for people: `the worker was killed by SIGKILL`.
        code: as in `Popen.returncode`, below 0 for a signal.
        errors: the last lines it wrote to stderr; may be empty.
    """

    reason: str
    code: int
    errors: str


class WorkerClient:
    """A worker's process, seen from an event loop.

    After `on_exit` was called, `start` may be called again: another process takes over.
    """

    def __init__(
        self,
        on_report: Callable[[Report], None],
        on_exit: Callable[[WorkerExit], None],
        launched: Launched | None = None,
    ) -> None:
        """
        Args:
            on_report: called in the event loop with each report, in order.
            on_exit: called in the event loop, once, when the process has ended though `close` was not called.
            launched: a process started earlier; without one `start` starts it.
        """
        self._on_report = on_report
        self._on_exit = on_exit
        self._launched = launched
        self._snapshot: Path | None = None
        self._writer: asyncio.WriteTransport | None = None
        self._reading: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def pid(self) -> int | None:
        """The worker's process, if there is one."""
        return self._launched.process.pid if self._launched else None

    async def start(self) -> None:
        """Connects to the worker, and starts it first if it was not.

        Raises:
            OSError: when no process can be started.
        """
        if self._writer is not None:
            raise RuntimeError("the worker has been started")
        self._closing = False
        if self._launched is None:
            self._launched = launch()
        process, loop = self._launched.process, asyncio.get_running_loop()
        assert process.stdin is not None
        assert process.stdout is not None
        reader = asyncio.StreamReader(limit=_READ_AHEAD)
        incoming, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), process.stdout)
        self._writer, _ = await loop.connect_write_pipe(asyncio.Protocol, process.stdin)
        self._reading = loop.create_task(self._read(reader, incoming, self._launched))

    @property
    def snapshot(self) -> str | None:
        """What `Open.resume` takes to go on with a run whose worker has died; None if it died too early for one."""
        path = self._snapshot
        return str(path) if path is not None and path.exists() and path.stat().st_size else None

    def send(self, command: Command) -> None:
        """Sends a command; one to a worker that has ended is lost, which `on_exit` tells of.

        A run that is opened is given a file for its snapshots.
        """
        if isinstance(command, Open) and command.snapshot is None:
            command = structs.replace(command, snapshot=self._snapshot_path())
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(wire.pack(command))

    def _snapshot_path(self) -> str:
        if self._snapshot is None:
            descriptor, name = tempfile.mkstemp(prefix="nn-tui-", suffix=".snapshot")
            os.close(descriptor)
            self._snapshot = Path(name)
        return str(self._snapshot)

    async def close(self) -> None:
        """Ends the process, if need be by force; returns when it is gone. `on_exit` is not called."""
        self._closing = True
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait((self._reading,))
        if self._launched is not None:
            launched, self._launched = self._launched, None
            if self._writer is None:
                # Never started: no transport has taken over the pipes.
                for pipe in (launched.process.stdin, launched.process.stdout):
                    if pipe is not None:
                        pipe.close()
            self._disconnect()
            await _end(launched.process)
            launched.errors.close()
        if self._snapshot is not None:
            self._snapshot.unlink(missing_ok=True)
            self._snapshot = None

    async def _read(self, reader: asyncio.StreamReader, incoming: asyncio.BaseTransport, launched: Launched) -> None:
        """Hands on reports until the stream ends, or makes no sense any more."""
        problem, loop = "", asyncio.get_running_loop()
        try:
            while (content := await wire.receive(reader)) is not None:
                # By way of the loop, so that what goes wrong with a report does not end the reading of the next.
                loop.call_soon(self._on_report, wire.report(content))
        except wire.WireError as error:
            problem = str(error)
        finally:
            # Also where an event loop that ends cancels this: the worker goes with it.
            incoming.close()
            self._disconnect()
        await _end(launched.process)
        self._launched = self._reading = None
        gone = _exit(launched, problem)
        launched.errors.close()
        if not self._closing:
            self._on_exit(gone)

    def _disconnect(self) -> None:
        """Closes the worker's stdin, which ends it."""
        if self._writer is not None:
            if not self._writer.is_closing():
                self._writer.abort()
            self._writer = None


async def _end(process: subprocess.Popen[bytes]) -> None:
    """Waits for a process whose stdin is closed, and helps it along."""
    for force in (process.terminate, process.kill, None):
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, _PATIENCE)
            return
        if force is not None:
            force()
    await asyncio.to_thread(process.wait)


def _exit(launched: Launched, problem: str) -> WorkerExit:
    code = launched.process.returncode
    reason = f"the training process ended with exit code {code}"
    if code < 0:
        with contextlib.suppress(ValueError):
            reason = f"the training process was killed by {signal.Signals(-code).name}"
    if problem:
        reason += f" ({problem})"
    return WorkerExit(reason, code, _last_lines(launched.errors))


def _last_lines(errors: IO[bytes]) -> str:
    # The worker's writes have moved the position that both share.
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _LAST_BYTES))
    return "\n".join(errors.read().decode(errors="replace").splitlines()[-_LAST_LINES:])
