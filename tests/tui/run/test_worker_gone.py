"""A worker that dies takes nothing with it."""

import asyncio

from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from nn_tui.training.worker.client import WorkerExit
from nn_tui.training.worker.messages import Advance, Open, Play
from nn_tui.tui.screens.worker_gone import WorkerGoneScreen
from tests.tui.fakes import Lab, settle

SIZE = (80, 24)
WIDE = (120, 40)


async def die_twice(pilot: Pilot[None], lab: Lab) -> None:
    """Ends the worker, and ends it again where it was: the second time it is asked what to do."""
    for _ in range(2):
        lab.worker.die()
        for _ in range(3):
            await settle(pilot, lab)
    assert isinstance(lab.app.screen, WorkerGoneScreen)


async def test_a_run_goes_on_by_itself_at_the_very_step_and_plays_on() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.ends = "running"
        await pilot.press("e")
        await settle(pilot, lab)
        assert lab.screen.control.status == "running"
        lab.worker.ends = "paused"
        lab.worker.die()
        for _ in range(4):
            await settle(pilot, lab)
        assert lab.worker.starts == 2
        assert lab.worker.last(Advance) == Advance(steps=9)
        assert lab.worker.count(Play) == 1
        assert lab.app.screen is lab.screen
        assert any("goes on from there" in notice.message for notice in lab.app._notifications)


async def test_what_dies_again_where_it_was_is_told_and_what_is_on_screen_is_kept() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e")
        await settle(pilot, lab)
        before = lab.text("#loss")
        await die_twice(pilot, lab)
        assert "✗ crashed  " in lab.text("StatusLine")
        assert not lab.app.screen.query("#resume")
        opened = lab.worker.count(Open)
        for key in ("space", "n", "r", "s", "left", "m", "right_square_bracket"):
            await pilot.press("escape")
            assert lab.app.screen is lab.screen
            assert lab.text("#loss") == before
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(lab.app.screen, WorkerGoneScreen), key
        assert lab.worker.count(Open) == opened


async def test_the_question_waits_for_whoever_is_typing() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e", "ctrl+s", "tab", "ctrl+e", "ctrl+u", *"here")
        saving = lab.app.screen
        for _ in range(2):
            lab.worker.die()
            for _ in range(3):
                await settle(pilot, lab)
        await pilot.press(*".safetensors")
        assert lab.app.screen is saving
        assert saving.query_one(Input).value == "here.safetensors"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(lab.app.screen, WorkerGoneScreen)


async def test_saving_after_the_worker_has_died_says_why_nothing_is_written() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await die_twice(pilot, lab)
        await pilot.press("escape", "ctrl+s", "enter")
        await pilot.pause()
        assert isinstance(lab.app.screen, WorkerGoneScreen)


async def test_it_goes_on_from_the_last_snapshot() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.snapshot = "/somewhere/run.snapshot"
        await die_twice(pilot, lab)
        assert lab.worker.last(Open).resume == "/somewhere/run.snapshot"
        await pilot.click("#resume")
        await settle(pilot, lab)
        assert lab.worker.starts == 3
        assert lab.worker.last(Open).resume == "/somewhere/run.snapshot"
        assert "ready" in lab.text("StatusLine")


async def test_it_begins_again() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await die_twice(pilot, lab)
        await pilot.click("#restart")
        await settle(pilot, lab)
        assert lab.worker.last(Open).resume is None
        assert lab.worker.count(Open) == 3


async def test_quitting_from_there_leaves() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await die_twice(pilot, lab)
        await pilot.click("#quit")
        await pilot.pause()
    assert lab.worker.is_closed


async def test_a_report_that_the_lab_cannot_take_in_is_told_once_and_the_run_goes_on() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        loop = asyncio.get_running_loop()
        for _ in range(3):
            loop.call_soon(lambda: 1 / 0)
            await pilot.pause()
        told = [notice.message for notice in lab.app._notifications]
        assert [message for message in told if "could not take in" in message] == [
            "The lab could not take in what it was told: ZeroDivisionError('division by zero'). The run goes on."
        ]


async def test_every_answer_can_be_read_on_the_smallest_screen() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(60, 20)) as pilot:
        await settle(pilot, lab)
        lab.app.push_screen(WorkerGoneScreen(WorkerExit("it ended", 1, "why"), 1_234, can_resume=True))
        await pilot.pause()
        buttons = lab.app.screen.query(Button)
        assert len(buttons) == 3
        for button in buttons:
            assert str(button.label) in "".join(segment.text for segment in button.render_line(0))
            assert button.region.right < lab.app.screen.query_one(".panel").region.right


async def test_a_run_whose_data_are_away_when_its_worker_dies_is_not_given_up() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e")
        await settle(pilot, lab)
        lab.worker.snapshot = "/somewhere/run.snapshot"
        lab.worker.refuse["Open"] = ("data.path", "table.csv: no such file")
        lab.worker.die()
        for _ in range(4):
            await settle(pilot, lab)
        for key in ("space", "n", "right_square_bracket"):
            assert isinstance(lab.app.screen, WorkerGoneScreen)
            told = "\n".join(str(static.render()) for static in lab.app.screen.query(Static))
            assert "It cannot go on: data.path: table.csv: no such file" in told
            assert "✗ crashed  " in lab.text("StatusLine")
            await pilot.press("escape", key)
            await pilot.pause()
        # It is there again.
        del lab.worker.refuse["Open"]
        await pilot.click("#resume")
        for _ in range(4):
            await settle(pilot, lab)
        assert lab.worker.last(Open).resume == "/somewhere/run.snapshot"
        assert lab.screen.control.frame is not None
        assert lab.screen.control.frame.step == 9
        assert lab.screen.control.status == "paused"


async def test_where_a_run_cannot_go_on_another_scenario_can_be_opened() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e")
        await settle(pilot, lab)
        lab.worker.refuse["Open"] = ("data.path", "table.csv: no such file")
        lab.worker.die()
        for _ in range(4):
            await settle(pilot, lab)
        del lab.worker.refuse["Open"]
        await pilot.press("escape")
        lab.screen.action_open_named("moons")
        await settle(pilot, lab)
        assert lab.screen.source.name == "moons"
        assert lab.screen.control.status == "ready"


async def test_where_a_snapshot_cannot_be_used_the_run_begins_again_and_that_is_said() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e")
        await settle(pilot, lab)
        lab.worker.snapshot = "/somewhere/run.snapshot"
        begin = lab.screen.control.begin_without_snapshot

        def begin_well() -> bool:
            lab.worker.refuse.clear()
            return begin()

        lab.screen.control.begin_without_snapshot = begin_well  # type: ignore[method-assign]
        lab.worker.refuse["Open"] = ("", "the snapshot cannot be used: it is of another run")
        lab.worker.die()
        for _ in range(4):
            await settle(pilot, lab)
        assert lab.worker.last(Open).resume is None
        said = [notice.message for notice in lab.app._notifications]
        assert said.count("The snapshot cannot be used: it is of another run. The run begins again.") == 1
        assert not any(message.startswith("the snapshot") for message in said)
