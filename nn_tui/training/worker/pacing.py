"""When the next step is due, how fast steps come, and how much of the time may go into looking at them."""

from collections import deque

_SHORTEST_WAIT = 0.002
"""Seconds. Steps due closer together than this come in small bursts, since waking up takes its time."""

_FOLLOWED = 60.0
"""Steps a second that a person can follow one by one."""

_LARGEST_DEBT = 0.1
"""Seconds a run may be behind and still catch up; what it lost before that is forgotten."""


class Tempo:
    """So many steps a second, or as many as there is power for.

    Attributes:
        steps_per_second: None for flat out.
    """

    def __init__(self, steps_per_second: float | None) -> None:
        self.steps_per_second = steps_per_second
        self._interval = 1.0 / steps_per_second if steps_per_second else 0.0
        self._due = 0.0

    @property
    def is_slow(self) -> bool:
        """Whether a person can follow single steps."""
        return self.steps_per_second is not None and self.steps_per_second <= _FOLLOWED

    def begin(self, now: float) -> None:
        """From a moment on, the first step being due at once."""
        self._due = now

    def go_on(self, now: float) -> None:
        """From a moment on, the first step being due one interval later."""
        self._due = now + self._interval

    def wait(self, now: float) -> float:
        """Seconds to wait before the next step; 0 when it is due."""
        missing = self._due - now
        if missing <= 0.0:
            return 0.0
        return max(missing, _SHORTEST_WAIT)

    def took(self, now: float) -> None:
        """A step was taken: the next is due one interval after this one was."""
        self._due = max(self._due, now - _LARGEST_DEBT) + self._interval


class Rate:
    """Steps a second over the last moments, from when the step was seen to have changed."""

    def __init__(self, window: float = 2.0) -> None:
        """
        Args:
            window: seconds looked back.
        """
        self._window = window
        self._seen: deque[tuple[float, int]] = deque()

    def reset(self) -> None:
        """Forgets: the run stands still, or has jumped."""
        self._seen.clear()

    def add(self, now: float, steps: int) -> None:
        """So many steps had been taken at a moment."""
        if self._seen and self._seen[-1][1] == steps:
            return
        self._seen.append((now, steps))
        while len(self._seen) > 3 and self._seen[1][0] <= now - self._window:
            self._seen.popleft()

    def value(self) -> float:
        """Steps a second; 0 before there are two moments."""
        if len(self._seen) < 2:
            return 0.0
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end > start else 0.0


class Budget:
    """Keeps something costly to a share of the time, however costly it is.

    Attributes:
        cost: seconds it took last.
    """

    def __init__(self, share: float, credit: float = 0.0) -> None:
        """
        Args:
            share: of the time, between 0 and 1.
            credit: seconds that may be spent before the share counts, so that what is soon over is not cut short.
        """
        self._idle = 1.0 / share - 1.0
        self._credit = credit
        self._began: float | None = None
        self._next = 0.0
        self.cost = 0.0

    def allows(self, now: float) -> bool:
        """Whether its turn has come again."""
        return now >= self._next

    def begin(self, now: float) -> None:
        """It begins."""
        self._began = now

    def end(self, now: float) -> None:
        """It has ended; what it took decides how long it rests. One that was not begun had to be, and costs nothing."""
        if self._began is not None:
            self.cost, self._began = now - self._began, None
            owed = max(0.0, self.cost - self._credit)
            self._credit -= self.cost - owed
            self._next = now + owed * self._idle
