"""The lab as a Textual app."""

from functools import partial
from pathlib import Path

from textual.app import App

from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from nn_tui.training.client import WorkerClient
from nn_tui.training.launch import Launched
from nn_tui.tui.conversation import MakeClient
from nn_tui.tui.screens.lab import LabScreen
from nn_tui.tui.themes import DARK, LIGHT, lab_variables

WIDE = 110
"""From how many columns on forms and views stand side by side."""

FIRST_SCENARIO = "xor"


class LabApp(App[None]):
    """Opens a scenario and trains it before one's eyes."""

    TITLE = "nn-tui"
    CSS_PATH = sorted(Path(__file__).parent.rglob("*.tcss"))
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012

    def __init__(
        self, scenario: str | None = None, launched: Launched | None = None, make_client: MakeClient | None = None
    ) -> None:
        """
        Args:
            scenario: a name in the catalogue or a path; None for the one open last.
            launched: a worker that is on its way already.
            make_client: another connection to a worker than the usual one.

        Raises:
            ScenarioError: for a scenario that cannot be read.
        """
        self._scenario = load(catalogue.find(scenario or FIRST_SCENARIO))
        self._make_client = make_client or partial(WorkerClient, launched=launched)
        super().__init__()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        return variables | lab_variables(self.current_theme.dark, variables)

    def on_mount(self) -> None:
        self.push_screen(LabScreen(self._scenario, self._make_client))
