"""Letters on everything that can be gone to: one is pressed, and one is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, digits
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from nn_tui.tui.screens.ends_once import EndsOnce

_LETTERS = ascii_lowercase + digits


@dataclass(frozen=True)
class Target:
    """A widget that can be gone to, and what it is called."""

    widget: Widget
    name: str


class JumpScreen(EndsOnce[Target | None], ModalScreen[Target | None]):
    """Ends with the target whose letter was pressed, or None for any other key."""

    CSS_PATH = ["jump.tcss"]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self.targets = dict(zip(letters([target.name for target in targets]), targets, strict=False))

    def compose(self) -> ComposeResult:
        for letter, target in self.targets.items():
            label = Static(letter, classes="letter", markup=False)
            region = target.widget.region
            label.styles.offset = Offset(max(0, region.x - 2), region.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(self.targets.get(event.key))

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
