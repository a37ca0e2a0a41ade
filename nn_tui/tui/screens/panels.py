"""Which panels are to be seen."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import SelectionList
from textual.widgets.selection_list import Selection

from nn_tui.tui.screens.dialog import Box, Dialog
from nn_tui.tui.widgets.board import Board


class PanelsScreen(Dialog[None]):
    """A list to mark; every mark acts at once, behind the dialog."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board

    def compose(self) -> ComposeResult:
        with Box("Panels", "space show or hide · esc close"):
            yield SelectionList(
                *(
                    Selection(f"{_key(number)}  {kind.load().TITLE}", kind.name, self._board.is_chosen(kind))
                    for number, kind in enumerate(self._board.suitable, 1)
                )
            )

    @on(SelectionList.SelectionToggled)
    def _toggle(self, event: SelectionList.SelectionToggled[str]) -> None:
        name = event.selection.value
        self._board.choose(name, name in event.selection_list.selected)


def _key(number: int) -> str:
    return str(number) if number < 10 else " "
