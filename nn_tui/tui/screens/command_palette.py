"""Everything that can be done, found by a word: Textual's palette."""

from contextlib import suppress

from textual import on
from textual.command import CommandPalette
from textual.widgets import Input
from textual.worker import WorkerError

from nn_tui.tui.dialogs.overlay import Overlay

WHAT_CAN_BE_FOUND = "a command, field, choice, panel, theme or scenario …"


class LabPalette(CommandPalette, Overlay[None]):
    """Textual's own, which a click on what is behind it may leave while a key that leaves it is on its way.

    Enter is for the whole word that was typed: Textual's takes what a part of it has found, or nothing, as long as it
    looks for the rest.
    """

    @on(Input.Submitted)
    async def _wait_for_what_is_looked_for(self) -> None:
        searches = [worker for worker in self.workers if worker.node is self and not worker.is_finished]
        with suppress(WorkerError):
            await self.workers.wait_for_complete(searches)
