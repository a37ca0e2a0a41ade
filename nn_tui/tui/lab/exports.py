"""What a person gets out of a run: files of it, a picture of the screen, and the command that replays it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.training.files.atomic import OutputError, write_atomically
from nn_tui.training.worker.messages import Frame, Save
from nn_tui.tui.conversation import Conversation
from nn_tui.tui.run_control import RunControl
from nn_tui.tui.source import Source

if TYPE_CHECKING:
    from nn_tui.tui.screens.save import Wanted, What


class Exports:
    """Asks what is wanted and where, and has it written."""

    def __init__(self, screen: Screen[None], conversation: Conversation, control: RunControl) -> None:
        self._screen = screen
        self._conversation = conversation
        self._control = control

    def ask(self, what: "What" = "model") -> None:
        """Asks what is to be saved, and where."""
        from nn_tui.tui.screens.save import SaveScreen

        step = self._control.frame.step if self._control.frame is not None else 0
        self._screen.app.push_screen(SaveScreen(self._control.source, step, what), self._save)

    def _save(self, wanted: "Wanted | None") -> None:
        if wanted is None:
            return
        if wanted.what == "picture":
            self._screen.call_after_refresh(self._save_picture, wanted.path)
            return
        self._conversation.send(Save(what=wanted.what, path=str(wanted.path)))

    def _save_picture(self, path: Path) -> None:
        try:
            write_atomically(path, self._screen.app.export_screenshot().encode())
        except OutputError as error:
            self._screen.notify(str(error), severity="error", markup=False)
        else:
            self.tell(path)

    def tell(self, path: Path | str, detail: str = "") -> None:
        """Says what was saved, and where."""
        self._screen.notify(f"{path}\n{detail}".rstrip(), title="Saved", markup=False)

    async def copy_command(self) -> None:
        """Puts the command on the clipboard that gives the same digest at the shell, if there is one."""
        control, frame = self._control, self._control.frame
        if frame is None or control.draft is None or control.started is None:
            return
        resumed = control.model is not None
        command, problem = None, "Changes were made as it ran"
        # A saved model's run from its beginning is at hand in no file.
        if not control.draft.is_touched and resumed == (control.source.model is not None):
            try:
                command = await asyncio.to_thread(_command, control.source, control.started, frame, resumed)
            except ScenarioError as error:
                problem = f"Nothing at the shell gives this run again ({error})"
        if command is None:
            self._screen.notify(f"{problem}: save the scenario, then replay that file.", markup=False)
            self.ask("scenario")
            return
        self._screen.app.copy_to_clipboard(command)
        self._screen.notify(command, title="Copied", markup=False)


def _command(source: Source, started: Scenario, frame: Frame, resumed: bool) -> str | None:
    """What replays a run that began so; None if no `--set` can say how it differs from what the shell would read now.

    Raises:
        ScenarioError: if the shell would read nothing under the scenario's name, or not so much of it.
    """
    from nn_tui.tui.replay_command import replay_command

    found = Source.find(source.name)
    if found.sweep:
        raise ScenarioError("a sweep can be opened, not replayed")
    if found.name.startswith("@") and frame.step > found.step:
        raise ScenarioError(f"the kept run {found.name} ended at step {found.step:,}")
    steps = None if frame.status == "finished" else frame.step
    return replay_command(found.name, found.stored, started, steps, resumed)
