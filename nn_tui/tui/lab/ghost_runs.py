"""Kept runs in the lab: listed, opened, and shown behind the curves; and the course that a change has left."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn_tui.charts.color import Color
from nn_tui.charts.ghosts import Ghost
from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.kept.kept_line import KeptLine
from nn_tui.training.worker.messages import Kept
from nn_tui.tui.palette import palette_of
from nn_tui.tui.widgets.board import Board

if TYPE_CHECKING:
    from textual.screen import Screen

    from nn_tui.training.kept.kept_run import KeptRun
    from nn_tui.tui.lab.openings import Openings

_FIRST_COLOR = 2
"""Of the colors of lanes; those before are a run's own curves'."""


@dataclass(frozen=True)
class Pinned:
    """A kept run behind the curves, from a step on."""

    run: KeptRun
    since: int = 0


class GhostRuns:
    """The runs behind the curves, and the list they are chosen from."""

    def __init__(self, screen: Screen[None], openings: Openings) -> None:
        self._screen = screen
        self._openings = openings
        self._pinned: dict[int, Pinned] = {}

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
        wanted = set(self._pinned)

        def take(number: int | None) -> None:
            self._screen.run_worker(self._pin(wanted))
            if number is not None:
                self._openings.open(f"@{number}")

        self._screen.app.push_screen(KeptRunsScreen(lines, wanted), take)

    def show_left(self, kept: Kept) -> None:
        """The worker has kept a course that a change has left: it stays to be seen."""
        self._screen.run_worker(self._pin({*self._pinned, kept.number}, kept.since))

    async def _pin(self, wanted: set[int], since: int = 0) -> None:
        for number in set(self._pinned) - wanted:
            del self._pinned[number]
        for number in sorted(wanted - set(self._pinned)):
            try:
                self._pinned[number] = Pinned(await asyncio.to_thread(_run, number), since)
            except ScenarioError as error:
                self._screen.notify(str(error), severity="warning", markup=False)
        palette = palette_of(self._screen.app)
        self._screen.query_one(Board).haunt(
            tuple(
                _ghost(number, pinned, palette.lane(_FIRST_COLOR + place))
                for place, (number, pinned) in enumerate(self._pinned.items())
            )
        )


def _lines() -> list[KeptLine]:
    from nn_tui.training.kept.index import Index

    return Index().lines()


def _run(number: int) -> KeptRun:
    from nn_tui.training.kept.store import Store

    return Store().get(number)


def _ghost(number: int, pinned: Pinned, color: Color) -> Ghost:
    """A kept run's curves: of each stretch its greatest and its least."""
    history = pinned.run.history
    shown = history.steps >= pinned.since
    steps = np.repeat(history.steps[shown], 2)
    columns = {
        name: (steps, np.column_stack((history.maximum[place][shown], history.minimum[place][shown])).ravel())
        for place, name in enumerate(history.columns)
    }
    return Ghost(columns, name=f"@{number}", color=color)
