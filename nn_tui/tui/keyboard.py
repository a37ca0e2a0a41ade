"""Keys act in the order in which they were typed, each on what those before it have brought about."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.events import Key, Paste
from textual.message_pump import MessagePump

_PATIENCE = 1.0
"""Seconds that a key waits for those before it; a handler may take longer, and is not waited for."""

_MOST_ROUNDS = 6


class Keyboard:
    """Hands keys on, one at a time.

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

    def take(self, event: Key | Paste) -> None:
        """Takes in a key, to be handed on when all before it have acted."""
        self._waiting.append(event)
        if self._handing is None or self._handing.done():
            self._handing = asyncio.create_task(self._hand_all_on())

    async def _hand_all_on(self) -> None:
        while self._waiting:
            event = self._waiting.popleft()
            try:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PATIENCE):
                        await self._settled()
                await self._hand_on(event)
            except Exception as error:
                self._app._handle_exception(error)

    async def _settled(self) -> None:
        """Returns when what has the focus has it for good, and everything above it has read its messages."""
        before: object = None
        for _ in range(_MOST_ROUNDS):
            place: MessagePump | None = self._app.focused or self._app.screen
            if before is (before := place):
                return
            while place is not None:
                await _read(place)
                place = place._parent


async def _read(pump: MessagePump) -> None:
    """Returns when a widget, a screen or the app has read all messages that are there for it now."""
    done = asyncio.Event()
    if pump.call_later(done.set):
        await done.wait()
