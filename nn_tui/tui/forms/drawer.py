"""The forms, the lesson, and what waits for a reset: a column at the left, folded away where there is little room."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nn_tui.scenario.schema import Scenario
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.draft import Draft
from nn_tui.tui.forms.form import TITLES, Form
from nn_tui.tui.forms.lesson_text import lesson_text
from nn_tui.tui.palette import palette_of


class Drawer(Vertical):
    """The forms of a scenario.

    Attributes:
        draft: what they show.
    """

    draft: Draft | None = None
    _lesson: Scenario | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            for group in TITLES:
                yield Form(group)
            lesson = Static(id="lesson", markup=False)
            lesson.border_title = "Lesson"
            yield lesson
        yield Static(id="waiting", markup=False)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._recolor())

    def _recolor(self) -> None:
        """Writes anew what has the colors of a theme in its words."""
        if self._lesson is not None:
            self.show_lesson(self._lesson)
        if self.draft is not None:
            self._show_waiting(len(self.draft.pending))

    @property
    def is_folded(self) -> bool:
        """Whether it is out of sight: closed by hand, or not open on a screen with little room."""
        return not self.has_class("-open") if self.screen.has_class("-narrow") else self.has_class("-closed")

    def on_descendant_focus(self) -> None:
        """Takes the focus from a field out of sight: Textual hands it on to the next one, which keys would change."""
        if self.is_folded:
            self.screen.set_focus(None)

    def show(self, draft: Draft) -> None:
        """Shows every field, and how many changes wait."""
        self.draft = draft
        with self.app.batch_update():
            for form in self.query(Form):
                form.show(draft)
        self._show_waiting(len(draft.pending))

    def show_lesson(self, scenario: Scenario) -> None:
        """Shows a scenario's lesson below the forms."""
        self._lesson = scenario
        panel = self.query_one("#lesson", Static)
        panel.update(lesson_text(scenario, self.app, "screen.do_step"))

    def show_size(self, opened: Opened) -> None:
        """Shows how large data and network are; a surface has neither."""
        network, data = self.query_one("#network-form"), self.query_one("#data-form")
        network.border_subtitle = f"{opened.parameters:,} parameters"
        counts = f"{opened.train_samples:,} train · {opened.test_samples:,} test"
        data.border_subtitle = counts if opened.train_samples else ""

    def show_digest(self, frame: Frame) -> None:
        """Shows the first digits of the parameters' digest, where the run stands still."""
        digest = "" if frame.digest is None else frame.digest.removeprefix("sha256:")[:12]
        training = self.query_one("#training-form")
        if (training.border_subtitle or "") != digest:
            training.border_subtitle = digest

    def refuse(self, key: str, problem: str) -> bool:
        """Shows what is wrong with a field below it, if it is in sight."""
        return any(form.refuse(key, problem) for form in self.query(Form))

    def forgive(self) -> None:
        """Takes away what was said to be wrong with any field: what is shown was accepted as a whole."""
        for form in self.query(Form):
            form.forgive()

    def _show_waiting(self, count: int) -> None:
        waiting = self.query_one("#waiting", Static)
        waiting.display = count > 0
        if count:
            # As much as the forms' width has room for.
            text = f"{count} {'waits' if count == 1 else 'wait'}: r resets, u drops"
            accent = palette_of(self.app).accent.hex
            waiting.update(Content.styled(f"↺ {text}", f"bold {accent}"))

    @on(events.Click, "#waiting")
    async def _reset(self) -> None:
        await self.screen.run_action("reset")
