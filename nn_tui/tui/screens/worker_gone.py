"""What to do when the worker has died: everything stays on screen behind the question."""

from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import HorizontalGroup
from textual.widgets import Button, Static

from nn_tui.training.worker.client import WorkerExit
from nn_tui.tui.dialogs.dialog import Box, Dialog

Answer = Literal["resume", "restart", "quit"]


class WorkerGoneScreen(Dialog[Answer]):
    """Ends with what to do; None leaves things as they are, to be looked at."""

    def __init__(self, gone: WorkerExit, step: int, can_resume: bool) -> None:
        """
        Args:
            gone: how it ended.
            step: the last step seen.
            can_resume: whether there is a snapshot to go on from.
        """
        super().__init__()
        self._gone = gone
        self._step = step
        self._can_resume = can_resume

    def compose(self) -> ComposeResult:
        with Box("The training process has ended", "esc look at what is there"):
            reason = f"{self._gone.reason[0].upper()}{self._gone.reason[1:]}"
            yield Static(f"{reason}, at about step {self._step:,}.\n", markup=False)
            if self._gone.errors:
                last = "\n".join(self._gone.errors.strip().splitlines()[-6:])
                yield Static(f"{last}\n", classes="errors", markup=False)
            with HorizontalGroup():
                if self._can_resume:
                    yield Button("Go on from a snapshot", id="resume", variant="primary", compact=True)
                yield Button("Begin again", id="restart", compact=True)
                yield Button("Quit", id="quit", compact=True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        answers: dict[str | None, Answer] = {"resume": "resume", "restart": "restart", "quit": "quit"}
        self.dismiss(answers[event.button.id])
