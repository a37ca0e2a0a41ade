"""What is done when the worker has died: the run goes on by itself if it can, else a person is asked."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from nn_tui.training.worker.client import WorkerExit
from nn_tui.training.worker.messages import Refused
from nn_tui.tui.conversation import Conversation
from nn_tui.tui.run_control import RunControl

if TYPE_CHECKING:
    from nn_tui.tui.screens.worker_gone import Answer


class Revival:
    """Starts another worker, and opens the run there once more."""

    def __init__(
        self, screen: Screen[None], conversation: Conversation, control: RunControl, show_standing: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._conversation = conversation
        self._control = control
        self._show_standing = show_standing
        self._told: WorkerExit | None = None
        self._unasked: WorkerExit | None = None
        self._unused: Refused | None = None

    async def start(self) -> bool:
        """Starts a worker; returns whether there is one now, and says why not."""
        try:
            await self._conversation.start()
        except OSError as error:
            self._screen.notify(f"The training process cannot be started: {error}", severity="error", markup=False)
            return False
        return True

    def take(self, gone: WorkerExit) -> None:
        """Goes on with the run where that is worth it, else asks; what is known already is asked at once."""
        from nn_tui.tui.screens.worker_gone import WorkerGoneScreen

        self._show_standing()
        if isinstance(self._screen.app.screen, WorkerGoneScreen):
            return
        step = self._control.frame.step if self._control.frame is not None else 0
        before, self._told = self._told, gone
        if before is not gone and self._control.died():
            what = f"{gone.reason[0].upper()}{gone.reason[1:]} at about step {step:,}"
            said = f"{what}. Another is started, and the run goes on from there."
            self._screen.notify(said, severity="warning", markup=False)
            self._screen.call_later(self._revive, "resume")
            return
        if self._screen.app.screen is not self._screen:
            # Somebody may be typing into what is over the lab; a question would take the letters.
            self._unasked = gone
            return
        asked = WorkerGoneScreen(gone, step, self._conversation.snapshot is not None)
        self._screen.app.push_screen(asked, self._revive)

    def refused(self, refused: Refused) -> bool:
        """Takes note of a run that cannot be opened; returns whether it is the one that was to go on.

        Where a snapshot cannot be used the run begins again. Where that cannot be either, a file of its data being
        away perhaps, nothing is given up: it is asked once more, and whatever is done to the run asks again.
        """
        if not self._control.is_reviving or self._told is None:
            return False
        if self._control.begin_without_snapshot():
            self._unused = refused
            return True
        self._unused = None
        problem = f"{refused.key}: {refused.problem}" if refused.key else refused.problem
        self._told = WorkerExit(self._told.reason, self._told.code, f"It cannot go on: {problem}")
        self._conversation.lose(self._told)
        self.take(self._told)
        return True

    def opened(self) -> None:
        """A run is there again, or another one; says why one begins again that was to go on."""
        unused, self._unused = self._unused, None
        if unused is not None:
            said = f"{unused.problem[0].upper()}{unused.problem[1:]}. The run begins again."
            self._screen.notify(said, severity="warning", markup=False)

    def ask_what_waits(self) -> None:
        """Asks what could not be asked before, now that nothing is over the lab."""
        gone, self._unasked = self._unasked, None
        if gone is not None and gone is self._conversation.gone:
            self.take(gone)

    async def _revive(self, answer: "Answer | None") -> None:
        if answer == "quit":
            await self._screen.app.action_quit()
        if answer in ("resume", "restart"):
            snapshot = self._conversation.snapshot if answer == "resume" else None
            if await self.start():
                self._control.revive(snapshot, to_the_step=answer == "resume")
                self._show_standing()
