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

    def compose(self) -> ComposeResult:
        hint = "space: show or hide · its key: go there" if self._board.tabbed else "space or its key: show or hide"
        with Box("Panels", f"{hint} · esc close"):
            yield MarkedList(
                *(
                    Selection(f"{number_key(number)}  {load(kind).TITLE}", kind.name, self._board.is_chosen(kind))
                    for number, kind in enumerate(self._board.suitable, 1)
                )
            )

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
