"""Choosing a scenario: the catalogue to search, the lesson beside it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.scenario import catalogue
from nn_tui.scenario.catalogue import Entry
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import load
from nn_tui.tui.palette import palette_of
from nn_tui.tui.screens.ends_once import EndsOnce
from nn_tui.tui.wording import lesson_text


class PickerScreen(EndsOnce[str | None]):
    """Ends with a name in the catalogue or a path, or with None."""

    CSS_PATH = ["picker.tcss"]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", show=False),
        Binding("down", "move(1)", "next", show=False),
        Binding("up", "move(-1)", "previous", show=False),
    ]

    def __init__(self, current: str) -> None:
        """
        Args:
            current: the scenario that is open.
        """
        super().__init__()
        self._current = current
        self._entries: list[Entry] = []
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="search"):
            yield Input(placeholder="search, or a path to a .toml file", compact=True)
        with Horizontal():
            with Vertical(id="catalogue"):
                yield OptionList()
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="text")
        yield Static("↑↓ choose   enter open   esc back", id="keys")

    def on_mount(self) -> None:
        self.query_one("#catalogue").border_title = "Scenarios"
        try:
            self._entries = catalogue.entries()
        except ScenarioError as error:
            self.notify(str(error), severity="error", markup=False)
        self._list("")
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self._list(event.value.strip())

    def _list(self, wanted: str) -> None:
        """Lists what has every word of what is wanted in it, the likeliest first, or the file it names."""
        muted = palette_of(self.app).muted.hex
        found = [entry for entry in self._entries if _matches(entry, wanted)]
        found.sort(key=lambda entry: _remoteness(entry, wanted))
        options = [
            Option(Content.assemble((entry.title, "bold"), (f"  {entry.name}\n{entry.summary}\n", muted)), entry.name)
            for entry in found
        ]
        self._found = [entry.name for entry in found]
        if wanted.endswith(".toml"):
            options.insert(0, Option(Content.assemble("Open the file ", (wanted, "bold")), wanted))
            self._found.insert(0, wanted)
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(options)
        self.query_one("#catalogue").border_subtitle = f"{len(found)} of {len(self._entries)}"
        if options:
            # What is open is where one begins to look; what is typed says where one wants to go.
            at_rest = not wanted and self._current in self._found
            listed.highlighted = self._found.index(self._current) if at_rest else 0
        else:
            self.query_one("#text", Static).update(Content.styled("No scenario has all of these words.", "italic"))

    @on(OptionList.OptionHighlighted)
    def _describe(self, event: OptionList.OptionHighlighted) -> None:
        name = event.option_id
        # A message may come after the list it is about has given way to another.
        if name is None or name not in self._found:
            return
        about, text = self.query_one("#about"), self.query_one("#text", Static)
        try:
            scenario = load(catalogue.find(name))
        except ScenarioError as error:
            about.border_title = Content(name)
            text.update(Content(str(error)))
            return
        about.border_title = Content(scenario.title)
        text.update(lesson_text(scenario, self.app))
        about.scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _open_clicked(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self._open(event.option_id)

    @on(Input.Submitted)
    def _open_highlighted(self) -> None:
        option = self.query_one(OptionList).highlighted_option
        if option is not None and option.id is not None:
            self._open(option.id)

    def _open(self, name: str) -> None:
        try:
            load(catalogue.find(name))
        except ScenarioError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.dismiss(name)

    def action_move(self, by: int) -> None:
        """Goes up or down in the list while the search stays in focus."""
        listed = self.query_one(OptionList)
        if by > 0:
            listed.action_cursor_down()
        else:
            listed.action_cursor_up()

    def action_leave(self) -> None:
        """Goes back without choosing."""
        self.dismiss(None)


def _matches(entry: Entry, wanted: str) -> bool:
    text = f"{entry.name} {entry.title} {entry.summary} {entry.kind}".lower()
    return all(word in text for word in wanted.lower().split())


def _remoteness(entry: Entry, wanted: str) -> int:
    """How far from being meant a scenario is: named so, begun so, or only described so. The list's order stays else."""
    words = wanted.lower().split()
    if not words:
        return 0
    named, title = entry.name.lower(), entry.title.lower()
    if any(named.startswith(word) or title.startswith(word) for word in words):
        return 0
    return 1 if any(word in named or word in title for word in words) else 2
