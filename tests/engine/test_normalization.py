"""Normalization: mean 0 and variance 1, the gradient through both, and running means that only steps move."""

import numpy as np
import pytest

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.gradient_check import TOLERANCE, check_gradient
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones
from nn_tui.engine.normalization import EPSILON, MOMENTUM, NORMALIZATIONS

WAYS = pytest.mark.parametrize("way", NORMALIZATIONS)
SMOOTH = [name for name in ACTIVATIONS if name not in ("relu", "leaky_relu", "hard_sigmoid")]


def _network(ways, activation="tanh", loss="mse", dtype="float64"):
    hidden = [LayerSpec(5, activation, 0.0, way) for way in ways]
    network = Network(3, hidden, 2, loss=loss, output=LOSSES[loss].output, dtype=dtype)
    network.initialize("xavier", 1)
    draw = np.random.default_rng(2)
    network.parameters += 0.3 * draw.standard_normal(network.parameters.size)
    return network


def _batch(samples=7, seed=3):
    draw = np.random.default_rng(seed)
    inputs = with_ones(3.0 + 2.0 * draw.standard_normal((samples, 3)), np.dtype(np.float64))
    return Batch(inputs, np.ascontiguousarray(np.eye(2)[draw.integers(0, 2, samples)].T))


@WAYS
@pytest.mark.parametrize("activation", SMOOTH)
@pytest.mark.parametrize("loss", ["mse", "ce", "bce"])
def test_the_gradient_is_the_slope(way, activation, loss):
    network = _network([way, "none", way], activation, loss)
    network.set_regularization(0.01, 0.02)
    for weights in (None, np.linspace(0.2, 2.0, 7)):
        check = check_gradient(network, _batch()._replace(weights=weights))
        assert check.relative_error < TOLERANCE
        assert sum(layer.parameters for layer in check.layers) == network.parameters.size


@WAYS
def test_sums_have_mean_0_and_variance_1_and_gamma_and_beta_move_them(way):
    network, batch = _network([way]), _batch(50)
    layer = network.layers[0].normalization
    layer.reset()
    network.loss_and_gradient(batch)
    given = network.last_pass(50).pre_activations[0].copy()
    axis = 1 if NORMALIZATIONS[way].over_samples else 0
    np.testing.assert_allclose(given.mean(axis), 0.0, atol=1e-12)
    np.testing.assert_allclose(given.var(axis), 1.0, rtol=0.02)
    layer.gamma[:], layer.beta[:] = 3.0, -1.0
    network.loss_and_gradient(batch)
    np.testing.assert_allclose(network.last_pass(50).pre_activations[0], 3.0 * given - 1.0, rtol=1e-12)
    assert not network.is_weight[network.layers[0].tail].any()


def test_running_means_move_with_steps_alone_and_stand_for_the_batch_elsewhere():
    network, batch = _network(["batch"]), _batch(20)
    before = network.statistics.copy()
    network.loss_and_gradient(batch)
    network.evaluate(batch.inputs, batch.targets)
    np.testing.assert_array_equal(network.statistics, before)
    sums = network.layers[0].augmented @ batch.inputs.T
    network.loss_and_gradient(batch)
    network.last_pass(20).follow()
    layer = network.layers[0].normalization
    np.testing.assert_allclose(layer.running_mean[:, 0], MOMENTUM * sums.mean(axis=1))
    np.testing.assert_allclose(layer.running_variance[:, 0], 1.0 - MOMENTUM + MOMENTUM * sums.var(axis=1, ddof=1))
    expected = (sums - layer.running_mean) / np.sqrt(layer.running_variance + EPSILON) * layer.gamma + layer.beta
    network.forward(batch.inputs)
    np.testing.assert_allclose(network.last_pass(20).pre_activations[0], expected)


def test_a_batch_of_one_sample_is_normalized_by_the_running_means():
    network = _network(["batch"])
    network.loss_and_gradient(_batch(20))
    network.last_pass(20).follow()
    before, one = network.statistics.copy(), _batch(1)
    assert np.isfinite(network.loss_and_gradient(one))
    alone = network.last_pass(1).outputs[-1].copy()
    network.last_pass(1).follow()
    np.testing.assert_array_equal(network.statistics, before)
    np.testing.assert_allclose(network.forward(one.inputs), alone)


@WAYS
def test_a_copy_computes_the_same(way):
    network = _network([way, way])
    network.loss_and_gradient(_batch())
    network.last_pass(7).follow()
    np.testing.assert_array_equal(network.copy().predict(np.ones((4, 3))), network.predict(np.ones((4, 3))))


@WAYS
def test_dead_units_are_those_silent_for_every_sample(way):
    from nn_tui.engine.dead_units import DeadUnits

    network = _network([way, way], "relu")
    network.layers[0].normalization.beta[:3] = -50.0
    samples = _batch(600).inputs
    first = network.hidden_activations(samples[:100])
    counted = DeadUnits(network, samples[100:]).count([*first, network.forward(samples[:100])])
    silent = [int((~outputs.any(axis=1)).sum()) for outputs in network.hidden_activations(samples)]
    assert counted[:2] == silent
    assert counted[0] >= 3
