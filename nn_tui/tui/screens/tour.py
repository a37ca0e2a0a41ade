"""The tour: six things to do, each watched for, left and taken up at any time."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.widgets import Static

from nn_tui.tui.forms.row import Row
from nn_tui.tui.screens.haunted import HauntedScreen

_LARGER = 10.0
"""How many times as large the rate is to become."""


@dataclass(frozen=True)
class TourStop:
    """One thing to do: what is said, short enough for 80 columns, and whether it has been done."""

    text: str
    is_done: Callable[["TouredScreen"], bool]


class TouredScreen(HauntedScreen):
    """The part of the lab that shows a newcomer round."""

    def action_tour(self) -> None:
        """Begins the tour, takes it up where it was left, or leaves it."""
        settings = self.lab.settings
        if settings.on_tour:
            self.lab.remember(on_tour=False)
            self.query_one("#hint").display = False
            self.notify("T takes the tour up again.")
            return
        stop = settings.tour if settings.tour < len(STOPS) else 0
        self.lab.remember(on_tour=True, tour=stop)
        self._show_stop()

    def follow_tour(self) -> None:
        """Goes on to the next stop once what is asked for has been done."""
        settings = self.lab.settings
        if not settings.on_tour or settings.tour >= len(STOPS) or not STOPS[settings.tour].is_done(self):
            return
        self.lab.remember(tour=settings.tour + 1)
        if settings.tour + 1 == len(STOPS):
            self.lab.remember(on_tour=False)
            self.query_one("#hint").display = False
            self.notify("That was the tour. ? explains what is in focus, F1 lists every key.")
            return
        self._show_stop()

    def _show_stop(self) -> None:
        hint, stop = self.query_one("#hint", Static), self.lab.settings.tour
        hint.update(f"{stop + 1}/{len(STOPS)} {STOPS[stop].text}")
        hint.display = True


def _has_larger_rate(screen: TouredScreen) -> bool:
    frame, started = screen.control.frame, screen.control.started
    if frame is None or started is None:
        return False
    return frame.scenario.training.optimizer.lr >= _LARGER * started.training.optimizer.lr


def _is_at_rate(screen: TouredScreen) -> bool:
    return isinstance(screen.focused, Row) and screen.focused.entry.field.key == "training.optimizer.lr"


STOPS = (
    TourStop("space: the net trains. Watch the loss come down.", lambda screen: screen.control.is_playing),
    TourStop("j, then r: you are at the learning rate of the running net.", _is_at_rate),
    TourStop("↑ until the rate is ten times as large. See what the loss does.", _has_larger_rate),
    TourStop(
        "u: undone, and the run is where it was before.",
        lambda s: s.control.frame is not None and bool(s.control.frame.redo),
    ),
    TourStop("t: one example, number by number. Arrows choose, esc leaves.", lambda s: _focus(s) == "trace"),
    TourStop("o: every lesson. Type what you look for: dead relu, overfitting …", lambda s: s.app.screen is not s),
)
"""In order; the keys' names come first."""


def _focus(screen: TouredScreen) -> str:
    return screen.focused.id or "" if screen.focused is not None else ""
