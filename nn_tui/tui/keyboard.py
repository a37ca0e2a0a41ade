"""Keys act in the order in which they were typed, each on what those before it have brought about."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual.app import App, ScreenStackError
from textual.events import Key, Paste
from textual.message_pump import MessagePump

_PATIENCE = 5.0
"""Seconds that a key waits for the one before it to act."""

_MOST_ROUNDS = 6

_FLOOD = 100
"""More keys than fingers press: a text pasted by a terminal that does not say so, a book on the keyboard."""

_LEAVING = {"ctrl+q", "ctrl+c"}

_REPEATING = {"up", "down", "left", "right", "pageup", "pagedown", "tab", "backspace", "delete"}
"""Keys that people hold down; what one does leads nowhere where the next would mean something else."""


class Keyboard:
    """Hands keys on, each when those before it have acted; the first one, and one that repeats, at once.

    Textual sends a key to what has the focus as soon as it comes. A screen that the key before it has opened, a field
    that it has put the cursor in, a deletion that travels up to the app as a binding does are late then, on a busy
    machine all the more: of `o` and `moons` the letters would train, step and take another seed.
    """

    def __init__(self, app: App[Any], hand_on: Callable[[Key | Paste], Awaitable[None]]) -> None:
        """
        Args:
            app: whose keys these are.
            hand_on: what is done with a key when it is its turn.
        """
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[Key | Paste] = deque()
        self._handing: asyncio.Task[None] | None = None
        self._last = ""
        self._acting: asyncio.Task[None] | None = None

    def take(self, event: Key | Paste) -> None:
        """Takes in a key, to be handed on when all before it have acted."""
        if isinstance(event, Key) and event.key in _LEAVING and len(self._waiting) > _FLOOD:
            # Whoever wants to leave that behind need not wait until all of it has acted.
            self._waiting.clear()
        self._waiting.append(event)
        if self._handing is None or self._handing.done():
            self._handing = asyncio.create_task(self._hand_all_on())

    async def _hand_all_on(self) -> None:
        while self._waiting:
            event = self._waiting.popleft()
            try:
                key = event.key if isinstance(event, Key) and event.key.removeprefix("shift+") in _REPEATING else ""
                if not key or key != self._last:
                    await self._wait_for_last()
                self._last = key
                place = self._place()
                await self._hand_on(event)
                self._acting = asyncio.create_task(self._settle(event, place))
            except Exception as error:
                self._app._handle_exception(error)

    async def _wait_for_last(self) -> None:
        if self._acting is not None and not self._acting.done():
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    # It goes on where this gives up.
                    await asyncio.shield(self._acting)

    def _place(self) -> MessagePump:
        """What a key goes to first."""
        return self._app.focused or self._app.screen

    async def _settle(self, event: Key | Paste, place: MessagePump) -> None:
        """Returns when a key has acted, and what has the focus then has it for good."""
        with suppress(ScreenStackError):
            await _read(place)
            if event._stop_propagation:
                # The widget has taken it for itself; only where the focus goes is said to the app.
                await _read(self._app)
                if self._place() is place:
                    return
            before: MessagePump | None = None
            for _ in range(_MOST_ROUNDS):
                above: MessagePump | None = self._place()
                if before is above:
                    return
                before = above
                while above is not None:
                    await _read(above)
                    above = above._parent


async def _read(pump: MessagePump) -> None:
    """Returns when a widget, a screen or the app has read all messages that are there for it now."""
    done = asyncio.Event()
    if pump.call_later(done.set):
        await done.wait()
