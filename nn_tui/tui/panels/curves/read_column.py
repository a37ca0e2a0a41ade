"""A cursor over the columns of a panel that is no plot of lines: what it reads is for each to say."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import MouseMove

from nn_tui.tui.panels.panel import Panel, Seen


class ReadColumnPanel(Panel[Seen]):
    """A subclass gives `read_columns`, and in `paint` shows what is at `column`.

    Attributes:
        column: the column that is read off, from the first that can be; None for none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "read(-1)", "read off, to the left"),
        Binding("right", "read(1)", "read off, to the right"),
        Binding("escape", "stop_reading", "no cursor"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.column: int | None = None

    def read_columns(self) -> range:
        """The panel's columns that can be read off; empty for none."""
        raise NotImplementedError

    def action_read(self, by: int) -> None:
        """Moves the cursor, which begins at the right end."""
        last = len(self.read_columns()) - 1
        if last >= 0:
            self.column = max(0, min(last, last if self.column is None else self.column + by))
            self.repaint()

    def action_stop_reading(self) -> None:
        """Takes the cursor away; where there is none, lets go of the panel."""
        if self.column is None:
            self.screen.set_focus(None)
        self.column = None
        self.repaint()

    def on_mouse_move(self, event: MouseMove) -> None:
        offset, columns = event.get_content_offset(self), self.read_columns()
        if offset is not None and offset.x in columns:
            self.column = offset.x - columns.start
            self.repaint()

    def on_leave(self) -> None:
        if not self.has_focus and self.column is not None:
            self.column = None
            self.repaint()
