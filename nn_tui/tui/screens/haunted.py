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
from nn_tui.tui.screens.by_hand import ByHandScreen
from nn_tui.tui.source import Source

if TYPE_CHECKING:
    from nn_tui.training.kept.kept_run import KeptRun

_FIRST_COLOR = 2
"""Of the colors of lanes; those before are a run's own curves'."""


@dataclass(frozen=True)
class Pinned:
    """A kept run behind the curves, from a step on."""

    run: KeptRun
    since: int = 0


class HauntedScreen(ByHandScreen):
    """The part of the lab that shows other runs beside the one that is open."""

    _pinned: dict[int, Pinned] | None = None

    @property
    def pinned(self) -> dict[int, Pinned]:
        """The runs behind the curves, by number."""
        if self._pinned is None:
            self._pinned = {}
        return self._pinned

    async def action_kept_runs(self) -> None:
        from nn_tui.tui.screens.kept_runs import KeptRunsScreen

        try:
            lines = await asyncio.to_thread(_lines)
        except ScenarioError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        if not lines:
            self.notify("No run is kept yet: each one is when it ends, is left or reset.", markup=False)
            return
        wanted = set(self.pinned)
        self.app.push_screen(KeptRunsScreen(lines, wanted), lambda number: self._chosen(number, wanted))

    def _chosen(self, number: int | None, wanted: set[int]) -> None:
        self.run_worker(self._pin(wanted))
        if number is not None:
            try:
                self.open(Source.find(f"@{number}"))
            except ScenarioError as error:
                self.notify(str(error), severity="error", markup=False)

    async def _pin(self, wanted: set[int]) -> None:
        for number in set(self.pinned) - wanted:
            del self.pinned[number]
        for number in sorted(wanted - set(self.pinned)):
            await self._load(number)
        self._haunt()

    async def _load(self, number: int, since: int = 0) -> None:
        try:
            self.pinned[number] = Pinned(await asyncio.to_thread(_run, number), since)
        except ScenarioError as error:
            self.notify(str(error), severity="warning", markup=False)

    def on_kept(self, kept: Kept) -> None:
        """The worker has kept a course that a change has left: it stays to be seen."""
        self.run_worker(self._pin_left(kept))

    async def _pin_left(self, kept: Kept) -> None:
        await self._load(kept.number, kept.since)
        self._haunt()

    def _haunt(self) -> None:
        palette = palette_of(self.app)
        self.board.haunt(
            tuple(
                _ghost(number, pinned, palette.lane(_FIRST_COLOR + place))
                for place, (number, pinned) in enumerate(self.pinned.items())
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
