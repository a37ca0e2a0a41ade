"""Choosing a scenario: the catalog to search, the lesson beside it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.scenario import catalogue
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.families import FAMILIES, family_of
from nn_tui.scenario.lessons.search import Document, document, search
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.given import is_table
from nn_tui.tui.dialogs.overlay import Overlay
from nn_tui.tui.forms.lesson_text import lesson_text
from nn_tui.tui.palette import palette_of
from nn_tui.tui.widgets.kept_in_sight import KeptInSight
from nn_tui.tui.widgets.key_hints import KeyHints
from nn_tui.user_path import user_path

_OF_TABLES = {"own", "my", "mine", "table", "tables", "csv", "spreadsheet", "file", "data"}
"""Words of someone who may look for a way to open a table."""


class _Catalogue(KeptInSight):
    """The first entry is in sight with the heading above it."""

    def scroll_to_highlight(self, top: bool = False) -> None:
        if (self.highlighted or 0) <= 1:
            self.scroll_home(animate=False)
        else:
            super().scroll_to_highlight(top)


class PickerScreen(Overlay[str | None]):
    """Ends with a name in the catalog or a path, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", show=False),
        Binding("down", "move(1)", "next", show=False),
        Binding("up", "move(-1)", "previous", show=False),
    ]

    def __init__(self, current: str, opened: Sequence[str] = (), first: bool = False) -> None:
        """
        Args:
            current: the scenario that is open.
            opened: those that were opened at any time.
            first: whether it is the start page of the very first run.
        """
        super().__init__()
        self._is_first = first
        self._current = current
        self._opened = set(opened)
        self._entries: dict[str, Scenario] = {}
        self._documents: list[Document] = []
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="search"):
            yield Input(
                placeholder="search: dead relu …  or a path: my.toml, table.csv",
                compact=True,
            )
        with Horizontal():
            with Vertical(id="catalogue"):
                yield _Catalogue()
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="text")
        back = f"esc begin with {self._current}" if self._is_first else "esc back"
        yield KeyHints("↑↓ choose", "enter open", "type to search, or a path", back)

    def on_mount(self) -> None:
        title = "Welcome to nn-tui: what shall be trained?" if self._is_first else "Scenarios"
        self.query_one("#catalogue").border_title = title
        try:
            self._entries = catalogue.scenarios()
            self._documents = [document(name, scenario) for name, scenario in self._entries.items()]
        except ScenarioError as error:
            self.notify(str(error), severity="error", markup=False)
        self._list("")
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()

    def recolor(self) -> None:
        listed = self.query_one(OptionList)
        at = listed.highlighted
        self._list(self.query_one(Input).value.strip())
        listed.highlighted = at

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self._list(event.value.strip())

    def _list(self, wanted: str) -> None:
        """Lists the families in the order one learns them, or what is searched for, the likeliest first."""
        listed = self.query_one(OptionList)
        options, found = self._by_family() if not wanted else self._of_search(wanted)
        self.query_one("#catalogue").border_subtitle = f"{len(found)} of {len(self._entries)}"
        if wanted.endswith(".toml") or is_table(wanted):
            options.insert(0, Option(Content.assemble("Open the file ", (wanted, "bold"), "\n"), wanted))
            found.insert(0, wanted)
        self._found = found
        if not found:
            options.append(Option("No scenario has any of these words.", disabled=True))
        listed.clear_options()
        listed.add_options(options)
        if found:
            # What is open is where one begins to look; what is typed says where one wants to go.
            at_rest = not wanted and self._current in found and not self._is_first
            listed.highlighted = listed.get_option_index(self._current if at_rest else found[0])
            self.call_after_refresh(listed.scroll_to_highlight)
        else:
            self.query_one("#about").border_title = None
            self.query_one("#text", Static).update("")

    def _by_family(self) -> tuple[list[Option], list[str]]:
        palette = palette_of(self.app)
        options: list[Option] = []
        listed: list[str] = []
        for family in FAMILIES:
            names = [name for name in family.names if name in self._entries]
            opened = sum(name in self._opened for name in names)
            heading = Content.assemble(
                (family.title, f"bold {palette.accent.hex}"), (f"  {opened} of {len(names)} opened", palette.muted.hex)
            )
            options.append(Option(Content("\n").join([heading, Content(family.about), Content("")]), disabled=True))
            options += [self._option(name) for name in names]
            listed += names
        own = [name for name in self._entries if family_of(name) is None]
        options.append(self._own_table())
        return [*options, *(self._option(name) for name in own)], [*listed, *own]

    def _own_table(self) -> Option:
        heading = Content.styled("Your own table", f"bold {palette_of(self.app).accent.hex}")
        how = "Type the path of a table (.csv) or of a scenario (.toml)."
        return Option(Content("\n").join([heading, Content(how), Content("")]), disabled=True)

    def _of_search(self, wanted: str) -> tuple[list[Option], list[str]]:
        found = search(wanted, self._documents)
        options = [self._option(name) for name in found]
        is_about_tables = not _OF_TABLES.isdisjoint(wanted.lower().split())
        return [self._own_table(), *options] if is_about_tables else options, found

    def _option(self, name: str) -> Option:
        entry, muted = self._entries[name], palette_of(self.app).muted.hex
        sign = "  ✓ opened" if name in self._opened else ""
        return Option(Content.assemble((entry.title, "bold"), (f"  {name}{sign}\n{entry.summary}\n", muted)), name)

    @on(OptionList.OptionHighlighted)
    def _describe(self, event: OptionList.OptionHighlighted) -> None:
        name = event.option_id
        # A message may come after the list it is about has given way to another.
        if name is None or name not in self._found:
            return
        about, text = self.query_one("#about"), self.query_one("#text", Static)
        if is_table(name):
            about.border_title = Content(name)
            text.update(Content("A table of yours. Enter shows what is in it, and asks what is to be made of it."))
            return
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
            if not is_table(name):
                load(catalogue.find(name))
            elif not user_path(name).is_file():
                raise ScenarioError(f"{name}: no such file")
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
