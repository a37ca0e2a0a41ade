"""States to go back to, densest where a run stands, in bounded memory."""

import operator
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nn_tui.scenario.schema import Change, Scenario
from nn_tui.scenario.timeline import followed
from nn_tui.training.run.history import HistoryMark, bytes_of
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.state import TrainerState

_LEAST, _LEAST_OF_SMALL, _SMALL = 50, 400, 1 << 17
"""Steps between two states, at the least; of states with fewer bytes than that, whose steps take microseconds, more."""
_MOST_PARTS = 1_024
"""A state is kept for a while every so many parts of the way so far."""

_COUNTED_AFTER = 16
"""States after which it is counted how much memory the histories at them take."""


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


def are_too_large(state_bytes: int, histories: Iterable[HistoryMark], limit_bytes: int) -> bool:
    """Whether states to go back to have more than so much memory, or the histories at them more than half of it."""
    return state_bytes > limit_bytes or bytes_of(histories) > limit_bytes // 2


class Snapshots:
    """Keeps states close to each other just before the present, and the farther apart the longer ago they were.

    To go back takes about as small a share of the way back, however long a run has become. When there are too many, the
    one goes that is missed the least: without which the way from the state before it grows by the smallest share.
    """

    def __init__(self, limit: int = 128, limit_bytes: int = 64 << 20) -> None:
        """
        Args:
            limit: most states kept.
            limit_bytes: most memory for their arrays, and half as much for the histories at them; within a few states,
                and two are always kept.
        """
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._added = 0
        self._kept: list[_Kept] = []
        self._next = 0

    def due(self, step: int) -> bool:
        """Whether a state at `step` should be offered."""
        # It is asked after every step.
        return step >= self._next

    def _plan(self) -> None:
        """Decides when the next state is due."""
        if not self._kept:
            self._next = 0
            return
        step, size = self._kept[-1].step, max(1, self._kept[-1].snapshot.state.nbytes)
        # Of large states few are kept, so that it is not worth while to copy many.
        parts = max(1, min(_MOST_PARTS, 2 * self._limit_bytes // size))
        self._next = step + max(_LEAST_OF_SMALL if size < _SMALL else _LEAST, step // parts)

    def add(self, snapshot: Snapshot, history: HistoryMark) -> None:
        """Keeps a state, later than all others, with what had been recorded by then."""
        self._kept.append(_Kept(snapshot, history))
        self._added += 1
        self._plan()
        while len(self._kept) > self._limit:
            del self._kept[self._least_missed()]
        if self._added % _COUNTED_AFTER == 0 or self._state_bytes() > self._limit_bytes:
            while len(self._kept) > 2 and self._is_over():
                del self._kept[self._least_missed()]

    def _least_missed(self) -> int:
        """The place of a state between the first and the last."""
        steps = [kept.step for kept in self._kept]
        missed = [(after - before) / (steps[-1] - before) for before, after in zip(steps[:-2], steps[2:], strict=True)]
        return 1 + missed.index(min(missed))

    def _state_bytes(self) -> int:
        return self._kept[-1].snapshot.state.nbytes * len(self._kept)

    def _is_over(self) -> bool:
        return are_too_large(self._state_bytes(), (kept.history for kept in self._kept), self._limit_bytes)

    def latest(self, step: int) -> _Kept:
        """The last state at or before `step`, or the first of all."""
        return next((kept for kept in reversed(self._kept) if kept.step <= step), self._kept[0])

    def forget_after(self, step: int) -> None:
        """Drops states beyond `step`."""
        self._kept = [kept for kept in self._kept if kept.step <= step]
        self._plan()

    def keep_those_on_the_way(self, place: Snapshot) -> None:
        """Drops states that do not lie on the way to a place: later ones, and those of a course that was left."""
        self._kept = [kept for kept in self._kept if _is_on_the_way(kept.snapshot, place)]
        self._plan()


def _is_on_the_way(earlier: Snapshot, place: Snapshot) -> bool:
    step, made = earlier.state.steps, len(earlier.applied)
    same = len(place.applied) >= made and all(map(operator.is_, earlier.applied, place.applied))
    return step <= place.state.steps and same and not any(was_made_by(c, step) for c in place.applied[made:])
