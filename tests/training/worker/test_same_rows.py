"""A run holds the same rows, and the diagnosis finds the same, however fast it is shown and whether anybody looks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import nn_tui
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.training.replay import Outputs
from nn_tui.training.worker.messages import Advance, Play, Save, Saved, Speed
from tests.training.worker.lab import Worker

SKETCH: dict[str, Any] = {"data.samples": 400, "data.test_samples": 100, "training.steps": 150}
CASES: dict[str, dict[str, Any]] = {
    "exploding": {},
    "rate-too-high": {},
    "saturated-sigmoid": {"training.steps": 110},
    "plateau": {},
    "sine-l2": {"training.steps": 900},
    "tiny-batch": {"training.steps": 1_500},
    "dying-relu": {"training.steps": 700},
    "fashion-sketch": SKETCH,
    "race-spiral": {"training.steps": 150},
    "cliff": {},
    "saddle": {},
    "rosenbrock": {"training.epochs": 400},
    "mode-batch": {"training.optimizer.lr": 1e5, "network.activation": "relu", "training.loss": "mse"},
}


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    assert made.close() == 0


def chosen(name: str) -> Scenario:
    return overrides.apply(load(catalogue.find(name)), CASES[name]) if CASES[name] else load(catalogue.find(name))


def rows_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("pace", ["flat out", "throttled", "step by step"])
def test_a_run_in_the_lab_holds_the_rows_and_findings_of_one_at_the_shell(
    worker: Worker, name: str, pace: str, tmp_path: Path
) -> None:
    scenario = chosen(name)
    run = nn_tui.replay(scenario, outputs=Outputs(metrics=tmp_path / "shell.jsonl"))
    worker.open(scenario)
    if pace == "flat out":
        worker.send(Speed(steps_per_second=None), Play())
    elif pace == "throttled":
        # Slow enough to be looked at many times on the way, now and then at a step that is watched for it.
        worker.send(Speed(steps_per_second=20_000.0), Play())
    else:
        for _ in range(10):
            worker.send(Advance(steps=7))
            worker.look("findings", columns=("train.loss",))
        worker.send(Speed(steps_per_second=None), Play())
    while worker.look("findings", columns=("train.loss",)).status == "running":
        pass
    frame = worker.look("findings", columns=("train.loss",), points=4_096)
    assert (frame.digest, frame.divergence) == (run.summary.digest, run.summary.divergence)
    assert frame.open_end == {}
    assert frame.seen == frame.step
    assert msgspec.to_builtins(frame.findings) == msgspec.to_builtins(run.summary.findings)
    worker.send(Save(what="metrics", path=str(tmp_path / "lab.jsonl")))
    worker.expect(Saved)
    # A row is kept as its numbers, which do not say when a lane diverged.
    assert [_plain(row) for row in rows_of(tmp_path / "lab.jsonl")] == [
        _plain(row) for row in rows_of(tmp_path / "shell.jsonl")
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "race": [{**lane, "diverged_at": None} for lane in row.get("race", ())]}


def test_between_two_rows_a_frame_has_the_curves_open_end(worker: Worker) -> None:
    scenario = overrides.apply(chosen("fashion-sketch"), {"training.speed": 1})
    worker.open(scenario)
    ends = set()
    for _ in range(12):
        worker.send(Advance(steps=3))
        worker.look_until_still()
        frame = worker.look(columns=("train.loss",), points=400)
        end = frame.open_end.get("train.loss")
        assert frame.seen == frame.step
        assert end is None or frame.train.loss == end
        ends.add(end is None)
    assert False in ends
