"""Normalization as PyTorch's BatchNorm1d and LayerNorm have it: golden values by `make_normalized.py`."""

import itertools
from functools import cache

import numpy as np
import pytest

from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones
from nn_tui.engine.normalization import NORMALIZATIONS
from nn_tui.engine.optimizers import OPTIMIZERS
from tests.golden.normalized_cases import BATCHES, CASES, GOLDEN, HIDDEN, INPUTS, OUTPUTS, RATE, STEPS, NormalizedCase


@cache
def golden():
    with np.load(GOLDEN) as file:
        return dict(file)


def _network(case: NormalizedCase) -> Network:
    hidden = [LayerSpec(units, case.activation, 0.0, way) for units, way in zip(HIDDEN, case.ways, strict=True)]
    network = Network(INPUTS, hidden, OUTPUTS, loss="mse", output="identity", dtype="float64")
    network.initialize("zeros", 0)
    weights, scale = golden()["weights"], 0
    network.parameters[: weights.size] = weights
    for layer, spec in zip(network.layers, hidden, strict=False):
        if layer.normalization is not None:
            network.parameters[layer.tail] = golden()["scales"][scale : scale + 2 * spec.units]
        scale += 2 * spec.units
    return network


def test_every_normalization_has_golden_values():
    assert {way for case in CASES for way in case.ways} - {"none"} == NORMALIZATIONS.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_training_running_means_and_predictions_are_pytorchs(case):
    network, start = _network(case), golden()
    optimizer = OPTIMIZERS["sgd"](network.parameters, network.gradient)
    rows = with_ones(start["inputs"], network.dtype)
    ends = list(itertools.accumulate(BATCHES))
    batches = itertools.cycle(
        [
            Batch(rows[end - size : end], np.ascontiguousarray(start["targets"][end - size : end].T))
            for end, size in zip(ends, BATCHES, strict=True)
        ]
    )
    for number in range(1, max(STEPS) + 1):
        batch = next(batches)
        network.loss_and_gradient(batch)
        network.last_pass(len(batch.inputs)).follow()
        optimizer.step(RATE)
        if number in STEPS:
            found = {
                "parameters": network.parameters,
                "statistics": network.statistics,
                "predictions": network.predict(start["inputs"]),
            }
            for what, array in found.items():
                expected = start[f"{case.name}_{what}_{number}"]
                np.testing.assert_allclose(array, expected, rtol=1e-8, atol=1e-9, err_msg=f"{what} after {number}")
    assert np.abs(network.parameters[: start["weights"].size] - start["weights"]).max() > 0.05
