"""A worker that dies takes nothing with it."""

from nn_tui.training.messages import Open
from nn_tui.tui.screens.worker_gone import WorkerGoneScreen
from tests.tui.fakes import Lab, settle

SIZE = (120, 40)


async def test_the_app_says_so_and_keeps_what_is_on_screen() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e")
        await settle(pilot, lab)
        before = lab.text("#loss")
        lab.worker.die()
        await pilot.pause()
        assert isinstance(lab.app.screen, WorkerGoneScreen)
        assert "worker gone" in lab.text("StatusLine")
        assert not lab.app.screen.query("#resume")
        await pilot.press("escape", "space", "n", "r")
        assert lab.text("#loss") == before


async def test_it_goes_on_from_the_last_snapshot() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.snapshot = "/somewhere/run.snapshot"
        lab.worker.die()
        await pilot.pause()
        await pilot.click("#resume")
        await settle(pilot, lab)
        assert lab.worker.starts == 2
        assert lab.worker.last(Open).resume == "/somewhere/run.snapshot"
        assert "ready" in lab.text("StatusLine")


async def test_it_begins_again() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.die()
        await pilot.pause()
        await pilot.click("#restart")
        await settle(pilot, lab)
        assert lab.worker.last(Open).resume is None
        assert lab.worker.count(Open) == 2


async def test_quitting_from_there_leaves() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.die()
        await pilot.pause()
        await pilot.click("#quit")
        await pilot.pause()
    assert lab.worker.is_closed
