"""The thread in which pictures are drawn that take longer than a key may wait."""

import sys
import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import Any

_SWITCH_SECONDS = 3e-4
"""After which a thread gives way to another that waits: Python's own 5 ms would be felt at every key."""

_REST = 9.0
"""Of the time that drawing took, how much longer it rests: it takes a tenth of a core at most, as long as that will do
for `_ROUND`. Training and keys have the rest."""

_ROUND = 0.15
"""Seconds in which every picture that waits is drawn once, however slow the machine."""


class Painter:
    """Draws one picture at a time; of several that are asked for under one name, the newest.

    The thread starts with the first picture, or with `get_ready`.
    """

    def __init__(self, tell: Callable[[Exception], None]) -> None:
        """
        Args:
            tell: told, in the thread, what a picture failed with; the next one is drawn all the same.
        """
        self._tell = tell
        self._wanted: dict[object, tuple[Callable[[], Any], Callable[[Any], None], bool]] = {}
        self._changed = Condition()
        self._thread: Thread | None = None
        self._is_closed = False

    def get_ready(self) -> None:
        """Imports what pictures are drawn with, beside whatever else is going on."""
        from nn_tui.charts import figure

        self.paint(self, figure.load, lambda _: None, at_once=True)

    def paint(
        self, name: object, draw: Callable[[], Any], take: Callable[[Any], None], *, at_once: bool = False
    ) -> None:
        """Has a picture drawn.

        Args:
            name: of the picture; one that waits under the same name is left out.
            draw: gives the picture; called in the thread.
            take: called there with it.
            at_once: whether somebody waits for it, so that it comes before the others.
        """
        with self._changed:
            waited = self._wanted.pop(name, None) if at_once else self._wanted.get(name)
            self._wanted[name] = draw, take, at_once or (waited is not None and waited[2])
            if self._thread is None and not self._is_closed:
                sys.setswitchinterval(_SWITCH_SECONDS)
                self._thread = Thread(target=self._work, name="painter", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Ends the thread after the picture it is at."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while (found := self._next()) is not None:
            draw, take = found
            began = time.monotonic()
            try:
                take(draw())
            except Exception as error:
                self._tell(error)
            self._rest(time.monotonic() - began)

    def _next(self) -> tuple[Callable[[], Any], Callable[[Any], None]] | None:
        """What is to be drawn next: what somebody waits for, else what was asked for first; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._is_closed)
            if self._is_closed:
                return None
            name = next((name for name, (_, _, at_once) in self._wanted.items() if at_once), next(iter(self._wanted)))
            draw, take, _ = self._wanted.pop(name)
            return draw, take

    def _rest(self, took: float) -> None:
        """Rests from a picture that took so many seconds, unless somebody waits for the next."""
        with self._changed:
            longest = _ROUND / (1 + len(self._wanted)) - took
            self._changed.wait_for(
                lambda: self._is_closed or any(at_once for _, _, at_once in self._wanted.values()),
                max(0.0, min(_REST * took, longest)),
            )
