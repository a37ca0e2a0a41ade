"""The network: its passes written out plainly, dropout, penalties, and where divergence begins."""

import math
import tracemalloc

import numpy as np
import pytest

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.network import PASS_SAMPLES, Batch, LayerSpec, Network, with_ones
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.outputs import OUTPUTS

HEADS = [(loss, output) for loss in LOSSES for output in OUTPUTS]


def _network(inputs=3, hidden=((4, "tanh"),), outputs=2, loss="mse", output="identity", dtype="float64", dropout=0.0):
    specs = [LayerSpec(units, activation, dropout) for units, activation in hidden]
    network = Network(inputs, specs, outputs, loss=loss, output=output, dtype=dtype)
    network.initialize("xavier", 3)
    return network


def _batch(network, samples=6, key=None):
    draw = np.random.default_rng(1)
    inputs = with_ones(draw.standard_normal((samples, network.inputs)), network.dtype)
    classes = np.eye(network.outputs)[draw.integers(0, network.outputs, samples)].T
    return Batch(inputs, np.ascontiguousarray(classes.astype(network.dtype)), key)


def test_a_prediction_is_what_neuron_by_neuron_arithmetic_gives():
    network = _network(hidden=((4, "tanh"), (3, "sigmoid")))
    rows = np.random.default_rng(2).standard_normal((5, 3))
    for row, prediction in zip(rows, network.predict(rows), strict=True):
        below = row.tolist()
        for index, layer in enumerate(network.layers):
            sums = [
                sum(float(w) * x for w, x in zip(weights, below, strict=True)) + float(bias)
                for weights, bias in zip(layer.weight, layer.bias, strict=True)
            ]
            below = [[math.tanh, lambda z: 1.0 / (1.0 + math.exp(-z)), float][index](z) for z in sums]
        np.testing.assert_allclose(prediction, below, rtol=1e-13)


def test_parameters_are_one_vector_and_layers_are_views_of_it():
    network = _network(hidden=((4, "relu"), (3, "elu")))
    assert network.parameters.size == (3 + 1) * 4 + (4 + 1) * 3 + (3 + 1) * 2
    network.parameters[:] = np.arange(network.parameters.size)
    np.testing.assert_array_equal(
        np.concatenate([np.column_stack([layer.weight, layer.bias]).ravel() for layer in network.layers]),
        network.parameters,
    )
    network.layers[1].bias[2] = -5.0
    assert -5.0 in network.parameters
    assert all(np.shares_memory(layer.weight_gradient, network.gradient) for layer in network.layers)


def test_a_large_set_is_predicted_in_blocks_without_a_seam():
    network = _network(hidden=((4, "gelu"),), outputs=1)
    rows = np.random.default_rng(4).standard_normal((2 * PASS_SAMPLES + 5, 3))
    whole = network.predict(rows)
    np.testing.assert_allclose(
        whole[PASS_SAMPLES - 3 : PASS_SAMPLES + 3],
        network.predict(rows[PASS_SAMPLES - 3 : PASS_SAMPLES + 3]),
        rtol=1e-12,
    )
    assert whole.shape == (rows.shape[0], 1)


def test_a_gradient_does_not_depend_on_the_batches_seen_before():
    network = _network()
    batches = [_batch(network, samples) for samples in range(1, 13)]
    first = [network.loss_and_gradient(batch) for batch in batches]
    gradients = []
    for batch in batches:
        network.loss_and_gradient(batch)
        gradients.append(network.gradient.copy())
    fresh = _network()
    for batch, loss, gradient in zip(reversed(batches), reversed(first), reversed(gradients), strict=True):
        assert fresh.loss_and_gradient(batch) == loss
        np.testing.assert_array_equal(fresh.gradient, gradient)


