"""Of the screen only what has changed is put together again, and what stands there is the same as if all were."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

import pytest
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tests.tui.fakes import Lab, settle

KEYS = (
    "space",
    "l",
    "w",
    "2",
    "t",
    "escape",
    "f",
    "plus",
    "e",
    "tab",
    "up",
    "z",
    "z",
    "f",
    "escape",
    "3",
    "d",
    "comma",
)
"""Of charts, the board and the forms, some of which lay everything out anew."""

Cell = tuple[str, Any, Any]


def cells(segments: Iterable[Segment]) -> list[Cell]:
    return [
        (character, (style or Style()).color, (style or Style()).bgcolor)
        for text, style, _ in segments
        for character in text
    ]


class Terminal:
    """What a terminal shows that is sent all that is displayed."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []

    def take(self, update: object) -> None:
        if isinstance(update, LayoutUpdate):
            self.rows = [cells(segment for strip in row for segment in strip) for row in update.strips]
        elif isinstance(update, ChopsUpdate):
            for y, start, end in update.spans:
                for x, strip in update.chops[y].items():
                    for at, cell in enumerate(cells(strip or ()), x):
                        if start <= at < end:
                            self.rows[y][at] = cell


async def test_the_terminal_shows_what_the_screen_holds_whatever_changes_on_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lab, terminal = Lab(), Terminal()
    monkeypatch.setattr(lab.app, "_display", lambda _, update: terminal.take(update))
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        for step, key in enumerate(KEYS, 1):
            lab.worker.step = 3 * step
            await pilot.press(key)
            await settle(pilot, lab)
            held = [cells(strip) for strip in lab.screen._compositor.render_strips()]
            for y, (shown, wanted) in enumerate(zip_longest(terminal.rows, held)):
                assert shown == wanted, f"row {y} after {key}"


async def test_a_change_of_one_panel_has_no_other_widget_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        lab.worker.step = 9
        await settle(pilot, lab)
        drawn: set[str | None] = set()
        render = Widget.render_lines

        def noted(widget: Widget, crop: Region) -> list[Strip]:
            drawn.add(widget.id)
            return render(widget, crop)

        monkeypatch.setattr(Widget, "render_lines", noted)
        await pilot.press("l")
        assert drawn == {"loss"}
