"""A run goes through its timeline, takes changes by hand, and can be taken back to any step."""

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import loads
from nn_tui.scenario.writing import dumps
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.row_plan import RowPlan
from nn_tui.training.run.session import Session, Status, Stop
from nn_tui.training.run.trainer import Trainer
from tests.training.runs import digest_of, replayed, scenario, session, steps, trainer

TIMELINE = [
    {"epoch": 2, "set": {"training.optimizer.lr": 0.02}},
    {"step": 10, "set": {"network.activation": "tanh", "training.regularization.l2": 1e-3}},
    {"epoch": 6, "set": {"training.batch_size": 7}},
    {"step": 31, "set": {"training.optimizer.name": "momentum", "training.optimizer.lr": 0.3}},
    {"epoch": 9, "set": {"training.mode": "stochastic", "network.hidden.1.dropout": 0.3}},
]


def trajectory(run: Session) -> list[bytes]:
    """The parameters after every step to the end."""
    seen = [run.trainer.lead.network.parameters.tobytes()]
    while run.advance():
        seen.append(run.trainer.lead.network.parameters.tobytes())
    return [*seen, run.trainer.lead.network.parameters.tobytes()]


# -- the timeline ----------------------------------------------------------------------------------------------------


def test_a_change_by_epoch_applies_before_the_first_step_of_its_epoch() -> None:
    run = session(timeline=[{"epoch": 3, "set": {"training.optimizer.lr": 0.5}}])
    rates = []
    while run.trainer.steps < 9:
        run.advance()
        rates.append(run.trainer.scenario.training.optimizer.lr)
    # Three steps an epoch: epoch 3 begins with step 7.
    assert rates == [0.01] * 6 + [0.5] * 3


def test_a_change_by_step_applies_before_that_step() -> None:
    run = session(timeline=[{"step": 5, "set": {"training.optimizer.lr": 0.5}}])
    steps(run, 4)
    assert run.trainer.scenario.training.optimizer.lr == 0.01
    steps(run, 1)
    assert run.trainer.scenario.training.optimizer.lr == 0.5


@pytest.mark.parametrize("moment", ["epoch", "step"])
def test_a_change_at_1_is_there_from_the_start(moment: str) -> None:
    changed = session(timeline=[{moment: 1, "set": {"network.activation": "tanh"}}])
    assert changed.trainer.scenario.network.activation == "tanh"
    assert trajectory(changed) == trajectory(session(network={"activation": "tanh"}))


def test_changes_of_one_moment_apply_in_the_order_they_are_written() -> None:
    rates = [{"epoch": 2, "set": {"training.optimizer.lr": lr}} for lr in (0.1, 0.3, 0.2)]
    run = session(timeline=rates)
    steps(run, 4)
    assert run.trainer.scenario.training.optimizer.lr == 0.2


def test_a_change_in_the_timeline_is_the_same_as_one_by_hand() -> None:
    planned = session(timeline=[{"step": 8, "set": {"training.optimizer.name": "rmsprop"}}])
    by_hand = session()
    steps(by_hand, 7)
    by_hand.change({"training.optimizer.name": "rmsprop"})
    planned.run()
    by_hand.run()
    assert digest_of(planned) == digest_of(by_hand)


def test_the_end_can_be_moved_by_the_timeline() -> None:
    run = replayed(scenario(timeline=[{"epoch": 20, "set": {"training.epochs": 25}}]))
    assert run.trainer.epoch == 25


# -- going back ------------------------------------------------------------------------------------------------------


def test_rewinding_to_any_step_gives_its_parameters_and_going_on_the_same_end() -> None:
    run = session(timeline=TIMELINE)
    seen = trajectory(run)
    last = run.trainer.steps
    rows = run.history["step"].tolist()
    for step in (last - 1, 0, 31, 1, 30, 9, 10, 55, 50, 49, 100, 3, last - 7):
        run.rewind(step)
        assert run.trainer.steps == step
        assert run.trainer.lead.network.parameters.tobytes() == seen[step], step
        assert run.history.last()["step"] <= step
        assert trajectory(run)[-1] == seen[-1]
    assert run.status is Status.FINISHED
    assert set(rows) <= set(run.history["step"].tolist())


