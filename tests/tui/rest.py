"""When an app under test has come to rest: when nothing is left to be done, however long that takes.

Textual's own measure is that the process has been idle for a while, which takes its time on a quiet machine and is
true too early on a busy one, where the process was not given the processor.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual._context import active_app
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from tests.patience import PATIENCE

_QUIET_TURNS = 4
_MOST_TURNS = 20_000


OF_TEXTUAL = ("textual.app.wait_for_idle", "textual.pilot.wait_for_idle", "textual.pilot.Pilot._wait_for_screen")
"""Textual's waits, which `at_rest` takes the place of."""


async def at_rest(*_: object) -> None:
    """Returns once no message, callback, redraw or thread is waited for: what is left are timers and processes."""
    loop: Any = asyncio.get_running_loop()
    app = active_app.get()
    quiet = 0
    for _turn in range(_MOST_TURNS):
        await asyncio.sleep(0)
        if _works_aside(loop):
            quiet = 0
            await asyncio.sleep(0.001)
            continue
        if loop._ready or _drew(app):
            quiet = 0
            continue
        quiet += 1
        if quiet == _QUIET_TURNS:
            return


def _works_aside(loop: Any) -> bool:
    """Whether a thread works for the event loop."""
    executor = loop._default_executor
    return executor is not None and len(executor._threads) > executor._idle_semaphore._value


def _drew(app: App[Any]) -> bool:
    """Draws what Textual would draw at the next tick of its clock; returns whether there was anything."""
    if app._resize_event is not None:
        app._check_resize()
        return True
    screen: Screen[Any] | None = app.screen_stack[-1] if app._screen_stack else None
    if screen is None or app._batch_count or not screen.is_current or not screen.is_running:
        return False
    is_due = bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )
    if is_due:
        screen._on_timer_update()
    return is_due


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Lets the app go on until something has happened."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await pilot.pause(0.02)
