"""A scenario's lesson, to read over the lab."""

from textual.app import ComposeResult
from textual.widgets import Static

from nn_tui.scenario.schema import Scenario
from nn_tui.tui.screens.dialog import Dialog, Page
from nn_tui.tui.wording import lesson_text


class LessonScreen(Dialog[None]):
    """The lesson in full."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self._scenario = scenario

    def compose(self) -> ComposeResult:
        with Page(self._scenario.title):
            yield Static(lesson_text(self._scenario, self.app))