def test_looking_leaves_parameters_and_gradient_alone():
    network = _network(hidden=((4, "relu"),), dropout=0.5)
    batch = _batch(network, key=(0, 0))
    network.loss_and_gradient(batch)
    parameters, gradient = network.parameters.copy(), network.gradient.copy()
    network.evaluate(batch.inputs, batch.targets)
    network.forward(batch.inputs)
    network.hidden_activations(batch.inputs)
    network.predict(batch.inputs[:, :-1])
    network.penalty()
    network.first_non_finite(6)
    np.testing.assert_array_equal(network.parameters, parameters)
    np.testing.assert_array_equal(network.gradient, gradient)


def test_hidden_activations_and_layer_outputs_are_the_same_numbers():
    network = _network(hidden=((4, "silu"), (3, "softplus")))
    inputs = _batch(network).inputs
    network.forward(inputs)
    outputs = [output.copy() for output in network.last_pass(6).outputs]
    for hidden, output in zip(network.hidden_activations(inputs), outputs[:-1], strict=True):
        np.testing.assert_array_equal(hidden, output)
    np.testing.assert_array_equal(outputs[-1].T, network.predict(inputs[:, :-1]))


# -- penalties -------------------------------------------------------------------------------------------------------


def test_penalties_are_on_weights_and_spare_biases():
    network = _network()
    batch = _batch(network)
    loss = network.loss_and_gradient(batch)
    bare = network.gradient.copy()
    assert network.penalty() == 0.0
    network.set_regularization(0.3, 0.7)
    assert network.loss_and_gradient(batch) == loss
    added, start, expected = network.gradient - bare, 0, 0.0
    for layer in network.layers:
        part = added[start : start + layer.augmented.size].reshape(layer.augmented.shape)
        start += layer.augmented.size
        np.testing.assert_allclose(part[:, :-1], 0.3 * np.sign(layer.weight) + 0.7 * layer.weight, atol=1e-15)
        np.testing.assert_array_equal(part[:, -1], 0.0)
        expected += 0.3 * np.abs(layer.weight).sum() + 0.35 * (layer.weight**2).sum()
    assert network.penalty() == pytest.approx(expected)
    network.set_regularization(0.0, 0.0)
    network.loss_and_gradient(batch)
    np.testing.assert_array_equal(network.gradient, bare)


def test_l1_does_not_pull_at_a_weight_of_zero():
    network = _network(hidden=())
    network.parameters[:] = 0.0
    batch = _batch(network)
    network.loss_and_gradient(batch)
    bare = network.gradient.copy()
    network.set_regularization(1.0, 0.0)
    network.loss_and_gradient(batch)
    np.testing.assert_array_equal(network.gradient, bare)


# -- dropout ---------------------------------------------------------------------------------------------------------


def _dropped(network, samples, key):
    """The hidden layers' outputs in training: what the layers above read."""
    batch = _batch(network, samples, key)
    network.last_pass(samples).forward(batch.inputs, key)
    return [activation.copy() for activation in network.last_pass(samples).activations]


def test_dropout_drops_its_share_and_scales_up_the_rest():
    network = _network(hidden=((50, "sigmoid"), (50, "sigmoid")), dropout=0.3)
    kept = network.hidden_activations(_batch(network, 400).inputs)[0]
    first, second = _dropped(network, 400, (5, 0))
    assert (first == 0.0).mean() == pytest.approx(0.3, abs=0.02)
    np.testing.assert_allclose(first[first != 0.0], kept[first != 0.0] / 0.7, rtol=1e-12)
    # Each layer drops by itself.
    assert ((first == 0.0) & (second == 0.0)).mean() == pytest.approx(0.09, abs=0.02)