def test_a_snapshot_of_another_optimizer_brings_its_state_back() -> None:
    run = session(timeline=TIMELINE, training={"optimizer": {"name": "adam"}})
    seen = trajectory(run)
    run.rewind(5)
    assert set(run.trainer.lead.optimizer.state) == {"m", "v"}
    assert trajectory(run) == seen[5:]


def test_going_back_and_changing_something_takes_another_way() -> None:
    run = session()
    seen = trajectory(run)
    run.rewind(25)
    run.change({"training.optimizer.lr": 0.2})
    assert trajectory(run)[-1] != seen[-1]
    assert digest_of(replayed(run.scenario_so_far())) == digest_of(run)


def test_changes_by_hand_come_again_in_their_place_among_the_timelines() -> None:
    # The person's change comes before the timeline's of the same step, which so has the last word.
    run = session(timeline=[{"step": 60, "set": {"training.optimizer.lr": 0.1}}], training={"epochs": 40})
    steps(run, 59)
    run.change({"training.optimizer.lr": 0.5, "network.activation": "elu"})
    steps(run, 31)
    seen = run.trainer.lead.network.parameters.tobytes()
    for target in (70, 52):
        run.rewind(target)
        steps(run, 90 - target)
        assert (run.trainer.lead.network.parameters.tobytes() == seen) is (target == 70)
    assert run.trainer.scenario.training.optimizer.lr == 0.1
    assert run.trainer.scenario.network.activation == "relu"


def test_changes_by_hand_after_the_step_are_forgotten_wherever_snapshots_lie() -> None:
    for step in (50, 49, 51):
        run = session(training={"epochs": 40})
        steps(run, step)
        run.change({"training.optimizer.lr": 0.5})
        steps(run, 20)
        run.rewind(step)
        assert run.trainer.scenario.training.optimizer.lr == 0.01
        assert run.applied == []
        assert trajectory(run)[-1] == trajectory(session(training={"epochs": 40}))[-1]


def test_a_long_run_goes_back_though_most_snapshots_are_gone() -> None:
    run = session(training={"epochs": 3_000})
    marks = {}
    while run.advance():
        if run.trainer.steps in (1, 777, 5_000):
            marks[run.trainer.steps] = run.trainer.lead.network.parameters.tobytes()
    for step, parameters in sorted(marks.items(), reverse=True):
        run.rewind(step)
        assert run.trainer.lead.network.parameters.tobytes() == parameters


def same_rows(one: Session, other: Session) -> None:
    left, right = one.history.state(), other.history.state()
    np.testing.assert_array_equal(left.recent, right.recent)
    np.testing.assert_array_equal(left.buckets, right.buckets)
    assert left.count == right.count


def test_wherever_a_long_run_is_taken_back_to_it_holds_the_rows_of_one_that_never_went_on() -> None:
    # A row every step, so that the overview is thinned out several times and few rows are kept exactly.
    parts: dict[str, Any] = {
        "training": {"epochs": 3_000},
        "timeline": [{"step": 900, "set": {"training.batch_size": 9}}],
    }
    run, draws = Session(Chatty(trainer(**parts)), rewindable=True), random.Random(5)
    steps(run, 5_000)
    for target in sorted((draws.randrange(5_000) for _ in range(6)), key=lambda step: (step % 3, -step)):
        target = min(target, run.trainer.steps)
        run.rewind(target)
        fresh = Session(Chatty(trainer(**parts)))
        steps(fresh, target)
        same_rows(run, fresh)
        steps(run, 700)
        steps(fresh, 700)
        same_rows(run, fresh)


def test_a_diverged_run_can_be_taken_back_and_mended() -> None:
    too_fast = {"optimizer": {"name": "sgd", "lr": 50}, "loss": "mse", "epochs": 200}
    run = session(training=too_fast, network={"output": "identity"})
    run.run()
    assert run.status is Status.DIVERGED
    run.rewind(0)
    assert run.status is Status.RUNNING
    assert run.divergence is None
    run.change({"training.optimizer.lr": 0.1})
    run.run()
    assert run.status is Status.FINISHED
    assert digest_of(replayed(run.scenario_so_far())) == digest_of(run)


