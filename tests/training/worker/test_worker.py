"""What the lab asks a worker for, and what it gets: a real process, commands on its stdin, reports from its stdout."""

import csv
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from nn_tui import load, replay
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.reading import load as load_scenario
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.session import Session
from nn_tui.training.run.trainer import Trainer
from nn_tui.training.summary import digest
from nn_tui.training.worker import wire
from nn_tui.training.worker.messages import (
    PARTS,
    Advance,
    Apply,
    Crashed,
    Look,
    Open,
    Pause,
    Play,
    Refused,
    Rewind,
    Save,
    Saved,
    Speed,
)
from tests.patience import PATIENCE
from tests.training.runs import trainer_of
from tests.training.worker.lab import Worker, xor

FLAT_OUT = Speed(steps_per_second=None)


@pytest.fixture(scope="module")
def shared() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture
def worker(shared: Worker) -> Worker:
    """A worker that many tests use, each opening runs of its own."""
    return shared


@pytest.fixture
def own_worker() -> Iterator[Worker]:
    """A worker that a test may end."""
    worker = Worker()
    yield worker
    worker.close()


def after(scenario: Scenario, steps: int) -> Trainer[NetworkLane]:
    """A headless run of so many steps."""
    session = Session(trainer_of(scenario))
    while session.trainer.steps < steps:
        session.advance()
    return session.trainer


def digest_after(scenario: Scenario, steps: int) -> str:
    return digest(after(scenario, steps).vectors)


def diverging() -> Scenario:
    return from_mapping(
        {
            "title": "too fast",
            "data": {"kind": "line", "noise": 0.0},
            "network": {"hidden": []},
            "training": {"epochs": 400, "optimizer": {"name": "sgd", "lr": 1e4}},
        }
    )


# -- opening -------------------------------------------------------------------------------------------------------


def test_a_run_that_is_opened_tells_all_that_stays_the_same(worker: Worker) -> None:
    opened = worker.open(xor())
    assert (opened.run, opened.task, opened.quality, opened.parameters) == (1, "binary", "accuracy", 31)
    assert [(layer.name, layer.inputs, layer.units) for layer in opened.layers] == [
        ("layer 1", 2, 4),
        ("layer 2", 4, 3),
        ("output", 3, 1),
    ]
    assert [layer.activation for layer in opened.layers] == ["tanh", "tanh", "sigmoid"]
    assert (opened.train_samples, opened.test_samples) == (140, 60)
    assert opened.scenario.training.loss == "bce"
    assert opened.scenario.network.output == "sigmoid"
    assert "layer 2.gradient_norm" in opened.columns


def test_points_are_told_as_they_are_before_feature_map_and_scaling(worker: Worker) -> None:
    scenario = from_mapping(
        {
            "title": "mapped",
            "data": {"kind": "plane", "samples": 50, "features": ["x2", "xy"], "scaling": "standard"},
            "training": {"seed": 5},
        }
    )
    points = worker.open(scenario).points
    assert points is not None
    plain = load_dataset(
        from_mapping({"title": "plain", "data": {"kind": "plane", "samples": 50}, "training": {"seed": 5}})
    )
    coordinates = np.frombuffer(points.coordinates).reshape(-1, 2)
    assert points.train == 35
    np.testing.assert_allclose(coordinates[:35], plain.train.inputs[:, :-1], rtol=1e-6)
    np.testing.assert_allclose(np.frombuffer(points.targets)[35:], plain.test.targets, rtol=1e-6)


def test_a_run_is_ready_before_its_first_step(worker: Worker) -> None:
    worker.open(xor())
    frame = worker.look("boundary", columns=("train.loss",))
    assert (frame.status, frame.step, frame.total_steps, frame.steps_per_epoch) == ("ready", 0, 360, 9)
    assert frame.digest == digest_after(xor(), 0)
    assert frame.boundary is not None
    assert len(np.frombuffer(frame.series["train.loss"].step)) == 1