def test_dropout_follows_from_seed_and_step_alone():
    network, other = (_network(hidden=((40, "sigmoid"),), dropout=0.5) for _ in range(2))
    mask = _dropped(network, 30, (5, 8))[0] == 0.0
    _dropped(other, 30, (5, 7))
    np.testing.assert_array_equal(_dropped(other, 30, (5, 8))[0] == 0.0, mask)
    for key in ((5, 9), (6, 8)):
        assert (_dropped(network, 30, key)[0] == 0.0)[mask].mean() == pytest.approx(0.5, abs=0.1)
    single = _network(hidden=((40, "sigmoid"),), dropout=0.5, dtype="float32")
    np.testing.assert_array_equal(_dropped(single, 30, (5, 8))[0] == 0.0, mask)


def test_without_a_key_nothing_is_dropped():
    plain, dropping = _network(), _network(dropout=0.5)
    batch = _batch(plain)
    assert plain.loss_and_gradient(batch) == dropping.loss_and_gradient(batch)
    np.testing.assert_array_equal(plain.gradient, dropping.gradient)
    rows = batch.inputs[:, :-1]
    dropping.loss_and_gradient(batch._replace(dropout_key=(0, 0)))
    np.testing.assert_array_equal(plain.predict(rows), dropping.predict(rows))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_under_dropout_the_gradient_is_the_slope_of_what_is_left(activation):
    network = _network(hidden=((6, activation), (5, activation)), dropout=0.4)
    # Biases apart from 0, where a unit whose inputs are all dropped would sit on relu's kink.
    network.initialize("pytorch", 3)
    batch = _batch(network, key=(2, 3))
    network.loss_and_gradient(batch)
    analytic, numeric = network.gradient.copy(), np.empty_like(network.gradient)
    for index in range(numeric.size):
        before = network.parameters[index]
        network.parameters[index] = before + 1e-5
        above = network.loss_and_gradient(batch)
        network.parameters[index] = before - 1e-5
        numeric[index] = (above - network.loss_and_gradient(batch)) / 2e-5
        network.parameters[index] = before
    np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-9)


def test_a_dropout_that_leaves_nothing_is_refused():
    with pytest.raises(ValueError, match="share in"):
        _network(dropout=1.0)


# -- late steps ------------------------------------------------------------------------------------------------------


def test_of_what_is_learned_no_gradient_is_too_small_for_its_square() -> None:
    network = _network(200, ((60, "relu"),), 6, "ce", "softmax", dtype="float32")
    batch = _batch(network, 32)
    batch.targets[:] = np.eye(6)[:, :1]
    # As sure of a class as after many thousand steps.
    network.layers[-1].weight[:] *= 0.01
    network.layers[-1].bias[:] = [0.0, -15.0, -30.0, -50.0, -70.0, -90.0]
    assert network.loss_and_gradient(batch) == pytest.approx(3.5e-7, rel=0.1)
    squares = np.square(network.gradient[network.gradient != 0.0])
    assert squares.size > 6_000
    assert squares.min() >= np.finfo(np.float32).smallest_normal


# -- dtype and memory ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("loss", "output"), HEADS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_float32_run_stays_float32(activation, loss, output):
    network = _network(
        hidden=((4, activation), (3, activation)), loss=loss, output=output, dtype="float32", dropout=0.2
    )
    network.set_regularization(0.1, 0.1)
    batch = _batch(network, key=(0, 0))
    assert isinstance(network.loss_and_gradient(batch), float)
    passed = network.last_pass(6)
    arrays = [network.parameters, network.gradient, network.predict(batch.inputs[:, :-1]), *passed.pre_activations]
    arrays += [*passed.outputs, *passed.deltas, *passed.sums, *network.hidden_activations(batch.inputs)]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


SAMPLES, UNITS = 3_000, 50
CAST_BUFFER = 8_192
"""Elements that NumPy's ufuncs buffer, at most, where they broadcast or cast."""
GRID_BLOCKS = 5 * 4_096
"""Elements of what GELU's grid is walked with, at most."""


