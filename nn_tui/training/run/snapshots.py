"""States to go back to, spread over the whole run, in bounded memory."""

from typing import NamedTuple

from nn_tui.scenario.schema import Change
from nn_tui.training.run.state import TrainerState

_FIRST_INTERVAL = 50


class Snapshot(NamedTuple):
    """A trainer's state, with the changes made by then and those still to come."""

    state: TrainerState
    applied: tuple[Change, ...]
    pending: tuple[Change, ...]


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
        self._states: list[Snapshot] = []

    def due(self, step: int) -> bool:
        """Whether a state at `step` should be offered."""
        return not self._states or step >= self._states[-1].state.steps + self._interval

    def add(self, snapshot: Snapshot) -> None:
        """Keeps a state, later than all others."""
        self._states.append(snapshot)
        while len(self._states) > self._limit or (len(self._states) > 2 and self._bytes() > self._limit_bytes):
            self._states = self._states[::2]
            self._interval *= 2

    def _bytes(self) -> int:
        state = self._states[-1].state
        each = state.parameters.nbytes + sum(vector.nbytes for vector in state.optimizer_state.values())
        return each * len(self._states)

    def latest(self, step: int) -> Snapshot:
        """The last state at or before `step`."""
        return next(entry for entry in reversed(self._states) if entry.state.steps <= step)

    def forget_after(self, step: int) -> None:
        """Drops states beyond `step`."""
        self._states = [entry for entry in self._states if entry.state.steps <= step]
