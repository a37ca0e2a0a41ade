"""A person with nothing but a mouse: clicks what can be read on the screen, and turns the wheel until it can be."""

from typing import Any

from textual.events import MouseScrollDown
from textual.pilot import Pilot

from tests.tui.fakes import Lab, settle
from tests.tui.rest import until

_MOST_TURNS = 200


class Mouse:
    """Points at words, as a person does.

    Attributes:
        lab: what it points at.
    """

    def __init__(self, pilot: Pilot[Any], lab: Lab) -> None:
        self._pilot, self.lab = pilot, lab

    def lines(self) -> list[str]:
        """The whole screen, as it can be read."""
        screen = self.lab.app.screen
        return ["".join(part.text for part in strip) for strip in screen._compositor.render_strips()]

    def sees(self, words: str) -> bool:
        return any(words in line for line in self.lines())

    def at(self, words: str) -> tuple[int, int]:
        """Where words begin, the first of them from above."""
        for y, line in enumerate(self.lines()):
            if words in line:
                # Blanks and borders tell words from others, and are not what is pointed at.
                return line.index(words) + len(words) - len(words.lstrip("│ ")), y
        raise AssertionError(f"{words!r} is not on the screen:\n" + "\n".join(self.lines()))

    async def click(self, words: str, over: int = 0) -> None:
        """Clicks words.

        Args:
            words: as they stand on the screen.
            over: cells from their beginning.
        """
        await self.wait(words)
        x, y = self.at(words)
        await self._click(x + over, y)

    async def wait(self, words: str) -> None:
        """Waits for words: what a palette or a dialog ends with comes a moment later."""
        await until(self._pilot, lambda: self.sees(words))

    async def hover(self, words: str) -> None:
        await self.wait(words)
        await self._pilot.hover(offset=self.at(words))
        await self._pilot.pause()

    async def click_sign(self, field: str, sign: str) -> None:
        """Clicks the − or the + that a number has under the pointer."""
        await self.hover(field)
        _, y = self.at(field)
        x = self.lines()[y].index("−+") + "−+".index(sign)
        await self._click(x, y)

    async def _click(self, x: int, y: int) -> None:
        await self._pilot.hover(offset=(x, y))
        # A click says on what it was, which a terminal's does by itself.
        widget, region = self.lab.app.screen.get_widget_at(x, y)
        await self._pilot.click(widget, offset=(x - region.x, y - region.y))
        await settle(self._pilot, self.lab)

    async def wheel(self, words: str, over: str) -> None:
        """Turns the wheel over a place until words are on the screen."""
        await self.wait(over)
        x, y = self.at(over)
        for _ in range(_MOST_TURNS):
            if self.sees(words):
                return
            await self._pilot._post_mouse_events([MouseScrollDown], offset=(x, y))
            await self._pilot.pause()
        raise AssertionError(f"no turn of the wheel brings {words!r}:\n" + "\n".join(self.lines()))
