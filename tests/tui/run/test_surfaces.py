"""The lab with a surface in the place of data and network."""

from pathlib import Path

from textual.content import Content
from textual.widgets import Input

import nn_tui
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import OptimizerTable
from nn_tui.tui.app import LabApp
from nn_tui.tui.forms.number import PointRow
from nn_tui.tui.forms.race import AddRivalRow, RivalRow
from nn_tui.tui.forms.row import Row
from nn_tui.tui.lab.screen import LabScreen
from nn_tui.tui.widgets.board import Board
from tests.tui.fakes import Lab, settle
from tests.tui.rest import until
from tests.tui.run.test_real_worker import ready

SIZE = (80, 24)
WIDE = (120, 40)

RAVINE = """title = "A ravine"
[data]
kind = "surface"
function = "ravine"
[training]
epochs = 300
race = [{ name = "sgd", lr = 0.05 }, { name = "adam", lr = 0.1 }]
"""


def ravine(folder: Path) -> str:
    file = folder / "ravine.toml"
    file.write_text(RAVINE)
    return str(file)


async def test_a_surface_has_no_network_form_and_no_panels_of_networks(tmp_path: Path) -> None:
    lab = Lab(ravine(tmp_path))
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        await pilot.press("n")
        await settle(pilot, lab)
        assert not lab.screen.query_one("#network-form").display
        shown = [view.KIND.name for view in lab.screen.query_one(Board).on_screen]
        assert shown == ["surface", "race", "formulas", "diagnosis"]
        assert "step   1/300" in lab.text("StatusLine")
        assert "epoch" not in lab.text("StatusLine")
        assert lab.text("#training-epochs").startswith("steps")


async def test_the_forms_come_and_go_with_the_surface(tmp_path: Path) -> None:
    lab = Lab(ravine(tmp_path))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        kind = lab.screen.query_one("#data-kind", Row)
        kind.want("xor")
        await settle(pilot, lab)
        await pilot.press("r")
        await settle(pilot, lab)
        assert lab.screen.query_one("#network-form").display
        assert not lab.screen.query("#data-start")


async def test_start_and_rivals_are_edited_in_the_forms(tmp_path: Path) -> None:
    lab = Lab(ravine(tmp_path))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("f")
        start = lab.screen.query_one("#data-start", PointRow)
        start.action_edit()
        await pilot.pause()
        start.query_one(Input).value = "1.5, -0.25"
        await pilot.press("enter")
        await settle(pilot, lab)
        assert start.value == [1.5, -0.25]

        rival = lab.screen.query_one(RivalRow)
        assert rival.written(rival.value) == "adam 0.1"
        rival.action_nudge(True)
        await settle(pilot, lab)
        lab.screen.query_one(AddRivalRow).action_edit()
        await settle(pilot, lab)
        draft = lab.screen.control.draft
        assert draft is not None
        assert [(rule.name, rule.lr) for rule in draft.next.training.race][:2] == [("sgd", 0.05), ("adam", 0.2)]
        assert len(draft.next.training.race) == 3
        lab.screen.query(RivalRow).first().action_remove_rival()
        await settle(pilot, lab)
        assert len(draft.next.training.race) == 2
        start.want([1.0])
        await pilot.pause()
        assert "a list of two numbers" in start.problem


async def test_another_surface_has_its_own_start(tmp_path: Path) -> None:
    lab = Lab(ravine(tmp_path))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        lab.screen.query_one("#data-function", Row).want("himmelblau")
        await settle(pilot, lab)
        assert lab.screen.query_one("#data-start", Row).value == [-0.5, -0.5]


async def test_layer_keys_go_from_optimizer_to_optimizer(tmp_path: Path) -> None:
    lab = Lab(ravine(tmp_path))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        for expected in (1, 0):
            await pilot.press("full_stop")
            await settle(pilot, lab)
            assert lab.worker.looks[-1].layer == expected


async def test_what_moves_is_asked_for_more_often_than_the_rest(tmp_path: Path) -> None:
    lab = Lab(ravine(tmp_path))
    async with lab.app.run_test(size=WIDE) as pilot:
        await settle(pilot, lab)
        await pilot.press("space")
        await settle(pilot, lab)
        for _ in range(9):
            lab.screen._pace.tick()
            # What plays never comes to rest.
            await pilot.pause(0)
        assert {look.parts for look in lab.worker.looks[-6:]} == {
            ("examined", "findings", "formulas", "surface"),
            ("findings", "surface"),
        }
        assert "step" in lab.text("StatusLine")


BOWL = """title = "A bowl"
[data]
kind = "surface"
function = "bowl"
[training]
epochs = 200
race = [{ name = "adam", lr = 0.1 }, { name = "sgd", lr = 0.001 }]
"""


def _race_of(lab: LabScreen) -> tuple[OptimizerTable, ...]:
    frame = lab.control.frame
    return () if frame is None else frame.scenario.training.race


async def test_a_cure_of_one_lane_waits_for_the_reset_and_leaves_the_others_alone(tmp_path: Path) -> None:
    (tmp_path / "bowl.toml").write_text(BOWL)
    app = LabApp(str(tmp_path / "bowl.toml"))
    async with app.run_test(size=WIDE) as pilot:
        lab = await ready(pilot, app)
        await pilot.press("c")
        assert [notice.message for notice in app._notifications][-1].endswith("tried once it has ended.")
        lab.control.change_speed("flat out")
        await pilot.press("space")
        await until(pilot, lambda: lab.control.frame is not None and bool(lab.control.frame.findings))
        frame, draft = lab.control.frame, lab.control.draft
        assert frame is not None
        assert draft is not None
        assert [finding.title for finding in frame.findings or ()] == ["sgd creeps: its rate is too low"]
        await pilot.press("c", "enter")
        await until(pilot, lambda: "training.race" in draft.pending)
        adam, cured = draft.next.training.race
        assert (adam.name, adam.lr) == ("adam", 0.1)
        assert (cured.name, cured.lr) != ("sgd", 0.001)
        await pilot.press("r")
        await until(pilot, lambda: _race_of(lab) == (adam, cured))


async def test_a_race_saved_from_the_lab_replays_to_the_digest_the_lab_shows(tmp_path: Path) -> None:
    app = LabApp(ravine(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        lab = await ready(pilot, app)
        await pilot.press("e", "e", "n")
        await until(pilot, lambda: lab.control.frame is not None and lab.control.frame.step == 3)
        lab.query_one("#training-optimizer-lr", Row).action_nudge(False)
        await until(pilot, lambda: lab.control.frame.scenario.training.optimizer.lr == 0.02)  # type: ignore[union-attr]
        await pilot.press("n")
        await until(pilot, lambda: lab.control.status == "paused" and lab.control.frame.step == 4)  # type: ignore[union-attr]
        frame = lab.control.frame
        assert frame is not None
        await pilot.press("ctrl+s", "down", "tab")
        path = tmp_path / "run.toml"
        app.screen.query_one("Input").value = str(path)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, path.exists)
    assert nn_tui.replay(load(path)).summary.digest == frame.digest


async def test_a_trace_says_whose_step_it_is_and_the_key_that_goes_to_another(tmp_path: Path) -> None:
    lab = Lab(ravine(tmp_path))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settle(pilot, lab)
        await pilot.press("n", "t")
        await settle(pilot, lab)
        assert Content.from_markup(str(lab.screen.query_one("#trace").border_subtitle)).plain == ". sgd"
        await pilot.press("full_stop")
        await settle(pilot, lab)
        assert Content.from_markup(str(lab.screen.query_one("#trace").border_subtitle)).plain == ". adam"
