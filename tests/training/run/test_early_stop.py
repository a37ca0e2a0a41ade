"""A run that stops early ends with its best parameters, whichever way it came there."""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

import nn_tui
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import loads
from nn_tui.scenario.writing import dumps
from nn_tui.training.files.model import model_of
from nn_tui.training.files.model_file import encode_model
from nn_tui.training.replay import Outputs
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.session import Session, Status, Stop
from nn_tui.training.run.state import DivergedError
from nn_tui.training.worker.recovery import encode
from tests.training.runs import digest_of, replayed, scenario, steps, trainer, trainer_of

ADAM = {"name": "adam", "lr": 0.03}
RULE = {"metric": "validation.loss", "patience": 4, "min_gain": 0.002}
PARTS: dict[str, Any] = {
    "data": {"samples": 60, "validation_share": 0.2},
    "training": {"epochs": 200, "optimizer": ADAM, "early_stop": RULE},
}


def parts(**training: Any) -> dict[str, Any]:
    return PARTS | {"training": PARTS["training"] | training}


def stopped() -> Session[NetworkLane]:
    run = Session(trainer(**PARTS), rewindable=True)
    run.run()
    return run


def test_it_stops_after_epochs_without_gain_and_puts_the_best_parameters_back() -> None:
    run = stopped()
    lane = run.trainer.lead
    assert run.status is Status.FINISHED
    assert not run.cut_short
    assert lane.has_stopped
    assert lane.epoch == lane.best.epoch + RULE["patience"] < 200
    best = Session(trainer(**PARTS), stop=Stop(epochs=lane.best.epoch))
    best.run()
    assert digest_of(best) == digest_of(run)
    # The last row is of what is there at the end.
    score = lane.score("validation")
    assert score is not None
    assert run.history.last()["validation.loss"] == score.loss == lane.best.value
    assert run.history.last()["step"] == lane.steps
    # No epoch after the best one gained enough.
    whole = Session(trainer(**parts(early_stop={})))
    steps(whole, lane.steps)
    losses = {int(e): v for e, v in zip(whole.history["epoch"], whole.history["validation.loss"], strict=True)}
    assert all(losses[epoch] > lane.best.value - RULE["min_gain"] for epoch in range(lane.best.epoch + 1, lane.epoch))


def test_at_the_end_of_its_epochs_and_of_its_steps_the_best_parameters_are_there_too() -> None:
    for own in ({"epochs": 9}, {"epochs": 200, "steps": 19}):
        chosen = parts(early_stop=RULE | {"patience": 50}, **own)
        run = replayed(scenario(**chosen))
        lane = run.trainer.lead
        assert not lane.has_stopped
        assert 0 < lane.best.epoch <= 9
        best = Session(trainer(**chosen), stop=Stop(epochs=lane.best.epoch))
        best.run()
        assert digest_of(run) == digest_of(best)


