"""What every dialog over the lab has in common: a titled panel in the middle, Escape and a click beside it leave it."""

from typing import ClassVar, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from nn_tui.shown import in_cells
from nn_tui.tui.dialogs.overlay import Overlay
from nn_tui.tui.widgets.key_hints import to_click

Result = TypeVar("Result")


class Dialog(Overlay[Result | None], ModalScreen[Result | None]):
    """A dialog that ends with a result, or with None if it was left.

    A subclass composes a `Box` or a `Page`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "close", show=False)]

    def on_click(self, event: events.Click) -> None:
        if self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
            self.action_leave()

    def action_leave(self) -> None:
        """Ends it without a result."""
        self.dismiss(None)

    def complain(self, problem: str) -> None:
        """Says what is wrong with what was written, in the line of the class `problem`; empty for nothing."""
        for line in self.query(".problem").results(Static):
            line.update(in_cells(problem))

    @on(Input.Changed)
    def _forget_problem(self) -> None:
        self.complain("")


class Box(VerticalGroup):
    """A dialog's panel, as high as what is in it."""

    def __init__(self, title: str, hint: str = "esc close") -> None:
        super().__init__(classes="panel")
        self.border_title = Content(title)
        self.hint(hint)

    def hint(self, hint: str) -> None:
        """Says what keys do."""
        self.border_subtitle = to_click(hint.split(" · "))


class Page(VerticalScroll):
    """A dialog's panel for text to read, with a scroll bar where it is long."""

    def __init__(self, title: str, *hints: str) -> None:
        """
        Args:
            title: of the dialog.
            hints: keys and what they do, besides those that scroll, where there is anything to scroll, and close.
        """
        super().__init__(classes="panel")
        self._hints = hints
        self.border_title = Content(title)

    def on_mount(self) -> None:
        self.watch_show_vertical_scrollbar(self.show_vertical_scrollbar)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # Textual's own forgets the place that is kept for the bar.
        return super().get_content_height(container, viewport, width - self.scrollbar_size_vertical)

    def watch_show_vertical_scrollbar(self, is_long: bool) -> None:
        """Says how to scroll where there is more than fits."""
        scroll = ["↑↓ scroll"] if is_long else []
        self.border_subtitle = to_click([*scroll, *self._hints, "esc close"])