def test_what_cannot_be_opened_is_refused_and_the_run_before_it_stays(worker: Worker, tmp_path: Path) -> None:
    worker.open(xor())
    missing = from_mapping({"title": "mine", "data": {"kind": "csv", "path": str(tmp_path / "no.csv"), "target": "y"}})
    refused = worker.refusal(Open(run=2, scenario=missing))
    assert (refused.run, refused.command, refused.key) == (2, "Open", "data.path")
    assert "no.csv" in refused.problem
    assert worker.look().run == 1


def test_a_scenario_that_no_reader_would_let_through_is_refused(worker: Worker) -> None:
    odd = structs.replace(xor(), training=structs.replace(xor().training, loss="bco"))
    assert worker.refusal(Open(run=3, scenario=odd)).key == "training.loss"


def test_before_a_run_is_opened_there_is_nothing_to_do(own_worker: Worker) -> None:
    for command in (Look(), Play(), Pause(), Advance(steps=1), Apply(values={}), Rewind(step=0)):
        assert own_worker.refusal(command).problem == "no run is open"


# -- going on ------------------------------------------------------------------------------------------------------


def eventful() -> Scenario:
    """Dropout, clipping, penalties, a schedule and a timeline."""
    return from_mapping(
        {
            "title": "eventful",
            "data": {"kind": "spiral"},
            "network": {"hidden": [{"units": 8, "dropout": 0.2}, 5], "activation": "relu"},
            "training": {
                "epochs": 14,
                "optimizer": {"name": "momentum", "lr": 0.1},
                "schedule": {"name": "cosine"},
                "regularization": {"l1": 1e-4, "l2": 1e-3},
                "clip": {"norm": 0.5},
            },
            "timeline": [
                {"epoch": 5, "set": {"training.batch_size": 7}},
                {"step": 100, "set": {"training.optimizer.name": "adam", "network.activation": "gelu"}},
            ],
        }
    )


@pytest.mark.parametrize(
    ("scenario", "speed"),
    [(xor(epochs=20), None), (xor(epochs=20), 5_000.0), (eventful(), None)],
    ids=["flat-out", "paced", "eventful"],
)
def test_a_run_watched_all_the_way_ends_where_a_headless_one_does(
    worker: Worker, scenario: Scenario, speed: float | None
) -> None:
    worker.open(scenario)
    worker.send(Speed(steps_per_second=speed), Play())
    while (frame := worker.look(*PARTS)).status == "running":
        pass
    summary = replay(scenario).summary
    assert (frame.status, frame.step, frame.digest) == ("finished", summary.steps, summary.digest)
    assert (frame.train.loss, frame.train.samples) == (summary.train["loss"], 140)


def test_single_steps_and_epochs_end_exactly_where_they_should(worker: Worker) -> None:
    worker.open(xor())
    worker.send(Advance(steps=1))
    frame = worker.look_until_still()
    assert (frame.status, frame.step) == ("paused", 1)
    worker.send(Advance(epochs=1))
    frame = worker.look_until_still()
    assert (frame.step, frame.epoch) == (9, 1)
    worker.send(Advance(epochs=2))
    frame = worker.look_until_still()
    assert (frame.step, frame.epoch, frame.digest) == (27, 3, digest_after(xor(), 27))


def test_presses_that_come_faster_than_steps_add_up(worker: Worker) -> None:
    worker.open(xor())
    worker.send(*[Advance(steps=1)] * 7)
    assert worker.look_until_still().step == 7
    # To the end of the second epoch from there, three steps on, and to the end of that epoch.
    per_epoch = worker.look().steps_per_epoch
    worker.send(Advance(epochs=1), Advance(epochs=1), *[Advance(steps=1)] * 3)
    assert worker.look_until_still().step == 2 * per_epoch + 3
    worker.send(Advance(steps=1), Advance(epochs=1))
    assert worker.look_until_still().step == 3 * per_epoch


def test_a_step_asked_for_is_in_the_next_frame_with_its_true_update(worker: Worker) -> None:
    worker.open(xor())
    worker.send(Advance(steps=1))
    frame = worker.look(columns=("train.loss",))
    assert frame.step == 1
    assert np.frombuffer(frame.series["train.loss"].step).tolist() == [0.0, 1.0]
    assert all(layer.update_ratio is not None and layer.update_ratio > 0 for layer in frame.layers)


