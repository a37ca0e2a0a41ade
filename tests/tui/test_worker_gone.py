"""A worker that dies takes nothing with it."""

import asyncio

from nn_tui.training.worker.messages import Open
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


async def test_a_report_that_the_lab_cannot_take_in_is_told_once_and_the_run_goes_on() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lab)
        loop = asyncio.get_running_loop()
        for _ in range(3):
            loop.call_soon(lambda: 1 / 0)
            await pilot.pause()
        told = [notice.message for notice in lab.app._notifications]
        assert [message for message in told if "could not take in" in message] == [
            "The lab could not take in what it was told: ZeroDivisionError('division by zero'). The run goes on."
        ]
