"""A snapshot file, from which another worker goes on if this one dies: the run, its history, changes and marks."""

import contextlib
import hashlib
import os
import threading
import time
from functools import singledispatch
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Change, Scenario
from nn_tui.training.files.atomic import OutputError, write_atomically
from nn_tui.training.look.parts import Mark
from nn_tui.training.run.history import HistoryState
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.session import Session
from nn_tui.training.run.snapshots import Snapshot
from nn_tui.training.run.state import TrainerState
from nn_tui.training.worker.opening import OpenRun

_VERSION = 6
_LEAST_INTERVAL = 3.0
_SOON = 0.02
_SHARE = 0.01
"""Of the training thread's time, at most so much goes into snapshots."""
_BYTES_PER_SECOND = 4 << 20
"""What a large network's snapshots may put on the disk."""


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the scenario's own timeline is its place there: a session tells it from a person's by identity."""

    version: int
    initial: Scenario
    examples: str
    applied: tuple[int | Change, ...]
    pending: tuple[int | Change, ...]
    marks: tuple[Mark, ...]
    state: TrainerState
    history: HistoryState


def encode(initial: Scenario, examples: str, saved: Snapshot, history: HistoryState, marks: tuple[Mark, ...]) -> bytes:
    """The file's bytes: msgpack, an array as its dtype, shape and bytes; `examples` is their digest."""
    file = _File(
        version=_VERSION,
        initial=initial,
        examples=examples,
        applied=_places(saved.applied, initial),
        pending=_places(saved.pending, initial),
        marks=marks,
        state=saved.state,
        history=history,
    )
    return msgspec.msgpack.encode(file, enc_hook=_packed)


@singledispatch
def examples_digest(_lane: Lane) -> str:
    """SHA-256 of the examples of a run, those to test it with among them; empty on a surface, which has none."""
    return ""


@examples_digest.register
def _(lane: NetworkLane) -> str:
    total = hashlib.sha256()
    for part in (lane.dataset.train, lane.dataset.validation, lane.dataset.test):
        for array in (part.inputs, part.targets):
            total.update(np.ascontiguousarray(array).data)
    return total.hexdigest()


def _packed(array: Any) -> tuple[str, tuple[int, ...], bytes]:
    assert isinstance(array, np.ndarray)
    return array.dtype.str, array.shape, array.tobytes()


def _unpacked(_type: type, packed: tuple[str, list[int], bytes]) -> Array:
    dtype, shape, content = packed
    array: Array = np.frombuffer(content, dtype).reshape(shape).copy()
    return array


def _places(changes: tuple[Change, ...], initial: Scenario) -> tuple[int | Change, ...]:
    own = {id(change): place for place, change in enumerate(initial.timeline)}
    return tuple(own.get(id(change), change) for change in changes)


def _changes(places: tuple[int | Change, ...], initial: Scenario) -> tuple[Change, ...]:
    return tuple(initial.timeline[place] if isinstance(place, int) else place for place in places)


def resume(run: OpenRun, path: Path) -> None:
    """Takes a freshly opened run to where a snapshot file has it.

    Raises:
        ScenarioError: for a file that is none, or one of another scenario or of other data; the run is as it was then.
    """
    session = run.session
    try:
        file = msgspec.msgpack.decode(path.read_bytes(), type=_File, dec_hook=_unpacked)
        if file.version != _VERSION or file.initial != session.initial:
            raise ValueError("it is of another run")
        if file.examples != examples_digest(session.trainer.lead):
            raise ValueError("the data have changed since")
        initial = session.initial
        saved = Snapshot(file.state, _changes(file.applied, initial), _changes(file.pending, initial))
        _check(session, saved.state, file.history)
    except (OSError, msgspec.MsgspecError, ValueError, LookupError, TypeError) as error:
        raise ScenarioError(f"the snapshot cannot be used: {error}", source=str(path)) from None
    session.resume(saved, file.history)
    run.marks[:] = file.marks


def _check(session: Session[Any], state: TrainerState, history: HistoryState) -> None:
    fresh = session.trainer.state().lanes
    wanted = [(lane.parameters.shape, lane.parameters.dtype) for lane in fresh]
    found = [
        {(vector.shape, vector.dtype) for vector in (lane.parameters, *lane.optimizer_state.values())}
        for lane in state.lanes
    ]
    if found != [{one} for one in wanted]:
        raise ValueError("its parameters are not those of this network")
    columns = len(session.history.columns)
    if not len(history.recent) or {history.recent.shape[-1], history.buckets.shape[-1]} != {columns}:
        raise ValueError("its history has other columns")


class Recovery:
    """Keeps the snapshot file of a run up to date, at little cost: at most every few seconds, in a thread of its own.

    Attributes:
        lock: held while a file is written or deleted.
    """

    def __init__(self, lock: threading.Lock) -> None:
        self.lock = lock
        self._path: Path | None = None
        self._announced: set[Path] = set()
        self._kept: tuple[int, tuple[Change, ...]] = (0, ())
        self._next = 0.0
        self._writing: threading.Thread | None = None
        self._digested: tuple[Session[Any], str] | None = None

    def announce(self, path: str) -> None:
        """A run will be kept in this file, which is there already; from any thread."""
        self._announced.add(Path(path))

    def follow(self, run: OpenRun, path: str | None, resumed: bool) -> None:
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

    def go_on(self) -> None:
        """From now on another run is kept, in the same file."""
        self._kept, self._next = (-1, ()), 0.0

    def wait(self, run: OpenRun) -> float | None:
        """Seconds until `keep` has something to do; None if the run must move first."""
        if self._path is None or self._moment(run) == self._kept:
            return None
        busy = self._writing is not None and self._writing.is_alive()
        if self._moment(run)[1] != self._kept[1]:
            # Steps are taken again to the bit; what a person has changed is not.
            return _SOON if busy else 0.0
        return max(_LEAST_INTERVAL if busy else 0.0, self._next - time.monotonic())

    def keep(self, run: OpenRun) -> None:
        """Writes a snapshot if the run has moved and it is time."""
        path = self._path
        if path is None or self.wait(run) != 0.0:
            return
        began = time.monotonic()
        session = run.session
        content = (session.snapshot(), session.history.state(), tuple(run.marks))
        self._kept = self._moment(run)
        self._writing = threading.Thread(target=self._write, args=(path, session, content), daemon=True)
        self._writing.start()
        now = time.monotonic()
        size = content[0].state.nbytes
        self._next = now + max(_LEAST_INTERVAL, (now - began) / _SHARE, size / _BYTES_PER_SECOND)

    @staticmethod
    def _moment(run: OpenRun) -> tuple[int, tuple[Change, ...]]:
        return run.session.trainer.steps, tuple(run.session.applied)

    def _write(
        self, path: Path, session: Session[Any], content: tuple[Snapshot, HistoryState, tuple[Mark, ...]]
    ) -> None:
        if self._digested is None or self._digested[0] is not session:
            # Of many pictures this takes a while, and they stay what they are.
            self._digested = session, examples_digest(session.trainer.lead)
        encoded = encode(session.initial, self._digested[1], *content)
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
        """Deletes the files, since nobody will want to go on from them. The lock is held by the caller."""
        self._path = None
        for path in self._announced:
            with contextlib.suppress(OSError):
                path.unlink()
