"""The backward pass against central differences (Goodfellow et al. 2016, section 11.5)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Batch, Network
from nn_tui.engine.randomness import generator

TOLERANCE = 1e-6
"""A relative error under it counts as agreement."""

_EPSILON = 1e-5
"""Half a difference's width: about the cube root of float64's rounding, where truncation and rounding balance."""
_ROUNDING = 8.0 * float(np.finfo(np.float64).eps)
"""What a loss of 1 can be off by, after the roundings of a whole pass."""


@dataclass(frozen=True)
class LayerCheck:
    """How far a layer's analytic gradient is from the numeric one.

    Attributes:
        parameters: how many the layer has.
        checked: how many were compared.
        skipped: left out, since a kink lies within the difference's reach there.
        relative_error: ‖analytic − numeric‖ / (‖analytic‖ + ‖numeric‖) over those compared; 0 where both are 0.
        resolution: the relative error that rounding alone can cause; a vanished gradient drowns in it.
    """

    parameters: int
    checked: int
    skipped: int
    relative_error: float
    resolution: float

    @property
    def agrees(self) -> bool:
        """Whether the error is under the tolerance, or no larger than what rounding explains."""
        return self.relative_error <= max(TOLERANCE, self.resolution)


@dataclass(frozen=True)
class GradientCheck:
    """What a check found.

    Attributes:
        loss: what was minimized, penalties included.
        relative_error: as in `LayerCheck`, over all parameters compared.
        layers: first to last.
    """

    loss: float
    relative_error: float
    layers: tuple[LayerCheck, ...]

    @property
    def agrees(self) -> bool:
        """Whether every layer agrees."""
        return all(layer.agrees for layer in self.layers)


def check_gradient(network: Network, batch: Batch, most: int | None = None, seed: int = 0) -> GradientCheck:
    """Compares the gradient with central differences, parameter by parameter.

    A piecewise-linear activation or loss has no derivative at its kinks. Where one lies between θ − ε and θ + ε the
    gradient jumps there, and does not jump less when ε shrinks; such a parameter is left out and counted.

    Args:
        network: in float64; its parameters are left as they were.
        batch: the samples, without dropout.
        most: the most parameters of a layer to compare, drawn from `seed`; None for all.

    Raises:
        ValueError: for a network that is not float64 (differences drown in rounding below that), or with dropout.
    """
    if network.dtype != np.float64:
        raise ValueError("a gradient check needs float64")
    if batch.dropout_key is not None:
        raise ValueError("a gradient check needs dropout off")
    network.loss_and_gradient(batch)
    analytic = network.gradient.copy()
    loss = _objective(network, batch)
    noise = _ROUNDING * max(1.0, abs(loss)) / _EPSILON
    layers, pairs = [], []
    start = 0
    for number, layer in enumerate(network.layers):
        chosen = np.append(
            start + _choice(layer.augmented.size, most, seed, number), np.arange(layer.tail.start, layer.tail.stop)
        )
        start += layer.augmented.size
        pair = _compared(network, batch, analytic, chosen)
        pairs.append(pair)
        checked = pair[0].size
        layers.append(
            LayerCheck(
                parameters=layer.augmented.size + layer.tail.stop - layer.tail.start,
                checked=checked,
                skipped=chosen.size - checked,
                relative_error=_relative_error(*pair),
                resolution=_share(noise * math.sqrt(checked), *pair),
            )
        )
    network.loss_and_gradient(batch)
    total = _relative_error(*(np.concatenate(side) for side in zip(*pairs, strict=True)))
    return GradientCheck(loss, total, tuple(layers))


def _compared(network: Network, batch: Batch, analytic: Array, chosen: NDArray[np.intp]) -> tuple[Array, Array]:
    """The analytic and the numeric gradient of the chosen parameters, but for those at a kink."""
    numeric = np.array([_difference(network, batch, int(index)) for index in chosen])
    smooth = np.array(
        [
            abs(slope - analytic[index]) <= TOLERANCE * max(abs(slope), abs(analytic[index]), 1e-3)
            or not _has_kink(network, batch, int(index))
            for index, slope in zip(chosen, numeric, strict=True)
        ]
    )
    return analytic[chosen][smooth], numeric[smooth]


def _choice(size: int, most: int | None, seed: int, layer: int) -> NDArray[np.intp]:
    if most is None or size <= most:
        return np.arange(size)
    return np.sort(generator(seed, "gradient-check", layer).permutation(size)[:most])


def _objective(network: Network, batch: Batch) -> float:
    # Normalized by the batch's own means, as in training, and by its weights.
    as_trained = network.normalizes or batch.weights is not None
    loss = network.loss_and_gradient(batch) if as_trained else network.evaluate(batch.inputs, batch.targets)[0]
    return loss + network.penalty()


def _difference(network: Network, batch: Batch, index: int) -> float:
    """(L(θ + ε) − L(θ − ε)) / 2ε in one coordinate."""
    before = network.parameters[index]
    network.parameters[index] = before + _EPSILON
    above = _objective(network, batch)
    network.parameters[index] = before - _EPSILON
    below = _objective(network, batch)
    network.parameters[index] = before
    return (above - below) / (2.0 * _EPSILON)


def _has_kink(network: Network, batch: Batch, index: int) -> bool:
    """Whether the analytic gradient jumps within reach: its change does not shrink with the step."""
    before = network.parameters[index]

    def jump(reach: float) -> float:
        slopes = []
        for offset in (reach, -reach):
            network.parameters[index] = before + offset
            network.loss_and_gradient(batch)
            slopes.append(float(network.gradient[index]))
        network.parameters[index] = before
        return abs(slopes[0] - slopes[1])

    # Over a smooth stretch the gradient's change is proportional to the step.
    wide, narrow = jump(_EPSILON), jump(_EPSILON / 10.0)
    return wide > 1e-7 and not 0.01 * wide <= narrow <= 0.5 * wide


def _relative_error(analytic: Array, numeric: Array) -> float:
    return _share(float(np.linalg.norm(analytic - numeric)), analytic, numeric)


def _share(part: float, analytic: Array, numeric: Array) -> float:
    whole = float(np.linalg.norm(analytic) + np.linalg.norm(numeric))
    return part / whole if whole > 0.0 else 0.0
