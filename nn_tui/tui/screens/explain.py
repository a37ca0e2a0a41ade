"""What one field or one panel is: what `?` says while it is in focus."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from nn_tui.charts.palette import Palette
from nn_tui.scenario.lessons.explained import choice, effect
from nn_tui.tui.dialogs.choice_text import choice_text
from nn_tui.tui.dialogs.dialog import Dialog, Page
from nn_tui.tui.dialogs.hanging import hanging, page_width
from nn_tui.tui.forms.row import Row
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.screens.help import HelpScreen, own_keys

Said = tuple[Content, dict[str, Content]]
"""What is said of a field or panel, and of each of a field's choices, by its name."""


class ExplainScreen(Dialog[None]):
    """A page about a field, or a panel. Of a field's choices, a letter goes to the next that begins with it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "all_keys", "all keys", show=False)]

    def __init__(self, title: str, write: Callable[[], Said]) -> None:
        """
        Args:
            title: of the page.
            write: what is said, in the theme's colors and in lines for the screen's width.
        """
        super().__init__()
        self._write = write
        self.text, self.choices = write()
        self._title = title
        self._found: str | None = None

    def compose(self) -> ComposeResult:
        hints = ["letters find"] if self.choices else []
        with Page(self._title, *hints, "F1 all keys"):
            yield Static(self.text, id="text")
            for name, said in self.choices.items():
                yield Static(said, classes="choice", name=name)

    def recolor(self) -> None:
        self.text, self.choices = self._write()
        self.query_one("#text", Static).update(self.text)
        for static in self.query(".choice").results(Static):
            static.update(self.choices[static.name or ""])

    def on_resize(self) -> None:
        """Breaks its lines anew."""
        self.recolor()

    def on_key(self, event: events.Key) -> None:
        letter = event.character or ""
        names = list(self.choices)
        # Those after the last one found come first, so that the same letter again goes on.
        after = names.index(self._found) + 1 if self._found is not None else 0
        found = next((name for name in names[after:] + names[:after] if letter and name.startswith(letter)), None)
        if found is not None:
            event.stop()
            self._found = found
            for static in self.query(".choice").results(Static):
                static.set_class(static.name == found, "-found")
                if static.name == found:
                    self.query_one(Page).scroll_to_widget(static, animate=False, top=True)

    def action_all_keys(self) -> None:
        """Shows every key, over this page."""
        self.app.push_screen(HelpScreen())


def of_field(row: Row, app: App[object]) -> ExplainScreen:
    """What a field is, takes and does, and each of its choices."""
    return ExplainScreen(row.entry.label.strip(), partial(_about_field, row, app))


def of_panel(panel: Panel[Any], app: App[object]) -> ExplainScreen:
    """What a panel shows, and its own keys."""
    return ExplainScreen(panel.headings()[0], partial(_about_panel, panel, app))


def _about_field(row: Row, app: App[object]) -> Said:
    palette, field = palette_of(app), row.entry.field
    blocks = [Content(field.description)]
    facts = [("key", field.key), ("now", row.written(row.value))]
    if not field.choices:
        facts.append(("takes", field.expected))
    facts.append(("acts", "at once, on the running net" if field.live else "↺ on the next reset (r)"))
    if (words := effect(field)) is not None:
        facts += [("larger", words[0]), ("smaller", words[1])]
    width = max(len(name) for name, _ in facts) + 2
    blocks.append(Content("\n").join([_hanging(name.ljust(width), said, palette, app) for name, said in facts]))
    choices = {name: choice_text(choice(field.key, name), palette, page_width(app)) for name in field.choices}
    return Content("\n\n").join(blocks), choices


def _about_panel(panel: Panel[Any], app: App[object]) -> Said:
    palette = palette_of(app)
    lines = [
        _hanging(keys.ljust(12), what, palette, app, f"bold {palette.accent.hex}")
        for what, keys in own_keys(type(panel)).items()
    ]
    text = [Content(panel.LEGEND), Content("\n").join(lines)] if lines else [Content(panel.LEGEND)]
    return Content("\n\n").join(text), {}


def _hanging(name: str, said: str, palette: Palette, app: App[object], style: str = "") -> Content:
    """A name and what is said of it, in lines that begin below one another."""
    return hanging(Content.styled(name, style or palette.muted.hex), Content(said), app)
