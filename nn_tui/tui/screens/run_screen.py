"""A screen with a run: what a person does to it, and gets out of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from nn_tui.training.files.atomic import OutputError, write_atomically
from nn_tui.training.worker.messages import Save
from nn_tui.tui.conversation import Conversation
from nn_tui.tui.run_control import RunControl
from nn_tui.tui.source import Source

if TYPE_CHECKING:
    from nn_tui.tui.app import LabApp
    from nn_tui.tui.screens.save import Wanted, What


class RunScreen(Screen[None]):
    """The part of the lab that is about its run; what is seen of it is `LabScreen`'s.

    Attributes:
        conversation: with the worker.
        control: of the run.
        source: the scenario that is open, as it stands in its file.
    """

    def __init__(self, source: Source, conversation: Conversation) -> None:
        super().__init__()
        self.conversation = conversation
        self.control = RunControl(conversation)
        self.source = source

    @property
    def lab(self) -> "LabApp":
        """The app, as what it is."""
        app: LabApp = self.app  # type: ignore[assignment]
        return app

    def _show_standing(self) -> None:
        """Brings what is said of the run's state in line with it."""
        raise NotImplementedError

    def _show_draft(self) -> None:
        """Brings the forms in line with the draft."""
        raise NotImplementedError

    def _take_hint_away(self) -> None:
        if self.lab.settings.on_tour:
            return
        self.query_one("#hint").display = False
        self.lab.remember(knows_hint=True)

    # -- what a person does to the run -------------------------------------------------------------------------------

    def action_play_pause(self) -> None:
        self._take_hint_away()
        if self.control.status == "finished":
            self.notify("The run is finished: m trains for more epochs, r begins again.")
        elif self.control.status == "diverged":
            self.notify("The run has diverged: ← goes back, r begins again.")
        else:
            self.control.play_pause()

    def action_step(self) -> None:
        self.control.advance(steps=1)

    def action_epoch(self) -> None:
        self.control.advance(epochs=1)

    def action_reset(self) -> None:
        self.control.reset()
        self._show_standing()

    def action_new_seed(self) -> None:
        self.control.new_seed()
        self._show_standing()

    def action_slower(self) -> None:
        self.control.change_speed("slower")

    def action_faster(self) -> None:
        self.control.change_speed("faster")

    def action_flat_out(self) -> None:
        self.control.change_speed("flat out")

    def action_back(self) -> None:
        self.control.rewind(epochs=1)

    def action_step_back(self) -> None:
        self.control.rewind(steps=1)

    def action_rewind_all(self) -> None:
        self.control.rewind(to=0)

    def action_go_on(self) -> None:
        self.control.go_on()

    def action_undo(self) -> None:
        frame = self.control.frame
        if self.control.draft is not None and self.control.draft.pending:
            # What waits has changed nothing yet: it is the latest that was done, and goes first.
            self.control.draft.forget()
            self._show_draft()
            self.notify("What waited for a reset is dropped.")
        elif frame is None or not frame.undo:
            self.notify("There is nothing to undo: no change was made by hand, and no run left.")
        else:
            self.control.undo()
            self.notify(f"Undone: {frame.undo}. U brings it back.", markup=False)

    def action_redo(self) -> None:
        frame = self.control.frame
        if frame is None or not frame.redo:
            self.notify("There is nothing to bring back: nothing was undone since the last change.")
        else:
            self.control.redo()
            self.notify(f"Brought back: {frame.redo}.", markup=False)

    # -- getting things out ------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        self._ask_what_to_save("model")

    def _ask_what_to_save(self, what: "What") -> None:
        from nn_tui.tui.screens.save import SaveScreen

        step = self.control.frame.step if self.control.frame is not None else 0
        self.app.push_screen(SaveScreen(self.source, step, what), self._save)

    def _save(self, wanted: "Wanted | None") -> None:
        if wanted is None:
            return
        if wanted.what == "picture":
            self.call_after_refresh(self._save_picture, wanted.path)
            return
        self.conversation.send(Save(what=wanted.what, path=str(wanted.path)))

    def _save_picture(self, path: Path) -> None:
        try:
            write_atomically(path, self.app.export_screenshot().encode())
        except OutputError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.notify(str(path), title="Saved", markup=False)

    def action_copy_command(self) -> None:
        control, frame = self.control, self.control.frame
        if frame is None or control.draft is None or control.started is None:
            return
        from nn_tui.tui.replay_command import replay_command

        steps = None if frame.status == "finished" else frame.step
        command = None
        if not control.draft.is_touched:
            command = replay_command(self.source.name, self.source.stored, control.started, steps)
        if command is None:
            self.notify("Changes were made as it ran: save the scenario, then replay that file.")
            self._ask_what_to_save("scenario")
            return
        self.app.copy_to_clipboard(command)
        self.notify(command, title="Copied", markup=False)
