"""Tabs for a screen with room for one panel."""

from collections.abc import Mapping

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
        self._numbers: dict[str, int] = {}
        self._current = ""
        self._alarmed = ""

    def alarm(self, name: str) -> None:
        """Sets off a tab that has something to say though it be out of sight; empty for none."""
        if name != self._alarmed:
            self._alarmed = name
            self.refresh()

    def show(self, numbers: Mapping[str, int], current: str) -> None:
        """Shows these tabs, each with the number its panel has at every size."""
        self._numbers, self._current = dict(numbers), current
        self.refresh()

    def _labels(self) -> list[str]:
        """With the names in full, or, where they do not fit, the numbers and the current one's name."""
        full = [
            f"{key} {name} ▲ " if name == self._alarmed else f"{key} {name} "
            for name, key in ((name, f" {number_key(number)}".rstrip()) for name, number in self._numbers.items())
        ]
        if sum(map(len, full)) <= self.size.width:
            return full
        return [
            label if name in (self._current, self._alarmed) else f" {number_key(number)} "
            for (name, number), label in zip(self._numbers.items(), full, strict=True)
        ]

    def render(self) -> Content:
        palette = palette_of(self.app)
        return Content.assemble(
            *((label, self._style(name, palette)) for name, label in zip(self._numbers, self._labels(), strict=True))
        )

    def _style(self, name: str, palette: Palette) -> str:
        if name == self._current:
            return f"bold reverse {palette.accent.hex}"
        return (palette.alarm if name == self._alarmed else palette.muted).hex

    def on_click(self, event: events.Click) -> None:
        end = 0
        for name, label in zip(self._numbers, self._labels(), strict=True):
            end += len(label)
            if event.x < end:
                self.post_message(self.Chosen(name))
                return


def number_key(number: int) -> str:
    """The key of the panel of that number, counted from 1: a digit up to the tenth, then `p` and a letter."""
    return str(number % 10) if number <= 10 else chr(ord("a") + number - 11)
