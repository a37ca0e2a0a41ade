"""The lab: a run with its forms and its views, and what a person does to it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.training.client import WorkerExit
from nn_tui.training.messages import Frame, Opened, Refused, Saved
from nn_tui.tui.commands import bindings
from nn_tui.tui.conversation import Conversation, Listener, MakeClient
from nn_tui.tui.forms.row import Row
from nn_tui.tui.run_control import RunControl
from nn_tui.tui.views.loss import LossView
from nn_tui.tui.views.view import View
from nn_tui.tui.widgets.board import Board
from nn_tui.tui.widgets.drawer import Drawer
from nn_tui.tui.widgets.status_line import Standing, StatusLine
from nn_tui.tui.widgets.toolbar import Toolbar

FRAMES_A_SECOND = 15


class LabScreen(Screen[None]):
    """One scenario at a time, in training."""

    BINDINGS: ClassVar[list[BindingType]] = bindings()
    AUTO_FOCUS = ""

    def __init__(self, scenario: Scenario, make_client: MakeClient) -> None:
        super().__init__()
        listener = Listener(self._on_opened, self._on_frame, self._on_refused, self._on_saved, self._on_gone)
        self.conversation = Conversation(make_client, listener)
        self.control = RunControl(self.conversation)
        self.scenario = scenario

    def compose(self) -> ComposeResult:
        yield StatusLine()
        with Horizontal(id="body"):
            yield Drawer()
            yield Board()
        yield Toolbar()

    async def on_mount(self) -> None:
        self._show_standing()
        await self.conversation.start()
        self.open(self.scenario)
        self.set_interval(1 / FRAMES_A_SECOND, self._look)

    async def on_unmount(self) -> None:
        await self.conversation.close()

    def open(self, scenario: Scenario) -> None:
        """Goes over to another scenario."""
        self.scenario = scenario
        self.query_one(Drawer).show_lesson(scenario.lesson)
        self.control.open(scenario)
        self._show_standing()

    # -- what the worker says ----------------------------------------------------------------------------------------

    def _on_opened(self, opened: Opened) -> None:
        self.control.opened(opened)
        self._show_draft()
        self.query_one(Board).open(opened)
        self._look()

    def _on_frame(self, frame: Frame) -> None:
        if self.control.took(frame):
            self._show_draft()
        self.query_one(Board).show(frame)
        self._show_standing()

    def _on_refused(self, refused: Refused) -> None:
        if not (refused.key and self.query_one(Drawer).refuse(refused.key, refused.problem)):
            key = f"{refused.key}: " if refused.key else ""
            self.notify(f"{key}{refused.problem}", severity="warning", markup=False)
        self._show_standing()

    def _on_saved(self, saved: Saved) -> None:
        self.notify(f"{saved.path}\n{saved.detail}", title="Saved", markup=False)

    def _on_gone(self, gone: WorkerExit) -> None:
        self.notify(gone.reason, severity="error", markup=False)
        self._show_standing()

    # -- what is on screen -------------------------------------------------------------------------------------------

    def _look(self) -> None:
        if self.conversation.opened is not None:
            self.control.look(self.query_one(Board).look())

    def _show_standing(self) -> None:
        status = self.control.status
        self.query_one(StatusLine).show(Standing(self.scenario.title, status, self.control.frame))
        self.query_one(Toolbar).show(status == "running")

    def _show_draft(self) -> None:
        if self.control.draft is not None:
            self.query_one(Drawer).show(self.control.draft)

    def on_resize(self) -> None:
        self.query_one(Board).tabbed = self.size.width < 110

    # -- what a person does ------------------------------------------------------------------------------------------

    def on_row_changed(self, event: Row.Changed) -> None:
        """A field of a form: for the running net, or for the next reset."""
        event.stop()
        draft = self.control.draft
        if draft is None:
            return
        try:
            is_live = draft.propose(event.key, event.value)
        except ScenarioError as error:
            key = "" if error.key in ("", event.key) else f"{error.key}: "
            event.row.refuse(f"{key}{error.problem}")
            return
        if is_live:
            self.control.apply(event.key, event.value)
        self._show_draft()

    def action_play_pause(self) -> None:
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

    def action_log(self) -> None:
        view = self.focused if isinstance(self.focused, View) else self.query_one(LossView)
        if isinstance(view, LossView):
            view.action_log()

    def action_recent(self) -> None:
        board = self.query_one(Board)
        board.recent = not board.recent

    def action_next_layer(self) -> None:
        self._change_layer(1)

    def action_previous_layer(self) -> None:
        self._change_layer(-1)

    def _change_layer(self, by: int) -> None:
        opened, board = self.conversation.opened, self.query_one(Board)
        if opened is not None:
            board.layer_shown = (board.layer_shown + by) % len(opened.layers)

    def action_forms(self) -> None:
        drawer = self.query_one(Drawer)
        drawer.toggle_class("-open" if self.has_class("-narrow") else "-closed")
