"""Many runs beside the one on screen: the search for a rate, and sweeps, begun here or only looked at."""

import asyncio
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from textual.screen import Screen

from nn_tui.scenario.errors import ScenarioError
from nn_tui.tui.run_control import RunControl
from nn_tui.tui.source import Source

if TYPE_CHECKING:
    from nn_tui.training.errand import Errand
    from nn_tui.training.sweep.plan import Plan
    from nn_tui.training.sweep.watching import WatchedSweep


class Trials:
    """Asks what is to be tried, has it tried in processes of their own, and takes what a person wants of it."""

    def __init__(
        self,
        screen: Screen[None],
        control: RunControl,
        propose: Callable[[str, object, Callable[[str], None]], object],
        go_over: Callable[[Source], None],
    ) -> None:
        """
        Args:
            screen: that the others stand over.
            control: of the run.
            propose: has a field changed.
            go_over: goes over to another scenario.
        """
        self._screen = screen
        self._control = control
        self._propose = propose
        self._go_over = go_over
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def find_rate(self) -> None:
        """Searches the rate that suits the scenario as the forms have it, and takes it if a person wants it."""
        from nn_tui.tui.screens.rate import RateScreen

        if self._control.draft is not None:
            self._screen.app.push_screen(RateScreen(self._control.draft.next), self._take_rate)

    def _take_rate(self, rate: float | None) -> None:
        if rate is not None:
            warn = partial(self._screen.notify, severity="warning", markup=False)
            self._propose("training.optimizer.lr", rate, warn)

    def sweep(self) -> None:
        """Asks what to vary of the scenario as the forms have it, and has it swept."""
        from nn_tui.tui.screens.vary import VaryScreen

        def take(plan: "Plan | None") -> None:
            if plan is not None:
                self._screen.run_worker(self._begin(plan))

        if self._control.draft is not None:
            self._screen.app.push_screen(VaryScreen(self._control.draft.next), take)

    async def _begin(self, plan: "Plan") -> None:
        from nn_tui.training.errand import Errand
        from nn_tui.training.files.kept_file import VARIABLE
        from nn_tui.training.kept.index import Index
        from nn_tui.training.kept.store import Store
        from nn_tui.training.sweep.interface import SweepRequest
        from nn_tui.training.sweep.progress import InStore
        from nn_tui.training.sweep.sweeping import settled
        from nn_tui.training.sweep.watching import WatchedSweep

        source, place = self._control.source, self._place()
        # A saved model is no scenario: what is swept of it begins at its first step.
        name = source.name if source.model is None else ""

        def begin() -> WatchedSweep:
            nonlocal plan
            plan = settled(plan)
            InStore(plan, Store(place), name)
            return WatchedSweep(plan.hash(), Index(place))

        try:
            watched = await asyncio.to_thread(begin)
        except ScenarioError as error:
            self._screen.notify(str(error), severity="warning", markup=False)
            return
        request = msgspec.msgpack.encode(SweepRequest(plan=plan, name=name))
        self._show(watched, partial(Errand, "nn_tui.training.sweep", request, {VARIABLE: str(place)}))

    def show(self, source: Source) -> None:
        """Shows the sweep that is opened, if it is one; of a scenario that says how it is swept, says so."""
        if source.scenario.sweep and not source.sweep and not source.step:
            self._screen.notify("This scenario says how it is swept: S runs that beside it.")
        if not source.sweep:
            return
        from nn_tui.training.sweep.watching import WatchedSweep

        try:
            self._show(WatchedSweep(source.sweep))
        except ScenarioError as error:
            self._screen.notify(str(error), severity="warning", markup=False)

    def _show(self, watched: "WatchedSweep", start: "Callable[[], Errand] | None" = None) -> None:
        from nn_tui.training.sweep.result import TrialResult
        from nn_tui.tui.screens.sweep import SweepScreen

        def take(trial: TrialResult | None) -> None:
            if trial is not None:
                try:
                    self._go_over(Source.of_trial(watched, trial))
                except ScenarioError as error:
                    self._screen.notify(str(error), severity="warning", markup=False)

        self._screen.app.push_screen(SweepScreen(watched, start), take)

    def _place(self) -> Path:
        """Where trials are kept: with the runs, or, where none are to be, in a folder that goes with the lab."""
        from nn_tui.training.files.kept_file import store_path

        place = store_path()
        if place is not None:
            return place
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="nn-tui-sweeps-")
        return Path(self._folder.name) / "runs.sqlite"
