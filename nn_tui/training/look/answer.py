"""What a network makes of inputs that a person gives: a point in the plane, a picture drawn by hand."""

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.engine.network import Network, with_ones
from nn_tui.training.look.packing import floats
from nn_tui.training.look.parts import Answer, PackedFloats
from nn_tui.training.look.plane import predictions


def answer(network: Network, dataset: Dataset, given: PackedFloats, layer: int) -> Answer | None:
    """The network's outputs for one example; None where the inputs given are not as many as the data have.

    Args:
        network: at its present parameters.
        dataset: whose feature map and scaling raw inputs go through.
        given: raw inputs.
        layer: whose units' outputs are told, from 0.
    """
    raw = np.frombuffer(given, "<f8")
    if len(raw) != len(dataset.columns):
        return None
    inputs = with_ones(dataset.transform(raw[np.newaxis]), network.dtype)
    with np.errstate(all="ignore"):
        hidden = network.hidden_activations(inputs)
    outputs = predictions(network, inputs)[:, 0]
    units = floats(hidden[layer][:, 0] if layer < len(hidden) else outputs)
    if dataset.task == "regression":
        return Answer(given=given, outputs=floats(dataset.own_units(outputs[np.newaxis])[0]), units=units)
    # One unit gives the probability of the second of two classes.
    probabilities = np.array([1.0 - outputs[0], outputs[0]]) if len(outputs) == 1 else outputs
    return Answer(given=given, outputs=floats(probabilities), units=units)
