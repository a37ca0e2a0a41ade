"""States to go back to, spread over the whole run, in bounded memory."""

import operator
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nn_tui.scenario.schema import Change, Scenario
from nn_tui.scenario.timeline import followed
from nn_tui.training.run.history import HistoryMark, bytes_of
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.state import TrainerState

_FIRST_INTERVAL = 50


class Snapshot(NamedTuple):
    """A trainer's state, with the changes made by then and those still to come."""

    state: TrainerState
    applied: tuple[Change, ...]
    pending: tuple[Change, ...]


def was_made_by(change: Change, step: int) -> bool:
    """Whether a change by hand was made before this step was taken."""
    return change.step is not None and change.step <= step


def had_ended(initial: Scenario, applied: Sequence[Change], lead: Lane) -> bool:
    """Whether a run was at its end before the changes that no step has followed yet, and none of these lets it go on.

    Args:
        initial: the scenario as it began.
        applied: the changes made so far.
        lead: its first lane, where it is now.
    """
    scenario, others = initial, []
    for change in applied:
        if change.step is not None:
            is_followed = was_made_by(change, lead.steps)
        else:
            is_followed = lead.position > 0 or change.epoch != lead.epoch + 1
        if is_followed:
            scenario = followed(scenario, change)
        else:
            others.append(change)
    return lead.would_be_over(scenario) and not goes_on(scenario, others, lead)


def goes_on(scenario: Scenario, changes: Iterable[Change], lead: Lane) -> bool:
    """Whether one of some changes, made one after the other where a run has ended, lets it take a step more.

    It does even where a later of them ends the run again: as one made by hand does, which acts at once.

    Args:
        scenario: in force before them.
        changes: in their order.
        lead: its first lane, where it is now.
    """
    for change in changes:
        scenario = followed(scenario, change)
        if not lead.would_be_over(scenario):
            return True
    return False


class _Kept(NamedTuple):
    """A snapshot, and what had been recorded by then."""

    snapshot: Snapshot
    history: HistoryMark

    @property
    def step(self) -> int:
        return self.snapshot.state.steps


class Snapshots:
    """Keeps states at even distances; when there are too many, every second one goes and the distance doubles."""

    def __init__(self, limit: int = 64, limit_bytes: int = 64 << 20) -> None:
        """
        Args:
            limit: most states kept.
            limit_bytes: most memory for their arrays, though two states are always kept.
        """
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._interval = _FIRST_INTERVAL
        self._kept: list[_Kept] = []

    def due(self, step: int) -> bool:
        """Whether a state at `step` should be offered."""
        return not self._kept or step >= self._kept[-1].step + self._interval

    def add(self, snapshot: Snapshot, history: HistoryMark) -> None:
        """Keeps a state, later than all others, with what had been recorded by then."""
        self._kept.append(_Kept(snapshot, history))
        while len(self._kept) > self._limit or (len(self._kept) > 2 and self._bytes() > self._limit_bytes):
            self._kept = self._kept[::2]
            self._interval *= 2

    def _bytes(self) -> int:
        each = self._kept[-1].snapshot.state.nbytes
        return each * len(self._kept) + bytes_of(kept.history for kept in self._kept)

    def latest(self, step: int) -> _Kept:
        """The last state at or before `step`, or the first of all."""
        return next((kept for kept in reversed(self._kept) if kept.step <= step), self._kept[0])

    def forget_after(self, step: int) -> None:
        """Drops states beyond `step`."""
        self._kept = [kept for kept in self._kept if kept.step <= step]

    def keep_those_on_the_way(self, place: Snapshot) -> None:
        """Drops states that do not lie on the way to a place: later ones, and those of a course that was left."""
        self._kept = [kept for kept in self._kept if _is_on_the_way(kept.snapshot, place)]


def _is_on_the_way(earlier: Snapshot, place: Snapshot) -> bool:
    step, made = earlier.state.steps, len(earlier.applied)
    same = len(place.applied) >= made and all(map(operator.is_, earlier.applied, place.applied))
    return step <= place.state.steps and same and not any(was_made_by(c, step) for c in place.applied[made:])
