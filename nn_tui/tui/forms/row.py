"""One field of a form: its label and value, whether it waits for a reset, and what is wrong with it, if anything is."""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from nn_tui.charts.numbers import cells, cut
from nn_tui.charts.palette import Palette
from nn_tui.tui.forms.entries import FieldEntry
from nn_tui.tui.palette import palette_of

_GLYPHS = 4
"""Cells at the right end: what the field opens, and ↺ for one that acts on reset."""


class TakesWishes(Protocol):
    """The screen that forms are on."""

    def propose(self, key: str, value: object, refuse: Callable[[str], None]) -> None:
        """Has a field changed, or tells `refuse` what speaks against it."""
        ...


class Row(Widget, can_focus=True):
    """A field. A single widget a row, since a form has many; what edits it comes only while it is edited.

    ↑ and ↓ go to the neighboring value, which Escape takes back; Enter and a click edit.
    """

    SHOWS_VALUE: ClassVar[bool] = True
    """Whether it is a field, and not just something to be done to one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "nudge(True)", "next value", show=False),
        Binding("down", "nudge(False)", "previous value", show=False),
        Binding("enter", "edit", "edit", show=False),
    ]

    def __init__(self, entry: FieldEntry, widget_id: str | None = None) -> None:
        """
        Args:
            entry: what it is a field of.
            widget_id: another id than the field's own.
        """
        super().__init__(id=widget_id or row_id(entry.field.key))
        self.entry = entry
        self.tooltip = tooltip(entry)
        self._value: Any = None
        self._is_pending = False
        self._problem = ""
        self._nudged: tuple[Any, Any] | None = None

    # -- what a subclass says ----------------------------------------------------------------------------------------

    def written(self, value: Any) -> str:
        """The value as it is shown."""
        return "–" if value is None else str(value)

    @property
    def opens(self) -> str:
        """A sign for what Enter opens, one cell."""
        return " "

    def aside(self, palette: Palette) -> Content:
        """What stands behind the value, three cells."""
        return Content.styled(f" {self.opens} ", palette.muted.hex)

    def nudged(self, value: Any, up: bool) -> object:  # noqa: ARG002
        """The neighboring value, or the same."""
        return value

    def action_edit(self) -> None:
        """Lets the person edit the value."""

    # -- its state ---------------------------------------------------------------------------------------------------

    @property
    def value(self) -> Any:
        """What is shown."""
        return self._value

    @property
    def problem(self) -> str:
        """What is wrong with what was wanted last; empty if nothing is."""
        return self._problem

    def show(self, value: Any, is_pending: bool) -> None:
        """Shows a value; what was wrong is over once the value is another."""
        if (value, is_pending) == (self._value, self._is_pending):
            return
        self._value, self._is_pending = value, is_pending
        self.refuse("")
        self.refresh()

    def refuse(self, problem: str) -> None:
        """Shows what is wrong below the field, or takes it away."""
        if problem != self._problem:
            self._problem = problem
            self.refresh(layout=True)

    def want(self, value: object) -> None:
        """Tells the lab what the person wants.

        The lab is told at once, and not by a message: the next press of an arrow steps from what this one has made.
        """
        self.refuse("")
        # While a list was open over it, what it is a field of may have gone.
        if self.is_attached:
            cast(TakesWishes, self.screen).propose(self.entry.field.key, value, self.refuse)

    def action_nudge(self, up: bool) -> None:
        """Goes to the neighboring value."""
        before = self._value
        wanted = self.nudged(before, up)
        if wanted == before:
            return
        first = self._before_nudges()
        self.want(wanted)
        if self._value != before:
            self._nudged = (before if first is None else first[0], self._value)

    def _before_nudges(self) -> tuple[Any, Any] | None:
        """What it was before ↑ and ↓, and is now; None if it has not been changed by them, or by others since."""
        return self._nudged if self._nudged is not None and self._nudged[1] == self._value else None

    def key_escape(self, event: events.Key) -> None:
        """Takes back what ↑ and ↓ have made of it since it got the focus."""
        nudged, self._nudged = self._before_nudges(), None
        if nudged is not None and nudged[0] != nudged[1]:
            event.stop()
            self.want(nudged[0])

    def on_blur(self) -> None:
        self._nudged = None

    def on_click(self, event: events.Click) -> None:
        if event.y == 0:
            self.clicked(event)

    def clicked(self, event: events.Click) -> None:  # noqa: ARG002
        """Does what a click on its line is for."""
        self.action_edit()

    # -- how it looks ------------------------------------------------------------------------------------------------

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return 1 + len(self._complaint(width))

    def render(self) -> Content:
        palette = palette_of(self.app)
        width = self.size.width
        room, value = width - _GLYPHS - cells(self.entry.label) - 1, self.written(self._value)
        # Of a path it is the end that tells it from others.
        value = (
            f"…{value[1 - room :]}" if self.entry.field.key == "data.path" and cells(value) > room else cut(value, room)
        )
        gap = " " * (width - _GLYPHS - cells(self.entry.label) - cells(value))
        color = palette.accent if self._is_pending else palette.text
        line = Content.assemble(
            (self.entry.label, palette.text.hex if self.has_focus else palette.muted.hex),
            gap,
            (value, f"bold {color.hex}" if self._is_pending else color.hex),
            self.aside(palette),
            self._restart(palette),
        )
        return Content("\n").join([line, *self._complaint(width)])

    def _restart(self, palette: Palette) -> Content:
        if not self._is_pending and (self.entry.field.live or not self.SHOWS_VALUE):
            return Content(" ")
        return Content.styled("↺", palette.accent.hex if self._is_pending else palette.faint.hex)

    def _complaint(self, width: int) -> list[Content]:
        if not self._problem:
            return []
        return Content.styled(f"✗ {self._problem}", palette_of(self.app).alarm.hex).wrap(max(8, width))


def row_id(key: str) -> str:
    """The widget id of a field: `training.optimizer.lr` is `training-optimizer-lr`."""
    return key.replace(".", "-").replace("_", "-")


def tooltip(entry: FieldEntry) -> str:
    """What a field is for, what it takes, and when it acts."""
    acts = "Acts at once." if entry.field.live else "↺ Acts on the next reset."
    return f"{entry.field.description}\n{entry.field.expected[0].upper()}{entry.field.expected[1:]}.\n{acts}"
