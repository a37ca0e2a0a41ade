"""A snapshot file, from which another worker goes on if this one dies: the run, its history, changes and marks."""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Change, Scenario
from nn_tui.training.atomic import OutputError, write_atomically
from nn_tui.training.history import HistoryState
from nn_tui.training.messages import Mark
from nn_tui.training.session import Session
from nn_tui.training.snapshots import Snapshot
from nn_tui.training.trainer import TrainerState
from nn_tui.training.worker.opening import Run

_VERSION = 1
_LEAST_INTERVAL = 3.0
_SHARE = 0.01
"""Of the training thread's time, at most so much goes into snapshots."""


class _Packed(msgspec.Struct, frozen=True):
    """An array of any number type and shape."""

    dtype: str
    shape: tuple[int, ...]
    content: bytes


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the scenario's own timeline is its place there: a session tells it from a person's by identity."""

    version: int
    initial: Scenario
    applied: tuple[int | Change, ...]
    pending: tuple[int | Change, ...]
    marks: tuple[Mark, ...]
    scenario: Scenario
    counts: dict[str, int]
    parameters: _Packed
    optimizer_state: dict[str, _Packed]
    history: dict[str, _Packed]
    history_counts: dict[str, int]


_COUNTS = ("steps", "epoch", "position", "pass_start", "optimizer_steps")
_HISTORY, _HISTORY_COUNTS = ("recent", "minimum", "maximum"), ("rows_per_bucket", "rows_in_last", "count")


def _pack(array: Array) -> _Packed:
    return _Packed(
        array.dtype.newbyteorder("<").str, array.shape, array.astype(array.dtype.newbyteorder("<")).tobytes()
    )


def _unpack(packed: _Packed) -> Any:
    array = np.frombuffer(packed.content, packed.dtype).reshape(packed.shape)
    return array.astype(array.dtype.newbyteorder("="))


def encode(initial: Scenario, saved: Snapshot, history: HistoryState, marks: tuple[Mark, ...]) -> bytes:
    """The file's bytes."""
    state = saved.state
    return msgspec.msgpack.encode(
        _File(
            version=_VERSION,
            initial=initial,
            applied=_places(saved.applied, initial),
            pending=_places(saved.pending, initial),
            marks=marks,
            scenario=state.scenario,
            counts={name: getattr(state, name) for name in _COUNTS},
            parameters=_pack(state.parameters),
            optimizer_state={name: _pack(vector) for name, vector in state.optimizer_state.items()},
            history={name: _pack(getattr(history, name)) for name in _HISTORY},
            history_counts={name: getattr(history, name) for name in _HISTORY_COUNTS},
        )
    )


def _places(changes: tuple[Change, ...], initial: Scenario) -> tuple[int | Change, ...]:
    own = {id(change): place for place, change in enumerate(initial.timeline)}
    return tuple(own.get(id(change), change) for change in changes)


def _changes(places: tuple[int | Change, ...], initial: Scenario) -> tuple[Change, ...]:
    return tuple(initial.timeline[place] if isinstance(place, int) else place for place in places)


def resume(run: Run, path: Path) -> None:
    """Takes a freshly opened run to where a snapshot file has it.

    Raises:
        ScenarioError: for a file that is none, or one of another scenario; the run is as it was then.
    """
    try:
        file = msgspec.msgpack.decode(path.read_bytes(), type=_File)
        if file.version != _VERSION or file.initial != run.session.initial:
            raise ValueError("it is of another run")
        saved, history = _snapshot(file, run.session.initial), _history(file)
        _check(run.session, saved, history)
    except (OSError, msgspec.MsgspecError, ValueError, LookupError, TypeError) as error:
        raise ScenarioError(f"the snapshot cannot be used: {error}", source=str(path)) from None
    run.session.resume(saved, history)
    run.marks[:] = file.marks


