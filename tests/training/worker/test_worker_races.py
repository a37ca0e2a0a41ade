"""What the lab sees of surfaces and races, of findings and formulas: a real worker, looked at like any other run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui import replay
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import from_mapping, load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.summary import digest
from nn_tui.training.worker.messages import Advance, Apply, Command, Frame, Open, Rewind, Save, Saved, TraceChoice
from nn_tui.training.worker.opening import open_run
from nn_tui.training.worker.recovery import encode, examples_digest, resume
from tests.training.worker.lab import Worker, xor

PARTS = ("surface", "formulas", "findings", "schedule")


def after(worker: Worker, command: Command, *parts: str, **more: Any) -> Frame:
    """The frame once a command is carried out and the run stands still."""
    worker.send(command)
    while (frame := worker.look(*parts, points=50, grid=(20, 10), **more)).status == "running":
        pass
    return frame


def ravine() -> Scenario:
    return from_mapping(
        {
            "title": "ravine",
            "data": {"kind": "surface", "function": "ravine"},
            "training": {"epochs": 300, "race": [{"name": "sgd", "lr": 0.05}, {"name": "adam", "lr": 0.1}]},
        }
    )


def race() -> Scenario:
    return from_mapping(
        {
            "title": "race",
            "data": {"kind": "xor", "samples": 60},
            "network": {"hidden": [4]},
            "training": {"epochs": 20, "race": ["sgd", "momentum", "adam"]},
        }
    )


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def test_a_surface_opens_without_network_and_data(worker: Worker) -> None:
    opened = worker.open(ravine())
    assert (opened.task, opened.quality, opened.layers, opened.lanes) == ("none", "", (), ("sgd", "adam"))
    assert "race.adam.x" in opened.columns


def test_a_frame_of_a_surface_has_the_map_and_every_optimizers_way(worker: Worker) -> None:
    worker.open(ravine())
    frame = after(worker, Advance(steps=30), *PARTS)
    assert (frame.step, frame.layers, frame.test) == (30, (), None)
    view = frame.surface
    assert view is not None
    heights = np.frombuffer(view.height.values, "<f4").reshape(10, 20)
    assert heights.min() == pytest.approx(view.height.low, abs=1e-6)
    assert heights[0, 0] == heights[-1, 0]
    assert [lane.name for lane in view.lanes] == ["sgd", "adam"]
    adam = view.lanes[1]
    path = np.frombuffer(adam.path, "<f8").reshape(-1, 2)
    assert tuple(path[0]) == pytest.approx((-2.6, 0.8))
    assert tuple(path[-1]) == pytest.approx((adam.x, adam.y))
    assert len(path) <= 50
    assert set(adam.terms) == {"g", "m", "v", "m̂", "v̂"}
    assert adam.update[0] == pytest.approx(-adam.rate[0] * adam.terms["g"][0])


def test_the_inner_terms_are_those_of_the_last_step(worker: Worker) -> None:
    worker.open(ravine())
    frame = after(worker, Advance(steps=9), *PARTS)
    assert frame.surface is not None
    x, y = np.array([-2.6, 0.8], "f4"), np.zeros(2, "f4")
    adam = OPTIMIZERS["adam"](x, y)
    for _ in range(9):
        y[:] = x[0], 25.0 * x[1]
        gradient = y.copy()
        adam.step(0.1)
    terms = frame.surface.lanes[1].terms
    np.testing.assert_allclose(terms["g"], gradient, rtol=1e-6)
    for name, moment in adam.moments().items():
        np.testing.assert_allclose(terms[name], moment, rtol=1e-5)


def test_a_surface_can_be_rewound_saved_and_replays_to_the_digest_on_screen(worker: Worker, tmp_path: Path) -> None:
    worker.open(ravine())
    digests = [after(worker, Advance(steps=10)).digest for _ in range(3)]
    assert after(worker, Rewind(step=20)).digest == digests[1]
    file = tmp_path / "ravine.toml"
    worker.send(Save(what="scenario", path=str(file)))
    worker.expect(Saved)
    assert replay(file).summary.digest == digests[1]
    refused = worker.refusal(Save(what="model", path=str(tmp_path / "m.safetensors")))
    assert "no model to save" in refused.problem


def test_the_formulas_of_a_surface_are_its_first_optimizers_along_both_axes(worker: Worker) -> None:
    worker.open(ravine())
    frame = after(worker, Advance(steps=1), *PARTS)
    assert frame.formulas is not None
    assert [(formula.subject, formula.name) for formula in frame.formulas] == [("optimizer", "sgd")] * 2
    along_x = frame.formulas[0].lines[0]
    assert (along_x.symbol, along_x.formula) == ("θ", "θ − η·g")
    assert along_x.numbers == "(−2.6) − 0.05·(−2.6)"
    assert along_x.value == pytest.approx(-2.6 + 0.05 * 2.6, rel=1e-6)


def test_a_race_of_networks_has_a_curve_an_optimizer(worker: Worker) -> None:
    opened = worker.open(race())
    assert opened.lanes == ("sgd", "momentum", "adam")
    columns = tuple(f"race.{lane}.loss" for lane in opened.lanes)
    frame = after(worker, Advance(epochs=3), columns=columns)
    assert set(frame.series) == set(columns)
    assert frame.digest == replay(race(), {"training.epochs": 3}).summary.digest


def test_formulas_of_a_network_hold_this_steps_numbers(worker: Worker) -> None:
    worker.open(xor())
    frame = after(worker, Advance(steps=3), "formulas", layer=1)
    assert frame.formulas is not None
    subjects = {formula.subject: formula for formula in frame.formulas}
    assert list(subjects) == ["activation", "loss", "mode", "optimizer"]
    value, slope = subjects["activation"].lines
    assert slope.value == pytest.approx(1.0 - (value.value or 0.0) ** 2, abs=1e-9)
    assert subjects["activation"].about.startswith("layer 2, unit 1, first sample")
    assert subjects["loss"].lines[0].value is not None
    assert "140" in subjects["mode"].about
    update = subjects["optimizer"].lines[-1]
    assert update.symbol == "θ"
    assert update.numbers.count("·") >= 1


def test_findings_come_with_the_frame_and_go_with_their_cause(worker: Worker) -> None:
    worker.open(xor(epochs=60, optimizer={"name": "adam", "lr": 1e-6}))
    frame = after(worker, Advance(epochs=60), "findings")
    assert [finding.kind for finding in frame.findings or ()] == ["rate-too-low"]
    assert worker.look().findings is None


@pytest.mark.parametrize("name", ["bowl", "cliff-cured", "hollows", "noisy-bowl"])
def test_a_descent_is_judged_at_its_end_and_as_a_replay_judges_it(worker: Worker, name: str) -> None:
    scenario = load(catalogue.find(name))
    worker.open(scenario)
    assert after(worker, Advance(epochs=20), "findings").findings is None
    at_the_end = after(worker, Advance(epochs=scenario.training.epochs), "findings")
    assert at_the_end.findings == replay(scenario).summary.findings


def test_a_descent_is_judged_with_the_changes_made_by_hand(worker: Worker) -> None:
    worker.open(load(catalogue.find("plateau-surface")))
    after(worker, Advance(epochs=1))
    frame = after(worker, Apply(values={"training.optimizer.lr": 0.5}))
    assert [finding.kind for finding in after(worker, Advance(epochs=1_000), "findings").findings or ()] == []
    assert frame.learning_rate == 0.5


@pytest.mark.parametrize("scenario", [ravine(), race()], ids=["surface", "networks"])
def test_a_race_goes_on_from_its_snapshot_with_every_lane(tmp_path: Path, scenario: Scenario) -> None:
    first, second, file = open_run(1, scenario), open_run(1, scenario), tmp_path / "run.snapshot"
    for _ in range(25):
        first.session.advance()
    session = first.session
    file.write_bytes(
        encode(session.initial, examples_digest(session.trainer.lead), session.snapshot(), session.history.state(), ())
    )
    resume(second, file)
    for run in (first, second):
        run.session.run()
    assert digest(first.session.trainer.vectors) == digest(second.session.trainer.vectors)


def test_a_surface_that_cannot_be_is_refused(worker: Worker) -> None:
    worker.open(ravine())
    assert "cannot be used" in worker.refusal(Open(run=9, scenario=ravine(), resume="/nowhere/at.all")).problem


@pytest.mark.parametrize("scenario", [xor(), ravine()], ids=["network", "surface"])
def test_formulas_wait_for_the_first_step_of_a_new_optimizer(worker: Worker, scenario: Scenario) -> None:
    worker.open(scenario)
    after(worker, Advance(steps=4), *PARTS)
    frame = after(worker, Apply(values={"training.optimizer.name": "rmsprop"}), *PARTS)
    assert not [formula for formula in frame.formulas or () if formula.subject == "optimizer"]
    frame = after(worker, Advance(steps=1), *PARTS)
    assert next(formula.name for formula in frame.formulas or () if formula.subject == "optimizer") == "rmsprop"


def test_each_net_of_a_race_can_be_traced(worker: Worker) -> None:
    worker.open(race())
    first = after(worker, Advance(steps=3), "trace", "network")
    third = worker.look("trace", "network", trace=TraceChoice(lane=2))
    assert first.trace is not None
    assert third.trace is not None
    assert (first.trace.lane, third.trace.lane) == ("sgd", "adam")
    assert third.trace.formulas[-1].name == "adam"
    assert third.network != first.network, "the drawing is of the net that is traced"
