"""Probes, on nets made by hand: every number is one that can be worked out on paper."""

import math

import numpy as np
import pytest

from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.probes import PROBE_SAMPLES, Probes, layer_names

DTYPES = pytest.mark.parametrize("dtype", ["float32", "float64"])


def _network(activation, units, inputs=1, outputs=1, output="identity", loss="mse", dtype="float64"):
    hidden = [LayerSpec(units, activation)] if units else []
    return Network(inputs, hidden, outputs, loss=loss, output=output, dtype=dtype)


def _samples(column, dtype="float64"):
    return with_ones(np.asarray(column, float).reshape(-1, 1), np.dtype(dtype))


def _look(network, samples, gradient=None, before=None):
    probes = Probes(network, samples)
    return probes.look(probes.note(network.gradient if gradient is None else gradient, before))


def test_layers_are_numbered_and_the_last_is_the_output():
    assert layer_names(1) == ("output",)
    assert layer_names(3) == ("layer 1", "layer 2", "output")


@DTYPES
def test_norms_means_and_the_update_ratio_are_the_textbooks(dtype):
    network = _network("tanh", 2, dtype=dtype)
    first, last = network.layers
    first.weight[:], first.bias[:] = [[3.0], [4.0]], [10.0, 10.0]
    last.weight[:], last.bias[:] = [[0.0, 5.0]], [7.0]
    network.gradient[:] = [1.0, -2.0, 2.0, 0.0, 0.5, -0.5, 0.5]
    before = network.parameters.copy()
    first.weight[:] = [[3.0], [3.0]]
    first.bias[:] = 0.0
    looks = _look(network, _samples([0.0, 0.0], dtype), before=before)
    assert [look.name for look in looks] == ["layer 1", "output"]
    assert [look.units for look in looks] == [2, 1]
    assert [look.gradient_norm for look in looks] == pytest.approx([3.0, math.sqrt(0.75)])
    assert [look.gradient_mean_abs for look in looks] == pytest.approx([1.25, 0.5])
    # Weights only: a bias is neither in the norm nor in the ratio.
    assert [look.weight_norm for look in looks] == pytest.approx([math.sqrt(18.0), 5.0])
    assert [look.update_ratio for look in looks] == pytest.approx([1.0 / 5.0, 0.0])


def test_without_a_watched_step_or_from_weights_of_zero_there_is_no_update_ratio():
    network = _network("tanh", 2)
    assert [look.update_ratio for look in _look(network, _samples([1.0]))] == [None, None]
    before = network.parameters.copy()
    network.parameters[:] = 1.0
    assert [look.update_ratio for look in _look(network, _samples([1.0]), before=before)] == [None, None]


@DTYPES
def test_activations_have_mean_spread_and_a_saturated_share(dtype):
    network = _network("sigmoid", 1, output="sigmoid", dtype=dtype)
    network.layers[0].weight[:] = 1.0
    network.layers[1].weight[:] = 0.0
    look, head = _look(network, _samples([-100.0, 0.0, 0.0, 100.0], dtype))
    assert look.activation_mean == pytest.approx(0.5)
    assert look.activation_spread == pytest.approx(math.sqrt(0.125))
    assert look.saturated_share == 0.5
    assert (head.activation_mean, head.activation_spread, head.saturated_share) == (0.5, 0.0, 0.0)


@pytest.mark.parametrize(
    ("activation", "share"),
    [("tanh", 2 / 4), ("relu", 2 / 4), ("elu", 1 / 4), ("softplus", 1 / 4), ("leaky_relu", 0.0), ("identity", 0.0)],
)
def test_each_activation_saturates_on_its_own_sides(activation, share):
    network = _network(activation, 1)
    network.layers[0].weight[:] = 1.0
    assert _look(network, _samples([-9.0, -0.1, 0.1, 9.0]))[0].saturated_share == share


def _with_biases(activation, biases):
    """Units that see x + bias, for samples x in [0, 1]."""
    network = _network(activation, len(biases))
    network.layers[0].weight[:] = 1.0
    network.layers[0].bias[:] = biases
    network.layers[1].weight[:] = 1.0
    return network


def test_a_unit_that_is_0_for_every_sample_is_dead():
    # Never above 0; exactly 0 at best; above 0 for one sample only; above 0 for all.
    network = _with_biases("relu", [-5.0, -1.0, -0.99, 1.0])
    samples = _samples(np.linspace(0.0, 1.0, 11))
    assert [look.dead_units for look in _look(network, samples)] == [2, 0]


def test_a_dead_unit_gets_no_gradient_and_stays_dead():
    network = _with_biases("relu", [-5.0, -1.0, -0.99, 1.0])
    samples = _samples(np.linspace(0.0, 1.0, 11))
    optimizer = OPTIMIZERS["adam"](network.parameters, network.gradient)
    for _ in range(50):
        network.loss_and_gradient(Batch(samples, np.full((1, 11), 100.0)))
        np.testing.assert_array_equal(network.layers[0].augmented_gradient[:2], 0.0)
        assert np.abs(network.layers[0].augmented_gradient[2:]).min() > 0.0
        optimizer.step(0.01)
    assert _look(network, samples)[0].dead_units == 2


@pytest.mark.parametrize("place", [0, 255, 256, 511, 512, PROBE_SAMPLES - 1])
def test_one_sample_anywhere_in_the_probe_set_keeps_a_unit_alive(place):
    column = np.zeros(PROBE_SAMPLES)
    column[place] = 1.0
    network = _with_biases("relu", [-0.5, -2.0])
    assert _look(network, _samples(column))[0].dead_units == 1


def test_units_of_deeper_layers_die_by_what_the_layers_below_give_them():
    network = Network(
        1, [LayerSpec(2, "relu"), LayerSpec(2, "relu")], 1, loss="mse", output="identity", dtype="float64"
    )
    first, second, _ = network.layers
    first.weight[:], first.bias[:] = 1.0, [-5.0, 0.0]
    # The second layer's first unit listens to a dead one only, its other to a living one.
    second.weight[:] = [[1.0, 0.0], [0.0, 1.0]]
    looks = _look(network, _samples(np.linspace(0.0, 1.0, 700)))
    assert [look.dead_units for look in looks] == [1, 1, 0]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "leaky_relu", "elu", "gelu", "silu", "softplus", "identity"])
def test_units_of_other_activations_do_not_count_as_dead(activation):
    network = _with_biases(activation, [-1e4, 0.0])
    network.layers[0].weight[:] = 0.0
    assert _look(network, _samples([0.5, 1.0]))[0].dead_units == 0


def test_a_layer_is_judged_by_its_own_activation():
    hidden = [LayerSpec(2, "relu"), LayerSpec(2, "leaky_relu"), LayerSpec(2, "relu")]
    network = Network(1, hidden, 1, loss="mse", output="identity", dtype="float64")
    network.parameters[:] = -1.0
    looks = _look(network, _samples(np.linspace(0.0, 1.0, 300)))
    assert [look.dead_units for look in looks] == [2, 0, 2, 0]
    network.layers[2].bias[:] = 1.0
    assert [look.dead_units for look in _look(network, _samples([0.5]))] == [2, 0, 0, 0]


def test_looking_changes_nothing():
    network = _with_biases("relu", [-5.0, 0.0])
    samples = _samples(np.linspace(0.0, 1.0, 600))
    network.loss_and_gradient(Batch(samples, np.zeros((1, 600))))
    parameters, gradient = network.parameters.copy(), network.gradient.copy()
    _look(network, samples, before=parameters)
    np.testing.assert_array_equal(network.parameters, parameters)
    np.testing.assert_array_equal(network.gradient, gradient)
