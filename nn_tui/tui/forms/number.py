"""A field to be written: numbers, which ↑↓ also step through, and texts."""

from typing import Any, ClassVar

from textual import events, on
from textual.content import Content
from textual.widgets import Input

from nn_tui.charts.numbers import cells
from nn_tui.charts.palette import Palette
from nn_tui.numerals import as_typed
from nn_tui.tui.forms.entries import FieldEntry
from nn_tui.tui.forms.row import Row
from nn_tui.tui.forms.steps import stepped


class _Asks(Input):
    """Where a number is written; a question mark is none, and asks what the field is, as it does elsewhere."""

    async def on_key(self, event: events.Key) -> None:
        if event.character == "?":
            event.stop()
            event.prevent_default()
            await self.run_action("screen.explain")


class TextRow(Row):
    """A text. Enter edits it in place; Escape leaves it as it was.

    ↑ and ↓ change the value while it is written too; what counts then is what they made of it.
    """

    WRITTEN_IN: ClassVar[type[Input]] = Input

    def __init__(self, entry: FieldEntry, widget_id: str | None = None) -> None:
        super().__init__(entry, widget_id)
        self._untouched = ""
        self._before: Any = None

    def action_edit(self, start: str | None = None) -> None:
        """Puts a field to write in over the value.

        Args:
            start: what is typed already; None for the present value, selected.
        """
        if self.query(Input):
            return
        self.refuse("")
        self._untouched, self._before = self._text(self.value), self.value
        written = self._untouched if start is None else start
        entry = self.WRITTEN_IN(written, compact=True, select_on_focus=start is None)
        # A blank after the label, and before the border what other rows have there.
        entry.styles.width = max(8, self.size.width - cells(self.entry.label) - 4)
        self.mount(entry)
        entry.focus()
        if start is not None:
            entry.cursor_position = len(start)

    def _text(self, value: Any) -> str:
        return "" if value is None else self.written(value)

    def _entry(self) -> Input | None:
        return next(iter(self.query(Input)), None)

    def show(self, value: Any, is_pending: bool) -> None:
        super().show(value, is_pending)
        entry = self._entry()
        if entry is not None and entry.value == self._untouched:
            # Nobody has written anything yet: what is in force has changed meanwhile.
            self._untouched = entry.value = self._text(self.value)

    def action_nudge(self, up: bool) -> None:
        entry = self._entry()
        if entry is None:
            super().action_nudge(up)
            return
        try:
            value = self.value if entry.value == self._untouched else self.read(entry.value.strip())
            wanted = self.nudged(value, up)
        except (TypeError, ValueError):
            # What is written there is no number yet.
            return
        if wanted != value:
            self._untouched = entry.value = self._text(wanted)
            self.want(wanted)

    def on_key(self, event: events.Key) -> None:
        """Typing begins to edit."""
        if self.has_focus and event.character is not None and self.begins(event.character):
            event.stop()
            self.action_edit(event.character)

    def begins(self, character: str) -> bool:  # noqa: ARG002
        """Whether a key begins to edit."""
        return False

    def read(self, text: str) -> object:
        """What was written, as TOML would give it."""
        return text

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        written = event.value.strip()
        wanted, is_touched = self.read(written), event.value != self._untouched
        self._end()
        if is_touched and wanted != self.value:
            self.want(wanted)

    @on(Input.Blurred)
    def _leave(self, event: Input.Blurred) -> None:
        event.stop()
        # Leaving by mouse or Tab is not giving up: what was written counts.
        if event.input.is_attached:
            wanted, is_touched = self.read(event.value.strip()), event.value != self._untouched
            event.input.remove()
            if is_touched and wanted not in (self.value, ""):
                self.want(wanted)

    def key_escape(self, event: events.Key) -> None:
        if not self.query(Input):
            super().key_escape(event)
            return
        event.stop()
        if self.value != self._before:
            self.want(self._before)
        self._end()

    def _end(self) -> None:
        self.query(Input).remove()
        self.focus()


class NumberRow(TextRow):
    """A number. Under the mouse it has a − and a +, to be clicked; they do what ↓ and ↑ do."""

    WRITTEN_IN = _Asks

    def aside(self, palette: Palette) -> Content:
        return Content.styled(" −+", palette.accent.hex) if self._has_signs else super().aside(palette)

    @property
    def _has_signs(self) -> bool:
        return self.mouse_hover or self._entry() is not None

    def on_enter(self) -> None:
        self.refresh()

    def on_leave(self) -> None:
        self.refresh()

    def clicked(self, event: events.Click) -> None:
        # They stand before the sign of a field that waits for a reset, the last cell.
        up = {self.size.width - 3: False, self.size.width - 2: True}.get(event.x)
        if up is None or event.widget is not self:
            super().clicked(event)
        else:
            self.action_nudge(up)

    def written(self, value: Any) -> str:
        if value is None:
            return "–"
        return as_typed(value) if isinstance(value, float) else str(value)

    def begins(self, character: str) -> bool:
        return character.isdigit() or character in ".-"

    def read(self, text: str) -> object:
        for kind in (int, float):
            try:
                return kind(text.replace("_", "").replace("−", "-"))
            except ValueError:
                continue
        return text

    def nudged(self, value: Any, up: bool) -> object:
        return stepped(self.entry.field, value, up) if isinstance(value, int | float) else value


class PointRow(TextRow):
    """Two numbers, written `-1.5, 0.2`."""

    WRITTEN_IN = _Asks

    def written(self, value: Any) -> str:
        return "–" if value is None else ", ".join(f"{part:.6g}" for part in value)

    def begins(self, character: str) -> bool:
        return character.isdigit() or character in ".-"

    def read(self, text: str) -> object:
        try:
            return [float(part) for part in text.replace("−", "-").strip("[]()").replace(",", " ").split()]
        except ValueError:
            return text
