"""Kept runs in the lab: listed, opened, and shown behind the curves; and the course that a change has left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from nn_tui.charts.color import Color
from nn_tui.charts.ghosts import Ghost
from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.kept.kept_line import KeptLine
from nn_tui.training.worker.messages import Left, Opened, TrialCourse
from nn_tui.tui.palette import palette_of
from nn_tui.tui.widgets.board import Board

if TYPE_CHECKING:
    from textual.screen import Screen

    from nn_tui.training.kept.thin_history import ThinHistory
    from nn_tui.tui.lab.openings import Openings

_FIRST_COLOR = 2
"""Of the colors of lanes; those before are a run's own curves'."""


_UNKEPT = 0
"""The number of a course that was left and is not kept."""


class Pinned(msgspec.Struct, frozen=True):
    """A run behind the curves.

    Attributes:
        history: its curves.
        since: the step from which on they are shown.
        is_left: whether it is a course that the run itself has left, and not one that a person has pinned.
        units: as in `Ghost`.
    """

    history: ThinHistory
    since: int = 0
    is_left: bool = False
    units: tuple[int, ...] = ()


class GhostRuns:
    """The runs behind the curves, and the list they are chosen from."""

    def __init__(self, screen: Screen[None], openings: Openings) -> None:
        self._screen = screen
        self._openings = openings
        self._pinned: dict[int, Pinned] = {}
        self._trials: Mapping[str, TrialCourse] = {}

    async def choose(self) -> None:
        """Lists the kept runs: one can be opened, some pinned behind the curves."""
        from nn_tui.tui.screens.kept_runs import KeptRunsScreen

        try:
            lines = await asyncio.to_thread(_lines)
        except ScenarioError as error:
            self._screen.notify(str(error), severity="warning", markup=False)
            return
        if not lines:
            self._screen.notify("No run is kept yet: each one is when it ends, is left or reset.", markup=False)
            return
        wanted = set(self._pinned) - {_UNKEPT}

        def take(name: str | None) -> None:
            self._screen.run_worker(self._pin(wanted))
            self._openings.open(name)

        self._screen.app.push_screen(KeptRunsScreen(lines, wanted), take)

    def show_left(self, left: Left) -> None:
        """The run has left a course: it stays to be seen, from where they part."""
        self._pinned.pop(left.number, None)
        if left.history:
            # With NumPy, which the first picture does not wait for.
            from nn_tui.training.kept.thin_history import ThinHistory

            self._pinned[left.number] = Pinned(ThinHistory.unpack(left.history), left.since, is_left=True)
        self.haunt()

    def forget_left(self, opened: Opened) -> None:
        """Takes away the courses of a run that another has followed, if that was not brought back by undo."""
        gone = [] if opened.origin else [number for number, pinned in self._pinned.items() if pinned.is_left]
        for number in gone:
            del self._pinned[number]
        if gone:
            self.haunt()

    def show_trials(self, trials: Mapping[str, TrialCourse]) -> None:
        """Shows trials of remedies, by name, and no others, beside whatever else is behind the curves."""
        self._trials = trials
        self.haunt()

    async def _pin(self, wanted: set[int]) -> None:
        for number in set(self._pinned) - wanted - {_UNKEPT}:
            del self._pinned[number]
        for number in sorted(wanted - set(self._pinned)):
            try:
                pinned = await asyncio.to_thread(_kept, number)
            except ScenarioError as error:
                self._screen.notify(str(error), severity="warning", markup=False)
                continue
            if len(pinned.history):
                self._pinned[number] = pinned
            else:
                self._screen.notify(f"Run {number} was kept without a point of its curves: there is nothing to pin.")
        self.haunt()

    def haunt(self) -> None:
        """Shows all there is behind the curves, in the theme's colors."""
        palette = palette_of(self._screen.app)
        kept = [partial(_ghost, number, pinned) for number, pinned in self._pinned.items()]
        tried = [partial(_trial_ghost, name, course) for name, course in self._trials.items()]
        others = enumerate((*kept, *tried), _FIRST_COLOR)
        self._screen.query_one(Board).haunt(tuple(ghost(palette.lane(place)) for place, ghost in others))


def _lines() -> list[KeptLine]:
    from nn_tui.training.kept.index import Index
    from nn_tui.training.kept.listing import Filter, listed
    from nn_tui.training.sweep.standing import best_runs

    index = Index()
    return listed(index.lines(), Filter(), best_runs(index))


def _kept(number: int) -> Pinned:
    from nn_tui.training.kept.store import Store

    run = Store().get(number)
    return Pinned(run.history, units=tuple(layer.units for layer in run.scenario.network.hidden))


def _ghost(number: int, pinned: Pinned, color: Color) -> Ghost:
    """A run's curves: of each stretch its greatest and its least."""
    history = pinned.history
    shown = history.steps >= pinned.since
    steps = np.repeat(history.steps[shown], 2)
    columns = {
        name: (steps, np.column_stack((history.maximum[place][shown], history.minimum[place][shown])).ravel())
        for place, name in enumerate(history.columns)
    }
    name = "left" if number == _UNKEPT else f"@{number}"
    return Ghost(columns, name=name, color=color, units=pinned.units, holds_axis=pinned.is_left)


def _trial_ghost(name: str, course: TrialCourse, color: Color) -> Ghost:
    """A trial's curves, as far as it was looked at."""
    steps = np.array(course.steps, float)
    # None becomes NaN, a gap.
    columns = {column: (steps, np.array(values, float)) for column, values in course.columns.items()}
    return Ghost(columns, name=name, color=color)
