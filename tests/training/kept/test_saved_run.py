"""A saved model opened in the lab: its run goes on where it was saved, to the parameters of one that never stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import nn_tui
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.files import kept_file
from nn_tui.training.kept.store import Store
from nn_tui.training.replay import Outputs
from nn_tui.training.rerunning import run_again
from nn_tui.training.run.session import Stop
from nn_tui.training.worker.messages import Advance, Apply, Open, Opened, Play, Rewind, Save, Undo
from nn_tui.tui.source import Source
from tests.training.worker.lab import Worker, xor


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Of xor after 20 steps, with a change behind it and one to come."""
    path = tmp_path / "model.safetensors"
    rates = ((5, 0.03), (31, 0.02))
    timeline = [{"step": step, "set": {"training.optimizer.lr": rate}} for step, rate in rates]
    changing = from_mapping(to_mapping(xor()) | {"timeline": timeline})
    nn_tui.replay(changing, stop=Stop(steps=20), outputs=Outputs(model=path))
    return path


def test_it_goes_on_as_if_it_had_never_stopped(worker: Worker, model: Path) -> None:
    saved = nn_tui.load(model)
    worker.open(saved.scenario, model=str(model))
    frame = worker.look(columns=("train.loss",))
    assert (frame.step, frame.status, [mark.text for mark in frame.marks]) == (20, "paused", ["lr 0.01 → 0.03"])
    worker.send(Advance(steps=30))
    frame = worker.look_until_still()
    assert frame.digest == nn_tui.replay(saved.scenario, stop=Stop(steps=50)).summary.digest
    assert [mark.step for mark in frame.marks] == [5, 31]
    # There is no way back beyond the step it was saved at.
    worker.send(Rewind(step=0))
    assert worker.look_until_still().step == 20
    worker.send(Play())
    assert worker.look_until_still().digest == nn_tui.replay(saved.scenario).summary.digest


def test_undo_comes_back_to_it_from_another_run(worker: Worker, model: Path) -> None:
    worker.open(nn_tui.load(model).scenario, model=str(model))
    worker.send(Advance(steps=4))
    before = worker.look_until_still()
    worker.send(Open(run=2, scenario=xor(seed=9)))
    assert worker.expect(Opened).run == 2
    worker.send(Undo(run=3))
    assert worker.expect(Opened).origin == 1
    back = worker.look()
    assert (back.step, back.digest) == (24, before.digest)


def test_it_is_kept_and_had_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    for steps in (0, 6):
        worker = Worker()
        worker.open(nn_tui.load(model).scenario, model=str(model))
        worker.send(Apply(values={"training.optimizer.lr": 0.05}), Advance(steps=steps))
        worker.look_until_still()
        worker.close()
    (line,) = Store().lines()
    assert line.steps == 26
    assert run_again(Store().get(line.id), Store()).summary.digest == line.digest


def test_what_began_with_weights_from_elsewhere_says_so(tmp_path: Path, worker: Worker, model: Path) -> None:
    other = tmp_path / "other.safetensors"
    nn_tui.replay(xor(), init_from=model, stop=Stop(steps=3), outputs=Outputs(model=other))
    worker.open(nn_tui.load(other).scenario, model=str(other))
    problem = worker.refusal(Save(what="scenario", path=str(tmp_path / "run.toml"))).problem
    assert "cannot hold the weights of model.safetensors" in problem
    worker.send(Save(what="model", path=str(tmp_path / "again.safetensors")))
    worker.receive()
    assert nn_tui.load(tmp_path / "again.safetensors").start == "model.safetensors"


def test_what_cannot_go_on_is_refused_before_the_screen_changes(tmp_path: Path, model: Path) -> None:
    source = Source.find(str(model), {"lr": 0.5})
    assert (source.model, source.name, source.scenario.training.optimizer.lr) == (str(model), str(model), 0.5)
    with pytest.raises(ScenarioError, match="live fields only"):
        Source.find(str(model), {"network.hidden": [9]})
    with pytest.raises(ScenarioError, match="none"):
        Source.find(str(tmp_path / "none.safetensors"))


def test_the_worker_refuses_a_model_that_has_gone(tmp_path: Path, worker: Worker) -> None:
    refused = worker.refusal(Open(run=1, scenario=xor(), model=str(tmp_path / "none.safetensors")))
    assert refused.command == "Open"
    assert "none.safetensors" in refused.problem
