"""Ctrl-C as a wish the training loop hears between two steps, not an exception in the middle of one."""

import signal
from types import FrameType, TracebackType
from typing import Any


class Interruption:
    """Within its `with` block, SIGINT and SIGTERM set `wished`; a second one ends the program as usual."""

    def __init__(self) -> None:
        self.wished = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Interruption":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._wish)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _wish(self, number: int, _frame: FrameType | None) -> None:
        self.wished = True
        signal.signal(number, self._before[signal.Signals(number)])

    def __call__(self) -> bool:
        """Whether the run should stop."""
        return self.wished
