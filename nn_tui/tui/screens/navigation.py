"""Getting to a field, a panel or a scenario: by its name, its number, or the letter that a jump shows on it."""

from pathlib import Path
from typing import TYPE_CHECKING

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.given import is_table
from nn_tui.tui.forms.form import Form
from nn_tui.tui.forms.row import Row
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.screens.run_screen import RunScreen
from nn_tui.tui.source import Source
from nn_tui.tui.widgets.board import Board
from nn_tui.tui.widgets.drawer import Drawer

if TYPE_CHECKING:
    from nn_tui.tui.screens.jump import Target


class NavigatedScreen(RunScreen):
    """The part of the lab that goes to what one wants to see or change."""

    @property
    def board(self) -> Board:
        """The panels."""
        return self.query_one(Board)

    def open(self, source: Source) -> None:
        """Goes over to another scenario."""
        raise NotImplementedError

    # -- scenarios -----------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        from nn_tui.tui.screens.picker import PickerScreen

        self.app.push_screen(PickerScreen(self.source.name, self.lab.settings.opened), self._open_picked)

    def action_open_named(self, name: str) -> None:
        """Opens a scenario of the catalogue."""
        self._open_picked(name)

    def _open_picked(self, name: str | None) -> None:
        if name is None:
            return
        if is_table(name):
            self._ask_about(Path(name).expanduser().absolute())
            return
        try:
            self.open(Source.find(name))
        except ScenarioError as error:
            # The file has changed since it was chosen.
            self.notify(str(error), severity="error", markup=False)

    def _ask_about(self, table: Path) -> None:
        """Asks what is to be made of a table, and opens that."""
        from nn_tui.tui.screens.table import TableScreen

        self.app.push_screen(TableScreen(table), lambda source: None if source is None else self.open(source))

    # -- fields --------------------------------------------------------------------------------------------------------

    def _show_forms(self) -> None:
        drawer = self.query_one(Drawer)
        if self.has_class("-narrow"):
            drawer.add_class("-open")
        else:
            drawer.remove_class("-closed")

    def action_field(self, key: str) -> None:
        """Goes to a field of the forms, and unfolds them if it is out of sight."""
        self._show_forms()
        for form in self.query(Form):
            if form.reveal(key):
                self.call_after_refresh(self._focus_field, key)
                return

    def _focus_field(self, key: str) -> None:
        row = next((row for row in self.query(Row) if row.entry.field.key == key), None)
        if row is not None:
            row.focus()

    # -- panels --------------------------------------------------------------------------------------------------------

    def action_go_to_panel(self, name: str) -> None:
        """Has a panel there, and goes to it."""
        if self.board.go_to(name):
            self._remember_panels()
        self.call_after_refresh(lambda: self.query_one(f"#{name}").focus())

    def action_panel(self, number: int) -> None:
        if self.board.select(number):
            self._remember_panels()

    def action_panels(self) -> None:
        from nn_tui.tui.screens.panels import PanelsScreen

        self.app.push_screen(PanelsScreen(self.board), lambda _: self._remember_panels())

    def _remember_panels(self) -> None:
        board = self.board
        self.lab.remember(shown=tuple(sorted(board.shown)), hidden=tuple(sorted(board.hidden)))

    # -- explained -----------------------------------------------------------------------------------------------------

    def action_explain(self) -> None:
        """Says what the field or the panel in focus is; without one, all there is to know."""
        from nn_tui.tui.screens.explain import of_field, of_panel

        if isinstance(self.focused, Row):
            self.app.push_screen(of_field(self.focused, self.app))
        elif isinstance(self.focused, Panel):
            self.app.push_screen(of_panel(self.focused, self.app))
        else:
            self.action_help()

    def action_help(self) -> None:
        """Every key, and what every panel shows."""
        from nn_tui.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    # -- by a letter ---------------------------------------------------------------------------------------------------

    def action_jump(self) -> None:
        """Shows a letter on every field and panel; the one that is pressed goes there."""
        self._show_forms()
        self.call_after_refresh(self._jump)

    def _jump(self) -> None:
        from nn_tui.tui.screens.jump import JumpScreen, Target

        targets = [Target(row, row.entry.label) for row in self.query(Row) if row.is_on_screen and row.region.height]
        targets += [Target(panel, panel.KIND.name) for panel in self.board.on_screen]
        self.app.push_screen(JumpScreen(targets), self._land)

    def _land(self, target: "Target | None") -> None:
        if target is None or not target.widget.is_attached:
            return
        if self.has_class("-narrow") and not isinstance(target.widget, Row):
            self.query_one(Drawer).remove_class("-open")
        target.widget.focus()
