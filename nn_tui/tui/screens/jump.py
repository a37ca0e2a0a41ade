"""Letters on everything that can be gone to: one is pressed, and one is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase, digits
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.screen import ModalScreen
from textual.widgets import Static

from nn_tui.tui.dialogs.overlay import Overlay
from nn_tui.tui.palette import palette_of

_WIDTH = 2
"""Of a letter on screen, in cells; as in the style sheet."""

_LETTERS = ascii_lowercase + digits + ascii_uppercase


@dataclass(frozen=True)
class Target:
    """Something that can be gone to.

    Attributes:
        name: what it is called.
        go: goes there.
        place: where its name begins on screen, the letter stands before that; None for what is out of sight.
    """

    name: str
    go: Callable[[], None]
    place: Region | None = None


class JumpScreen(Overlay[Target | None], ModalScreen[Target | None]):
    """Ends with the target whose letter was pressed, or None for any other key.

    What is in sight has its letter on it; what is not is listed at the bottom.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self.targets = dict(zip(letters([target.name for target in targets]), targets, strict=False))

    def compose(self) -> ComposeResult:
        hidden = self._out_of_sight(self.app.size)
        lines = self._listed(hidden, self.app.size.width - 2)
        if lines:
            yield Static(Content("\n").join(lines), id="elsewhere")
        for letter, target in self.targets.items():
            if letter not in hidden and target.place is not None:
                label = Static(letter, classes="letter", markup=False)
                label.styles.offset = Offset(max(0, target.place.x - _WIDTH), target.place.y)
                yield label

    def recolor(self) -> None:
        for elsewhere in self.query("#elsewhere").results(Static):
            size = self.app.size
            elsewhere.update(Content("\n").join(self._listed(self._out_of_sight(size), size.width - 2)))

    def _out_of_sight(self, size: Size) -> list[str]:
        """The letters of what is folded away, scrolled off, in another tab, or covered by the list of these."""
        hidden: list[str] = []
        while True:
            free = size.height - len(self._listed(hidden, size.width - 2))
            now = [at for at, target in self.targets.items() if target.place is None or target.place.y >= free]
            if len(now) <= len(hidden):
                return hidden
            hidden = now

    def _listed(self, hidden: Sequence[str], width: int) -> list[Content]:
        """Letters and names in lines of a width, no entry broken."""
        palette = palette_of(self.app)
        lines: list[Content] = []
        for letter in hidden:
            name = self.targets[letter].name.strip()
            entry = Content.assemble((letter, f"bold {palette.accent.hex}"), (f" {name}", palette.text.hex))
            if lines and lines[-1].cell_length + 3 + entry.cell_length <= width:
                lines[-1] = Content.assemble(lines[-1], "   ", entry)
            else:
                lines.append(entry)
        return lines

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(self.targets.get(event.character or ""))

    def on_click(self) -> None:
        self.dismiss(None)

    def action_leave(self) -> None:
        """Ends it without going anywhere."""
        self.dismiss(None)


def letters(names: Sequence[str]) -> list[str]:
    """A letter for each name: the first of its own that is free, else any; as many as there are letters."""
    free = dict.fromkeys(_LETTERS)
    chosen: list[str] = []
    for name in names[: len(_LETTERS)]:
        letter = next((letter for letter in name.lower() if letter in free), None) or next(iter(free))
        del free[letter]
        chosen.append(letter)
    return chosen
