"""Initial parameters: the distributions they claim, whatever the layer's shape."""

import math

import numpy as np
import pytest

from nn_tui.engine.initializers import DISTRIBUTIONS, FANS, INITIALIZERS
from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones

FAN_IN, FAN_OUT = 300, 200


def _draw(name, seed=0, **settings):
    weight, bias = np.full((FAN_OUT, FAN_IN), np.nan), np.full(FAN_OUT, np.nan)
    INITIALIZERS[name].draw(weight, bias, np.random.default_rng(seed), settings)
    return weight, bias


@pytest.mark.parametrize(
    ("name", "std", "bound"),
    [
        ("zeros", 0.0, 0.0),
        ("normal", 1.0, math.inf),
        ("uniform", 0.1 / math.sqrt(12.0), 0.05),
        ("xavier_normal", math.sqrt(2.0 / (FAN_IN + FAN_OUT)), math.inf),
        ("he_uniform", math.sqrt(2.0 / FAN_IN), math.sqrt(6.0 / FAN_IN)),
        ("lecun", math.sqrt(1.0 / FAN_IN), math.inf),
        ("lecun_uniform", math.sqrt(1.0 / FAN_IN), math.sqrt(3.0 / FAN_IN)),
        ("truncated_normal", 0.05 * 0.8796, 0.1),
        ("variance_scaling", math.sqrt(1.0 / FAN_IN), 2.0 * math.sqrt(1.0 / FAN_IN) / 0.8796),
        ("xavier", math.sqrt(2.0 / (FAN_IN + FAN_OUT)), math.sqrt(6.0 / (FAN_IN + FAN_OUT))),
        ("he", math.sqrt(2.0 / FAN_IN), math.inf),
        ("pytorch", 1.0 / math.sqrt(3.0 * FAN_IN), 1.0 / math.sqrt(FAN_IN)),
    ],
)
def test_weights_have_mean_and_spread_of_their_distribution(name, std, bound):
    weight, bias = _draw(name)
    assert abs(weight.mean()) <= 5.0 * std / math.sqrt(weight.size)
    assert weight.std() == pytest.approx(std, rel=0.01)
    assert np.abs(weight).max() <= bound
    if math.isfinite(bound):
        # A uniform distribution reaches its ends; a normal one would leave them behind.
        assert np.abs(weight).max() >= 0.99 * bound
    elif std:
        # The fourth moment of a normal distribution is 3σ⁴.
        assert (weight**4).mean() == pytest.approx(3.0 * std**4, rel=0.05)
    if name == "pytorch":
        assert np.abs(bias).max() <= bound
        assert bias.std() == pytest.approx(std, rel=0.15)
    else:
        np.testing.assert_array_equal(bias, 0.0)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize("mode", FANS)
def test_variance_scaling_has_the_variance_it_is_named_for(distribution, mode):
    weight, _ = _draw("variance_scaling", scale=3.0, mode=mode, distribution=distribution)
    assert weight.var() == pytest.approx(3.0 / FANS[mode](FAN_IN, FAN_OUT), rel=0.02)


@pytest.mark.parametrize(
    ("name", "settings", "lowest", "highest"),
    [
        ("constant", {"value": -0.3}, -0.3, -0.3),
        ("uniform", {"low": 1.0, "high": 3.0}, 1.0, 3.0),
        ("truncated_normal", {"std": 2.0}, -4.0, 4.0),
        ("ones", {}, 1.0, 1.0),
    ],
)
def test_settings_say_which_weights_there_can_be(name, settings, lowest, highest):
    weight, bias = _draw(name, **settings)
    assert weight.min() == pytest.approx(lowest, rel=0.01)
    assert weight.max() == pytest.approx(highest, rel=0.01)
    np.testing.assert_array_equal(bias, 0.0)


def _network(dtype="float64", widths=(6, 5)):
    return Network(4, [LayerSpec(units, "relu") for units in widths], 2, loss="mse", output="identity", dtype=dtype)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_float32_and_float64_start_alike(name):
    single, double = _network("float32"), _network("float64")
    single.initialize(name, 5)
    double.initialize(name, 5)
    np.testing.assert_array_equal(single.parameters, double.parameters.astype(np.float32))


def test_the_seed_decides_and_layers_do_not_disturb_each_other():
    one, same, other, deeper = _network(), _network(), _network(), _network(widths=(6, 5, 5))
    for network, seed in ((one, 1), (same, 1), (other, 2), (deeper, 1)):
        network.initialize("he", seed)
    np.testing.assert_array_equal(one.parameters, same.parameters)
    assert not np.array_equal(one.parameters, other.parameters)
    np.testing.assert_array_equal(one.layers[1].weight, deeper.layers[1].weight)
    assert not np.array_equal(deeper.layers[1].weight[:5, :5], deeper.layers[2].weight[:5, :5])


def test_zeros_keep_all_units_of_a_layer_alike_for_ever():
    network = Network(4, [LayerSpec(3, "sigmoid")], 1, loss="mse", output="identity", dtype="float64")
    network.initialize("zeros", 0)
    draw = np.random.default_rng(0)
    batch = Batch(with_ones(draw.standard_normal((8, 4)), network.dtype), draw.standard_normal((1, 8)))
    for _ in range(20):
        network.loss_and_gradient(batch)
        network.parameters -= 0.5 * network.gradient
    weight = network.layers[0].augmented
    assert np.abs(weight).max() > 0.0
    np.testing.assert_allclose(weight, np.broadcast_to(weight[0], weight.shape), rtol=1e-12)
