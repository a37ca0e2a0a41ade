"""The lab: a run with its forms and its views, and what a person does to it."""

import asyncio
import gc
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.containers import Horizontal
from textual.widgets import Static

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.worker.client import WorkerExit
from nn_tui.training.worker.messages import Frame, Opened, Refused, Saved
from nn_tui.tui.commands import bindings
from nn_tui.tui.conversation import Conversation, Listener, MakeClient
from nn_tui.tui.draft import Draft
from nn_tui.tui.forms.row import Row
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.panels.registry import load_all
from nn_tui.tui.screens.tour import TouredScreen
from nn_tui.tui.source import Source
from nn_tui.tui.widgets.board import Board
from nn_tui.tui.widgets.drawer import Drawer
from nn_tui.tui.widgets.status_line import Standing, StatusLine
from nn_tui.tui.widgets.too_small import LEAST, TooSmall
from nn_tui.tui.widgets.toolbar import Toolbar

if TYPE_CHECKING:
    from nn_tui.tui.panels.tables.diagnosis import DiagnosisPanel
    from nn_tui.tui.screens.worker_gone import Answer

FRAMES_A_SECOND = 15
QUICK_FRAMES = 5
"""How many frames there are in the time of one where something is to be seen moving, as points on a surface are."""

_MOST_REMEMBERED = 500
"""Scenarios of which it is remembered that they were opened."""

_LONGEST_WAIT = 0.1
"""Seconds for which the first picture waits for the worker."""

_SETTLING_SECONDS = 1.0
"""After which the lab has come up, as a rule."""

_HINT = "space trains the net · j jumps to a field, ↑↓ change it · T begins a tour · ? explains"


