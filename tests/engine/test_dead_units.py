"""However a network comes to its parameters, and whatever was counted before, exactly the dead units are counted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.dead_units import DeadUnits
from nn_tui.engine.drift import Drift
from nn_tui.engine.network import LayerSpec, Network, with_ones

FIRST = 20
"""Samples that are passed before units are followed; the probes' own number would only make these tests slow."""


def _network(widths, activations, seed, dtype="float32"):
    hidden = [LayerSpec(units, name) for units, name in zip(widths, activations, strict=True)]
    network = Network(6, hidden, 2, loss="mse", output="identity", dtype=dtype)
    network.initialize("he", seed)
    return network


def _samples(seed, count, dtype="float32"):
    draw = np.random.default_rng(seed)
    # As pictures are: nothing below 0, much of it 0.
    return with_ones(np.maximum(draw.standard_normal((count, 6)), 0.0), np.dtype(dtype))


def _counted(units, network, samples):
    network.forward(samples[:FIRST])
    return units.count(network.last_pass(FIRST).outputs)


def _dead(network, samples):
    """By looking at every unit and every sample."""
    outputs = network.hidden_activations(samples)
    dead = [
        int((~output.any(axis=1)).sum()) if layer.activation.can_die else 0
        for layer, output in zip(network.layers, outputs, strict=False)
    ]
    return [*dead, 0]


def _moved(network, draw, size):
    """One of the things that happen to parameters between two rows."""
    kind = draw.integers(5)
    layer = network.layers[draw.integers(len(network.layers) - 1)]
    unit = draw.integers(layer.units)
    if kind == 0:
        network.parameters += (size * draw.standard_normal(network.parameters.size)).astype(network.dtype)
    elif kind == 1:
        layer.bias[unit] += draw.choice([-1.0, 1.0, -0.1, 0.1]) * draw.random()
    elif kind == 2:
        layer.bias -= 0.3 * draw.random(layer.units).astype(network.dtype)
    elif kind == 3:
        layer.augmented[unit] = 0.0
    else:
        layer.weight[unit] *= -1.0


@settings(deadline=None, max_examples=150)
@given(
    widths=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    names=st.lists(st.sampled_from(["relu", "relu", "relu", *ACTIVATIONS]), min_size=4, max_size=4),
    seed=st.integers(0, 2**32 - 1),
    count=st.sampled_from([FIRST - 5, FIRST, FIRST + 1, 100, 600]),
    size=st.sampled_from([0.0, 1e-7, 1e-4, 1e-3, 1e-2, 0.1, 1.0]),
    dtype=st.sampled_from(["float32", "float64"]),
)
def test_every_count_along_a_run_is_what_looking_everywhere_finds(widths, names, seed, count, size, dtype):
    network, samples = _network(widths, names[: len(widths)], seed, dtype), _samples(seed, count, dtype)
    draw = np.random.default_rng(seed)
    for layer in network.layers[:-1]:
        layer.bias -= draw.random(layer.units).astype(dtype) * draw.choice([0.0, 0.5, 2.0])
    units = DeadUnits(network, samples[FIRST:])
    network.forward(samples[:FIRST])
    for _ in range(12):
        first = samples[:FIRST]
        network.forward(first)
        assert units.count(network.last_pass(len(first)).outputs) == _dead(network, samples)
        _moved(network, draw, size)


def _sleepy(count=600):
    """A second layer whose units speak for few samples or for none."""
    network = _network([8, 30], ["relu", "relu"], 3)
    samples = _samples(4, count)
    below = network.hidden_activations(samples)[0]
    inputs = network.layers[1].weight @ below
    highest = np.sort(inputs, axis=1)
    # Half of them a little too low for any sample, the others above 0 for the highest alone.
    network.layers[1].bias[:15] = -highest[:15, -1] - 0.3
    network.layers[1].bias[15:] = -(highest[15:, -1] + highest[15:, -2]) / 2
    return network, samples


@pytest.fixture
def passes(monkeypatch):
    """How many samples were looked at."""
    looked_at = []
    whole = DeadUnits._pass

    def counted(self, samples, silent):
        looked_at.append(len(samples))
        return whole(self, samples, silent)

    monkeypatch.setattr(DeadUnits, "_pass", counted)
    return looked_at


def test_units_that_stay_as_they_are_are_not_followed_through_everything_again(passes):
    network, samples = _sleepy()
    units = DeadUnits(network, samples[FIRST:])
    draw = np.random.default_rng(0)
    _counted(units, network, samples)
    assert sum(passes) == len(samples) - FIRST
    for _ in range(5):
        passes.clear()
        network.parameters += (1e-4 * draw.standard_normal(network.parameters.size)).astype(np.float32)
        assert _counted(units, network, samples) == _dead(network, samples)
        # What the sleepy ones spoke for, at most.
        assert sum(passes) <= 15


def test_another_activation_below_makes_all_that_was_known_void(passes):
    network, samples = _sleepy()
    units = DeadUnits(network, samples[FIRST:])
    _counted(units, network, samples)
    passes.clear()
    network.set_hidden([LayerSpec(8, "leaky_relu"), LayerSpec(30, "relu")])
    assert _counted(units, network, samples) == _dead(network, samples)
    assert sum(passes) >= len(samples) - FIRST


@pytest.mark.parametrize("name", list(ACTIVATIONS))
@pytest.mark.parametrize("size", [1e-8, 1e-3, 0.1, 3.0])
@np.errstate(all="ignore")
def test_no_unit_moves_farther_than_its_bound(name, size):
    network, samples = _network([7, 5, 4], [name] * 3, 1), _samples(2, 50)
    lengths = np.linalg.norm(samples, axis=1)

    def inputs():
        given, found = samples.T, []
        for layer, outputs in zip(network.layers, [*network.hidden_activations(samples), None], strict=True):
            found.append(layer.augmented @ given)
            given = None if outputs is None else np.vstack([outputs, np.ones(len(samples), np.float32)])
        return found

    before = inputs()
    peaks = [np.abs(outputs).max(axis=1) for outputs in network.hidden_activations(samples)]
    drift = Drift(network, peaks)
    network.parameters += (size * np.random.default_rng(3).standard_normal(network.parameters.size)).astype(np.float32)
    reaches = drift.reach(3, np.arange(2))
    for then, now, reach in zip(before, inputs(), reaches, strict=True):
        most = np.multiply.outer(reach.per_length, lengths) + reach.constant[:, np.newaxis]
        # Behind a function that is ever steeper there is no bound.
        assert not (np.abs(now - then) > most).any()


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_no_slope_is_above_the_steepest_an_activation_tells(name):
    slopes = np.abs(ACTIVATIONS[name].derivative(np.linspace(-20.0, 20.0, 40_001)))
    assert slopes.max() <= ACTIVATIONS[name].steepest