def test_a_paused_run_stands_still_and_shows_the_step_it_stands_at(worker: Worker) -> None:
    worker.open(xor(epochs=100_000))
    worker.send(FLAT_OUT, Play())
    while worker.look().step == 0:
        pass
    frame = worker.pause()
    assert (frame.status, frame.steps_per_second) == ("paused", 0.0)
    recorded = worker.look(columns=("train.loss",), recent=True, points=1).series["train.loss"]
    assert np.frombuffer(recorded.step).tolist() == [frame.step]
    assert worker.look().digest == frame.digest


def test_a_slow_run_takes_its_time_and_is_still_answered_at_once(worker: Worker) -> None:
    worker.open(xor(speed=1))
    worker.send(Play())
    frames = [worker.look() for _ in range(20)]
    assert frames[0].status == "running"
    assert frames[-1].step <= 3
    assert frames[-1].speed == 1
    worker.send(Speed(steps_per_second=1_000_000))
    assert worker.look_until_still().status == "finished"


def test_playing_a_finished_run_leaves_it_where_it_is(worker: Worker) -> None:
    worker.open(xor(epochs=2))
    worker.send(FLAT_OUT, Play())
    frame = worker.look_until_still()
    worker.send(Play(), Advance(steps=1))
    assert (worker.look().status, worker.look().step) == ("finished", frame.step)


def test_charts_of_a_run_flat_out_grow_as_it_is_watched(worker: Worker) -> None:
    worker.open(xor(epochs=1_000_000))
    worker.send(FLAT_OUT, Play())
    latest: list[float] = []
    while len(set(latest)) < 5:
        frame = worker.look(columns=("train.loss",), recent=True, points=3)
        latest.append(np.frombuffer(frame.series["train.loss"].step)[-1])
        assert latest[-1] <= frame.step
    worker.pause()
    assert latest == sorted(latest)


def test_a_diverged_run_says_where_and_takes_no_changes_until_it_goes_back(worker: Worker) -> None:
    worker.open(diverging())
    worker.send(FLAT_OUT, Play())
    frame = worker.look_until_still()
    assert frame.status == "diverged"
    assert frame.divergence is not None
    assert "stopped being finite" in frame.divergence
    refused = worker.refusal(Apply(values={"training.optimizer.lr": 0.1}))
    assert "go back to an earlier step, or reset" in refused.problem
    worker.send(Rewind(step=1), Apply(values={"training.optimizer.lr": 0.1}), Advance(steps=3))
    frame = worker.look_until_still()
    assert (frame.status, frame.step) == ("paused", 4)


# -- changing ------------------------------------------------------------------------------------------------------


def test_a_change_is_marked_with_what_changed(worker: Worker) -> None:
    worker.open(xor())
    worker.send(Advance(steps=4))
    worker.look_until_still()
    worker.send(
        Apply(values={"training.optimizer.lr": 0.003}),
        Apply(
            values={
                "training.optimizer.name": "rmsprop",
                "network.hidden.2.activation": "relu",
                "training.clip.norm": 1.0,
            }
        ),
    )
    frame = worker.look()
    assert [(mark.step, mark.text) for mark in frame.marks] == [
        (5, "lr 0.01 → 0.003"),
        (5, "optimizer adam → rmsprop, layer 2 activation tanh → relu, clip norm 0 → 1"),
    ]
    assert frame.scenario.training.optimizer.name == "rmsprop"
    assert [layer.can_die for layer in frame.layers] == [False, True, False]


def test_the_timelines_own_changes_are_marked_where_they_come(worker: Worker) -> None:
    plain = xor()
    timeline = from_mapping(
        {
            "title": "changing",
            "data": {"kind": "xor"},
            "timeline": [{"epoch": 2, "set": {"training.mode": "batch"}}],
        }
    ).timeline
    worker.open(structs.replace(plain, timeline=timeline))
    assert worker.look().total_steps is None
    worker.send(Advance(steps=10))
    frame = worker.look_until_still()
    assert [(mark.step, mark.text) for mark in frame.marks] == [(10, "mode mini-batch → batch")]
    assert frame.total_steps == 9 + 39


