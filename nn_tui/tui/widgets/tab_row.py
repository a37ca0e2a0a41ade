"""Tabs for a screen with room for one panel."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

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

    def show(self, names: Sequence[str], current: str) -> None:
        """Shows these tabs."""
        self._names, self._current = tuple(names), current
        self.refresh()

    def _labels(self) -> list[str]:
        """With the names in full, or, where they do not fit, the numbers and the current one's name."""
        full = [f" {number} {name} " for number, name in enumerate(self._names, 1)]
        if sum(map(len, full)) <= self.size.width:
            return full
        return [
            label if name == self._current else f" {number} "
            for number, (name, label) in enumerate(zip(self._names, full, strict=True), 1)
        ]

    def render(self) -> Content:
        palette = palette_of(self.app)
        on, off = f"bold reverse {palette.accent.hex}", palette.muted.hex
        return Content.assemble(
            *(
                (label, on if name == self._current else off)
                for name, label in zip(self._names, self._labels(), strict=True)
            )
        )

    def on_click(self, event: events.Click) -> None:
        end = 0
        for name, label in zip(self._names, self._labels(), strict=True):
            end += len(label)
            if event.x < end:
                self.post_message(self.Chosen(name))
                return
