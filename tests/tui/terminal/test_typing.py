"""Keys that are typed quickly, or on a busy machine: each acts on what those before it have brought about."""

import asyncio
from pathlib import Path

import pytest
from textual.command import Hits
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from nn_tui.training.worker.messages import Apply, Open
from nn_tui.tui.forms.row import Row
from nn_tui.tui.lab.palette_commands import LabCommands
from nn_tui.tui.panels.maps.boundary import BoundaryPanel
from nn_tui.tui.panels.network.histograms import HistogramsPanel
from nn_tui.tui.screens.explain import ExplainScreen
from tests.tui.fakes import Lab, settle

_NAMES = {" ": "space", ".": "full_stop", "/": "slash", "-": "minus"}


async def typed(pilot: Pilot[None], lab: Lab, *keys: str) -> None:
    """All of them are there before the first has done anything."""
    for key in keys:
        lab.app.post_message(Key(_NAMES.get(key, key), key if len(key) == 1 else None))
    await settle(pilot, lab)
    await settle(pilot, lab)


async def test_keys_typed_after_the_key_of_a_panel_are_for_that_panel() -> None:
    for size in ((80, 24), (120, 40), (200, 60)):
        lab = Lab("xor")
        async with lab.app.run_test(size=size) as pilot:
            await settle(pilot, lab)
            await typed(pilot, lab, "d", "right", "right")
            assert isinstance(lab.screen.focused, BoundaryPanel)
            assert lab.screen.focused.cursor.cell is not None
            # Not seen before, so that it is made first.
            await lab.screen.run_action("go_to_panel('histograms')")
            assert isinstance(lab.screen.focused, HistogramsPanel)


async def test_what_is_typed_ahead_goes_where_it_was_meant(tmp_path: Path) -> None:
    lab = Lab("xor")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        lab.screen.query_one("#training-optimizer-lr", Row).focus()
        await typed(pilot, lab, *"0.0577", "backspace", "enter")
        assert lab.worker.last(Apply).values == {"training.optimizer.lr": 0.057}

        lab.screen.set_focus(None)
        path = str(tmp_path / "no" / "a.toml")
        await typed(pilot, lab, "ctrl+s", "down", "tab", "ctrl+u", *path, "enter")
        assert lab.app.screen.query_one(Input).value == path
        await typed(pilot, lab, "escape")

        # Of these letters m, n and s would do something in the lab.
        await typed(pilot, lab, "o", *"moons", "enter")
        assert lab.screen.source.name == "moons"
        assert lab.worker.count(Open) == 2
        assert lab.worker.count(Apply) == 1


async def test_enter_in_the_palette_is_for_the_whole_word_however_long_that_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search = LabCommands.search

    async def slow(self: LabCommands, query: str) -> Hits:
        async for hit in search(self, query):
            for _ in range(100):
                await asyncio.sleep(0)
            yield hit

    monkeypatch.setattr(LabCommands, "search", slow)
    for size in ((80, 24), (120, 40)):
        lab = Lab("xor")
        async with lab.app.run_test(size=size) as pilot:
            await settle(pilot, lab)
            await typed(pilot, lab, "ctrl+p", *"gelu", "enter", "question_mark")
            assert lab.worker.last(Apply).values == {"network.activation": "gelu"}
            assert isinstance(lab.app.screen, ExplainScreen)


async def test_who_leaves_a_flood_of_keys_need_not_wait_for_it() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        for _ in range(10_000):
            lab.app._keyboard.take(Key("f1", None))
        lab.app._keyboard.take(Key("ctrl+q", None))
        assert len(lab.app._keyboard._waiting) == 1
        while not lab.app._exit:
            await asyncio.sleep(0)
