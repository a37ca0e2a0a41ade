"""A run that is saved and resumed ends with the parameters of one that never stopped."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from nn_tui import Run, load, replay
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Change, Scenario
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.training.replay import Outputs
from nn_tui.training.run.session import Stop

STEPS_PER_EPOCH = 5
EPOCHS = 8


def scenario(**training: Any) -> Scenario:
    """Eight epochs of five steps, with dropout, clipping, penalties and a timeline."""
    return from_mapping(
        {
            "title": "resumed",
            "data": {"kind": "spiral", "samples": 100, "test_share": 0.2},
            "network": {"hidden": [{"units": 6, "dropout": 0.2}, 5], "activation": "relu"},
            "training": {
                "epochs": EPOCHS,
                "batch_size": 16,
                "regularization": {"l1": 1e-4, "l2": 1e-3},
                "clip": {"norm": 1.0},
                **training,
            },
            "timeline": [
                {"epoch": 2, "set": {"training.optimizer.lr": 0.02}},
                {"step": 13, "set": {"training.batch_size": 20}},
                {"epoch": 6, "set": {"training.optimizer.name": "momentum", "network.activation": "tanh"}},
            ],
        }
    )


def stopped_and_resumed(whole: Scenario, path: Path, stop: Stop) -> Run:
    replay(whole, stop=stop, outputs=Outputs(model=path))
    return replay(whole, resume=path)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_goes_on_in_the_middle_of_an_epoch(optimizer: str, tmp_path: Path) -> None:
    whole = scenario(optimizer={"name": optimizer})
    resumed = stopped_and_resumed(whole, tmp_path / "m.safetensors", Stop(steps=8))
    assert resumed.summary.digest == replay(whole).summary.digest


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_goes_on_where_it_was(schedule: str, tmp_path: Path) -> None:
    whole = scenario(schedule={"name": schedule})
    resumed = stopped_and_resumed(whole, tmp_path / "m.safetensors", Stop(epochs=3))
    assert resumed.summary.digest == replay(whole).summary.digest


@pytest.mark.parametrize("mode", ["batch", "mini-batch", "stochastic"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_mode_and_precision_goes_on(mode: str, dtype: str, tmp_path: Path) -> None:
    whole = scenario(mode=mode, dtype=dtype)
    resumed = stopped_and_resumed(whole, tmp_path / "m.safetensors", Stop(steps=7))
    assert resumed.summary.digest == replay(whole).summary.digest


def test_a_run_resumed_at_every_step_is_the_same_run(tmp_path: Path) -> None:
    whole, path = scenario(), tmp_path / "m.safetensors"
    reference = replay(whole)
    replay(whole, stop=Stop(steps=0), outputs=Outputs(model=path))
    for step in range(1, reference.summary.steps + 1):
        # As read before, for no run replaces a file it reads.
        replay(resume=load(path), stop=Stop(steps=step), outputs=Outputs(model=path))
    assert load(path).steps == reference.summary.steps
    assert replay(resume=path).summary.digest == reference.summary.digest


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    whole, path = scenario(), tmp_path / "m.safetensors"
    calls = iter(range(100))
    interrupted = replay(whole, should_stop=lambda: next(calls) == 17, outputs=Outputs(model=path))
    assert (interrupted.summary.status, interrupted.summary.steps) == ("interrupted", 17)
    assert replay(whole, resume=path).summary.digest == replay(whole).summary.digest


def test_a_finished_run_resumes_to_itself(tmp_path: Path) -> None:
    run = replay(scenario(), outputs=Outputs(model=tmp_path / "m.safetensors"))
    again = replay(resume=tmp_path / "m.safetensors")
    assert again.summary.digest == run.summary.digest
    assert again.summary.status == "finished"


def test_a_diverged_run_resumed_diverges_at_the_same_step(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    whole = scenario(optimizer={"name": "sgd", "lr": 1e6}, clip={}, regularization={"l2": 10})
    diverged = replay(whole, outputs=Outputs(model=path))
    again = replay(resume=path)
    assert diverged.summary.status == again.summary.status == "diverged"
    assert again.summary.steps == diverged.summary.steps
    assert again.summary.divergence == diverged.summary.divergence


def test_more_epochs_go_beyond_the_end_as_if_they_had_been_planned(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    replay(scenario(), outputs=Outputs(model=path))
    longer = replay(resume=path, changes={"training.epochs": 12})
    assert longer.summary.epochs == 12
    assert longer.summary.digest == replay(scenario(epochs=12)).summary.digest


def test_a_live_change_on_resuming_is_recorded_as_part_of_the_timeline(tmp_path: Path) -> None:
    path, record = tmp_path / "m.safetensors", tmp_path / "r.toml"
    replay(scenario(), outputs=Outputs(model=path))
    changes = {"training.epochs": 10, "training.optimizer.lr": 0.5, "network.hidden.1.dropout": 0.0}
    run = replay(scenario(), changes, resume=load(path), outputs=Outputs(record=record, model=path))
    replayed = replay(record)
    assert replayed.summary.digest == run.summary.digest
    assert replayed.summary.passed
    assert replay(resume=path, changes={"epochs": 11}).summary.epochs == 11


def test_a_scenario_with_another_structure_is_refused_by_key(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    replay(scenario(), stop=Stop(steps=3), outputs=Outputs(model=path))
    with pytest.raises(ScenarioError, match=r"training\.seed: 0 in the saved run, 1 asked for"):
        replay(scenario(), {"training.seed": 1}, resume=path)
    with pytest.raises(ScenarioError, match=r"network\.hidden\.1\.units: 6 in the saved run, 7"):
        replay(scenario(), {"network.hidden": [7, 5]}, resume=path)
    with pytest.raises(ScenarioError, match=r"timeline: is not the saved run's"):
        replay(from_mapping({"title": "none", "data": {"kind": "spiral", "samples": 100}}), resume=path)


def test_an_end_that_is_there_can_be_moved_but_not_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    replay(scenario(steps=3), outputs=Outputs(model=path))
    assert replay(scenario(steps=5), resume=load(path)).summary.steps == 5
    with pytest.raises(
        ScenarioError, match=r"training\.steps: 3 in the saved run.*not take it away: give another value"
    ):
        replay(scenario(), resume=load(path))


def test_a_stop_the_run_is_already_past_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    replay(scenario(), stop=Stop(steps=9), outputs=Outputs(model=path))
    with pytest.raises(ModelError, match="already taken 9 steps"):
        replay(resume=path, stop=Stop(steps=8))


def csv(path: Path, slope: float) -> Scenario:
    rows = "".join(f"{number},{slope * number}\n" for number in range(20))
    path.write_text(f"x,y\n{rows}")
    return from_mapping(
        {
            "title": "table",
            "data": {"kind": "csv", "path": str(path), "target": "y", "task": "regression", "scaling": "standard"},
            "training": {"epochs": 5},
        }
    )


def test_data_may_move_but_not_change(tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    here = csv(tmp_path / "a.csv", 2)
    replay(here, stop=Stop(steps=2), outputs=Outputs(model=model))
    moved = replay(csv(tmp_path / "b.csv", 2), resume=model)
    assert moved.summary.digest == replay(here).summary.digest
    with pytest.raises(ModelError, match="data have changed"):
        replay(csv(tmp_path / "c.csv", 2.5), resume=model)


def test_a_table_to_test_on_may_move_too(tmp_path: Path) -> None:
    model, tests = tmp_path / "m.safetensors", tmp_path / "tests.csv"
    csv(tests, 2)
    here = apply(csv(tmp_path / "a.csv", 2), {"data.test_path": str(tests)})
    replay(here, stop=Stop(steps=2), outputs=Outputs(model=model))
    moved = tests.rename(tmp_path / "moved.csv")
    again = replay(resume=model, changes={"data.test_path": str(moved)})
    assert again.summary.test is not None
    with pytest.raises(ScenarioError, match=r"data\.test_path: .* nothing asked for"):
        replay(csv(tmp_path / "a.csv", 2), resume=model)


@pytest.mark.parametrize("weights", ["none", "balanced", {"1": 3.0}, {"0": 2.0, "1": 1.5}])
def test_class_weights_are_live_whatever_they_were(weights: str | dict[str, float], tmp_path: Path) -> None:
    model, key = tmp_path / "m.safetensors", "training.class_weight"
    chosen = apply(scenario(), {key: {"0": 2.0}})
    replay(chosen, stop=Stop(steps=9), outputs=Outputs(model=model))
    first, *others = chosen.timeline
    changed = structs.replace(chosen, timeline=(first, Change(step=10, set={key: weights}), *others))
    assert replay(resume=model, changes={key: weights}).summary.digest == replay(changed).summary.digest


def test_seconds_and_pace_of_a_resumed_run_are_its_own(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    replay(scenario(), outputs=Outputs(model=path))
    assert replay(resume=path).summary.steps_per_second == 0.0
