"""The lab's runs, kept when they end or are left: at a reset, another seed, another scenario, or the lab's own end."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Change
from nn_tui.training.files.kept_file import store_path
from nn_tui.training.kept.kept_line import LEFT
from nn_tui.training.run.session import Status
from nn_tui.training.run.snapshots import was_made_by
from nn_tui.training.worker.messages import Left
from nn_tui.training.worker.opening import OpenRun

if TYPE_CHECKING:
    from nn_tui.training.kept.files import Fingerprint
    from nn_tui.training.kept.kept_run import KeptRun

_LAST_SECONDS = 3.0
"""What the last run may take to be kept when the lab is left."""


class _Moment(NamedTuple):
    """Where a run stands: what was done to it and how far it has come decide all the rest."""

    steps: int
    applied: tuple[Change, ...]

    def is_on_the_way(self, later: "_Moment") -> bool:
        """Whether a run that has come to a later moment came by this one."""
        made = len(self.applied)
        return (
            self.steps <= later.steps
            and later.applied[:made] == self.applied
            and not any(was_made_by(change, self.steps) for change in later.applied[made:])
        )


@dataclass
class _Kept:
    """A moment at which a run was kept, and its number among the kept runs; 0 while it is being written."""

    moment: _Moment
    number: int = 0


@dataclass
class _Record:
    """What is known of a run, also after another was opened: it may be brought back.

    Attributes:
        name: where its scenario comes from.
        started: seconds since 1970.
        files: what it read, once that is known.
        kept: the moments at which it was kept.
    """

    name: str
    started: float
    files: "tuple[Fingerprint, ...]" = ()
    kept: list[_Kept] = field(default_factory=list)


class _Followed(NamedTuple):
    """The run that is open."""

    run: OpenRun
    record: _Record

    @property
    def moment(self) -> _Moment:
        """Where it stands."""
        session = self.run.session
        return _Moment(session.trainer.steps, tuple(session.applied))


class _Course(NamedTuple):
    """A course that was gone back on: its end, its curves, and the run to be kept if it is left for good."""

    end: _Moment
    history: bytes
    kept: "KeptRun | None"


class LabKeeper:
    """Keeps the runs of the lab.

    What takes time is done where nobody waits for it: of a run that has ended once no command is waiting, of one that
    is left in a thread of its own.
    """

    def __init__(self, complain: Callable[[str], None], tell: Callable[[Left], None]) -> None:
        """
        Args:
            complain: told once why runs cannot be kept; training goes on all the same.
            tell: told of each course that the run has left.
        """
        self._complain, self._tell = complain, tell
        self._is_on = store_path() is not None
        self._followed: _Followed | None = None
        self._course: _Course | None = None
        self._records: dict[int, _Record] = {}
        self._busy: list[threading.Thread] = []
        self._writing = threading.Lock()

    def follow(self, run: OpenRun, name: str = "", origin: int = 0) -> None:
        """Another run is open from now on; the one before is kept.

        Args:
            run: as it was opened.
            name: where its scenario comes from.
            origin: the number under which it was open before, where it is brought back; else 0.
        """
        before = self._followed
        if before is not None and self._is_due(before):
            kept = self._begun(before)
            # Nobody else has the run any more.
            self._start(lambda: self._keep(before, kept))
        self._course = None
        record = self._records.get(origin) or _Record(name, time.time())
        self._records[run.number] = record
        followed = self._followed = _Followed(run, record)
        if self._is_on:
            self._start(lambda: _note_files(followed))

    def is_due(self) -> bool:
        """Whether the open run has ended and is to be kept."""
        followed = self._followed
        return (
            followed is not None
            and followed.run.session.status in (Status.FINISHED, Status.DIVERGED)
            and self._is_due(followed)
        )

    def keep(self) -> None:
        """Keeps the open run as it stands, if it has moved since it was kept."""
        if self._followed is not None and self._is_due(self._followed):
            self._keep(self._followed, self._begun(self._followed))

    def rewinding(self, step: int) -> None:
        """The open run is about to go back; its course is remembered, in case a change makes another of it."""
        followed = self._followed
        if followed is None:
            return
        if self.is_due():
            # It has ended just now, and would have been kept in a moment.
            self.keep()
        end = followed.moment
        if step < end.steps and (self._course is None or self._course.end.steps < end.steps):
            kept = None
            if self._can_keep(followed):
                with contextlib.suppress(ScenarioError):
                    kept = _described(followed, LEFT)
            self._course = _Course(end, _packed(followed), kept)

    def changed(self) -> None:
        """The open run was changed: a course that it had gone back on is left for good, and kept."""
        course, followed = self._course, self._followed
        self._course = None
        if course is None or followed is None:
            return
        since = followed.run.session.trainer.steps
        if since < course.end.steps:
            left = Left(run=followed.run.number, since=since, history=course.history)
            self._start(lambda: self._leave(left, course, followed.record))

    def _leave(self, left: Left, course: _Course, record: _Record) -> None:
        with self._writing:
            number = 0 if course.kept is None else self._add(course.kept)
            if number:
                # The same run, if it was kept at its end.
                self._forget_those_on_the_way(record, course.end)
        self._tell(structs.replace(left, number=number))

    def going_to(self, origin: int) -> None:
        """The open run is about to be taken to another place, of its own or of one that began in the same way, as by
        undoing a reset.

        Args:
            origin: the number under which that was open.
        """
        followed, record = self._followed, self._records.get(origin)
        if self.is_due():
            # As before a rewind.
            self.keep()
        if followed is None or record is None or record is followed.record:
            return
        self.keep()
        self._course = None
        self._followed = followed._replace(record=record)

    def parting(self, since: int) -> None:
        """The open run is about to be taken to another course of its own, which shares its steps up to this one."""
        followed = self._followed
        if followed is not None:
            history = _packed(followed) if followed.run.session.trainer.steps > since else b""
            self._tell(Left(run=followed.run.number, since=since, history=history))

    def finish(self) -> None:
        """Keeps the open run, and waits a little for what is being written."""
        self.keep()
        until = time.monotonic() + _LAST_SECONDS
        for thread in self._busy:
            thread.join(max(0.0, until - time.monotonic()))

    def _start(self, work: Callable[[], object]) -> None:
        self._busy = [thread for thread in self._busy if thread.is_alive()]
        thread = threading.Thread(target=work, daemon=True)
        self._busy.append(thread)
        thread.start()

    def _can_keep(self, followed: _Followed) -> bool:
        """Whether a run is kept; one with weights from elsewhere, which no scenario holds, could not be had again."""
        return self._is_on and not followed.run.start

    def _is_due(self, followed: _Followed) -> bool:
        moment = followed.moment
        moved = moment.steps > followed.run.session.first_step
        return moved and self._can_keep(followed) and all(kept.moment != moment for kept in followed.record.kept)

    def _begun(self, followed: _Followed) -> _Kept:
        """Notes that the run is kept as it stands, before it is."""
        kept = _Kept(followed.moment)
        followed.record.kept.append(kept)
        return kept

    def _keep(self, followed: _Followed, kept: _Kept) -> None:
        ended = followed.run.session.status in (Status.FINISHED, Status.DIVERGED)
        with self._writing:
            number = self._add(_described(followed, None if ended else "interrupted"))
            if number:
                # The same run, gone on with.
                self._forget_those_on_the_way(followed.record, kept.moment)
            kept.number = number

    def _forget_those_on_the_way(self, record: _Record, end: _Moment) -> None:
        for kept in record.kept:
            if kept.number and kept.moment.is_on_the_way(end):
                self._forget(kept.number)
                kept.number = 0

    def _add(self, kept: "KeptRun") -> int:
        from nn_tui.training.kept.store import Store

        try:
            return Store(notify=self._complain).add(kept)
        except ScenarioError as error:
            self._is_on = False
            self._complain(str(error))
            return 0

    def _forget(self, number: int) -> None:
        from nn_tui.training.kept.store import Store

        with contextlib.suppress(ScenarioError):
            Store(notify=self._complain).forget([number])


def _note_files(followed: _Followed) -> None:
    from nn_tui.training.kept.files import fingerprints

    followed.record.files = fingerprints(followed.run.session.initial)


def _packed(followed: _Followed) -> bytes:
    from nn_tui.training.kept.thin_history import ThinHistory

    return ThinHistory.of(followed.run.session.history).pack()


def _described(followed: _Followed, status: str | None) -> "KeptRun":
    from nn_tui.training.kept.kept_run import to_keep
    from nn_tui.training.kept.thin_history import ThinHistory
    from nn_tui.training.summary import summarize

    session = followed.run.session
    return to_keep(
        # The clock may have been set back.
        summarize(session, max(0.0, time.time() - followed.record.started)),
        ThinHistory.of(session.history),
        session.whole_scenario(),
        cut_short=status is not None or session.cut_short,
        origin="lab",
        started=followed.record.started,
        files=followed.record.files,
        name=followed.record.name,
        status=status,
    )