@pytest.mark.parametrize(
    ("values", "key", "words"),
    [
        ({"training.optimizer.lr": -1.0}, "training.optimizer.lr", "above 0"),
        ({"training.optimizer.ltr": 1.0}, "training.optimizer.ltr", "did you mean"),
        ({"network.init": "he"}, "network.init", "reset"),
        ({"training.loss": "mae", "training.batch_size": "many"}, "training.batch_size", "a whole number"),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(
    worker: Worker, values: dict[str, Any], key: str, words: str
) -> None:
    worker.open(xor())
    refused = worker.refusal(Apply(values=values))
    assert (refused.command, refused.key) == ("Apply", key)
    assert words in refused.problem
    frame = worker.look()
    assert (frame.marks, frame.scenario) == ((), xor())


def test_a_finished_run_goes_on_when_it_gets_more_epochs(worker: Worker) -> None:
    worker.open(xor(epochs=2))
    worker.send(FLAT_OUT, Play())
    assert worker.look_until_still().step == 18
    worker.send(Apply(values={"training.epochs": 4}))
    frame = worker.look_until_still()
    assert (frame.status, frame.step) == ("finished", 36)
    assert frame.marks[0].text == "epochs 2 → 4"


def test_the_speed_can_be_set_as_a_field_too(worker: Worker) -> None:
    worker.open(xor(speed=7))
    assert worker.look().speed == 7
    worker.send(Apply(values={"training.speed": 500}))
    assert worker.look().speed == 500


# -- going back ----------------------------------------------------------------------------------------------------


def test_going_back_gives_the_parameters_there_were_and_forgets_later_changes(worker: Worker) -> None:
    worker.open(xor())
    worker.send(Advance(steps=60))
    worker.look_until_still()
    worker.send(Apply(values={"training.optimizer.lr": 0.1}), Advance(steps=60))
    worker.look_until_still()
    worker.send(Apply(values={"network.activation": "relu"}), Advance(steps=60))
    frame = worker.look_until_still()
    worker.send(Rewind(step=100))
    back = worker.look_until_still()
    assert (back.status, back.step) == ("paused", 100)
    assert [mark.step for mark in back.marks] == [61]
    assert back.scenario.network.activation == "tanh"
    worker.send(Advance(steps=50))
    worker.look_until_still()
    worker.send(Rewind(step=120), Apply(values={"network.activation": "relu"}), Advance(steps=60))
    assert worker.look_until_still().digest == frame.digest


def test_going_back_keeps_the_charts_up_to_there(worker: Worker) -> None:
    worker.open(xor())
    for _ in range(12):
        worker.send(Advance(steps=10))
        worker.look_until_still()
    worker.send(Rewind(step=95))
    worker.look_until_still()
    steps = np.frombuffer(worker.look(columns=("train.loss",)).series["train.loss"].step)
    assert {10.0, 60.0, 90.0, 95.0} <= set(steps)
    assert steps[-1] == 95.0
    assert (np.diff(steps) > 0).all()


def test_a_step_that_was_not_reached_cannot_be_gone_back_to(worker: Worker) -> None:
    worker.open(xor())
    assert worker.refusal(Rewind(step=5)).problem == "step 5 is not in the run so far (0 to 0)"


# -- files ---------------------------------------------------------------------------------------------------------


def test_a_session_saved_as_a_scenario_replays_to_the_digest_on_screen(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    worker.open(xor())
    worker.send(Advance(steps=13))
    worker.look_until_still()
    worker.send(Apply(values={"training.optimizer.lr": 0.2}), Apply(values={"training.mode": "batch"}))
    worker.send(Advance(steps=10))
    worker.look_until_still()
    worker.send(Apply(values={"training.optimizer.name": "sgd"}))
    frame = worker.look()
    worker.send(Save(what="scenario", path=str(path)))
    saved = worker.expect(Saved)
    assert (saved.step, saved.detail) == (23, "replays to step 23, with 2 changes")
    summary = replay(path).summary
    assert (summary.steps, summary.digest) == (23, frame.digest)
    assert summary.passed


def test_a_run_that_was_prolonged_replays_to_its_end(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "longer.toml"
    worker.open(xor(epochs=3, schedule={"name": "cosine"}))
    worker.send(FLAT_OUT, Play())
    worker.look_until_still()
    worker.send(Apply(values={"training.epochs": 5}))
    frame = worker.look_until_still()
    worker.send(Save(what="scenario", path=str(path)))
    worker.expect(Saved)
    summary = replay(path).summary
    assert (summary.steps, summary.status, summary.digest) == (45, "finished", frame.digest)


def test_a_scenario_saved_half_way_expects_nothing_of_the_end(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "half.toml"
    expecting = from_mapping(
        {"title": "xor", "data": {"kind": "xor"}, "expect": [{"metric": "test.accuracy", "at_least": 1.0}]}
    )
    worker.open(expecting)
    worker.send(Save(what="scenario", path=str(path)))
    worker.expect(Saved)
    assert [expectation.metric for expectation in load_scenario(path).expect] == ["digest"]


def test_a_saved_model_predicts_and_knows_its_step(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    worker.open(xor())
    worker.send(Advance(steps=5))
    worker.look_until_still()
    worker.send(Save(what="model", path=str(path)))
    assert worker.expect(Saved).detail == "31 parameters after step 5"
    model = load(path)
    assert model.steps == 5
    np.testing.assert_array_equal(model.network.parameters, after(xor(), 5).lead.network.parameters)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_metrics_are_the_rows_of_the_charts(worker: Worker, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"rows{suffix}"
    worker.open(xor())
    for _ in range(3):
        worker.send(Advance(steps=1))
        frame = worker.look_until_still()
    worker.send(Save(what="metrics", path=str(path)))
    assert worker.expect(Saved).detail == "4 rows, all that were recorded"
    if suffix == ".csv":
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        steps, loss = [float(row["step"]) for row in rows], float(rows[-1]["train.loss"])
    else:
        objects = [json.loads(line) for line in path.read_text().splitlines()]
        steps, loss = [row["step"] for row in objects], objects[-1]["train"]["loss"]
        assert objects[0]["layers"][0]["update_ratio"] is None
    assert (steps, loss) == ([0, 1, 2, 3], frame.train.loss)


@pytest.mark.parametrize(
    ("what", "path", "words"),
    [
        ("model", "{}/no/folder/m.safetensors", "there is no folder"),
        ("scenario", "{}", "is a folder"),
        ("metrics", "{}/rows.txt", "use .jsonl or .csv"),
        ("metrics", " ", "name a file"),
        ("model", "~nobody-of-this-name/m.safetensors", "nobody-of-this-name"),
        ("model", "{}/a\0b", "cannot be the name of a file"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(
    worker: Worker, tmp_path: Path, what: Any, path: str, words: str
) -> None:
    worker.open(xor())
    refused = worker.refusal(Save(what=what, path=path.format(tmp_path)))
    assert words in refused.problem
    assert list(tmp_path.iterdir()) == []


def test_a_tilde_is_ones_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    worker = Worker()
    worker.open(xor())
    worker.send(Save(what="model", path="~/m.safetensors"))
    assert worker.expect(Saved).path == str(tmp_path / "m.safetensors")
    assert worker.close() == 0
    assert (tmp_path / "m.safetensors").exists()


# -- dying ---------------------------------------------------------------------------------------------------------


def test_a_new_worker_goes_on_from_the_snapshot_of_one_that_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "run.snapshot"
    path.touch()
    first, second = Worker(), Worker()
    first.open(xor(), snapshot=str(path))
    first.send(Apply(values={"training.optimizer.lr": 0.05}), Advance(steps=20))
    while first.look().status == "running" or not path.stat().st_size:
        pass
    first.process.kill()
    first.close()
    second.open(xor(), resume=str(path), snapshot=str(path))
    assert [mark.text for mark in second.look().marks] == ["lr 0.01 → 0.05"]
    second.send(FLAT_OUT, Play())
    frame = second.look_until_still()
    whole = replay(xor(optimizer={"name": "adam", "lr": 0.05})).summary
    assert (frame.status, frame.digest) == ("finished", whole.digest)
    assert second.close() == 0
    assert not path.exists()


def test_a_snapshot_of_another_run_is_refused(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "odd.snapshot"
    path.write_bytes(b"not a snapshot")
    refused = worker.refusal(Open(run=2, scenario=xor(), resume=str(path)))
    assert refused.problem.startswith("the snapshot cannot be used: ")


def test_it_ends_at_once_and_cleanly_when_its_stdin_does(own_worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "run.snapshot"
    path.touch()
    own_worker.open(xor(epochs=10_000_000), snapshot=str(path))
    own_worker.send(FLAT_OUT, Play())
    own_worker.look()
    assert own_worker.close() == 0
    assert not path.exists()


def test_it_leaves_no_snapshot_of_a_run_the_app_has_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "run.snapshot"
    path.touch()
    worker = Worker()
    worker.send(Open(run=1, scenario=xor(), snapshot=str(path)))
    assert worker.close() == 0
    assert not path.exists()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is not its child, as Linux can")
def test_it_ends_when_the_app_is_killed() -> None:
    path = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    app = subprocess.Popen([sys.executable, "-c", _APP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=path)
    assert app.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(app.stdout, selectors.EVENT_READ)
        assert selector.select(PATIENCE)
        worker = os.pidfd_open(int(app.stdout.readline()))
        selector.unregister(app.stdout)
        selector.register(worker, selectors.EVENT_READ)
        assert not selector.select(0)
        app.kill()
        assert selector.select(PATIENCE), "the worker outlived the app"
    os.close(worker)
    app.communicate(timeout=PATIENCE)


_APP = """
import sys
from nn_tui.training.worker import wire
from nn_tui.training.worker.launch import launch
from nn_tui.training.worker.messages import Open, Opened, Play, Speed
from tests.training.worker.lab import xor

worker = launch().process
for command in (Open(run=1, scenario=xor(epochs=10_000_000)), Speed(steps_per_second=None), Play()):
    worker.stdin.write(wire.pack(command))
assert isinstance(wire.report(wire.read(worker.stdout)), Opened)
print(worker.pid, flush=True)
sys.stdin.read()
"""


def test_ctrl_c_and_a_closed_terminal_are_the_apps_business(worker: Worker) -> None:
    worker.open(xor())
    for number in (signal.SIGINT, signal.SIGHUP):
        worker.process.send_signal(number)
    assert worker.look().status == "ready"


def test_a_command_it_does_not_know_is_refused_and_the_next_one_carried_out(worker: Worker) -> None:
    worker.open(xor())
    worker.send_bytes(b"\x00\x00\x00\x03abc")
    assert "is not a command" in worker.expect(Refused).problem
    assert "boundary" in worker.refusal(Look(parts=("boundry",))).problem
    assert worker.look().status == "ready"


def test_whatever_else_is_printed_stays_out_of_the_reports() -> None:
    noisy = """
import os, subprocess
from nn_tui.training.worker import __main__ as worker, host
serve = host.Host.serve
def noisily(self):
    print("a library's greeting", flush=True)
    os.write(1, b"and its C code's")
    subprocess.run(["echo", "and a child's"])
    serve(self)
host.Host.serve = noisily
worker.main()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", noisy],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(wire.pack(Look()))
    process.stdin.flush()
    assert isinstance(wire.report(wire.read(process.stdout) or b""), Refused)
    _, errors = process.communicate(timeout=PATIENCE)
    assert b"greeting" in errors
    assert b"C code" in errors
    assert b"child" in errors


@pytest.mark.parametrize("content", [b"GET / HTTP/1.1\r\n", b"\x00\x00\x01\x00cut"])
def test_bytes_that_are_no_messages_end_it_with_a_report(content: bytes) -> None:
    worker = Worker()
    worker.send_bytes(content)
    worker.commands.close()
    assert "WireError" in worker.expect(Crashed).trace
    assert worker.receive() is None
    worker.launched.errors.seek(0)
    assert b"WireError" in worker.launched.errors.read()
    assert worker.close() == 1
