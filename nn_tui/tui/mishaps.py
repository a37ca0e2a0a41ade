"""What goes wrong with a key, a click, a resize or a report is told once and passed over: the lab goes on."""

import traceback
from pathlib import Path
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.geometry import Offset
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList


def told(error: BaseException) -> str:
    """A mishap in a line: what it was, and where in the source."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}{where}"


def outlive_mishaps() -> None:
    """From now on a widget whose handler raises goes on with its next message.

    Textual tells the app (`App._handle_exception`) and ends the widget's own loop: of a screen no key would do anything
    after that. Faults of Textual itself come this way too; some of them are none that anybody need hear of: a page up
    or down in a list that has not been drawn yet, or has no height, and a click on what is gone and still to be seen.
    """
    if MessagePump._dispatch_message is not _dispatch:
        MessagePump._dispatch_message = _dispatch  # type: ignore[method-assign, assignment]
        OptionList._move_page = _move_page  # type: ignore[method-assign, assignment]
        Screen.get_widget_and_offset_at = _widget_and_offset_at  # type: ignore[method-assign, assignment]


_dispatch_as_textual = MessagePump._dispatch_message
_move_page_as_textual = OptionList._move_page
_widget_and_offset_as_textual = Screen.get_widget_and_offset_at


def _move_page(listed: OptionList, direction: Any) -> None:
    if (listed.highlighted or 0) in listed._index_to_line:
        _move_page_as_textual(listed, direction)


def _widget_and_offset_at(screen: Screen[Any], x: int, y: int) -> tuple[Widget | None, Offset | None]:
    widget, offset = _widget_and_offset_as_textual(screen, x, y)
    if widget is not None and widget.parent is None and not isinstance(widget, Screen):
        # It has been taken away since it was drawn last: nothing of it can be selected.
        return None, None
    return widget, offset


async def _dispatch(pump: MessagePump, message: Message) -> None:
    try:
        await _dispatch_as_textual(pump, message)
    except Exception as error:
        if isinstance(pump, DOMNode) and pump._pruning:
            # It was sent away before the message came, and what the message is about with it.
            return
        app: App[object] = pump.app
        app._handle_exception(error)
