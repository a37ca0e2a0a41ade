"""Tabs for a screen with room for one panel."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from nn_tui.charts.palette import Palette
from nn_tui.tui.palette import palette_of


class TabRow(Widget):
    """The panels' names with their numbers, the one in sight set off; a click chooses."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._current = ""
        self._alarmed = ""

    def alarm(self, name: str) -> None:
        """Sets off a tab that has something to say though it be out of sight; empty for none."""
        if name != self._alarmed:
            self._alarmed = name
            self.refresh()

    def show(self, names: Sequence[str], current: str) -> None:
        """Shows these tabs."""
        self._names, self._current = tuple(names), current
        self.refresh()

    def _labels(self) -> list[str]:
        """With the names in full, or, where they do not fit, the numbers and the current one's name."""
        full = [
            f" {number} {name} ▲ " if name == self._alarmed else f" {number} {name} "
            for number, name in enumerate(self._names, 1)
        ]
        if sum(map(len, full)) <= self.size.width:
            return full
        return [
            label if name in (self._current, self._alarmed) else f" {number} "
            for number, (name, label) in enumerate(zip(self._names, full, strict=True), 1)
        ]

    def render(self) -> Content:
        palette = palette_of(self.app)
        return Content.assemble(
            *((label, self._style(name, palette)) for name, label in zip(self._names, self._labels(), strict=True))
        )

    def _style(self, name: str, palette: Palette) -> str:
        if name == self._current:
            return f"bold reverse {palette.accent.hex}"
        return (palette.test if name == self._alarmed else palette.muted).hex

    def on_click(self, event: events.Click) -> None:
        end = 0
        for name, label in zip(self._names, self._labels(), strict=True):
            end += len(label)
            if event.x < end:
                self.post_message(self.Chosen(name))
                return
