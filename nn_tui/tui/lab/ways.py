"""Getting to a field or a panel: by its name, its number, or the letter that a jump shows on it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.forms.entries import entries
from nn_tui.tui.forms.form import TITLES, Form
from nn_tui.tui.forms.row import Row
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.settings import Memory
from nn_tui.tui.widgets.board import Board

if TYPE_CHECKING:
    from nn_tui.tui.screens.jump import Target


class Ways:
    """Goes to what one wants to see or change, and brings it into sight."""

    def __init__(self, screen: Screen[None], memory: Memory) -> None:
        self._screen = screen
        self._memory = memory
        self._attempt: Callable[[], bool] | None = None

    @property
    def _board(self) -> Board:
        return self._screen.query_one(Board)

    # -- fields --------------------------------------------------------------------------------------------------------

    def fold_forms(self) -> None:
        """Shows or hides the forms."""
        drawer = self._screen.query_one(Drawer)
        if self._screen.has_class("-narrow"):
            drawer.toggle_class("-open")
            if drawer.has_class("-open"):
                drawer.query(Row).first().focus()
            return
        drawer.toggle_class("-closed")
        self._memory.keep(forms=not drawer.has_class("-closed"))

    def _unfold_forms(self) -> None:
        drawer = self._screen.query_one(Drawer)
        if self._screen.has_class("-narrow"):
            drawer.add_class("-open")
        else:
            drawer.remove_class("-closed")

    def to_field(self, key: str) -> None:
        """Goes to a field of the forms, and unfolds them if it is out of sight."""
        self._unfold_forms()
        for form in self._screen.query(Form):
            if form.reveal(key):
                self._seek(next(row for row in form.rows if row.entry.field.key == key))
                return

    # -- into sight ----------------------------------------------------------------------------------------------------

    def _seek(self, widget: Widget) -> None:
        """Goes to a widget at once, for keys that were typed ahead, and brings it into sight when it has its place.

        What was unfolded for it is laid out at some later turn: at once where nothing else happens, and after whatever
        is still over the lab is gone on a busy machine.
        """
        self._screen.set_focus(widget, scroll_visible=False)
        self._at_layout(partial(self._bring_into_sight, widget))

    def _bring_into_sight(self, widget: Widget) -> bool:
        if self._screen.focused is not widget:
            # Somebody has gone on.
            return True
        if not widget.region.height or not all(sibling.is_mounted for sibling in widget.siblings):
            return False
        room = next((around for around in widget.ancestors if isinstance(around, VerticalScroll)), self._screen).region
        if widget.region.height > room.height or room.contains_region(widget.region):
            return True
        # A column that has only just been laid out may have no bar yet, and not move without one.
        widget.scroll_visible()
        return False

    def _at_layout(self, attempt: Callable[[], bool]) -> None:
        """Attempts something now and after every layout, until it says that it is done or another takes its place."""
        self._attempt = attempt
        self._screen.screen_layout_refresh_signal.subscribe(self._screen, self._try, immediate=True)
        self._try(self._screen)

    def _try(self, _: Screen[None]) -> None:
        attempt, self._attempt = self._attempt, None
        if attempt is not None and not attempt():
            self._attempt = attempt

    # -- panels --------------------------------------------------------------------------------------------------------

    def to_panel(self, name: str) -> bool:
        """Has a panel there, and goes to it.

        Returns:
            Whether there is one: before a run is open, or where it has nothing to show there, that is said.
        """
        suitable = [kind.name for kind in self._board.suitable]
        if name not in suitable:
            said = "This run has nothing to show there." if suitable else "There is no run to look at yet."
            self._screen.notify(said)
            return False
        if self._board.go_to(name):
            self._remember_panels()
        self._seek(self._screen.query_one(f"#{name}"))
        return True

    def to_number(self, number: int) -> None:
        """Goes to the panel of that number, or has it there or not; see `Board.select`."""
        if self._board.select(number):
            self._remember_panels()

    def choose_panels(self) -> None:
        """Lists the panels, to choose which are there."""
        from nn_tui.tui.screens.panels import PanelsScreen

        self._screen.app.push_screen(PanelsScreen(self._board), lambda _: self._remember_panels())

    def _remember_panels(self) -> None:
        self._memory.keep(shown=tuple(sorted(self._board.shown)), hidden=tuple(sorted(self._board.hidden)))

    def maximize(self) -> None:
        """Has the panel in focus, or the first, fill the screen; or takes that back."""
        if self._screen.maximized is not None:
            self._screen.minimize()
            return
        focused = self._screen.focused
        panel = focused if isinstance(focused, Panel) else next(iter(self._board.on_screen), None)
        if panel is not None:
            self._screen.maximize(panel)

    # -- explained -----------------------------------------------------------------------------------------------------

    def explain(self) -> None:
        """Says what the field or the panel in focus is; without one, all there is to know."""
        from nn_tui.tui.screens.explain import of_field, of_panel

        focused, app = self._screen.focused, self._screen.app
        # What is written into a field belongs to it.
        row = focused.query_ancestor(Row) if isinstance(focused, Input) else focused
        if isinstance(row, Row):
            app.push_screen(of_field(row, app))
        elif isinstance(focused, Panel):
            app.push_screen(of_panel(focused, app))
        else:
            self.help()

    def help(self) -> None:
        """Every key, and what every panel shows."""
        from nn_tui.tui.screens.help import HelpScreen

        self._screen.app.push_screen(HelpScreen())

    # -- by a letter ---------------------------------------------------------------------------------------------------

    def jump(self) -> None:
        """Shows a letter on every field and panel; the one that is pressed goes there."""
        was_open = self._screen.query_one(Drawer).has_class("-open")
        self._unfold_forms()
        self._at_layout(partial(self._jump, was_open))

    def _jump(self, was_open: bool) -> bool:
        if not self._screen.query_one(Drawer).region.area:
            return False
        from nn_tui.tui.screens.jump import JumpScreen

        targets = [*self._rows(), *self._panels(was_open), *self._folded()]
        self._screen.app.push_screen(JumpScreen(targets), partial(self._land, was_open))
        return True

    def _rows(self) -> "Iterator[Target]":
        """The fields of the forms, some of which may be scrolled off."""
        from nn_tui.tui.screens.jump import Target

        for row in self._screen.query(Row):
            is_in_sight = row.is_on_screen and bool(row.region.height)
            yield Target(row.entry.label, partial(self._seek, row), row.region if is_in_sight else None)

    def _folded(self) -> "Iterator[Target]":
        """The fields that are folded away."""
        from nn_tui.tui.screens.jump import Target

        draft = self._screen.query_one(Drawer).draft
        there = {row.entry.field.key for row in self._screen.query(Row)}
        for group in TITLES if draft is not None else ():
            assert draft is not None
            for entry in entries(group, draft.next):
                key = entry.field.key
                if entry.is_folded and key not in there:
                    yield Target(entry.label, partial(self.to_field, key))

    def _panels(self, was_open: bool) -> "Iterator[Target]":
        """Every panel there could be of this run, those on screen first."""
        from nn_tui.tui.screens.jump import Target

        # A panel's name stands behind two cells of its border.
        in_sight = {panel.KIND: panel.region.translate((2, 0)) for panel in self._board.on_screen}
        fields = {target.name.strip() for target in (*self._rows(), *self._folded())}
        for kind in sorted(self._board.suitable, key=lambda kind: kind not in in_sight):
            name = f"{kind.name} panel" if kind.name in fields else kind.name
            yield Target(name, partial(self._land_on, kind.name, was_open), in_sight.get(kind))

    def _land_on(self, name: str, was_open: bool) -> None:
        if not was_open:
            # Where there is little room the panel has all of it.
            self._screen.query_one(Drawer).remove_class("-open")
        self.to_panel(name)

    def _land(self, was_open: bool, target: "Target | None") -> None:
        if target is not None:
            target.go()
        elif not was_open:
            self._screen.query_one(Drawer).remove_class("-open")
