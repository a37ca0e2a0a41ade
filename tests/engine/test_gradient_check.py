"""The gradient is the slope of the loss: every activation, loss and output, one to four layers."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.engine import outputs
from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.gradient_check import TOLERANCE, check_gradient
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones

SAMPLES, INPUTS, OUTPUTS = 5, 3, 2
HEADS = [(loss, output) for loss in LOSSES for output in outputs.OUTPUTS]
USUAL = ("sigmoid", "softmax")
PENALTIES = [(0.0, 0.0), (0.01, 0.0), (0.0, 0.05), (0.01, 0.05)]


def _network(widths, activation, loss, output, seed=1, dtype="float64"):
    network = Network(
        INPUTS, [LayerSpec(units, activation) for units in widths], OUTPUTS, loss=loss, output=output, dtype=dtype
    )
    network.initialize("pytorch", seed)
    # Wide enough apart that units differ, and no two samples look alike to them.
    # Exponentials of exponentials bend more than a difference can follow.
    network.parameters *= 0.5 if activation == "exponential" else 2.0
    return network


def _center(network, inputs):
    """Moves predictions between 0 and 1, where no cross-entropy is clipped and no output is flat."""
    last = network.layers[-1]
    below = network.hidden_activations(inputs)
    summed = last.weight @ (below[-1] if below else inputs[:, :-1].T)
    last.weight *= 0.2 / np.abs(summed).max()
    last.bias[:] = {"softplus": -1.0, "exponential": -1.0}.get(network.output.name, 0.4)


def _batch(output, loss="mse"):
    draw = np.random.default_rng(7)
    inputs = with_ones(draw.standard_normal((SAMPLES, INPUTS)), np.dtype(np.float64))
    if output != "identity" or LOSSES[loss].of_classes:
        return Batch(inputs, np.ascontiguousarray(np.eye(OUTPUTS)[draw.integers(0, OUTPUTS, SAMPLES)].T))
    return Batch(inputs, draw.standard_normal((OUTPUTS, SAMPLES)))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("loss", "output"), HEADS)
def test_gradient_is_the_slope_of_loss_and_penalties(activation, loss, output):
    batch = _batch(output, loss)
    # Depths and penalties take turns over the combinations; each combination has two of both.
    turn = HEADS.index((loss, output)) + list(ACTIVATIONS).index(activation)
    for layers, penalties in ((1 + turn % 4, turn // 4), (1 + (turn + 2) % 4, turn // 4 + 1)):
        network = _network([4, 3, 4][: layers - 1], activation, loss, output)
        if output not in USUAL:
            _center(network, batch.inputs)
        network.set_regularization(*PENALTIES[penalties % 4])
        check = check_gradient(network, batch)
        assert check.relative_error < TOLERANCE, layers
        assert max(layer.relative_error for layer in check.layers) < TOLERANCE, layers
        # A kink near a parameter is a rare accident, not a way out.
        assert sum(layer.skipped for layer in check.layers) <= 0.05 * network.parameters.size


@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_targets_between_the_classes_have_a_right_gradient_too(loss):
    network = _network([4], "tanh", loss, "sigmoid")
    inputs = _batch("sigmoid").inputs
    soft = np.random.default_rng(2).uniform(0.05, 0.95, (OUTPUTS, SAMPLES))
    assert check_gradient(network, Batch(inputs, soft)).relative_error < TOLERANCE


def test_a_wrong_derivative_is_found_and_its_layer_named(monkeypatch):
    network = _network([4, 4], "tanh", "mse", "identity")

    def half_as_steep(_z, _a, delta, _scratch):
        delta *= 0.5

    layer = network.layers[1]
    monkeypatch.setattr(layer, "activation", replace(layer.activation, backward=half_as_steep))
    check = check_gradient(network, _batch("identity"))
    assert not check.agrees
    assert [layer.agrees for layer in check.layers] == [False, False, True]


def test_a_parameter_at_a_kink_is_left_out_and_counted():
    network = _network([4], "relu", "mse", "identity")
    batch = _batch("identity")
    # The first sample sits exactly on the first unit's kink.
    network.layers[0].bias[0] -= network.layers[0].augmented[0] @ batch.inputs[0]
    check = check_gradient(network, batch)
    assert check.layers[0].skipped == INPUTS + 1
    assert check.agrees


def test_a_vanished_gradient_is_not_called_wrong():
    network = _network([4] * 3, "sigmoid", "mse", "identity")
    network.layers[2].weight[:] *= 1e-9
    check = check_gradient(network, _batch("identity"))
    assert 0.0 < np.abs(network.layers[0].weight_gradient).max() < 1e-9
    assert check.layers[0].resolution > TOLERANCE
    assert check.agrees


def test_a_large_network_is_sampled_layer_by_layer_from_the_seed():
    network = _network([40, 40], "tanh", "ce", "softmax")
    first, again = (check_gradient(network, _batch("softmax"), most=25, seed=3) for _ in range(2))
    other = check_gradient(network, _batch("softmax"), most=25, seed=4)
    assert [layer.checked for layer in first.layers] == [25, 25, 25]
    assert [layer.parameters for layer in first.layers] == [160, 1640, 82]
    assert first == again
    assert first.layers != other.layers
    assert first.agrees


def test_the_network_is_left_as_it_was():
    network = _network([4], "gelu", "huber", "identity")
    batch = _batch("identity")
    network.loss_and_gradient(batch)
    parameters, gradient = network.parameters.copy(), network.gradient.copy()
    check_gradient(network, batch)
    np.testing.assert_array_equal(network.parameters, parameters)
    np.testing.assert_array_equal(network.gradient, gradient)


def test_float32_and_dropout_are_refused():
    with pytest.raises(ValueError, match="float64"):
        check_gradient(_network([4], "tanh", "mse", "identity", dtype="float32"), _batch("identity"))
    with pytest.raises(ValueError, match="dropout"):
        check_gradient(_network([4], "tanh", "mse", "identity"), _batch("identity")._replace(dropout_key=(0, 0)))
