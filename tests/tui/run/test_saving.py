"""Getting things out of the lab."""

from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from nn_tui.training.worker.messages import Save
from nn_tui.tui.forms.row import Row
from nn_tui.tui.screens.save import SaveScreen
from tests.tui.fakes import Lab, settle

SIZE = (80, 24)
WIDE = (120, 40)


@pytest.mark.parametrize(
    ("downs", "what", "name"),
    [(0, "model", "xor-step9.safetensors"), (1, "scenario", "xor-step9.toml"), (2, "metrics", "xor-step9.csv")],
)
async def test_what_is_chosen_is_saved_where_it_is_said(
    downs: int, what: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("e")
        await settle(pilot, lab)
        await pilot.press("ctrl+s", *["down"] * downs, "enter")
        await settle(pilot, lab)
        assert lab.worker.last(Save) == Save(what=what, path=str(tmp_path / name))  # type: ignore[arg-type]
        assert any(notice.title == "Saved" for notice in lab.app._notifications)


async def test_each_thing_to_save_has_a_line_of_its_own_on_the_smallest_screen() -> None:
    lab = Lab()
    async with lab.app.run_test(size=(60, 20)) as pilot:
        await settle(pilot, lab)
        await pilot.press("ctrl+s")
        await pilot.pause()
        listed = lab.app.screen.query_one(OptionList)
        assert listed.size.height == listed.option_count


async def test_a_picture_of_the_screen_is_an_svg_without_the_dialog(tmp_path: Path) -> None:
    lab = Lab()
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        await pilot.press("ctrl+s", "end", "tab")
        lab.app.screen.query_one(Input).value = str(tmp_path / "lab.svg")
        await pilot.press("enter")
        await settle(pilot, lab)
        picture = (tmp_path / "lab.svg").read_text()
        assert picture.startswith("<svg")
        assert "Training" in picture
        assert "Metrics" not in picture


async def test_a_path_that_cannot_be_written_says_so_and_the_dialog_stays(tmp_path: Path) -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("ctrl+s", "tab")
        for path, words in [
            (tmp_path / "missing" / "m.safetensors", "there is no folder"),
            (tmp_path, "is a folder"),
            (tmp_path / "m.pt", "name it m.safetensors"),
        ]:
            lab.app.screen.query_one(Input).value = str(path)
            await pilot.press("enter")
            assert words in str(lab.app.screen.query_one(".problem", Static).render())
        for row, ending in ((1, ".toml"), (2, ".csv"), (3, ".svg")):
            lab.app.screen.query_one(OptionList).highlighted = row
            await pilot.pause()
            lab.app.screen.query_one(Input).value = str(tmp_path / ending)
            await pilot.press("enter")
            problem = str(lab.app.screen.query_one(".problem", Static).render())
            assert problem == f"{ending}: is an ending alone; put a name before it."
        assert isinstance(lab.app.screen, SaveScreen)
        assert lab.worker.count(Save) == 0


async def test_where_the_working_folder_is_gone_a_whole_path_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> str:
        raise FileNotFoundError(2, "No such file or directory")

    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("ctrl+s", "tab")
        with monkeypatch.context() as away:
            away.setattr("os.getcwd", gone)
            lab.app.screen.query_one(Input).value = "m.safetensors"
            await pilot.press("enter")
        problem = str(lab.app.screen.query_one(".problem", Static).render())
        assert problem == "m.safetensors: the folder that the lab was started in is gone; write the whole path."
        lab.app.screen.query_one(Input).value = str(tmp_path / "m.safetensors")
        await pilot.press("enter")
        assert lab.worker.count(Save) == 1


async def test_a_file_that_is_there_is_replaced_only_when_asked_twice(tmp_path: Path) -> None:
    there = tmp_path / "m.safetensors"
    there.write_text("old")
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("ctrl+s", "tab")
        lab.app.screen.query_one(Input).value = str(there)
        await pilot.press("enter")
        assert "once more" in str(lab.app.screen.query_one(".problem", Static).render())
        await pilot.press("enter")
        assert lab.worker.last(Save).path == str(there)


async def test_the_replay_command_is_copied() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("s")
        await settle(pilot, lab)
        await pilot.press("e")
        await settle(pilot, lab)
        await pilot.press("y")
        assert lab.app.clipboard == "nn-tui replay xor --set training.seed=8 --steps 9"


async def test_what_was_changed_at_the_shell_is_in_the_forms_and_in_the_command() -> None:
    lab = Lab(changes={"lr": 0.5, "hidden": [3]})
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        assert lab.screen.query_one("#training-optimizer-lr", Row).value == 0.5
        await pilot.press("r")
        await settle(pilot, lab)
        await pilot.press("y")
        command = "nn-tui replay xor --set 'network.hidden=[3]' --set training.optimizer.lr=0.5 --steps 0"
        assert lab.app.clipboard == command


async def test_the_command_says_what_the_file_says_otherwise_since_it_was_opened(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = 'title = "mine"\ndata = { kind = "xor" }\ntraining = { epochs = 5, seed = SEED }\n'
    file.write_text(text.replace("SEED", "3"))
    lab = Lab(str(file))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        file.write_text(text.replace("SEED", "4"))
        await pilot.press("y")
        assert lab.app.clipboard == f"nn-tui replay {file} --set training.seed=3 --steps 0"


async def test_a_run_that_was_changed_on_its_way_has_to_be_saved_to_be_replayed() -> None:
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.screen.query_one("#training-optimizer-lr", Row).action_nudge(True)
        await settle(pilot, lab)
        await pilot.press("y")
        assert isinstance(lab.app.screen, SaveScreen)
        assert lab.app.screen.query_one(Input).value == "xor-step0.toml"
