"""The lab: a run with its forms and its panels, and every key a person can press there."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.containers import Horizontal

from nn_tui.quick_start import settle
from nn_tui.training.worker.messages import Frame, Opened, Refused
from nn_tui.tui.commands import bindings
from nn_tui.tui.conversation import Conversation, Listener, MakeClient
from nn_tui.tui.draft import Draft
from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.lab.changes import Changes
from nn_tui.tui.lab.display import Display
from nn_tui.tui.lab.drawn_input import DrawnInput
from nn_tui.tui.lab.exports import Exports
from nn_tui.tui.lab.ghost_runs import GhostRuns
from nn_tui.tui.lab.late_tooltip import LateTooltip
from nn_tui.tui.lab.openings import Openings
from nn_tui.tui.lab.pace import Pace
from nn_tui.tui.lab.patches import Patches
from nn_tui.tui.lab.revival import Revival
from nn_tui.tui.lab.tour import Tour
from nn_tui.tui.lab.trials import Trials
from nn_tui.tui.lab.ways import Ways
from nn_tui.tui.painter import Painter
from nn_tui.tui.panels.loading import load_all
from nn_tui.tui.run_control import RunControl
from nn_tui.tui.settings import Memory
from nn_tui.tui.source import Source
from nn_tui.tui.widgets.board import Board
from nn_tui.tui.widgets.status_line import StatusLine
from nn_tui.tui.widgets.too_small import LEAST, TooSmall
from nn_tui.tui.widgets.toolbar import Toolbar

if TYPE_CHECKING:
    from nn_tui.tui.panels.network.by_hand import ByHand
    from nn_tui.tui.panels.network.trace import TracePanel
    from nn_tui.tui.panels.tables.diagnosis import DiagnosisPanel

WIDE = 110
"""From how many columns on forms and panels stand side by side."""

_LONGEST_WAIT = 0.3
"""Seconds for which the first picture waits for the worker. One drawn before the first frame is drawn all over again
with it, so this is longer than a worker takes that has little to load."""

_SETTLING_SECONDS = 1.0
"""After which the lab has come up, as a rule."""


class LabScreen(LateTooltip):
    """One scenario at a time, in training.

    The screen takes what the worker tells, shows it, and passes on what a person does to the part it belongs to.

    Attributes:
        conversation: with the worker.
        control: of the run.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(),
        *(Binding(str(number % 10), f"panel({number})", show=False) for number in range(1, 11)),
        Binding("escape", "leave", show=False),
    ]
    AUTO_FOCUS = ""

    def __init__(
        self,
        source: Source,
        make_client: MakeClient,
        memory: Memory,
        painter: Painter | None = None,
        welcomes: bool = False,
    ) -> None:
        """
        Args:
            source: what is opened first.
            make_client: connects to a worker.
            memory: what is remembered from start to start.
            painter: the thread that curves are drawn in, if there is one.
            welcomes: whether the start page is shown.
        """
        super().__init__()
        self._compositor = Patches()
        self.conversation = Conversation(
            make_client,
            Listener(
                opened=self._on_opened,
                frame=self._on_frame,
                refused=self._on_refused,
                saved=lambda saved: self._exports.tell(saved.path, saved.detail),
                gone=lambda gone: self._revival.take(gone),
                left=lambda left: self._ghosts.show_left(left),
            ),
        )
        self.control = RunControl(source, self.conversation)
        self._display = Display(self, self.control)
        self._memory = memory
        self._painter = painter
        self._welcomes = welcomes
        self._openings = Openings(self, memory, self.open)
        self._ways = Ways(self, memory)
        self._changes = Changes(self, self.control, self._openings, self._ways, self._display.show_draft)
        self._trials = Trials(self, self.control, self._changes.propose, self.open)
        self._drawn_input = DrawnInput(self, self._ways)
        self._exports = Exports(self, self.conversation, self.control)
        self._ghosts = GhostRuns(self, self._openings)
        self._revival = Revival(self, self.conversation, self.control, self._display.show_standing)
        self._tour = Tour(self, self.control, memory)
        self._pace = Pace(self, self.conversation, self.control, self._tour.follow)

    @staticmethod
    def _provider() -> type[Provider]:
        from nn_tui.tui.lab.palette_commands import LabCommands

        return LabCommands

    COMMANDS = {_provider}  # noqa: RUF012

    @property
    def source(self) -> Source:
        """The scenario that is open, as it stands in its file."""
        return self.control.source

    @property
    def board(self) -> Board:
        """The panels."""
        return self.query_one(Board)

    # -- coming up, and being left -----------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        settings = self._memory.settings
        yield StatusLine()
        with Horizontal(id="body"):
            yield Drawer(classes="" if settings.forms else "-closed")
            yield Board(settings.shown, settings.hidden)
        yield self._tour.line
        yield Toolbar()
        yield TooSmall()

    async def on_mount(self) -> None:
        self.query_one("#body").display = False
        self.app.app_suspend_signal.subscribe(self, lambda _: self.control.rest(), immediate=True)
        self.app.app_resume_signal.subscribe(self, lambda _: self._come_back())
        self.app.theme_changed_signal.subscribe(self, lambda _: self._ghosts.haunt())
        self.query_one(Drawer).show(Draft(self.source.scenario))
        if not await self._revival.start():
            return
        self.open(self.source)
        if self._painter is not None:
            # While the worker gets ready, and not before there is an app that waits for it.
            self._painter.get_ready()
        self.set_timer(_LONGEST_WAIT, self._display.come_up)
        self.set_timer(_SETTLING_SECONDS, self._settle)
        if self.source.is_table:
            self._openings.ask_about(Path(self.source.name), self.source.changes)
        elif self._welcomes:
            await self._openings.welcome(self.source.name)
        self._pace.start()

    async def _settle(self) -> None:
        """Does what the first picture need not wait for; the other panels are loaded beside the event loop."""
        await asyncio.get_running_loop().run_in_executor(None, load_all)
        settle()

    def _come_back(self) -> None:
        self.control.go_on_after_rest()
        self.app.refresh(layout=True)

    def on_screen_resume(self) -> None:
        """What was over the lab is gone."""
        self._revival.ask_what_waits()

    async def on_unmount(self) -> None:
        await self.conversation.close()

    def open(self, source: Source) -> None:
        """Goes over to another scenario."""
        if self.conversation.gone is not None and not self.conversation.is_alive:
            self._revival.take(self.conversation.gone)
            return
        self.control.open(source)
        self._display.show_source()
        self._trials.show(source)

    # -- what the worker says ----------------------------------------------------------------------------------------

    def _on_opened(self, opened: Opened) -> None:
        if self._display.is_leaving:
            return
        if self.control.opened(opened):
            self._display.show_source()
        self._revival.opened()
        self._ghosts.forget_left(opened)
        self._memory.keep_opened(self.source.name)
        self._display.show_opened(opened)
        self.look()

    def _on_frame(self, frame: Frame) -> None:
        if self._display.is_leaving:
            return
        if self.control.took(frame):
            self._display.show_draft()
        self._drawn_input.show(frame)
        self._display.show_frame(frame, self._pace.is_between)
        self._tour.follow()

    def _on_refused(self, refused: Refused) -> None:
        if refused.command == "Open" and self._revival.refused(refused):
            return
        if refused.command == "Open" and self.control.refused():
            self._display.show_source()
        self._changes.refused(refused)
        self._display.show_standing()

    # -- what is on screen -------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Asks for what is new, if there may be any."""
        self._pace.look()

    def on_resize(self) -> None:
        self.board.tabbed = self.size.width < WIDE
        self.set_class(self.size.width < LEAST[0] or self.size.height < LEAST[1], "-tiny")

    # -- what a person does to the run -------------------------------------------------------------------------------

    def action_play_pause(self) -> None:
        self._tour.take_hint_away()
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
        self._display.show_standing()

    def action_new_seed(self) -> None:
        self.control.new_seed()
        self._display.show_standing()

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

    # -- what a person changes ---------------------------------------------------------------------------------------

    def propose(self, key: str, value: object, refuse: Callable[[str], None]) -> None:
        """A field of a form is to have another value; see `Changes.propose`."""
        self._changes.propose(key, value, refuse)

    def on_diagnosis_panel_chosen(self, event: "DiagnosisPanel.Chosen") -> None:
        """A remedy."""
        event.stop()
        self._changes.cure(event.remedy)

    def on_diagnosis_panel_pinned(self, event: "DiagnosisPanel.Pinned") -> None:
        """Trials of remedies behind the curves."""
        event.stop()
        self._ghosts.show_trials(event.trials)

    def on_trace_panel_chosen(self, event: "TracePanel.Chosen") -> None:
        """Another parameter or example to trace."""
        event.stop()
        self.board.trace = event.choice
        self.look()

    def on_by_hand(self, event: "ByHand") -> None:
        """A weight is to be set."""
        event.stop()
        self._changes.ask_weight(event.parameter)

    def action_undo(self) -> None:
        self._changes.undo()

    def action_redo(self) -> None:
        self._changes.redo()

    def action_cure(self) -> None:
        self._changes.cure_best()

    def action_find_rate(self) -> None:
        self._trials.find_rate()

    def action_sweep(self) -> None:
        self._trials.sweep()

    def action_lesson(self) -> None:
        self._changes.read_lesson()

    def action_do_step(self, number: int) -> None:
        """Does what the lesson says at its step of that number."""
        self._changes.do_step(number)

    def action_draw(self) -> None:
        self._drawn_input.begin(self.conversation.opened)

    # -- what a person looks at --------------------------------------------------------------------------------------

    def action_log(self) -> None:
        self.board.switch_log()

    def action_recent(self) -> None:
        self.board.recent = not self.board.recent

    def action_next_layer(self) -> None:
        self.board.change_layer(1)

    def action_previous_layer(self) -> None:
        self.board.change_layer(-1)

    def action_layer(self, number: int) -> None:
        self.board.choose_layer(number)

    def action_trace(self) -> None:
        self._ways.to_panel("trace")

    def action_field(self, key: str) -> None:
        self._ways.to_field(key)

    def action_go_to_panel(self, name: str) -> None:
        self._ways.to_panel(name)

    def action_panel(self, number: int) -> None:
        self._ways.to_number(number)

    def action_panels(self) -> None:
        self._ways.choose_panels()

    def action_jump(self) -> None:
        self._ways.jump()

    def action_forms(self) -> None:
        self._ways.fold_forms()

    def action_maximize(self) -> None:
        self._ways.maximize()

    def action_leave(self) -> None:
        """Closes the drawer, or lets go of what is in focus."""
        self.query_one(Drawer).remove_class("-open")
        self.set_focus(None)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        self._openings.pick(self.source.name)

    def action_open_named(self, name: str) -> None:
        self._openings.open(name)

    async def action_kept_runs(self) -> None:
        await self._ghosts.choose()

    def action_save(self) -> None:
        self._exports.ask()

    async def action_copy_command(self) -> None:
        await self._exports.copy_command()

    def action_explain(self) -> None:
        self._ways.explain()

    def action_help(self) -> None:
        self._ways.help()

    def action_tour(self) -> None:
        self._tour.begin_or_leave()
