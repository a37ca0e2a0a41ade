"""A scenario's gradient is checked as its training would begin: the same network, batch and penalties, in float64."""

from typing import Any

import numpy as np
import pytest

from nn_tui.engine.gradient_check import TOLERANCE
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.gradient_check import MOST_PARAMETERS, MOST_SAMPLES, ScenarioCheck, check_scenario
from tests.training.runs import trainer_of


def scenario(**tables: Any) -> Scenario:
    data = {"kind": "spiral", "samples": 50, "test_share": 0.2} | tables.get("data", {})
    network = {"hidden": [6, 5], "activation": "tanh"} | tables.get("network", {})
    training = {"mode": "mini-batch", "batch_size": 12, "seed": 3} | tables.get("training", {})
    return from_mapping({"title": "A spiral", "data": data, "network": network, "training": training})


def check(**tables: Any) -> ScenarioCheck:
    return check_scenario(scenario(**tables))


def test_the_loss_is_that_of_the_first_step() -> None:
    penalties = {"regularization": {"l1": 0.01, "l2": 0.1}, "dtype": "float64"}
    found = check(training=penalties)
    chosen = scenario(training=penalties)
    trainer = trainer_of(chosen).lead
    penalty = trainer.network.penalty()
    assert found.found.loss == pytest.approx(trainer.step() + penalty, rel=1e-12)
    assert (found.l1, found.l2) == (0.01, 0.1)


@pytest.mark.parametrize("mode", ["batch", "mini-batch", "stochastic"])
def test_every_mode_has_a_first_batch(mode: str) -> None:
    found = check(training={"mode": mode})
    assert found.samples == found.of_samples == {"batch": 40, "mini-batch": 12, "stochastic": 1}[mode]
    assert found.found.agrees


def test_a_float32_scenario_with_dropout_is_checked_in_float64_without() -> None:
    hidden = [{"units": 6, "dropout": 0.5}, {"units": 5, "activation": "gelu", "dropout": 0.2}]
    found = check(network={"hidden": hidden}, training={"dtype": "float32"})
    assert found.found.relative_error < TOLERANCE
    assert found.functions == ("tanh", "gelu", "sigmoid")
    assert found.names == ("layer 1", "layer 2", "output")


def test_a_small_network_is_checked_whole_and_a_large_one_in_part() -> None:
    small, large = check(), check(network={"hidden": [60, 60]})
    assert not small.sampled
    assert all(layer.checked == layer.parameters for layer in small.found.layers)
    assert large.sampled
    assert [layer.checked for layer in large.found.layers] == [MOST_PARAMETERS, MOST_PARAMETERS, 61]
    assert check(network={"hidden": [60, 60]}) == large


def test_a_large_batch_is_cut() -> None:
    found = check(data={"samples": 500}, training={"mode": "batch"})
    assert (found.samples, found.of_samples) == (MOST_SAMPLES, 400)
    assert found.found.agrees


@pytest.mark.parametrize("loss", ["mse", "mae", "rmse", "huber", "bce"])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "silu"])
def test_every_loss_is_right_on_a_real_batch(loss: str, activation: str) -> None:
    found = check(network={"activation": activation}, training={"loss": loss}).found
    assert found.relative_error < TOLERANCE
    # With all units below at 0, a layer's biases, still 0 themselves, are at relu's kink.
    assert [layer.skipped for layer in found.layers] in ([0, 0, 0], [0, 5, 0])


def test_it_warns_of_nothing_where_numbers_overflow() -> None:
    with np.errstate(all="warn"):
        found = check(network={"hidden": [4] * 12, "activation": "identity", "init": "normal"})
    assert np.isfinite(found.found.loss)


def test_a_surface_has_no_network_to_check() -> None:
    surface = from_mapping({"title": "A bowl", "data": {"kind": "surface", "function": "bowl"}})
    with pytest.raises(ScenarioError, match="no network"):
        check_scenario(surface)