@pytest.mark.parametrize("step", [-1, 11])
def test_steps_not_taken_cannot_be_gone_back_to(step: int) -> None:
    run = session()
    steps(run, 10)
    with pytest.raises(ValueError, match=f"step {step} is not in the run so far"):
        run.rewind(step)
    with pytest.raises(ValueError, match="keeps no snapshots"):
        Session(trainer()).rewind(0)


# -- changes by hand, and the record of a run ------------------------------------------------------------------------


@pytest.mark.parametrize("timeline", [[], TIMELINE])
def test_a_run_changed_by_hand_replays_from_its_record(timeline: list[dict[str, Any]]) -> None:
    run = session(timeline=timeline)
    for count, change in (
        (0, {"training.clip.norm": 0.5}),
        (4, {"training.optimizer.name": "adagrad"}),
        (0, {"training.optimizer.lr": 0.2}),
        (11, {"training.mode": "batch"}),
        (9, {"training": {"mode": "mini-batch", "batch_size": 9}}),
        (8, {"training.loss": "mse"}),
        (7, {"network.hidden.2.activation": "gelu", "network.hidden.2.dropout": 0.25}),
        (3, {"training.schedule.name": "cosine"}),
    ):
        steps(run, count)
        run.change(change)
    for _ in range(3):
        record = loads(dumps(run.scenario_so_far()))
        again = replayed(record)
        assert again.trainer.steps == run.trainer.steps
        assert digest_of(again) == digest_of(run)
        steps(run, 10)
    run.run()
    assert run.status is Status.FINISHED
    assert digest_of(replayed(loads(dumps(run.scenario_so_far())))) == digest_of(run)


@pytest.mark.parametrize("longer", [{"training.epochs": 30}, {"training.steps": 80}])
def test_a_finished_run_made_longer_by_hand_replays(longer: dict[str, object]) -> None:
    own = {"epochs": 20} if "training.epochs" in longer else {"epochs": 200, "steps": 60}
    run = session(training=own)
    run.run()
    assert (run.status, run.trainer.steps) == (Status.FINISHED, 60)
    run.change(longer)
    assert run.status is Status.RUNNING
    steps(run, 10)
    assert digest_of(replayed(loads(dumps(run.scenario_so_far())))) == digest_of(run)
    assert run.run() is Status.FINISHED
    assert run.trainer.steps > 70
    assert digest_of(replayed(loads(dumps(run.scenario_so_far())))) == digest_of(run)


def test_a_change_after_the_end_that_moves_nothing_leaves_no_trace_in_the_record() -> None:
    run = session()
    run.run()
    run.change({"training.optimizer.lr": 0.5})
    assert run.status is Status.FINISHED
    assert run.scenario_so_far() == run.initial


def test_fewer_epochs_by_hand_drop_what_was_planned_beyond_them() -> None:
    run = session(timeline=[{"epoch": 15, "set": {"training.optimizer.lr": 0.5}}])
    steps(run, 10)
    run.change({"training.epochs": 8})
    run.run()
    assert run.trainer.epoch == 8
    assert digest_of(replayed(loads(dumps(run.scenario_so_far())))) == digest_of(run)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"training.seed": 4}, "applies on reset"),
        ({"training.optimizer.lr": -1}, "expected a number above 0"),
        ({"training.loss": "ce"}, "another number of outputs"),
        ({"training.optimizer.beta": 0.5}, "adam has no beta"),
        ({"network.hidden.3.dropout": 0.5}, "there is no hidden layer 3"),
        ({"lr": 0.5}, "did you mean 'training.optimizer.lr'"),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(change: dict[str, object], message: str) -> None:
    run = session()
    steps(run, 5)
    before = run.trainer.scenario
    with pytest.raises(ScenarioError, match=message):
        run.change(change)
    assert run.trainer.scenario is before
    assert run.applied == []
    run.run()
    assert digest_of(run) == digest_of(replayed(scenario()))


