"""A list to choose from, opened over the place it belongs to."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.selection_list import Selection

from nn_tui.scenario.lessons.explained import choice
from nn_tui.tui.dialogs.choice_text import choice_text
from nn_tui.tui.dialogs.overlay import Overlay
from nn_tui.tui.palette import palette_of
from nn_tui.tui.widgets.key_hints import to_click
from nn_tui.tui.widgets.marked_list import MarkedList

_LEAST_ROOM, _MOST_ROOM = 24, 48


class Choose(Overlay[tuple[str, ...] | None], ModalScreen[tuple[str, ...] | None]):
    """Ends with what was chosen, or None if it was left as it is, by Escape or a click beside it.

    A single choice ends it at once; of several, Space marks and Enter takes them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave it", show=False)]

    def __init__(
        self, options: Sequence[str], chosen: Sequence[str], over: Region, *, several: bool = False, key: str = ""
    ) -> None:
        """
        Args:
            options: in the order they are listed.
            chosen: those that are chosen now.
            over: the place on screen the list belongs to.
            several: more than one may be chosen.
            key: the field whose choices they are, for what is said of each; empty for none.
        """
        super().__init__()
        self._options = tuple(options)
        self._chosen = tuple(chosen)
        self._over = over
        self._several = several
        self._key = key

    def compose(self) -> ComposeResult:
        if self._several:
            yield MarkedList(*(Selection(option, option, option in self._chosen) for option in self._options))
        else:
            yield OptionList(*self._options)
        yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        listed = self.query_one(OptionList)
        if self._several:
            listed.border_subtitle = to_click(["enter take"])
        at = [self._options.index(option) for option in self._chosen if option in self._options]
        listed.highlighted = at[0] if at else 0
        self._place(listed)

    def on_resize(self) -> None:
        self._place(self.query_one(OptionList))

    def _place(self, listed: OptionList) -> None:
        """Below its field, or above it where there is more room, and inside the screen in any case."""
        width = max(len(option) for option in self._options) + (10 if self._several else 4)
        height = min(len(self._options) + 2, self.size.height)
        below = self.size.height - self._over.bottom
        y = self._over.bottom if below >= min(height, self._over.y) else max(0, self._over.y - height)
        height = min(height, self.size.height - y)
        x = max(0, min(self._over.right - width, self.size.width - width))
        listed.styles.width, listed.styles.height = width, height
        listed.styles.offset = Offset(x, y)
        self._explain(Region(x, y, width, height))

    def _explain(self, listed: Region) -> None:
        """Says beside the list what the highlighted choice is, where there is something to say and room for it."""
        about, palette = self.query_one("#about", Static), palette_of(self.app)
        at = self.query_one(OptionList).highlighted
        room = max(self.size.width - listed.right, listed.x)
        width = min(_MOST_ROOM, room)
        known = None if at is None or not self._key else choice(self._key, self._options[at])
        text = None if known is None else choice_text(known, palette, width - 4)
        about.display = text is not None and "\n" in text.plain and room >= _LEAST_ROOM
        if about.display and text is not None:
            about.styles.width = width
            x = listed.right if self.size.width - listed.right >= width else listed.x - width
            lines = len(text.wrap(width - 4)) + 2
            about.styles.offset = Offset(x, max(0, min(listed.y, self.size.height - lines)))
            about.update(text)

    def recolor(self) -> None:
        self._follow()

    @on(OptionList.OptionHighlighted)
    def _follow(self) -> None:
        listed = self.query_one(OptionList)
        self._explain(Region(*map(int, (listed.region.x, listed.region.y, listed.region.width, listed.region.height))))

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss((self._options[event.option_index],))

    def on_key(self, event: events.Key) -> None:
        # A selection list takes Enter for itself otherwise, as another Space.
        if self._several and event.key == "enter":
            event.stop()
            marked: list[str] = self.query_one(MarkedList).selected
            self.dismiss(tuple(option for option in self._options if option in marked))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        # As in a menu, what is said is of the choice under the mouse.
        option = event.style.meta.get("option")
        if option is not None:
            self.query_one(OptionList).highlighted = option

    def on_click(self, event: events.Click) -> None:
        if self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
            self.action_leave()

    def action_leave(self) -> None:
        """Ends it without a choice."""
        self.dismiss(None)
