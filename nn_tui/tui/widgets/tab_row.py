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
        """With the keys, and as many of the names as fit: the current one's, those pointed out, then the nearest.

        Where the current one's does not fit beside all keys, those furthest from it are left out.
        """
        names = list(self._numbers)
        if not names:
            return []
        labels = [f" {key_of(number)} " for number in self._numbers.values()]
        current = names.index(self._current) if self._current in names else 0
        by_need = sorted(range(len(names)), key=lambda at: (names[at] != self._alarmed, abs(at - current)))
        first, *others = sorted(by_need, key=lambda at: at != current)
        room = self.size.width - sum(map(len, labels))
        while others and room < len(self._named(names[first])):
            furthest = others.pop()
            room += len(labels[furthest])
            labels[furthest] = ""
        for at in (first, *others):
            name = self._named(names[at])
            if len(name) <= room:
                labels[at] += name
                room -= len(name)
        return labels

    def _named(self, name: str) -> str:
        return f"{name} ▲ " if name == self._alarmed else f"{name} "

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
    """The key of the panel of that number, counted from 1, in the list of panels: a digit up to the tenth, then a
    letter.
    """
    return str(number % 10) if number <= 10 else chr(ord("a") + number - 11)


def key_of(number: int) -> str:
    """The keys that go there from the lab: a digit, or `p` for the list of panels and its letter."""
    return number_key(number) if number <= 10 else f"p{number_key(number)}"