class LabScreen(TouredScreen):
    """One scenario at a time, in training."""

    CSS_PATH = ["lab.tcss"]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(),
        *(Binding(str(number % 10), f"panel({number})", show=False) for number in range(1, 11)),
        Binding("escape", "leave", show=False),
    ]
    AUTO_FOCUS = ""

    def __init__(self, source: Source, make_client: MakeClient) -> None:
        listener = Listener(
            self._on_opened, self._on_frame, self._on_refused, self._on_saved, self._on_gone, self.on_kept
        )
        super().__init__(source, Conversation(make_client, listener))
        self._before = source
        self._sources: dict[int, Source] = {}
        self._ticks = 0
        self._told_gone: WorkerExit | None = None
        self._is_between = self._is_due = False

    @staticmethod
    def _provider() -> type[Provider]:
        from nn_tui.tui.commands_provider import LabCommands

        return LabCommands

    COMMANDS = {_provider}  # noqa: RUF012

    def compose(self) -> ComposeResult:
        settings = self.lab.settings
        yield StatusLine()
        with Horizontal(id="body"):
            yield Drawer(classes="" if settings.forms else "-closed")
            yield Board(settings.shown, settings.hidden)
        yield Static(_HINT, id="hint")
        yield Toolbar()
        yield TooSmall()

    async def on_mount(self) -> None:
        self.query_one("#hint").display = not self.lab.settings.knows_hint
        self.query_one("#body").display = False
        self.app.app_suspend_signal.subscribe(self, lambda _: self.control.rest(), immediate=True)
        self.app.app_resume_signal.subscribe(self, lambda _: self._come_back())
        self.query_one(Drawer).show(Draft(self.source.scenario))
        try:
            await self.conversation.start()
        except OSError as error:
            self.notify(f"The training process cannot be started: {error}", severity="error", markup=False)
            return
        self.open(self.source)
        if self.lab.painter is not None:
            # While the worker gets ready, and not before there is an app that waits for it.
            self.lab.painter.get_ready()
        self.set_timer(_LONGEST_WAIT, self._come_up)
        self.set_timer(_SETTLING_SECONDS, self._settle)
        if self.source.is_table:
            self._ask_about(Path(self.source.name))
        elif self.lab.is_first_start:
            await self._welcome()
        self.set_interval(1 / (QUICK_FRAMES * FRAMES_A_SECOND), self._tick)

    async def _welcome(self) -> None:
        """Shows the start page, over the scenario that is there until another is chosen."""
        from nn_tui.scenario import catalogue
        from nn_tui.tui.screens.picker import PickerScreen

        await asyncio.get_running_loop().run_in_executor(None, catalogue.scenarios)
        self.app.push_screen(PickerScreen(self.source.name, first=True), self._open_picked)

    def _come_up(self) -> None:
        """Draws forms and views: all at once with the first frame, or without it where that takes long."""
        self.query_one("#body").display = True

    async def _settle(self) -> None:
        """Does what the first picture need not wait for: the other views are loaded, beside the event loop, and what is
        there by then is taken out of the collector's sight, for it stays, and going over it again takes 40 ms.
        """
        await asyncio.get_running_loop().run_in_executor(None, load_all)
        gc.enable()
        gc.collect()
        gc.freeze()

    def _come_back(self) -> None:
        self.control.go_on_after_rest()
        self.app.refresh(layout=True)

    async def on_unmount(self) -> None:
        await self.conversation.close()

    def open(self, source: Source) -> None:
        """Goes over to another scenario."""
        if self.conversation.gone is not None:
            self._on_gone(self.conversation.gone)
            return
        self._before, self.source = self.source, source
        self.control.open(source.scenario, source.name, source.step)
        self._show_source()

    def _show_source(self) -> None:
        self.query_one(Drawer).show_lesson(self.source.scenario)
        self._show_draft()
        self._show_standing()

    # -- what the worker says ----------------------------------------------------------------------------------------

    @property
    def _is_leaving(self) -> bool:
        """Whether the app is being left: what it is made of goes before the worker does."""
        return not self.query(StatusLine)

    def _on_opened(self, opened: Opened) -> None:
        if self._is_leaving:
            return
        self.control.opened(opened)
        if opened.origin:
            self.source = self._sources.get(opened.origin, self.source)
            self._show_source()
        self._sources[opened.run] = self.source
        ever = dict.fromkeys((*self.lab.settings.opened, self.source.name))
        self.lab.remember(scenario=self.source.name, opened=tuple(ever)[-_MOST_REMEMBERED:])
        self._show_draft()
        self.query_one(Drawer).forgive()
        self.query_one(Drawer).show_size(opened)
        self.query_one(Board).open(opened)
        self.look()

    def _on_frame(self, frame: Frame) -> None:
        if self._is_leaving:
            return
        if self.control.took(frame):
            self._show_draft()
        self._come_up()
        self._show_drawn(frame)
        self.query_one(Board).show(frame, self._is_between)
        if self._is_between and frame.status == "running":
            # What stands still elsewhere on the screen need not be put together again.
            return
        self.query_one(Drawer).show_digest(frame)
        self._show_standing()

    def _on_refused(self, refused: Refused) -> None:
        if refused.command == "Apply" and self.control.draft is not None:
            self.control.draft.unsend()
            self._show_draft()
        if refused.command == "Open" and self.control.refused():
            self.source = self._before
            self._show_source()
        if not (refused.key and self.query_one(Drawer).refuse(refused.key, refused.problem)):
            key = f"{refused.key}: " if refused.key else ""
            self.notify(f"{key}{refused.problem}", severity="warning", markup=False)
        self._show_standing()

    def _on_saved(self, saved: Saved) -> None:
        self.notify(f"{saved.path}\n{saved.detail}", title="Saved", markup=False)

    def _on_gone(self, gone: WorkerExit) -> None:
        from nn_tui.tui.screens.worker_gone import WorkerGoneScreen

        self._show_standing()
        if isinstance(self.app.screen, WorkerGoneScreen):
            return
        step = self.control.frame.step if self.control.frame is not None else 0
        if not self._has_told_of(gone) and self.control.died():
            what = f"{gone.reason[0].upper()}{gone.reason[1:]} at about step {step:,}"
            self.notify(f"{what}. The run goes on from there.", severity="warning", markup=False)
            self.call_later(self._revive, "resume")
            return
        self.app.push_screen(WorkerGoneScreen(gone, step, self.conversation.snapshot is not None), self._revive)

    def _has_told_of(self, gone: WorkerExit) -> bool:
        """Whether it is known already, and a key has asked for what only a worker can do."""
        before, self._told_gone = self._told_gone, gone
        return before is gone

    async def _revive(self, answer: "Answer | None") -> None:
        if answer == "quit":
            await self.action_quit()
        if answer in ("resume", "restart"):
            snapshot = self.conversation.snapshot if answer == "resume" else None
            try:
                await self.conversation.start()
            except OSError as error:
                self.notify(f"The training process cannot be started: {error}", severity="error", markup=False)
                return
            self.control.revive(snapshot, to_the_step=answer == "resume")
            self._show_standing()

    # -- what is on screen -------------------------------------------------------------------------------------------

    def look(self) -> bool:
        """Asks for what is new, if there may be any; returns whether it asked."""
        return self._look(False)

    def _look(self, is_between: bool) -> bool:
        if self.conversation.opened is None:
            return False
        asked = self.control.look(self.query_one(Board).look(is_between))
        if asked:
            self._is_between = is_between
        return asked

    def _tick(self) -> None:
        """Looks for what moves at every tick, and for the rest at every fifth, or as soon after as it can be asked."""
        self._ticks += 1
        self.follow_tour()
        is_due = self._is_due or self._ticks % QUICK_FRAMES == 0
        if is_due:
            self._is_due = not self.look() and self.control.is_playing
        elif self.control.is_playing and self.query_one(Board).is_quick:
            self._look(True)

    def _show_standing(self) -> None:
        status = self.control.status
        self.query_one(StatusLine).show(Standing(self.source.scenario.title, status, self.control.frame))
        self.query_one(Toolbar).show(status == "running")
        self.follow_tour()

    def _show_draft(self) -> None:
        if self.control.draft is not None:
            self.query_one(Drawer).show(self.control.draft)

    def on_resize(self) -> None:
        self.query_one(Board).tabbed = self.size.width < self.lab.WIDE
        self.set_class(self.size.width < LEAST[0] or self.size.height < LEAST[1], "-tiny")

    # -- what a person does to the scenario --------------------------------------------------------------------------

    def on_diagnosis_panel_chosen(self, event: "DiagnosisPanel.Chosen") -> None:
        """A remedy: for the running net, or for the next reset."""
        event.stop()
        if self.control.draft is None:
            return
        try:
            is_live = self.control.cure(event.remedy)
        except ScenarioError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        from nn_tui.tui.panels.tables.diagnosis import gain

        when = "acts now" if is_live else "waits for reset (r)"
        gained = gain(event.remedy)
        self.notify(f"{event.remedy.text}{gained}{';' if gained else ':'} {when}.", markup=False)
        self._show_draft()

    def action_cure(self) -> None:
        """Applies the best remedy that was tried."""
        from nn_tui.tui.panels.tables.diagnosis import DiagnosisPanel, told

        frame = self.control.frame
        found = told(frame) if frame is not None else ()
        remedy = next((remedy for finding in found if finding.ill for remedy in finding.remedies), None)
        if remedy is None:
            examined = frame.examined if frame is not None else None
            if examined is None or not examined.done:
                self.notify("No remedy has been tried yet: they are tried while the diagnosis is on screen.")
            else:
                self.notify("There is nothing to cure: nothing that was tried helps beyond what seeds move.")
            return
        self.post_message(DiagnosisPanel.Chosen(remedy))

    # -- what a person looks at --------------------------------------------------------------------------------------

    def action_log(self) -> None:
        from nn_tui.tui.panels.curves.chart import LogChart

        on_screen = sorted(self.query_one(Board).on_screen, key=lambda view: view is not self.focused)
        view = next((view for view in on_screen if isinstance(view, LogChart)), None)
        if view is not None:
            view.action_log()

    def action_recent(self) -> None:
        board = self.query_one(Board)
        board.recent = not board.recent

    def action_next_layer(self) -> None:
        self._change_layer(1)

    def action_previous_layer(self) -> None:
        self._change_layer(-1)

    def action_layer(self, number: int) -> None:
        """Looks at a layer, or an optimizer of a race, counted from 0."""
        opened = self.conversation.opened
        if opened is not None and number < len(opened.layers or opened.lanes):
            self.query_one(Board).layer_shown = number

    def _change_layer(self, by: int) -> None:
        opened, board = self.conversation.opened, self.query_one(Board)
        if opened is not None:
            board.layer_shown = (board.layer_shown + by) % max(1, len(opened.layers or opened.lanes))

    def action_maximize(self) -> None:
        if self.maximized is not None:
            self.minimize()
            return
        views = self.query_one(Board).on_screen
        view = self.focused if isinstance(self.focused, Panel) else next(iter(views), None)
        if view is not None:
            self.maximize(view)

    def action_forms(self) -> None:
        drawer = self.query_one(Drawer)
        if self.has_class("-narrow"):
            drawer.toggle_class("-open")
            if drawer.has_class("-open"):
                drawer.query(Row).first().focus()
            return
        drawer.toggle_class("-closed")
        self.lab.remember(forms=not drawer.has_class("-closed"))

    def action_leave(self) -> None:
        """Closes the drawer, or lets go of what is in focus."""
        drawer = self.query_one(Drawer)
        if drawer.has_class("-open"):
            drawer.remove_class("-open")
        self.set_focus(None)

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_suspend(self) -> None:
        self.app.action_suspend_process()

    async def action_quit(self) -> None:
        await self.app.action_quit()
