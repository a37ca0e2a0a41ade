"""The lab as a Textual app."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import structs
from textual.app import App

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.worker.client import WorkerClient
from nn_tui.training.worker.launch import Launched
from nn_tui.tui import settings
from nn_tui.tui.conversation import MakeClient
from nn_tui.tui.screens.lab import LabScreen
from nn_tui.tui.source import Source
from nn_tui.tui.themes import DARK, LIGHT, lab_variables

_HERE = Path(__file__).parent

FIRST_SCENARIO = "xor"


class LabApp(App[None]):
    """Opens a scenario and trains it before one's eyes.

    Attributes:
        settings: what is remembered from start to start.
    """

    WIDE = 110
    """From how many columns on forms and views stand side by side."""

    TITLE = "nn-tui"
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
            scenario: a name in the catalogue or a path; None for the one open last.
            launched: a worker that is on its way already.
            make_client: another connection to a worker than the usual one.
            changes: to the scenario that is named, as `overrides.apply` takes them.

        Raises:
            ScenarioError: for a scenario that cannot be read, or changes that it cannot take.
        """
        remembered = settings.load()
        self.settings = remembered.settings
        self._notices = [remembered.notice] if remembered.notice else []
        self._mishaps: set[str] = set()
        self._source = Source.find(scenario, changes) if scenario is not None else self._last()
        self._make_client = make_client or partial(WorkerClient, launched=launched)
        super().__init__()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = self.settings.theme if self.settings.theme in self.available_themes else DARK.name
        # In time for the first parse of the style sheets, which need not be parsed again for the theme then.
        self._variables = self.get_css_variables()
        self.stylesheet.set_variables(self._variables)

    def _last(self) -> Source:
        """The scenario open last, or the first one if there was none or it is gone."""
        try:
            return Source.find(self.settings.scenario or FIRST_SCENARIO)
        except ScenarioError as error:
            self._notices.append(f"What was open last cannot be opened: {error}")
            return Source.find(FIRST_SCENARIO)

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        return variables | lab_variables(self.current_theme.dark, variables)

    def refresh_css(self, animate: bool = True) -> None:
        variables = self.get_css_variables()
        if variables != self._variables:
            self._variables = variables
            super().refresh_css(animate)

    def get_default_screen(self) -> LabScreen:
        return LabScreen(self._source, self._make_client)

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, lambda theme: self.remember(theme=theme.name))
        asyncio.get_running_loop().set_exception_handler(self._on_mishap)
        for notice in self._notices:
            self.notify(notice, severity="warning", markup=False)

    def _on_mishap(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Says, once, what went wrong with a report, where the event loop would only write it where nobody looks."""
        said = f"The lab could not take in what it was told: {context.get('exception', context['message'])!r}"
        if said not in self._mishaps:
            self._mishaps.add(said)
            self.notify(f"{said}. The run goes on.", severity="error", markup=False)

    def remember(self, **changes: Any) -> None:
        """Keeps settings, by their names, for the next start."""
        changed = structs.replace(self.settings, **changes)
        if changed != self.settings:
            self.settings = changed
            if problem := settings.save(changed):
                self.notify(problem, severity="warning", markup=False)

    def action_help_quit(self) -> None:
        """Ctrl-C leaves, as people expect of it."""
        self.exit()
