"""The tour: six things to do, each watched for, left and taken up at any time; and the hint of the first run."""

from collections.abc import Callable

import msgspec
from textual.screen import Screen
from textual.widgets import Static

from nn_tui.tui.forms.row import Row
from nn_tui.tui.run_control import RunControl
from nn_tui.tui.settings import Memory

_HINT = "space trains · j finds a field, ↑↓ change it · T begins a tour · ? explains"

_LARGER = 10.0
"""How many times as large the rate is to become."""


class TourStop(msgspec.Struct, frozen=True):
    """One thing to do: what is said, short enough for 80 columns, and whether it has been done."""

    text: str
    is_done: Callable[[Screen[None], RunControl], bool]


class Tour:
    """Shows a newcomer round, in the line above the toolbar."""

    def __init__(self, screen: Screen[None], control: RunControl, memory: Memory) -> None:
        self._screen = screen
        self._control = control
        self._memory = memory
        self.line = Static(_HINT, id="hint")
        self.line.display = not memory.settings.knows_hint

    def begin_or_leave(self) -> None:
        """Begins the tour, takes it up where it was left, or leaves it."""
        settings = self._memory.settings
        if settings.on_tour:
            self._end("T takes the tour up again.")
            return
        stop = settings.tour if settings.tour < len(STOPS) else 0
        self._memory.keep(on_tour=True, tour=stop)
        self._show_stop()

    def follow(self) -> None:
        """Goes on to the next stop once what is asked for has been done."""
        settings = self._memory.settings
        if not settings.on_tour or settings.tour >= len(STOPS):
            return
        if not STOPS[settings.tour].is_done(self._screen, self._control):
            return
        self._memory.keep(tour=settings.tour + 1)
        if settings.tour + 1 == len(STOPS):
            self._end("That was the tour. ? explains what is in focus, F1 lists every key.")
        else:
            self._show_stop()

    def take_hint_away(self) -> None:
        """What the hint says has been understood."""
        if not self._memory.settings.on_tour:
            self.line.display = False
            self._memory.keep(knows_hint=True)

    def _end(self, said: str) -> None:
        self._memory.keep(on_tour=False)
        self.line.display = False
        self._screen.notify(said)

    def _show_stop(self) -> None:
        stop = self._memory.settings.tour
        self.line.update(f"{stop + 1}/{len(STOPS)} {STOPS[stop].text}")
        self.line.display = True


def _has_larger_rate(_screen: Screen[None], control: RunControl) -> bool:
    frame, started = control.frame, control.started
    if frame is None or started is None:
        return False
    return frame.scenario.training.optimizer.lr >= _LARGER * started.training.optimizer.lr


def _is_at_rate(screen: Screen[None], _control: RunControl) -> bool:
    return isinstance(screen.focused, Row) and screen.focused.entry.field.key == "training.optimizer.lr"


def _is_at_trace(screen: Screen[None], _control: RunControl) -> bool:
    return screen.focused is not None and screen.focused.id == "trace"


STOPS = (
    TourStop("space: the net trains. Watch the loss come down.", lambda _, control: control.is_playing),
    TourStop("j, then r: you are at the learning rate of the running net.", _is_at_rate),
    TourStop("↑ until the rate is ten times as large. See what the loss does.", _has_larger_rate),
    TourStop(
        "u: undone, and the run is where it was before.",
        lambda _, control: control.frame is not None and bool(control.frame.redo),
    ),
    TourStop("t: one example, number by number. Arrows choose, esc leaves.", _is_at_trace),
    TourStop(
        "o: every lesson. Type what you look for: dead relu, overfitting …",
        lambda screen, _: screen.app.screen is not screen,
    ),
)
"""In order; the keys' names come first."""