def test_at_the_end_of_its_epochs_the_last_parameters_stay_where_the_best_are_not_wanted_there() -> None:
    own = {"restore_at_end": False}
    stops, ends = parts(early_stop=RULE | own), parts(early_stop=RULE | own | {"patience": 50}, epochs=9)
    assert digest_of(replayed(scenario(**stops))) == digest_of(stopped())
    run = replayed(scenario(**ends))
    assert not run.trainer.lead.has_stopped
    assert digest_of(run) == digest_of(replayed(scenario(**parts(early_stop=RULE | {"patience": 0}, epochs=9))))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"epochs": 12},
        {"race": [ADAM, {"training.early_stop.patience": 1}, {"network.activation": "tanh"}, "sgd"]},
        {"early_stop": RULE | {"patience": 0}, "race": [ADAM, {"training.early_stop.patience": 2}]},
    ],
    ids=["alone", "few epochs", "race", "one lane"],
)
def test_cut_short_anywhere_it_is_recorded_as_it_stood(more: dict[str, Any]) -> None:
    chosen = scenario(**parts(**more))
    end = replayed(chosen)
    for step in range(0, end.trainer.steps, max(1, end.trainer.steps // 23)):
        cut = Session(trainer_of(chosen), stop=Stop(steps=step))
        cut.run()
        assert cut.cut_short
        assert digest_of(replayed(loads(dumps(cut.scenario_so_far())))) == digest_of(cut)


def test_resumed_at_every_step_it_ends_the_same(tmp_path: Path) -> None:
    end = stopped()
    file = tmp_path / "m.safetensors"
    for step in (1, 7, end.trainer.lead.best.steps + 1, end.trainer.steps - 1):
        nn_tui.replay(scenario(**PARTS), stop=Stop(steps=step), outputs=Outputs(model=file))
        again = nn_tui.replay(resume=file)
        assert again.summary.digest == digest_of(end)
        assert (again.summary.stopped_at, again.summary.best_epoch) == (
            end.trainer.steps,
            end.trainer.lead.best.epoch,
        )


def test_taken_back_from_its_end_it_ends_the_same() -> None:
    run, end = stopped(), stopped()
    for step in (end.trainer.steps - 1, end.trainer.lead.best.steps - 1, 3):
        run.rewind(step)
        run.run()
        assert digest_of(run) == digest_of(end)
        np.testing.assert_array_equal(run.history.recent(), end.history.recent())


def test_a_snapshot_keeps_what_was_best() -> None:
    run = Session(trainer(**PARTS))
    steps(run, 30)
    content = encode(run.initial, "", run.snapshot(), run.history.state(), ())
    assert len(content) > run.trainer.lead.best.arrays["parameters"].nbytes
    other = Session(trainer(**PARTS), start=run.snapshot())
    other.run()
    run.run()
    assert digest_of(other) == digest_of(run)


def test_more_patience_by_hand_lets_it_go_on_and_replays() -> None:
    run = stopped()
    run.change({"training.early_stop.patience": 9})
    assert run.status is Status.RUNNING
    run.run()
    assert digest_of(replayed(loads(dumps(run.scenario_so_far())))) == digest_of(run)
    assert run.trainer.steps > stopped().trainer.steps


def test_another_metric_by_hand_lets_it_go_on_and_replays() -> None:
    run = stopped()
    run.change({"training.early_stop.metric": "train.loss"})
    assert run.status is Status.RUNNING
    run.run()
    assert run.trainer.steps > stopped().trainer.steps
    assert digest_of(replayed(loads(dumps(run.scenario_so_far())))) == digest_of(run)


def test_where_it_was_not_stopped_early_for_a_while_nothing_from_before_counts(tmp_path: Path) -> None:
    timeline = [
        {"epoch": 12, "set": {"training.early_stop.patience": 0}},
        {"epoch": 30, "set": {"training.early_stop.patience": 4}},
    ]
    chosen = scenario(**parts(early_stop=RULE | {"patience": 50}, epochs=60), timeline=timeline)
    end = nn_tui.replay(chosen)
    assert end.summary.best_epoch > 12
    file = tmp_path / "m.safetensors"
    for epoch in (10, 20, 31):
        nn_tui.replay(chosen, stop=Stop(epochs=epoch), outputs=Outputs(model=file))
        again = nn_tui.replay(resume=file)
        assert (again.summary.digest, again.summary.best_epoch) == (end.summary.digest, end.summary.best_epoch)


@pytest.mark.parametrize("change", [{"early_stop.patience": 2}, {"epochs": 5}, {"steps": 12}])
def test_where_a_change_ends_it_within_an_epoch_the_best_parameters_are_put_back(
    change: dict[str, int], tmp_path: Path
) -> None:
    chosen = parts(early_stop=RULE | {"patience": 100})
    run = Session(trainer(**chosen), rewindable=True)
    while run.trainer.lead.best.waited < 5 or run.trainer.position != 1:
        run.advance()
    here = run.trainer.steps
    run.change({f"training.{key}": value for key, value in change.items()})
    saved, at_once = tmp_path / "m.safetensors", tmp_path / "at-once.safetensors"
    at_once.write_bytes(encode_model(model_of(run)))
    run.run()
    assert (run.status, run.trainer.steps) == (Status.FINISHED, here + 1)
    best = Session(trainer(**chosen), stop=Stop(epochs=run.trainer.lead.best.epoch))
    best.run()
    assert digest_of(run) == digest_of(best)
    recorded = loads(dumps(run.whole_scenario()))
    assert digest_of(replayed(recorded)) == digest_of(run)
    nn_tui.replay(recorded, stop=Stop(steps=here), outputs=Outputs(model=saved))
    for file in (saved, at_once):
        assert nn_tui.replay(resume=file).summary.digest == digest_of(run)
    run.rewind(here)
    run.change({f"training.{key}": value for key, value in change.items()})
    run.run()
    assert digest_of(run) == digest_of(best)


def test_a_lane_that_a_change_ends_early_ends_with_its_best_parameters_and_a_diverged_one_where_it_was() -> None:
    chosen = parts(early_stop=RULE | {"patience": 100}, steps=60, race=[{"name": "adam"}, {"name": "sgd", "lr": 3.0}])
    del chosen["training"]["optimizer"]
    chosen["timeline"] = [{"step": 50, "set": {"training.early_stop.patience": 1}}]
    run = Session(trainer(**chosen))
    steps(run, 49)
    other = run.trainer.lanes[1]
    assert other.best.waited > 1
    best = other.best.arrays["parameters"]
    run.run()
    assert other.steps == 49
    assert np.array_equal(other.network.parameters, best)
    lost = trainer(**(chosen | {"timeline": []})).lanes[1]
    for _ in range(59):
        lost.step()
    lost.divergence = DivergedError(60, "layer 1", "gradient")
    before = lost.network.parameters.copy()
    lost.stand_by()
    assert np.array_equal(lost.network.parameters, before)


def test_without_a_validation_set_the_test_set_chooses_and_it_is_said() -> None:
    run = nn_tui.replay(scenario(**(PARTS | {"data": {"samples": 60}})))
    assert run.summary.chosen_on == "test"
    assert run.summary.validation is None
    with pytest.raises(ScenarioError, match="no example is kept for validation or testing"):
        trainer(**(PARTS | {"data": {"samples": 60, "test_share": 0}}))
    lane = {"training.early_stop.metric": "validation.loss", "training.early_stop.patience": 2}
    with pytest.raises(ScenarioError, match="no example is kept for validation or testing"):
        nn_tui.replay("xor", {"data.test_share": 0.0, "training.race": ["sgd", lane]})
    with pytest.raises(ScenarioError, match=r"no validation\.r2 here, only validation\.accuracy or"):
        trainer(**parts(early_stop={"metric": "validation.r2"}))


def test_validation_scores_are_in_rows_and_summary(tmp_path: Path) -> None:
    run = nn_tui.replay(scenario(**parts(epochs=3)), outputs=Outputs(metrics=tmp_path / "m.jsonl"))
    row = json.loads((tmp_path / "m.jsonl").read_text().splitlines()[-1])
    assert row["validation"]["loss"] == run.summary.validation["loss"] == run.history["validation.loss"][-1]
    assert row["validation"]["samples"] == 12
    told = msgspec.json.decode(msgspec.json.encode(run.summary))
    assert told["best_epoch"] == run.summary.best_epoch
    recalled = trainer_of(scenario(**PARTS)).recalled(run.history.recent()[-1].tolist()).nested()
    assert recalled == row


def test_every_lane_of_a_race_stops_by_itself() -> None:
    race = [{"name": "adam", "lr": 0.03}, {"name": "sgd", "lr": 0.001}, {"name": "adam", "lr": 0.1}]
    chosen = parts(race=race)
    del chosen["training"]["optimizer"]
    run = Session(trainer(**chosen))
    run.run()
    for lane in run.trainer.lanes:
        alone = Session(trainer(**parts(optimizer=race[run.trainer.lanes.index(lane)])), stop=Stop(steps=lane.steps))
        alone.run()
        if lane.has_stopped or lane is run.trainer.lead:
            assert lane.network.parameters.tobytes() == alone.trainer.lead.network.parameters.tobytes()


def test_a_surface_does_not_stop_early() -> None:
    text = 'title = "s"\n[data]\nkind = "surface"\nfunction = "bowl"\n[training]\nearly_stop = { patience = 3 }\n'
    with pytest.raises(ScenarioError, match=r"training\.early_stop: does not apply to a surface"):
        loads(text)
