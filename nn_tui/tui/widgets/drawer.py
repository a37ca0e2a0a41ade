"""The forms, the lesson, and what waits for a reset: a column at the left, or a drawer over the views."""

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from nn_tui.tui.draft import Draft
from nn_tui.tui.forms.form import TITLES, Form
from nn_tui.tui.palette import palette_of


class Drawer(Vertical):
    """The forms of a scenario."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            for group in TITLES:
                yield Form(group)
            lesson = Static(id="lesson", markup=False)
            lesson.border_title = "Lesson"
            yield lesson
        yield Static(id="waiting", markup=False)

    def show(self, draft: Draft) -> None:
        """Shows every field, and how many changes wait."""
        with self.app.batch_update():
            for form in self.query(Form):
                form.show(draft)
        self._show_waiting(len(draft.pending))

    def show_lesson(self, lesson: str) -> None:
        """Shows a lesson below the forms."""
        panel = self.query_one("#lesson", Static)
        panel.update(paragraphs(lesson))
        panel.display = bool(lesson.strip())

    def refuse(self, key: str, problem: str) -> bool:
        """Shows what is wrong with a field below it, if it is in sight."""
        return any(form.refuse(key, problem) for form in self.query(Form))

    def _show_waiting(self, count: int) -> None:
        waiting = self.query_one("#waiting", Static)
        waiting.display = count > 0
        if count:
            text = "1 change waits for reset (r)" if count == 1 else f"{count} changes wait for reset (r)"
            accent = palette_of(self.app).accent.hex
            line = Content.styled(f"↺ {text}", f"bold {accent}")
            waiting.update(line.stylize(Style.from_meta({"@click": "screen.reset"})))


def paragraphs(text: str) -> str:
    """A text whose lines were broken for a file, ready to be broken for another width."""
    blocks = [" ".join(block.split()) for block in text.strip().split("\n\n")]
    return "\n\n".join(blocks)
