"""What a look at each layer shows: gradients, weights, updates, activations, saturated and dead units."""

import math
from dataclasses import dataclass

import numpy as np

from nn_tui.engine.activations import Activation
from nn_tui.engine.arrays import Array
from nn_tui.engine.losses import Output
from nn_tui.engine.network import Network

PROBE_SAMPLES = 2_048
"""The most samples dead units are judged on."""

_BLOCK = 256


@dataclass(frozen=True, slots=True)
class LayerProbe:
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


def layer_names(count: int) -> list[str]:
    """Names of a network's layers, the last of them the output layer."""
    return [f"layer {number}" for number in range(1, count)] + ["output"]


def probe(network: Network, samples: Array, gradient: Array, before: Array | None) -> list[LayerProbe]:
    """Looks at every layer.

    Args:
        network: at its present parameters.
        samples: the probe set (n, features + 1), as in `Batch`. Means and shares are over its first 256 rows; a unit
            that is 0 on all of them is followed through the rest before it counts as dead.
        gradient: the gradient to report, shape (size,).
        before: the parameters before the last step, shape (size,), or None.
    """
    first = samples[:_BLOCK]
    network.forward(first)
    outputs = network.layer_outputs(first.shape[0])
    dead = _dead_units(network, samples, outputs)
    sources = [layer.activation or network.output for layer in network.layers]
    probes = []
    start = 0
    for index, (layer, name) in enumerate(zip(network.layers, layer_names(len(network.layers)), strict=True)):
        part = slice(start, start + layer.augmented.size)
        start = part.stop
        layer_gradient = gradient[part]
        weight_norm = _norm(layer.weight)
        ratio = None
        if before is not None:
            weight_before = before[part].reshape(layer.augmented.shape)[:, :-1]
            norm_before = _norm(weight_before)
            ratio = _norm(layer.weight - weight_before) / norm_before if norm_before else None
        values = outputs[index].ravel()
        mean = float(values.sum()) / values.size
        source = sources[index]
        probes.append(
            LayerProbe(
                name=name,
                units=layer.units,
                gradient_norm=math.sqrt(float(layer_gradient.dot(layer_gradient))),
                gradient_mean_abs=float(np.abs(layer_gradient).sum()) / layer_gradient.size,
                weight_norm=weight_norm,
                update_ratio=ratio,
                activation_mean=mean,
                activation_spread=_norm(values - values.dtype.type(mean)) / math.sqrt(values.size),
                saturated_share=saturated_share(values, source),
                dead_units=dead[index],
            )
        )
    return probes


def _norm(values: Array) -> float:
    flat = values.ravel()
    return math.sqrt(float(flat.dot(flat)))


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
    alive = [output.any(axis=1) if dies else np.True_ for output, dies in zip(first_outputs, mortal, strict=True)]
    if all(units.all() for units in alive) or samples.shape[0] <= _BLOCK:
        return [int(np.count_nonzero(~units)) if dies else 0 for units, dies in zip(alive, mortal, strict=True)]
    # Later blocks go through a pass of their own, so that the first block's outputs stay readable.
    for start in range(_BLOCK, samples.shape[0], _BLOCK):
        outputs = network.hidden_activations(samples[start : start + _BLOCK])
        alive = [
            units | output.any(axis=1) if dies else units
            for units, output, dies in zip(alive, [*outputs, np.empty((0, 0))], mortal, strict=True)
        ]
        if all(units.all() for units in alive):
            break
    return [int(np.count_nonzero(~units)) if dies else 0 for units, dies in zip(alive, mortal, strict=True)]
