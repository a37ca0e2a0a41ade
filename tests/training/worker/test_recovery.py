"""A snapshot holds a whole run: what goes on from it is the run that was, bit for bit."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.summary import digest
from nn_tui.training.worker.opening import OpenRun, open_run
from nn_tui.training.worker.recovery import Recovery, encode, examples_digest, resume
from tests.training.worker.lab import xor


def scenario(**training: Any) -> Scenario:
    timeline = from_mapping(
        {
            "title": "changing",
            "data": {"kind": "xor"},
            "timeline": [
                {"epoch": 2, "set": {"training.optimizer.name": "momentum"}},
                {"epoch": 20, "set": {"training.batch_size": 10}},
            ],
        }
    ).timeline
    return structs.replace(xor(**training), timeline=timeline)


def some_way(**training: Any) -> OpenRun:
    """A run after 60 steps, with a change of the timeline, one by hand, and one of the timeline still to come."""
    run = open_run(1, scenario(**training))
    for step in range(60):
        if step == 30:
            run.session.change({"training.optimizer.lr": 0.2})
        run.session.advance(watch=step % 7 == 0)
    return run


def written(run: OpenRun, path: Path) -> Path:
    session = run.session
    path.write_bytes(
        encode(
            session.initial,
            examples_digest(session.trainer.lead),
            session.snapshot(),
            session.history.state(),
            tuple(run.marks),
        )
    )
    return path


def assert_same(first: OpenRun, second: OpenRun) -> None:
    a, b = first.session, second.session
    assert (a.trainer.steps, a.trainer.progress, a.status) == (b.trainer.steps, b.trainer.progress, b.status)
    assert digest(a.trainer.vectors) == digest(b.trainer.vectors)
    assert (a.applied, a.pending, first.marks) == (b.applied, b.pending, second.marks)
    assert a.trainer.scenario == b.trainer.scenario
    assert a.scenario_so_far() == b.scenario_so_far()
    np.testing.assert_array_equal(a.history.recent(), b.history.recent())
    for column in a.history.columns:
        np.testing.assert_array_equal(a.history.overview(column).maximum, b.history.overview(column).maximum)


@pytest.mark.parametrize("training", [{}, {"dtype": "float64", "optimizer": {"name": "rmsprop"}}, {"race": ["sgd"]}])
def test_a_run_goes_on_from_its_snapshot_as_if_nothing_had_happened(tmp_path: Path, training: dict[str, Any]) -> None:
    first, second = some_way(**training), open_run(1, scenario(**training))
    resume(second, written(first, tmp_path / "run.snapshot"))
    assert_same(first, second)
    for run in (first, second):
        run.session.run()
    assert digest(first.session.trainer.vectors) == digest(second.session.trainer.vectors)
    assert (first.session.applied, first.marks) == (second.session.applied, second.marks)


def test_a_resumed_run_can_go_back_behind_its_snapshot(tmp_path: Path) -> None:
    first, second = some_way(), open_run(1, scenario())
    resume(second, written(first, tmp_path / "run.snapshot"))
    for run in (first, second):
        run.session.rewind(40)
    assert digest(first.session.trainer.vectors) == digest(second.session.trainer.vectors)
    assert first.session.applied == second.session.applied


def test_a_finished_run_is_finished_again(tmp_path: Path) -> None:
    first, second = open_run(1, xor(epochs=2)), open_run(1, xor(epochs=2))
    first.session.run()
    resume(second, written(first, tmp_path / "run.snapshot"))
    assert_same(first, second)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: b"", "truncated"),
        (lambda content: content[:-100], "truncated"),
        (lambda _: b"no snapshot", "Expected"),
        (lambda content: content.replace(b"xor", b"and"), "another run"),
    ],
    ids=["empty", "cut", "text", "another-scenario"],
)
def test_a_damaged_snapshot_or_another_runs_is_refused(tmp_path: Path, change: Any, words: str) -> None:
    path = written(some_way(), tmp_path / "run.snapshot")
    path.write_bytes(change(path.read_bytes()))
    run = open_run(1, scenario())
    with pytest.raises(ScenarioError, match=f"the snapshot cannot be used: .*{words}"):
        resume(run, path)
    assert run.session.trainer.steps == 0


def test_a_snapshot_of_other_data_than_the_file_has_now_is_refused(tmp_path: Path) -> None:
    table, snapshot = tmp_path / "own.csv", tmp_path / "run.snapshot"
    rows = [f"{at},{at % 3},{at % 2}" for at in range(40)]
    own = from_mapping({"title": "own", "data": {"kind": "csv", "path": str(table), "target": "kind"}})
    table.write_text("\n".join(["width,height,kind", *rows]))
    first = open_run(1, own)
    first.session.advance()
    recovery = Recovery(threading.Lock())
    recovery.follow(first, str(snapshot), resumed=False)
    first.session.advance()
    recovery.keep(first)
    recovery.finish()
    again = open_run(1, own)
    resume(again, snapshot)
    assert again.session.trainer.steps == 2
    # Of the same shape, so that nothing else is in the way.
    table.write_text("\n".join(["width,height,kind", *rows[:-1], "39,17,1"]))
    other = open_run(1, own)
    with pytest.raises(ScenarioError, match="the snapshot cannot be used: the data have changed since"):
        resume(other, snapshot)
    assert other.session.trainer.steps == 0


def test_a_snapshot_is_kept_once_the_run_has_moved_and_given_up_with_the_app(tmp_path: Path) -> None:
    path = tmp_path / "run.snapshot"
    path.write_bytes(b"of an earlier run")
    recovery = Recovery(threading.Lock())
    recovery.announce(str(path))
    run = open_run(1, scenario())
    recovery.follow(run, str(path), resumed=False)
    assert path.read_bytes() == b""
    assert recovery.wait(run) is None
    run.session.advance()
    assert recovery.wait(run) == 0.0
    recovery.keep(run)
    assert recovery.wait(run) is None
    run.session.advance()
    assert (recovery.wait(run) or 0.0) > 1.0
    recovery.finish()
    again = open_run(1, scenario())
    resume(again, path)
    assert again.session.trainer.steps == 1
    with recovery.lock:
        recovery.discard()
    assert not path.exists()


def test_a_snapshot_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    recovery = Recovery(threading.Lock())
    run = open_run(1, scenario())
    recovery.follow(run, str(tmp_path / "no" / "folder"), resumed=False)
    run.session.advance()
    recovery.keep(run)
    recovery.finish()
    run.session.advance()
    assert recovery.wait(run) is None
