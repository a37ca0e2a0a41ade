"""What was done by hand, to be taken back and done again: the places a run was at before each change.

A place is all it takes to be there again, bit for bit: the scenario it began with, a snapshot, the history. What
followed a change that is taken back is kept likewise, so that it comes back without being trained again.
"""

from dataclasses import dataclass, replace

from msgspec import structs

from nn_tui.scenario.schema import Scenario
from nn_tui.training.look.parts import Mark
from nn_tui.training.run.history import HistoryMark
from nn_tui.training.run.snapshots import Snapshot, are_too_large
from nn_tui.training.worker.beginning import Beginning
from nn_tui.training.worker.opening import OpenRun

MOST_PLACES = 50
MOST_BYTES = 64 << 20
"""See `are_too_large`."""


@dataclass(frozen=True)
class RunPlace:
    """Where a run was.

    Attributes:
        number: the app's number for the run.
        beginning: of the run.
        snapshot, history, marks: as they were there.
        fork: the step at which it parts from the course that it was left for; of a change taken back.
        change: in words, what was done there, or what was taken back to leave it.
    """

    number: int
    beginning: Beginning
    snapshot: Snapshot
    history: HistoryMark
    marks: tuple[Mark, ...]
    change: str
    fork: int = 0

    @property
    def steps(self) -> int:
        """Taken by then."""
        return self.snapshot.state.steps


class Places:
    """The places before each change, and those left by taking changes back.

    Attributes:
        done, undone: the latest last.
    """

    def __init__(self) -> None:
        self.done: list[RunPlace] = []
        self.undone: list[RunPlace] = []
        self._first: dict[int, int] = {}

    def brought_back(self, run: OpenRun, origin: int) -> None:
        """A run is open again, which had another number before."""
        self._first[run.number] = self._first.get(origin, origin)

    def note(self, place: RunPlace, change: str) -> None:
        """Keeps where a run was before a change was made to it; what was taken back cannot be brought back then.

        Args:
            place: as `place_of` gave it before the change.
            change: in words.
        """
        self.undone.clear()
        self.done.append(replace(place, change=change))
        while len(self.done) > MOST_PLACES or (len(self.done) > 1 and self._are_too_large()):
            del self.done[0]

    def _are_too_large(self) -> bool:
        states = sum(place.snapshot.state.nbytes for place in self.done)
        return are_too_large(states, (place.history for place in self.done), MOST_BYTES)

    def forget_after(self, run: OpenRun, step: int) -> None:
        """Forgets places of this run that it has gone back beyond; one before it may have begun in the same way."""
        own = self._first.get(run.number, run.number)
        self.done = [p for p in self.done if self._first.get(p.number, p.number) != own or p.steps <= step]

    def back(self, run: OpenRun) -> RunPlace | None:
        """Where the run was before the latest change; None if there is none."""
        place = _moved(self.done, self.undone, run)
        if place is not None:
            self.undone[-1] = replace(self.undone[-1], fork=place.steps)
            place = replace(place, fork=place.steps)
        return place

    def forth(self, run: OpenRun) -> RunPlace | None:
        """Where the run was when the latest change was taken back; None if there is none."""
        return _moved(self.undone, self.done, run)


def place_of(run: OpenRun, change: str = "") -> RunPlace:
    """Where a run is."""
    session = run.session
    return RunPlace(
        number=run.number,
        beginning=run.beginning,
        snapshot=session.snapshot(),
        history=session.history.mark(),
        marks=tuple(run.marks),
        change=change,
    )


def new_run(before: Scenario, after: Scenario) -> str:
    """What it is, in words, that another run was begun."""
    if before == after:
        return "reset"
    training = structs.replace(before.training, seed=after.training.seed)
    if structs.replace(before, training=training) == after:
        return f"seed {after.training.seed}"
    return "reset" if before.title == after.title else after.title


def go_to(run: OpenRun, place: RunPlace) -> None:
    """Takes a run of the same scenario to a place."""
    # A session knows its scenario's own changes by identity.
    own = {
        id(old): new for old, new in zip(place.beginning.scenario.timeline, run.session.initial.timeline, strict=True)
    }
    saved = place.snapshot
    applied, pending = (tuple(own.get(id(c), c) for c in changes) for changes in (saved.applied, saved.pending))
    run.session.return_to(Snapshot(saved.state, applied, pending), place.history)
    run.marks[:] = place.marks


def _moved(source: list[RunPlace], target: list[RunPlace], run: OpenRun) -> RunPlace | None:
    if not source:
        return None
    place = source.pop()
    target.append(place_of(run, place.change))
    return place
