"""The tour watches what is done, and can be left and taken up."""

from textual.widgets import Static

from nn_tui.tui.lab.tour import STOPS
from tests.tui.fakes import Lab, settle
from tests.tui.rest import until


def hint(lab: Lab) -> str:
    found = lab.screen.query_one("#hint", Static)
    return str(found.render()) if found.display else ""


async def test_each_of_six_stops_is_done_by_the_keys_it_names() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lab)
        await pilot.press("T")
        assert hint(lab).startswith("1/6 space")
        await pilot.press("space")
        await settle(pilot, lab)
        assert hint(lab).startswith("2/6 j, then r")
        await pilot.press("T")
        assert hint(lab) == ""
        await pilot.press("T")
        assert hint(lab).startswith("2/6")
        await pilot.press("j")
        await pilot.pause()
        await pilot.press("r")
        await settle(pilot, lab)
        assert hint(lab).startswith("3/6")
        await pilot.press(*["up"] * 4)
        await until(pilot, lambda: hint(lab).startswith("4/6"))
        lab.worker.parts = {"redo": "lr"}
        await settle(pilot, lab)
        assert hint(lab).startswith("5/6")
        await pilot.press("escape", "t")
        await settle(pilot, lab)
        assert hint(lab).startswith("6/6")
        await pilot.press("o")
        await settle(pilot, lab)
        assert hint(lab) == ""
        assert lab.app.memory.settings.tour == 6


def test_every_stop_is_whole_at_80_columns() -> None:
    assert len(STOPS) == 6
    assert all(len(stop.text) <= 72 for stop in STOPS)
