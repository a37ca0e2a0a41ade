"""The lab with the worker it has in earnest."""

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

import nn_tui
from nn_tui.scenario.reading import load
from nn_tui.training.worker.client import WorkerClient
from nn_tui.tui.app import LabApp
from nn_tui.tui.forms.form import FoldRow
from nn_tui.tui.forms.row import Row
from nn_tui.tui.lab.screen import LabScreen
from tests.tui.rest import until

SIZE = (80, 24)


def lab_of(app: LabApp) -> LabScreen:
    return next(screen for screen in app.screen_stack if isinstance(screen, LabScreen))


async def ready(pilot: Pilot[Any], app: LabApp) -> LabScreen:
    await until(pilot, lambda: lab_of(app).control.frame is not None)
    return lab_of(app)


async def test_a_scenario_saved_from_the_lab_replays_to_the_digest_the_lab_shows(tmp_path: Path) -> None:
    app = LabApp("xor")
    async with app.run_test(size=SIZE) as pilot:
        lab = await ready(pilot, app)
        await pilot.press("e", "e")
        await until(pilot, lambda: lab.control.frame is not None and lab.control.frame.epoch == 2)
        lab.query_one("#training-optimizer-lr", Row).action_nudge(True)
        lab.query_one("#training-batch-size", Row).action_nudge(True)
        await until(pilot, lambda: lab.control.frame.scenario.training.batch_size == 32)  # type: ignore[union-attr]
        here = lab.control.frame.step  # type: ignore[union-attr]
        await pilot.press("n", "n", "n")
        await until(pilot, lambda: lab.control.status == "paused" and lab.control.frame.step == here + 3)  # type: ignore[union-attr]
        frame = lab.control.frame
        assert frame is not None
        await pilot.press("ctrl+s", "down", "tab")
        path = tmp_path / "run.toml"
        app.screen.query_one("Input").value = str(path)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, path.exists)
    run = nn_tui.replay(load(path))
    assert run.summary.steps == frame.step
    assert run.summary.digest == frame.digest


async def test_changes_while_it_runs_stand_in_the_charts_as_marks() -> None:
    app = LabApp("xor")
    async with app.run_test(size=SIZE) as pilot:
        lab = await ready(pilot, app)
        await pilot.press("space")
        await until(pilot, lambda: lab.control.is_playing and lab.control.frame.step > 5)  # type: ignore[union-attr]
        lab.query_one("#network-activation", Row).action_nudge(False)
        await until(pilot, lambda: bool(lab.control.frame and lab.control.frame.marks))
        assert "tanh → relu" in lab.control.frame.marks[0].text  # type: ignore[union-attr]
        assert lab.query_one("#network-activation", Row).value == "relu"


async def test_a_bad_combination_that_only_the_data_can_tell_is_refused_in_words() -> None:
    app = LabApp("diabetes")
    async with app.run_test(size=SIZE) as pilot:
        lab = await ready(pilot, app)
        for fold in lab.query(FoldRow):
            if fold.display:
                fold.action_unfold()
        await until(pilot, lambda: bool(lab.query("#training-class-weight")))
        row = lab.query_one("#training-class-weight", Row)
        row.want("balanced")
        await until(pilot, lambda: bool(row.problem))
        assert "weighs classes, and there are none" in row.problem


async def test_a_worker_that_is_killed_goes_on_from_its_snapshot() -> None:
    app = LabApp("xor")
    async with app.run_test(size=SIZE) as pilot:
        lab = await ready(pilot, app)
        client = lab.conversation._client
        assert isinstance(client, WorkerClient)
        await pilot.press("e")
        await until(pilot, lambda: lab.control.frame.step == 9)  # type: ignore[union-attr]
        await until(pilot, lambda: client.snapshot is not None)
        assert client._launched is not None
        killed = client.pid
        client._launched.process.kill()
        await until(pilot, lambda: client.pid not in (None, killed))
        await until(pilot, lambda: lab.control.status in ("paused", "ready"))
        await until(pilot, lambda: lab.control.frame.step == 9)  # type: ignore[union-attr]
        assert lab.control.frame is not None
