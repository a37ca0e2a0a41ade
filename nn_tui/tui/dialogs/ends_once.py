"""A screen that ends once, however late a second key or click comes."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

Result = TypeVar("Result")


class EndsOnce(Screen[Result]):
    """A screen that can be left while another message that leaves it is on its way.

    Textual takes the screen away that is on top, whichever it is: a second Enter would take the lab's.
    """

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
