"""Fields whose changes the worker is slow to answer: no press is lost, and what it says in the end is what is shown."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nn_tui.scenario.timeline import changed
from nn_tui.training.worker.messages import Apply, Command, Open
from nn_tui.tui.forms.row import Row, row_id
from tests.tui.fakes import FakeWorker, Lab, settle

SIZE = (120, 60)
RATE = "training.optimizer.lr"


class LateWorker:
    """Holds back what a lab's worker would answer."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.held: list[Command] = []
        lab.worker._answer = self.held.append  # type: ignore[method-assign]

    async def answer(self, pilot: Pilot[Any], count: int = 1) -> None:
        """Answers the oldest commands, and lets the lab ask again."""
        for command in self.held[:count]:
            FakeWorker._answer(self.lab.worker, command)
        del self.held[:count]
        await pilot.pause()
        self.lab.screen.look()
        await pilot.pause()

    async def answer_all(self, pilot: Pilot[Any]) -> None:
        """Answers until nothing is asked any more."""
        await pilot.pause()
        while self.held:
            await self.answer(pilot)


def shown(lab: Lab, key: str) -> Any:
    return lab.screen.query_one(f"#{row_id(key)}", Row).value


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("key", [RATE, "training.batch_size", "network.activation", "data.samples"])
async def test_presses_that_come_faster_than_answers_all_count(key: str, is_written: bool) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        row = lab.screen.query_one(f"#{row_id(key)}", Row)
        values = [row.value]
        for _ in range(5):
            values.append(row.nudged(values[-1], True))
        row.focus()
        if is_written and not isinstance(row.value, str):
            row.action_edit()
        late = LateWorker(lab)
        await pilot.press("up", "up")
        for number in (3, 4, 5):
            # An answer to an earlier press comes after each.
            await pilot.press("up")
            await late.answer(pilot, 2)
            assert shown(lab, key) == values[number]
            entry = row.query(Input)
            assert not entry or float(entry.first().value) == values[number]
        await late.answer_all(pilot)
        assert shown(lab, key) == values[5]
        sent = [change.values for change in lab.worker.sent if isinstance(change, Apply)]
        assert sent == ([] if key == "data.samples" else [{key: value} for value in values[1:]])


async def test_units_of_a_layer_and_a_choice_from_a_list_follow_every_press() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        layer = lab.screen.query_one("#network-hidden-1", Row)
        units = layer.value["units"]
        LateWorker(lab)
        layer.focus()
        await pilot.press("up", "up", "up", "down")
        assert layer.value["units"] == units + 2
        # What comes first decides which fields there are, and what comes next is checked against it.
        refusals: list[str] = []
        lab.screen.propose("training.optimizer.name", "momentum", refusals.append)
        lab.screen.propose("training.optimizer.beta", 0.5, refusals.append)
        assert not refusals
        assert shown(lab, "training.optimizer.name") == "momentum"


async def test_what_the_worker_refuses_or_something_else_has_overtaken_is_not_shown_for_long() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        row, before = lab.screen.query_one(f"#{row_id(RATE)}", Row), shown(lab, RATE)
        late = LateWorker(lab)
        row.action_nudge(True)
        assert row.value != before
        lab.worker.refuse["Apply"] = (RATE, "not now")
        await late.answer_all(pilot)
        assert (row.value, row.problem) == (before, "not now")
        lab.worker.refuse.clear()
        # A timeline, or an undo, has set it again before anyone looked.

        def overtaken(command: Command) -> None:
            FakeWorker._answer(lab.worker, command)
            if isinstance(command, Apply):
                assert lab.worker.scenario is not None
                lab.worker.scenario = changed(lab.worker.scenario, {RATE: 0.77})

        lab.worker._answer = overtaken  # type: ignore[method-assign]
        draft = lab.screen.control.draft
        assert draft is not None
        for _ in range(2):
            row.action_nudge(True)
            await settle(pilot, lab)
            assert row.value == 0.77
            assert not draft.is_touched


@pytest.mark.parametrize("refused", [(True, False), (False, True), (True, True)])
async def test_of_two_scenarios_opened_in_a_row_what_the_worker_has_in_the_end_is_shown(
    refused: tuple[bool, bool],
) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        late = LateWorker(lab)
        lab.screen.action_open_named("spiral")
        lab.screen.action_open_named("circle")
        await pilot.pause()
        for is_refused in refused:
            lab.worker.refuse = {"Open": ("", "there is no such data")} if is_refused else {}
            while not isinstance(late.held[0], Open):
                await late.answer(pilot)
            await late.answer(pilot)
        await late.answer_all(pilot)
        there = "xor" if all(refused) else "spiral" if refused[1] else "circle"
        control = lab.screen.control
        assert control.status == "ready"
        assert control.source.name == there
        assert control.frame is not None
        assert control.frame.scenario.data.kind == there
        assert shown(lab, "data.kind") == there
        assert control.draft is not None
        assert control.draft.base.data.kind == there


async def test_a_worker_that_dies_after_a_reset_was_refused_goes_on_with_what_ran() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.screen.propose("data.samples", 77, lambda _: None)
        lab.worker.refuse["Open"] = "data.samples", "there are not so many"
        await pilot.press("r")
        await settle(pilot, lab)
        lab.worker.refuse.clear()
        lab.worker.die()
        await settle(pilot, lab)
        assert lab.worker.last(Open).scenario.data.samples == 200
