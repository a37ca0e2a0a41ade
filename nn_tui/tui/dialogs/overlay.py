"""A screen over the lab: it ends once, however late a second key comes, and takes another theme."""

from typing import TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import Screen

Result = TypeVar("Result")


class Overlay(Screen[Result]):
    """A screen that can be left while another message that leaves it is on its way.

    Textual takes the screen away that is on top, whichever it is: a second Enter would take the lab's.
    """

    def _on_mount(self, event: events.Mount) -> None:  # noqa: ARG002
        # Beside `Screen`'s, and what a screen has of its own: Textual calls each.
        self.app.theme_changed_signal.subscribe(self, lambda _: self.recolor())

    def on_unmount(self) -> None:
        # The signal would hold it, and all of its lines, as long as there is an app.
        self.app.theme_changed_signal.unsubscribe(self)

    def recolor(self) -> None:
        """Writes anew what has the colors of a theme in its words; the style sheets see to the rest."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
