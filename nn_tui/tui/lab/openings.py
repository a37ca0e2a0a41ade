"""What is opened: a scenario of the catalog or a file, a kept run, a table of which something is to be made."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.screen import Screen

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.given import is_table
from nn_tui.tui.settings import Memory
from nn_tui.tui.source import Source
from nn_tui.user_path import user_path


class Openings:
    """Asks what is to be opened, and has it opened."""

    def __init__(self, screen: Screen[None], memory: Memory, go_over: Callable[[Source], None]) -> None:
        """
        Args:
            screen: that dialogs stand over.
            memory: says what was opened before.
            go_over: goes over to another scenario.
        """
        self._screen = screen
        self._memory = memory
        self._go_over = go_over

    def pick(self, current: str) -> None:
        """Lets a person choose; `current` is the name of what is open."""
        from nn_tui.tui.screens.picker import PickerScreen

        self._screen.app.push_screen(PickerScreen(current, self._memory.settings.opened), self.open)

    async def welcome(self, current: str) -> None:
        """Shows the start page, over the scenario that is there until another is chosen."""
        from nn_tui.scenario import catalogue
        from nn_tui.tui.screens.picker import PickerScreen

        await asyncio.get_running_loop().run_in_executor(None, catalogue.scenarios)
        self._screen.app.push_screen(PickerScreen(current, first=True), self.open)

    def open(self, name: str | None) -> None:
        """Opens what a person has named: of a table it is asked first what is to be made of it; None opens nothing."""
        if name is None:
            return
        if is_table(name):
            self.ask_about(user_path(name).absolute())
            return
        try:
            self._go_over(Source.find(name))
        except ScenarioError as error:
            # The file has changed since it was chosen.
            self._screen.notify(str(error), severity="error", markup=False)

    def ask_about(self, table: Path, changes: Mapping[str, object] | None = None) -> None:
        """Asks what is to be made of a table, and opens that; `changes` as of `overrides.apply`."""
        from nn_tui.tui.screens.table import TableScreen

        def take(source: Source | None) -> None:
            if source is not None:
                self._go_over(source)

        self._screen.app.push_screen(TableScreen(table, changes), take)