def _peak_of_a_step(network, batch):
    """Bytes that a training step needs at most beyond those it found, once everything is warm."""
    optimizer = OPTIMIZERS["adamw"](network.parameters, network.gradient)
    for _ in range(3):
        network.loss_and_gradient(batch)
        optimizer.step(0.001)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for _ in range(3):
            network.loss_and_gradient(batch)
            optimizer.step(0.001)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("activation", "loss", "output", "dropout"),
    [
        *((activation, "mse", "identity", 0.0) for activation in ACTIVATIONS),
        *(("relu", loss, output, 0.0) for loss, output in HEADS),
        ("relu", "ce", "softmax", 0.2),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_warm_step_allocates_nothing(activation, loss, output, dropout, dtype):
    hidden = ((UNITS, activation), (UNITS, activation))
    network = _network(20, hidden, 10, loss, output, dtype, dropout)
    network.set_regularization(0.01, 0.01)
    peak = _peak_of_a_step(network, _batch(network, SAMPLES, (0, 0) if dropout else None))
    allowed = 4_096
    if "softmax" in (output, LOSSES[loss].output):
        # One number a sample goes over all of its outputs.
        allowed += CAST_BUFFER * network.dtype.itemsize
    if dropout:
        # A generator for each layer: a few objects, whatever they draw.
        allowed += 16_384
    if activation == "selu":
        # Which numbers are above 0, a byte each.
        allowed += 2 * SAMPLES * UNITS
    if activation == "gelu":
        allowed += GRID_BLOCKS * 8
    assert peak < allowed < SAMPLES * UNITS * network.dtype.itemsize


# -- divergence ------------------------------------------------------------------------------------------------------


def _deep(dtype="float32"):
    network = _network(1, ((1, "identity"), (1, "identity")), 1, dtype=dtype)
    network.parameters[:] = [1.0, 0.0] * 3
    return network, Batch(np.ones((1, 2), network.dtype), np.zeros((1, 1), network.dtype))


def test_all_finite_is_no_divergence():
    network, batch = _deep()
    network.loss_and_gradient(batch)
    assert network.first_non_finite(1) is None


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_bad_weight_is_found_in_its_layer(layer, value):
    network, batch = _deep()
    network.layers[layer].weight[:] = value
    with np.errstate(all="ignore"):
        network.loss_and_gradient(batch)
    assert network.first_non_finite(1) == (layer, "pre-activation")


def test_a_sum_that_overflows_is_found_in_its_layer():
    network, batch = _deep()
    for layer in network.layers:
        layer.weight[:] = 1e20
    with np.errstate(all="ignore"):
        network.loss_and_gradient(batch)
    assert network.first_non_finite(1) == (1, "pre-activation")


def test_a_gradient_that_overflows_on_its_way_down_is_found_where_it_does():
    network, batch = _deep()
    network.layers[0].weight[:] = 1e-30
    network.layers[2].weight[:] = 1e30
    batch.targets[:] = -1e10
    with np.errstate(all="ignore"):
        loss = network.loss_and_gradient(batch)
    assert math.isfinite(loss)
    assert network.first_non_finite(1) == (1, "gradient")


# -- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"loss": "mean"}, KeyError),
        ({"output": "argmax"}, KeyError),
        ({"hidden": ((4, "step"),)}, KeyError),
    ],
)
def test_what_does_not_fit_is_refused(change, error):
    with pytest.raises(error):
        _network(**change)


def test_widths_of_a_running_network_cannot_change():
    network = _network()
    with pytest.raises(ValueError, match="widths"):
        network.set_hidden([LayerSpec(5, "tanh")])


def test_a_change_of_activation_or_loss_applies_at_once():
    network, other = _network(), _network(hidden=((4, "relu"),), loss="bce", output="sigmoid")
    network.set_hidden([LayerSpec(4, "relu")])
    network.set_loss("bce", "sigmoid")
    batch = _batch(network)
    assert network.loss_and_gradient(batch) == other.loss_and_gradient(batch)
    np.testing.assert_array_equal(network.gradient, other.gradient)
