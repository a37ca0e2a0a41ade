"""Ctrl-C as a wish the training loop hears between two steps, not an exception in the middle of one."""

import signal
from types import FrameType, TracebackType
from typing import Any


class _Remembered:
    """What SIGINT does as a rule, which is to raise KeyboardInterrupt, and whether it has."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.heard = True
        raise KeyboardInterrupt


def remember_presses() -> None:
    """From now on Ctrl-C is remembered until an `Interruption` hears of it.

    Not every KeyboardInterrupt arrives: one that is raised in a callback of the import system, or while an extension
    module is set up, is swallowed, and the run that was to be stopped would start.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _Remembered())


def forget_presses() -> None:
    """Puts Python's own handler back: asyncio takes its place while an app runs, and no other's."""
    if isinstance(signal.getsignal(signal.SIGINT), _Remembered):
        signal.signal(signal.SIGINT, signal.default_int_handler)


_WISHES = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Interruption:
    """Within its `with` block, SIGINT, SIGTERM and SIGHUP set `wished`; a second one ends the program as usual.

    A signal that is ignored, as SIGHUP is under `nohup`, stays so.
    """

    def __init__(self) -> None:
        self.wished = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Interruption":
        for number in _WISHES:
            if signal.getsignal(number) is signal.SIG_IGN:
                continue
            before = self._before[number] = signal.signal(number, self._wish)
            if isinstance(before, _Remembered) and before.heard:
                self.wished = True
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
