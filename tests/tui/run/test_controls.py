"""What the keys, the toolbar and the palette do to a run, and what the screen then says."""

import pytest

from nn_tui.training.worker.messages import Advance, Apply, Open, Pause, Play, Rewind, Speed
from nn_tui.tui.commands import COMMANDS
from nn_tui.tui.screens.help import HelpScreen
from tests.tui.fakes import Lab, settle

SIZE = (80, 24)
WIDE = (120, 40)


async def test_space_plays_and_pauses_and_the_first_line_says_so() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        assert "ready" in lab.text("StatusLine")
        await pilot.press("space")
        await settle(pilot, lab)
        assert lab.worker.count(Play) == 1
        assert "running" in lab.text("StatusLine")
        assert "pause" in lab.text("Toolbar")
        await pilot.press("space")
        await settle(pilot, lab)
        assert lab.worker.count(Pause) == 1
        assert "paused" in lab.text("StatusLine")


async def test_one_step_and_one_epoch() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("n")
        assert lab.worker.last(Advance) == Advance(steps=1)
        await pilot.press("e")
        assert lab.worker.last(Advance) == Advance(epochs=1)
        await settle(pilot, lab)
        assert "step 10" in " ".join(lab.text("StatusLine").split())


async def test_reset_opens_the_scenario_again_and_a_running_one_goes_on() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("space")
        await settle(pilot, lab)
        await pilot.press("r")
        await settle(pilot, lab)
        assert lab.worker.count(Open) == 2
        assert lab.worker.last(Open).scenario == lab.screen.source.scenario
        assert lab.worker.count(Play) == 2


async def test_a_new_seed_is_the_next_one_from_the_beginning() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        await pilot.press("s")
        await settle(pilot, lab)
        assert lab.worker.last(Open).scenario.training.seed == 8
        assert "8" in lab.text("#training-seed")


async def test_faster_goes_up_to_flat_out_and_slower_down_to_a_step_a_second() -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        for _ in range(5):
            await pilot.press("right_square_bracket")
        await settle(pilot, lab)
        assert lab.worker.last(Speed).steps_per_second is None
        assert "flat out" in lab.text("StatusLine")
        for _ in range(12):
            await pilot.press("left_square_bracket")
        await settle(pilot, lab)
        assert lab.worker.last(Speed).steps_per_second == 1.0
        assert " 1/s" in lab.text("StatusLine")


async def test_flat_out_and_back_to_the_speed_before() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("backslash")
        await settle(pilot, lab)
        assert lab.worker.last(Speed).steps_per_second is None
        await pilot.press("backslash")
        assert lab.worker.last(Speed).steps_per_second == 60.0


async def test_a_speed_that_was_chosen_outlives_a_reset() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("left_square_bracket", "r")
        await settle(pilot, lab)
        assert isinstance(lab.worker.sent[-1], Speed)
        assert lab.worker.last(Speed).steps_per_second == 50.0


async def test_rewinding_goes_back_an_epoch_or_a_step_and_quick_presses_add_up() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e", "e", "e")
        await settle(pilot, lab)
        await pilot.press("left", "left")
        assert lab.worker.last(Rewind) == Rewind(step=9)
        await settle(pilot, lab)
        await pilot.press("shift+left")
        assert lab.worker.last(Rewind) == Rewind(step=8)
        await pilot.press("home")
        assert lab.worker.last(Rewind) == Rewind(step=0)


async def test_there_is_nothing_before_the_first_step() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("left", "home")
        assert lab.worker.count(Rewind) == 0


async def test_more_epochs_make_the_run_longer() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("m")
        assert lab.worker.last(Apply) == Apply(values={"training.epochs": 450})
        await settle(pilot, lab)
        assert "/450" in lab.text("StatusLine")


@pytest.mark.parametrize(("status", "words"), [("finished", "m trains for more"), ("diverged", "← goes back")])
async def test_playing_a_run_that_has_ended_says_what_can_be_done(status: str, words: str) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.ends = status
        await pilot.press("n")
        await settle(pilot, lab)
        await pilot.press("space")
        assert lab.worker.count(Play) == 0
        assert any(words in notice.message for notice in lab.app._notifications)


async def test_the_toolbar_can_be_clicked() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        at = lab.text("Toolbar").index("step")
        await pilot.click("Toolbar", offset=(at, 0))
        await pilot.pause()
        assert lab.worker.last(Advance) == Advance(steps=1)


async def test_the_state_can_be_clicked() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.click("StatusLine", offset=(60, 0))
        await pilot.pause()
        assert lab.worker.count(Play) == 1


async def test_the_palette_has_every_command() -> None:
    from nn_tui.tui.lab.palette_commands import LabCommands

    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        provider = LabCommands(lab.screen)
        titles = {str(hit.display) async for hit in provider.discover()}
        assert titles >= {
            command.title for command in COMMANDS if command.action not in ("app.command_palette", "epoch")
        }
        hits = [hit async for hit in provider.search("one step")]
        await hits[0].command()
        await pilot.pause()
        assert lab.worker.last(Advance) == Advance(steps=1)


def test_every_command_has_an_action_and_no_key_stands_for_two() -> None:
    from nn_tui.tui.app import LabApp
    from nn_tui.tui.lab.screen import LabScreen

    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    assert len(keys) == len(set(keys))
    for command in COMMANDS:
        of_app = command.action.removeprefix("app.")
        assert hasattr(*((LabApp, f"action_{of_app}") if of_app != command.action else (LabScreen, f"action_{of_app}")))


async def test_keys_do_nothing_while_something_is_written() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await lab.screen.run_action("field('training.seed')")
        await pilot.press("enter", "e", "n", "r", "space", "s")
        assert lab.worker.count(Advance) == 0
        assert lab.worker.count(Open) == 1
        assert lab.worker.count(Play) == 0


async def test_help_lists_every_key_and_every_view() -> None:
    from textual.widgets import Static

    from nn_tui.tui.panels.loading import load_all

    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("question_mark")
        assert isinstance(lab.app.screen, HelpScreen)
        text = str(lab.app.screen.query_one(Static).render())
        assert all(command.title in text for command in COMMANDS)
        assert all(view.LEGEND in text for view in load_all())
        assert "d which points · " in text
        assert "1…9 apply a remedy" in text
        await pilot.press("escape")
        assert lab.app.screen is lab.screen


async def test_quitting_ends_the_worker() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("q")
    assert lab.worker.is_closed


async def test_a_run_that_stands_still_is_not_asked_about_again_and_again() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await settle(pilot, lab)
        looks = len(lab.worker.looks)
        for _ in range(5):
            lab.screen.look()
            await pilot.pause()
        assert len(lab.worker.looks) == looks


async def test_a_run_that_stands_still_is_asked_about_until_its_numbers_are_those_of_its_step() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.worker.parts["seen"] = 0
        await pilot.press("n")
        await settle(pilot, lab)
        looks = len(lab.worker.looks)
        lab.screen.look()
        await pilot.pause()
        assert len(lab.worker.looks) > looks
        lab.worker.parts.clear()
        await settle(pilot, lab)
        looks = len(lab.worker.looks)
        lab.screen.look()
        await pilot.pause()
        assert len(lab.worker.looks) == looks
