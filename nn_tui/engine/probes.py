"""What a look at each layer shows: gradients, weights, updates, activations, saturated and dead units."""

import math
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.activations import Activation
from nn_tui.engine.arrays import Array
from nn_tui.engine.losses import Output
from nn_tui.engine.network import Network

PROBE_SAMPLES = 2_048
"""The most samples dead units are judged on."""

FIRST_SAMPLES = 256
"""The first of the probe set, which means and shares are over."""


class LayerProbe(NamedTuple):
    """One layer at one step.

    Attributes:
        name: "layer 1", …, "output".
        units: its width.
        gradient_norm: L2 norm of the gradient of its weights and biases, as the step used it (before clipping).
        gradient_mean_abs: mean |g| over the same.
        weight_norm: L2 norm of its weights.
        update_ratio: L2 norm of the last change of its weights over that of the weights before; None where no step
            was watched, or the weights were all 0.
        activation_mean, activation_spread: mean and standard deviation of its outputs over units and samples.
        saturated_share: share of its outputs at or beyond the activation's saturation thresholds, 0 to 1.
        dead_units: units whose output is 0 for every probe sample; 0 for activations that cannot die.
    """

    name: str
    units: int
    gradient_norm: float
    gradient_mean_abs: float
    weight_norm: float
    update_ratio: float | None
    activation_mean: float
    activation_spread: float
    saturated_share: float
    dead_units: int


@cache
def layer_names(count: int) -> tuple[str, ...]:
    """Names of a network's layers, the last of them the output layer."""
    return (*(f"layer {number}" for number in range(1, count)), "output")


def probe(
    network: Network, samples: Array, gradient: Array, before: Array | None, passed: bool = False
) -> list[LayerProbe]:
    """Looks at every layer.

    Args:
        network: at its present parameters.
        samples: the probe set (n, features + 1), as in `Batch`. Means and shares are over its first 256 rows; a unit
            that is 0 on all of them is followed through the rest before it counts as dead.
        gradient: the gradient to report, shape (size,).
        before: the parameters before the last step, shape (size,), or None.
        passed: whether the network's last pass of this size was over the first rows, so that they need not go again.
    """
    first = samples[:FIRST_SAMPLES]
    if not passed:
        network.forward(first)
    outputs = network.layer_outputs(first.shape[0])
    dead = _dead_units(network, samples, outputs)
    # Whole vectors first, their layers then: fewer calls, each on more numbers.
    sizes = np.abs(gradient)
    weights = network.parameters * network.is_weight
    weights_before, update = None, None
    if before is not None:
        weights_before = before * network.is_weight
        update = weights - weights_before
    probes = []
    start = 0
    for index, (layer, name) in enumerate(zip(network.layers, layer_names(len(network.layers)), strict=True)):
        part = slice(start, start + layer.augmented.size)
        start = part.stop
        ratio = None
        if weights_before is not None and update is not None:
            norm_before = _norm(weights_before[part])
            ratio = _norm(update[part]) / norm_before if norm_before else None
        values = outputs[index].ravel()
        mean = _sum(values) / values.size
        probes.append(
            LayerProbe(
                name=name,
                units=layer.units,
                gradient_norm=_norm(gradient[part]),
                gradient_mean_abs=_sum(sizes[part]) / layer.augmented.size,
                weight_norm=_norm(weights[part]),
                update_ratio=ratio,
                activation_mean=mean,
                activation_spread=_norm(values - mean) / math.sqrt(values.size),
                saturated_share=saturated_share(values, layer.activation or network.output),
                dead_units=dead[index],
            )
        )
    return probes


def _norm(vector: Array) -> float:
    return math.sqrt(float(vector.dot(vector)))


def _sum(vector: Array) -> float:
    return float(vector.dot(_ones(vector.size, vector.dtype)))


@lru_cache(maxsize=64)
def _ones(size: int, dtype: np.dtype[np.floating]) -> Array:
    # A product with these is a sum in a third of the time that `sum` takes for a short vector.
    return np.ones(size, dtype)


def saturated_share(outputs: Array, source: Activation | Output) -> float:
    """The share of a layer's outputs at or beyond the saturation thresholds of the function they came from."""
    count = 0
    if source.saturates_below is not None:
        count += int(np.count_nonzero(outputs <= source.saturates_below))
    if source.saturates_above is not None:
        count += int(np.count_nonzero(outputs >= source.saturates_above))
    return count / outputs.size


def _dead_units(network: Network, samples: Array, first_outputs: list[Array]) -> list[int]:
    """Dead units per layer; `first_outputs` are the layers' outputs for the first block of samples."""
    mortal = [layer.activation is not None and layer.activation.can_die for layer in network.layers]
    if not any(mortal):
        return [0] * len(mortal)
    silent = [np.zeros(layer.units, bool) for layer in network.layers]
    for units, output, dies in zip(silent, first_outputs, mortal, strict=True):
        if dies:
            np.logical_not(output.any(axis=1), out=units)
    for start in range(FIRST_SAMPLES, samples.shape[0], FIRST_SAMPLES):
        deepest = max((index for index, units in enumerate(silent) if units.any()), default=None)
        if deepest is None:
            break
        _follow(network, samples[start : start + FIRST_SAMPLES], silent, deepest)
    return [int(np.count_nonzero(units)) for units in silent]


def _follow(network: Network, samples: Array, silent: list[NDArray[np.bool_]], deepest: int) -> None:
    """Strikes out of `silent` the units that speak for one of the samples, up to the deepest layer that has any."""
    below = samples.T
    for index, layer in enumerate(network.layers[: deepest + 1]):
        units, activation = silent[index], layer.activation
        assert activation is not None
        if index == deepest:
            # Nothing above needs the others.
            units[units] = ~activation(layer.augmented[units].dot(below)).any(axis=1)
            return
        above = np.ones((layer.units + 1, below.shape[1]), network.dtype)
        activation.function(layer.augmented.dot(below), above[:-1])
        if units.any():
            units &= ~above[:-1].any(axis=1)
        below = above
