"""Which panels are to be seen."""

from textual import events, on
from textual.app import ComposeResult
from textual.widgets.selection_list import Selection

from nn_tui.tui.dialogs.dialog import Box, Dialog
from nn_tui.tui.panels.loading import load
from nn_tui.tui.widgets.board import Board
from nn_tui.tui.widgets.marked_list import MarkedList
from nn_tui.tui.widgets.tab_row import number_key


class PanelsScreen(Dialog[None]):
    """A list to mark, each panel by its own key too; every mark acts at once, behind the dialog."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board

    @property
    def _hint(self) -> str:
        hint = "space: show or hide · its key: go there" if self._board.tabbed else "space or its key: show or hide"
        return f"{hint} · esc close"

    def compose(self) -> ComposeResult:
        with Box("Panels", self._hint):
            yield MarkedList(
                *(
                    Selection(f"{number_key(number)}  {load(kind).TITLE}", kind.name, self._board.is_chosen(kind))
                    for number, kind in enumerate(self._board.suitable, 1)
                )
            )

    def on_resize(self) -> None:
        """Says how it stands where the board has taken another layout for its new size."""
        self.call_after_refresh(self._follow_board)

    def _follow_board(self) -> None:
        self.query_one(Box).hint(self._hint)
        marked = self.query_one(MarkedList)
        with self.prevent(MarkedList.SelectedChanged):
            for kind in self._board.suitable:
                (marked.select if self._board.is_chosen(kind) else marked.deselect)(kind.name)

    def on_key(self, event: events.Key) -> None:
        """A panel's key does what a digit does in the lab: shows or hides it, or goes to its tab."""
        for number, kind in enumerate(self._board.suitable, 1):
            if event.key == number_key(number):
                event.stop()
                if self._board.tabbed:
                    self._board.go_to(kind.name)
                    self.dismiss(None)
                else:
                    self.query_one(MarkedList).toggle(kind.name)

    @on(MarkedList.SelectionToggled)
    def _toggle(self, event: MarkedList.SelectionToggled[str]) -> None:
        name = event.selection.value
        self._board.choose(name, name in event.selection_list.selected)
