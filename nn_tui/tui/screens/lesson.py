"""A scenario's lesson, to read over the lab, and to do what it says."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from nn_tui.scenario.lessons.lesson_steps import LessonStep, lesson_steps
from nn_tui.scenario.schema import Scenario
from nn_tui.tui.dialogs.dialog import Dialog, Page
from nn_tui.tui.dialogs.hanging import hanging
from nn_tui.tui.forms.lesson_text import lesson_text, step_words
from nn_tui.tui.palette import palette_of

_MOST_STEPS = 9
_ABOUT = {(False, False): "set {}", (True, False): "open the scenario {}", (False, True): "look at the {}"}
"""What a step does, by whether it opens a scenario, and a panel."""


class LessonScreen(Dialog[LessonStep]):
    """The lesson in full, and below it each thing it says to try; ends with the one whose digit was pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"do({number})", show=False) for number in range(1, _MOST_STEPS + 1)
    ]

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self._scenario = scenario
        self._steps = lesson_steps(scenario)[:_MOST_STEPS]

    def compose(self) -> ComposeResult:
        digits = f"1 … {len(self._steps)}" if len(self._steps) > 1 else "1"
        with Page(self._scenario.title, *([f"{digits} do it"] if self._steps else [])):
            yield Static(self._lesson(), id="lesson")
            if self._steps:
                yield Static(self._listed(), id="steps")

    def recolor(self) -> None:
        self.query_one("#lesson", Static).update(self._lesson())
        if self._steps:
            self.query_one("#steps", Static).update(self._listed())

    def on_resize(self) -> None:
        """Breaks its lines anew."""
        self.recolor()

    def _lesson(self) -> Content:
        return lesson_text(self._scenario, self.app, "screen.do")

    def _listed(self) -> Content:
        """In the words of the forms, with the TOML beside it for those who write files."""
        palette = palette_of(self.app)
        lines = [Content(""), Content.styled("To do from here", f"bold {palette.accent.hex}")]
        for number, step in enumerate(self._steps, 1):
            said = _ABOUT[bool(step.scenario), bool(step.panel)].format(step_words(step))
            toml = f"   {step.toml}" if step.toml else ""
            head = Content.styled(f"{number}  ", f"bold {palette.accent.hex}")
            line = hanging(head, Content.assemble(said, (toml, palette.muted.hex)), self.app)
            lines.append(line.stylize(Style.from_meta({"@click": f"screen.do({number})"})))
        return Content("\n").join(lines)

    def action_do(self, number: int) -> None:
        """Ends with the step of that number."""
        if number <= len(self._steps):
            self.dismiss(self._steps[number - 1])