# -- rows and ends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [None, 1, 7])
def test_what_is_recorded_changes_nothing(every: int | None) -> None:
    parts: dict[str, Any] = {"timeline": TIMELINE, "network": {"hidden": [{"units": 6, "dropout": 0.2}, 5]}}
    watched = Session(trainer(**parts), every=every)
    while watched.advance(watch=watched.trainer.steps % 3 == 0):
        if watched.trainer.steps % 4 == 0:
            watched.look()
    plain = replayed(scenario(**parts))
    assert digest_of(watched) == digest_of(plain)
    same_rows(watched, plain)


def test_rows_that_are_asked_for_come_besides_the_scenarios_own() -> None:
    parts: dict[str, Any] = {"data": {"samples": 5_000}, "network": {"hidden": [200, 200]}, "training": {"epochs": 1}}
    run, plain = Session(trainer(**parts), every=7), Session(trainer(**parts))
    run.run()
    plain.run()
    same_rows(run, plain)
    own = plain.history["step"].tolist()
    assert len(own) < run.trainer.steps / 2
    assert run.rows["step"].tolist() == sorted({*own, *range(0, run.trainer.steps + 1, 7)})


def test_a_change_moves_the_distance_of_rows_from_that_step_on() -> None:
    parts: dict[str, Any] = {"data": {"samples": 5_000}, "network": {"hidden": [200, 200]}, "training": {"epochs": 4}}
    run, plain = Session(trainer(**parts)), Session(trainer(**parts))
    steps(run, 250)
    run.change({"training.batch_size": 256})
    run.run()
    plain.run()
    before = [step for step in plain.history["step"].tolist() if step <= 250]
    assert run.history["step"].tolist()[: len(before)] == before
    replayed_again = replayed(run.scenario_so_far())
    same_rows(run, replayed_again)
    assert set(np.diff(run.history["step"][len(before) :]).tolist()).isdisjoint({0.0})


@pytest.mark.parametrize("stop", [1, 2, 17, 44, 300, 512, 513])
def test_a_resumed_run_holds_the_rows_of_one_that_never_stopped(stop: int) -> None:
    whole, first = Session(trainer(timeline=TIMELINE)), Session(trainer(timeline=TIMELINE), stop=Stop(steps=stop))
    whole.run()
    first.run()
    second = Session(trainer(timeline=TIMELINE), start=first.snapshot())
    second.run()
    rows = whole.history.recent()
    assert rows[-1, 0] == second.history.last()["step"] == 513
    np.testing.assert_array_equal(second.history.recent()[stop == 513 :], rows[rows[:, 0] > stop])


def test_a_row_that_is_looked_at_joins_no_history() -> None:
    run = session(data={"samples": 5_000}, network={"hidden": [200, 200]})
    while run.seen["step"] == run.trainer.steps:
        run.advance(watch=True)
    recorded = len(run.history)
    run.look()
    assert run.seen["step"] == run.trainer.steps > run.history.last()["step"]
    assert run.seen["layer 1.update_ratio"] > 0.0
    assert len(run.history) == recorded


def test_rows_and_steps_come_in_order_and_the_last_row_is_the_end() -> None:
    run = session()
    run.run()
    rows = run.history["step"].tolist()
    assert all(before < after for before, after in pairwise(rows))
    assert rows[-1] == run.trainer.steps


def test_zero_steps_are_a_finished_run() -> None:
    run = session(training={"steps": 0})
    assert run.status is Status.FINISHED
    assert len(run.history) == 1
    assert not run.advance()


def test_a_host_can_stop_a_run_before_its_end() -> None:
    run = Session(trainer(), stop=Stop(epochs=2))
    assert run.run() is Status.FINISHED
    assert run.trainer.epoch == 2
    assert run.cut_short
    assert digest_of(replayed(run.scenario_so_far())) == digest_of(run)


def test_an_interrupted_run_ends_with_a_row_where_it_is() -> None:
    run = session()
    steps(run, 7)
    run.interrupt()
    assert run.status is Status.INTERRUPTED
    assert not run.advance()
    assert run.history.last()["step"] == 7


class Chatty(Trainer[NetworkLane]):
    """A trainer whose scenario has a row at every step."""

    def __init__(self, like: Trainer[NetworkLane]) -> None:
        super().__init__(like.scenario, like.problem)

    @property
    def row_plan(self) -> RowPlan:
        return RowPlan(first=1_000_000, epochs=1, per_epoch=1, whole=True)
