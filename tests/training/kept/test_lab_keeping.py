"""The lab's runs are kept when they end, are left, or the lab is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nn_tui import replay
from nn_tui.training.files import kept_file
from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.kept.store import Store
from nn_tui.training.kept.thin_history import ThinHistory
from nn_tui.training.rerunning import run_again
from nn_tui.training.run.session import Stop
from nn_tui.training.worker.keeping import LabKeeper
from nn_tui.training.worker.messages import Advance, Apply, Command, Open, Opened, Play, Refused, Rewind, Undo
from nn_tui.training.worker.opening import open_run
from tests.training.worker.lab import Worker, xor


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    return Store()


def kept(store: Store) -> list[KeptRun]:
    """All that is kept, each of which comes to its digest again."""
    runs = [store.get(line.id) for line in store.lines()]
    for run in runs:
        assert run.line.origin == "lab"
        assert run_again(run, store).summary.digest == run.line.digest
    return runs


def test_runs_are_kept_at_their_end_when_another_opens_and_at_the_last(store: Store) -> None:
    worker = Worker()
    worker.open(xor(), name="xor")
    worker.send(Apply(values={"training.optimizer.lr": 0.05}), Advance(steps=20))
    worker.look_until_still()
    # Another seed; it runs to its end, and is gone on with.
    worker.open(xor(seed=4, epochs=3), name="xor")
    worker.send(Play())
    assert worker.look_until_still().status == "finished"
    worker.send(Apply(values={"training.epochs": 5}))
    worker.look_until_still()
    # One that never moves leaves nothing.
    worker.open(xor(seed=5))
    worker.open(xor(seed=6, epochs=100_000))
    worker.send(Advance(steps=7))
    worker.look_until_still()
    worker.close()
    first, second, third = sorted(kept(store), key=lambda run: run.scenario.training.seed)
    assert (first.line.steps, first.line.status, first.line.name) == (20, "interrupted", "xor")
    assert first.line.digest == replay(xor(), {"training.optimizer.lr": 0.05}, stop=Stop(steps=20)).summary.digest
    assert (second.line.steps, second.line.status) == (45, "finished")
    assert (third.line.steps, third.line.status) == (7, "interrupted")


def test_a_course_that_a_change_leaves_is_kept(store: Store) -> None:
    worker = Worker()
    worker.open(xor())
    worker.send(Advance(steps=30))
    worker.look_until_still()
    worker.send(Rewind(step=10))
    worker.look_until_still()
    worker.send(Apply(values={"training.optimizer.lr": 0.1}), Advance(steps=5))
    worker.look_until_still()
    while not worker.left:
        worker.look()
    worker.close()
    runs = {run.line.status: run for run in kept(store)}
    assert runs["left"].line.steps == 30
    (left,) = worker.left
    assert (left.since, left.number) == (10, runs["left"].line.id)
    assert ThinHistory.unpack(left.history).steps[-1] == 30
    assert runs["left"].scenario.timeline == ()
    assert runs["interrupted"].line.steps == 15


def train(worker: Worker, *before: Command) -> None:
    worker.send(*before, Play())
    assert worker.look_until_still().status == "finished"


def rates(store: Store) -> list[tuple[str, float | None]]:
    """Status of every kept run, and the rate that it was changed to."""
    return sorted(
        (run.line.status, run.scenario.timeline[0].set["training.optimizer.lr"] if run.scenario.timeline else None)
        for run in kept(store)
    )


def test_of_two_courses_with_as_many_changes_and_steps_each_is_kept(store: Store) -> None:
    worker = Worker()
    worker.open(xor(epochs=3))
    worker.send(Advance(steps=10))
    worker.look_until_still()
    train(worker, Apply(values={"training.optimizer.lr": 0.1}))
    worker.send(Rewind(step=5))
    worker.look_until_still()
    worker.send(Advance(steps=5))
    worker.look_until_still()
    train(worker, Apply(values={"training.optimizer.lr": 0.2}))
    worker.close()
    assert rates(store) == [("finished", 0.2), ("left", 0.1)]


def test_a_run_that_had_ended_stays_kept_when_its_change_is_taken_back(store: Store) -> None:
    worker = Worker()
    worker.open(xor(epochs=3))
    worker.send(Advance(steps=10))
    worker.look_until_still()
    train(worker, Apply(values={"training.optimizer.lr": 0.1}))
    worker.send(Undo(run=2))
    train(worker, Apply(values={"training.optimizer.lr": 0.2}))
    worker.close()
    assert rates(store) == [("finished", 0.1), ("finished", 0.2)]


@pytest.mark.parametrize("back", [lambda keeper: keeper.rewinding(5), lambda keeper: keeper.going_to(1)])
def test_a_run_that_is_taken_back_as_soon_as_it_has_ended_is_kept_first(
    store: Store, back: Callable[[LabKeeper], None]
) -> None:
    keeper = LabKeeper(pytest.fail, lambda _: None)
    run = open_run(1, xor(epochs=3))
    keeper.follow(run, "xor")
    run.session.run()
    back(keeper)
    run.session.rewind(5)
    keeper.finish()
    assert [(one.line.status, one.line.steps) for one in kept(store)] == [("finished", 27), ("interrupted", 5)]


def test_a_run_that_is_brought_back_is_kept_once_under_its_name(store: Store) -> None:
    worker = Worker()
    worker.open(xor(epochs=2), name="first")
    train(worker)
    worker.send(Open(run=2, scenario=xor(seed=9), name="second"))
    worker.expect(Opened)
    worker.send(Undo(run=3))
    assert worker.expect(Opened).origin == 1
    worker.look_until_still()
    train(worker, Apply(values={"training.epochs": 3}))
    worker.close()
    assert [(run.line.name, run.line.steps) for run in kept(store)] == [("first", 27)]


def test_a_run_whose_reset_is_undone_is_kept_once_and_so_is_what_followed_the_reset(store: Store) -> None:
    worker = Worker()
    worker.open(xor(epochs=2), name="first")
    train(worker)
    worker.send(Open(run=2, scenario=xor(epochs=2), name="first"))
    worker.expect(Opened)
    worker.send(Advance(steps=7))
    worker.look_until_still()
    worker.send(Undo(run=3))
    assert worker.look_until_still().step == 18
    worker.close()
    assert [(run.line.status, run.line.steps) for run in kept(store)] == [("finished", 18), ("interrupted", 7)]


def test_where_no_run_is_kept_the_course_that_was_left_is_seen_all_the_same() -> None:
    worker = Worker()
    worker.open(xor())
    worker.send(Advance(steps=30))
    worker.look_until_still()
    worker.send(Rewind(step=10))
    worker.look_until_still()
    worker.send(Apply(values={"training.optimizer.lr": 0.1}))
    while not worker.left:
        worker.look()
    worker.close()
    assert (worker.left[0].since, worker.left[0].number) == (10, 0)


def test_where_runs_cannot_be_kept_that_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = tmp_path / "runs.toml"
    taken.write_text("no database")
    monkeypatch.setenv(kept_file.VARIABLE, str(taken))
    worker = Worker()
    worker.open(xor(epochs=1))
    worker.send(Play())
    said = []
    while not said:
        worker.send(Open(run=2, scenario=xor(epochs=1, seed=9)), Advance(steps=1))
        report = worker.receive()
        said += [report] if isinstance(report, Refused) else []
    assert said[0].command == "Keep"
    assert "is not a file of kept runs" in said[0].problem
    worker.close()
    assert taken.read_text() == "no database"
