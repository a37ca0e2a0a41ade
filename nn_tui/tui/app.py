"""The lab as a Textual app."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import Event, Key, Paste, Resize
from textual.filter import LineFilter
from textual.geometry import Size

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.files.kept_file import OFF, VARIABLE, store_path
from nn_tui.training.kept.damage import tell_damage_to
from nn_tui.training.worker.client import WorkerClient
from nn_tui.training.worker.launch import Launched
from nn_tui.tui.conversation import MakeClient
from nn_tui.tui.drawn_before import forget_what_is_gone
from nn_tui.tui.keyboard import Keyboard
from nn_tui.tui.lab.screen import WIDE, LabScreen
from nn_tui.tui.mishaps import outlive_mishaps, told
from nn_tui.tui.painter import Painter
from nn_tui.tui.palette import has_few_colors, has_sixteen_colors
from nn_tui.tui.screens.command_palette import WHAT_CAN_BE_FOUND, LabPalette
from nn_tui.tui.settings import Memory
from nn_tui.tui.source import Source
from nn_tui.tui.terminal import every_byte
from nn_tui.tui.themes import DARK, LIGHT, lab_variables
from nn_tui.tui.unobeyed import Unobeyed

FIRST_SCENARIO = "xor"

_LARGEST = Size(1_000, 500)
"""Of a terminal that says it is larger, so much is drawn on: millions of cells would take minutes and gigabytes."""

_TOLD_ONCE_SECONDS = 15.0
"""A notice that comes but once stays so long."""


class LabApp(App[None]):
    """Opens a scenario and trains it before one's eyes.

    Attributes:
        memory: what is remembered from start to start.
        painter: the thread that curves are drawn in, if there is one.
        mishaps: what has gone wrong and was passed over, once each.
    """

    PAINTS_ASIDE: ClassVar[bool] = True
    """Whether curves are drawn in a thread of their own; tests draw them at once."""

    TITLE = "nn-tui"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "suspend_process", show=False, priority=True)]
    CSS_PATH = sorted(Path(__file__).parent.rglob("*.tcss"))
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012

    def __init__(
        self,
        scenario: str | None = None,
        launched: Launched | None = None,
        make_client: MakeClient | None = None,
        changes: Mapping[str, object] | None = None,
    ) -> None:
        """
        Args:
            scenario: a name in the catalog or a path; None for the one open last.
            launched: a worker that is on its way already.
            make_client: another connection to a worker than the usual one.
            changes: to the scenario that is named, as `overrides.apply` takes them.

        Raises:
            ScenarioError: for a scenario that cannot be read, or changes that it cannot take.
        """
        self.painter = Painter(self._on_failed_picture) if self.PAINTS_ASIDE else None
        self._loop_to_leave: asyncio.AbstractEventLoop | None = None
        self._notices: list[str] = []
        self.memory = Memory(self._warn)
        settings = self.memory.settings
        self._is_first_start = scenario is None and not settings.scenario
        self.mishaps: list[str] = []
        self._unobeyed = Unobeyed()
        self._goes_on = False
        self._left_with: int | None = None
        self._source = Source.find(scenario, changes) if scenario is not None else self._last()
        self._make_client = make_client or partial(WorkerClient, launched=launched)
        super().__init__()
        self._keyboard = Keyboard(self, super().on_event)
        forget_what_is_gone()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = settings.theme if settings.theme in self.available_themes else DARK.name
        # In time for the first parse of the style sheets, which need not be parsed again for the theme then.
        self._variables = self.get_css_variables()
        self.stylesheet.set_variables(self._variables)

    def _last(self) -> Source:
        """The scenario open last, or the first one if there was none or it is gone."""
        try:
            return Source.find(self.memory.settings.scenario or FIRST_SCENARIO)
        except ScenarioError as error:
            self._notices.append(f"What was open last cannot be opened: {error}")
            return Source.find(FIRST_SCENARIO)

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        dark, sixteen = self.current_theme.dark, has_sixteen_colors(self)
        return variables | lab_variables(dark, variables, has_few_colors(self), sixteen)

    def refresh_css(self, animate: bool = True) -> None:
        variables = self.get_css_variables()
        if variables != self._variables:
            self._variables = variables
            super().refresh_css(animate)

    def get_default_screen(self) -> LabScreen:
        return LabScreen(self._source, self._make_client, self.memory, self.painter, welcomes=self._is_first_start)

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, lambda theme: self.memory.keep(theme=theme.name))
        self._loop_to_leave = asyncio.get_running_loop()
        tell_damage_to(self._warn_from_anywhere)
        self._loop_to_leave.set_exception_handler(self._on_mishap)
        if self._left_with is not None:
            self.exit(return_code=self._left_with)
        notices, self._notices = self._notices, []
        for notice in notices:
            self._warn(notice)
        self._tell_of_kept_runs()

    def _tell_of_kept_runs(self) -> None:
        """Says, the first time, that runs are kept, where, and how that is turned off."""
        kept_in = store_path()
        if kept_in is not None and not self.memory.settings.knows_kept:
            said = f"Runs are kept, to be had back with k, in {kept_in}. {VARIABLE}={OFF} keeps none."
            self.notify(said, timeout=_TOLD_ONCE_SECONDS, markup=False)
            self.memory.keep(knows_kept=True)

    def _warn(self, notice: str) -> None:
        """Says what went wrong; before there is a screen to say it on, it waits."""
        if self._loop_to_leave is not None:
            self.notify(notice, severity="warning", markup=False)
        else:
            self._notices.append(notice)

    def _warn_from_anywhere(self, notice: str) -> None:
        # The app may have been left meanwhile.
        with suppress(RuntimeError):
            if self._loop_to_leave is not None:
                self._loop_to_leave.call_soon_threadsafe(self._warn, notice)

    def on_unmount(self) -> None:
        tell_damage_to(None)
        if self.painter is not None:
            self.painter.close()

    def outlive_mishaps(self) -> None:
        """From now on an error in a handler is told and passed over; without this it ends the app, as tests want it."""
        outlive_mishaps()
        self._goes_on = True

    def _handle_exception(self, error: Exception) -> None:
        if self._goes_on and self._exit and not self._dom_ready:
            # It is left before it has come up: Textual puts nothing more up then, which nobody will see.
            return
        # Before the first picture there is nothing to go on with.
        if self._goes_on and self._dom_ready:
            self._tell_mishap(f"Something went wrong in the lab and was passed over: {told(error)}")
        else:
            super()._handle_exception(error)

    def _on_mishap(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Says, once, what went wrong with a report, where the event loop would only write it where nobody looks."""
        self._tell_mishap(
            f"The lab could not take in what it was told: {context.get('exception', context['message'])!r}"
        )

    def _on_failed_picture(self, error: Exception) -> None:
        """Takes over, from the painter's thread, what it could not draw."""
        # The app may have been left meanwhile.
        with suppress(RuntimeError):
            if self._loop_to_leave is not None:
                self._loop_to_leave.call_soon_threadsafe(self._handle_exception, error)

    def _tell_mishap(self, said: str) -> None:
        if said not in self.mishaps:
            self.mishaps.append(said)
            self.notify(f"{said}. The run goes on.", severity="error", markup=False)

    def leave(self, status: int) -> None:
        """Leaves as `q` does, with this exit status; from a signal handler too, and before the app is up."""
        self._left_with = status
        # It may have come to its end by itself.
        with suppress(RuntimeError):
            if self._loop_to_leave is not None:
                self._loop_to_leave.call_soon_threadsafe(partial(self.exit, return_code=status))

    @property
    def size(self) -> Size:
        """Of the terminal, as far as it is drawn on."""
        return _within(super().size)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Resize) and event.size != _within(event.size):
            event = Resize.from_dimensions(_within(event.size), event.pixel_size)
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            self._keyboard.take(event)
        else:
            await super().on_event(event)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._unobeyed]

    def get_driver_class(self) -> type[Driver]:
        return every_byte(super().get_driver_class())

    def action_command_palette(self) -> None:
        """Opens the command palette without an id: the last one has it until it is quite gone."""
        if not isinstance(self.screen, LabPalette):
            # What the screen has of its own comes first, Textual's behind it: both from one provider, for of several
            # the first to answer is anyone's guess.
            self.push_screen(LabPalette(self.screen.COMMANDS or None, placeholder=WHAT_CAN_BE_FOUND))

    def simulate_key(self, key: str) -> None:
        """Presses a key for a click on its hint, as if it had come from the keyboard."""
        event = Key(key, None)
        # As sent by what was clicked on, it would not go beyond that on its way up from what has the focus.
        event.set_sender(self)
        self.post_message(event)

    def action_help_quit(self) -> None:
        """Ctrl-C leaves, as people expect of it."""
        self.exit()


def _within(size: Size) -> Size:
    return Size(min(size.width, _LARGEST.width), min(size.height, _LARGEST.height))