def _snapshot(file: _File, initial: Scenario) -> Snapshot:
    state = TrainerState(
        scenario=file.scenario,
        parameters=_unpack(file.parameters),
        optimizer_state={name: _unpack(packed) for name, packed in file.optimizer_state.items()},
        steps=file.counts["steps"],
        epoch=file.counts["epoch"],
        position=file.counts["position"],
        pass_start=file.counts["pass_start"],
        optimizer_steps=file.counts["optimizer_steps"],
    )
    return Snapshot(state, _changes(file.applied, initial), _changes(file.pending, initial))


def _history(file: _File) -> HistoryState:
    recent, minimum, maximum = (_unpack(file.history[name]) for name in _HISTORY)
    return HistoryState(recent, minimum, maximum, **file.history_counts)


def _check(session: Session, saved: Snapshot, history: HistoryState) -> None:
    parameters = session.trainer.network.parameters
    vectors = [saved.state.parameters, *saved.state.optimizer_state.values()]
    columns = len(session.history.columns)
    if any(vector.shape != parameters.shape or vector.dtype != parameters.dtype for vector in vectors):
        raise ValueError("its parameters are not those of this network")
    if not len(history.recent) or any(part.shape[1:] != (columns,) for part in (history.recent, history.minimum)):
        raise ValueError("its history has other columns")


class Recovery:
    """Keeps the snapshot file of a run up to date, at little cost: at most every few seconds, in a thread of its own.

    Attributes:
        lock: held while a file is written or deleted.
    """

    def __init__(self, lock: threading.Lock) -> None:
        self.lock = lock
        self._path: Path | None = None
        self._kept: tuple[int, int] = (0, 0)
        self._next = 0.0
        self._writing: threading.Thread | None = None

    def follow(self, run: Run, path: str | None, resumed: bool) -> None:
        """From now on another run is kept.

        Args:
            run: as it was opened.
            path: the file; None for none.
            resumed: whether the file may hold the run already; if not, it is emptied.
        """
        with self.lock:
            self._path = Path(path) if path else None
            if self._path is not None and not resumed:
                with contextlib.suppress(OSError):
                    os.truncate(self._path, 0)
        self._kept = self._moment(run)
        self._next = 0.0

    def wait(self, run: Run) -> float | None:
        """Seconds until `keep` has something to do; None if the run must move first."""
        if self._path is None or self._moment(run) == self._kept:
            return None
        busy = self._writing is not None and self._writing.is_alive()
        return max(_LEAST_INTERVAL if busy else 0.0, self._next - time.monotonic())

    def keep(self, run: Run) -> None:
        """Writes a snapshot if the run has moved and it is time."""
        path = self._path
        if path is None or self.wait(run) != 0.0:
            return
        began = time.monotonic()
        session = run.session
        content = (session.initial, session.snapshot(), session.history.state(), tuple(run.marks))
        self._kept = self._moment(run)
        self._writing = threading.Thread(target=self._write, args=(path, content), daemon=True)
        self._writing.start()
        now = time.monotonic()
        self._next = now + max(_LEAST_INTERVAL, (now - began) / _SHARE)

    @staticmethod
    def _moment(run: Run) -> tuple[int, int]:
        return run.session.trainer.steps, len(run.session.applied)

    def _write(self, path: Path, content: tuple[Scenario, Snapshot, HistoryState, tuple[Mark, ...]]) -> None:
        encoded = encode(*content)
        with self.lock:
            # Another run may have taken over, though its file may have the same name.
            if self._path is not path:
                return
            try:
                write_atomically(path, encoded)
            except OutputError:
                # Without room for snapshots training goes on all the same.
                self._path = None

    def finish(self) -> None:
        """Waits for what is being written."""
        if self._writing is not None:
            self._writing.join()

    def discard(self) -> None:
        """Deletes the file: nobody will want to go on from it. The lock is held by the caller."""
        path, self._path = self._path, None
        if path is not None:
            path.unlink(missing_ok=True)
