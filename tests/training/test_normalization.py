"""Normalized networks in a run: exact, saved, resumed and exported, and refused where one sample has no spread."""

import numpy as np
import pytest

import nn_tui
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply
from nn_tui.training.files.model_file import load_model
from nn_tui.training.files.pytorch_script import pytorch_script
from nn_tui.training.replay import Outputs
from tests.scenario.scenarios import xor
from tests.training import runs

SHORT = {"training.epochs": 6, "training.batch_size": 7}


@pytest.mark.parametrize("way", ["batch", "layer"])
def test_a_resumed_run_ends_where_one_that_never_stopped_does(way, tmp_path):
    changes = {**SHORT, "network.normalization": way}
    whole = nn_tui.replay("xor", changes)
    half = tmp_path / "half.safetensors"
    nn_tui.replay("xor", {**changes, "training.steps": 17}, outputs=Outputs(model=half))
    rest = nn_tui.replay("xor", {**changes, "training.steps": 10**6}, resume=half)
    assert rest.summary.digest == whole.summary.digest
    assert rest.summary.digest != nn_tui.replay("xor", SHORT).summary.digest


def test_a_saved_model_predicts_the_same_and_has_pytorchs_names(tmp_path):
    path = tmp_path / "m.safetensors"
    run = nn_tui.replay(
        "xor",
        {**SHORT, "network.hidden": [{"units": 4, "normalization": "batch", "dropout": 0.2}, 3]},
        outputs=Outputs(model=path),
    )
    model = load_model(path)
    np.testing.assert_array_equal(model.predict([[0.3, -0.2]]), run.predict([[0.3, -0.2]]))
    script = pytorch_script(model, "m.safetensors", beside=True)
    assert "nn.BatchNorm1d(4)," in script
    from safetensors.numpy import load_file

    names = load_file(path).keys()
    assert {"1.weight", "1.bias", "1.running_mean", "1.running_var", "4.weight", "6.weight"} <= names


def test_going_back_brings_the_running_means_back():
    lane = runs.lane(network={"normalization": "batch"}, training={"batch_size": 8})
    for _ in range(5):
        lane.step()
    state = lane.state()
    for _ in range(3):
        lane.step()
    after = lane.vectors
    there = [vector.copy() for vector in after]
    lane.restore(lane.scenario, state)
    for _ in range(3):
        lane.step()
    for one, other in zip(lane.vectors, there, strict=True):
        np.testing.assert_array_equal(one, other)
    assert len(there) == 2


@pytest.mark.parametrize(
    "changes", [{"training.mode": "stochastic"}, {"training.mode": "mini-batch", "training.batch_size": 1}]
)
def test_one_sample_a_step_is_refused_by_batch_and_not_by_layer(changes):
    with pytest.raises(ScenarioError, match="needs more than one sample a step"):
        apply(xor(), {**changes, "network.normalization": "batch"})
    apply(xor(), {**changes, "network.normalization": "layer"})


def test_normalization_applies_on_reset():
    lane = runs.lane()
    with pytest.raises(ScenarioError, match="normalization"):
        lane.check(apply(lane.scenario, {"network.normalization": "layer"}))
