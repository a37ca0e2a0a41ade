"""Weights as they stand: of a small network every one, of any the first layer's."""

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Batch, Network
from nn_tui.training.look.packing import levels
from nn_tui.training.look.parts import MOST_DRAWN_INPUTS, MOST_DRAWN_UNITS, NetworkWeights, PackedLevels

MOST_FIRST_UNITS = 64
_ACTIVITY_SAMPLES = 256


def network_weights(network: Network, samples: Array, batch: Batch) -> NetworkWeights | None:
    """Everything there is to draw of a small network; None for one with more units or inputs than can be told apart.

    Args:
        network: at its present parameters.
        samples: (n, features + 1), as in `Batch`; the first 256 tell how active units are.
        batch: what gradients are of.
    """
    if network.inputs > MOST_DRAWN_INPUTS or any(layer.units > MOST_DRAWN_UNITS for layer in network.layers):
        return None
    some = samples[:_ACTIVITY_SAMPLES]
    with np.errstate(all="ignore"):
        network.loss_and_gradient(batch)
        network.forward(some)
        activity = [np.abs(output).mean(axis=1) for output in network.last_pass(some.shape[0]).outputs]
    return NetworkWeights(
        weights=tuple(levels(layer.weight) for layer in network.layers),
        biases=tuple(levels(layer.bias) for layer in network.layers),
        activity=tuple(levels(entry) for entry in activity),
        gradients=tuple(levels(layer.augmented_gradient) for layer in network.layers),
    )


def first_weights(network: Network) -> PackedLevels:
    """The first layer's weights, (units, inputs), of its first 64 units."""
    return levels(network.layers[0].weight[:MOST_FIRST_UNITS])
