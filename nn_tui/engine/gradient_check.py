"""The backward pass against central differences (Goodfellow et al. 2016, section 11.5)."""

from dataclasses import dataclass

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Batch, Network


@dataclass(frozen=True)
class GradientCheck:
    """How far the analytic gradient is from the numeric one.

    Attributes:
        relative_error: ‖analytic − numeric‖ / (‖analytic‖ + ‖numeric‖), over the checked parameters.
        layer_errors: the same, layer by layer.
        checked: how many parameters were checked.
        skipped: parameters left out, since a kink lies within the difference's reach there.
    """

    relative_error: float
    layer_errors: tuple[float, ...]
    checked: int
    skipped: int


def check_gradient(network: Network, batch: Batch, epsilon: float = 1e-5) -> GradientCheck:
    """Compares the gradient with central differences, parameter by parameter.

    A piecewise-linear activation or loss has no derivative at its kinks. Where one lies between θ − ε and θ + ε the
    two one-sided differences disagree by more than curvature explains, and halving ε does not mend it; such a
    parameter is left out and counted.

    Args:
        network: in float64; its parameters are left as they were.
        batch: the samples, without dropout.
        epsilon: half the difference's width.

    Raises:
        ValueError: for a network that is not float64 (differences drown in rounding below that).
    """
    if network.dtype != np.float64:
        raise ValueError("a gradient check needs float64")
    if batch.dropout_key is not None:
        raise ValueError("a gradient check needs dropout off")
    network.loss_and_gradient(batch)
    analytic = network.gradient.copy()
    numeric = np.empty_like(analytic)
    smooth = np.ones(analytic.size, dtype=bool)
    for index in range(analytic.size):
        numeric[index] = _difference(network, batch, index, epsilon)
        scale = max(abs(analytic[index]), abs(numeric[index]), 1e-3)
        if abs(numeric[index] - analytic[index]) > 1e-6 * scale:
            smooth[index] = not _has_kink(network, batch, index, epsilon)
    network.loss_and_gradient(batch)

    errors = []
    start = 0
    for layer in network.layers:
        part = slice(start, start + layer.augmented.size)
        start = part.stop
        errors.append(_relative_error(analytic[part][smooth[part]], numeric[part][smooth[part]]))
    total = _relative_error(analytic[smooth], numeric[smooth])
    return GradientCheck(total, tuple(errors), int(smooth.sum()), int((~smooth).sum()))


def _objective(network: Network, batch: Batch) -> float:
    return network.loss_and_gradient(batch) + network.penalty()


def _difference(network: Network, batch: Batch, index: int, epsilon: float) -> float:
    """(L(θ + ε) − L(θ − ε)) / 2ε in one coordinate."""
    before = network.parameters[index]
    network.parameters[index] = before + epsilon
    above = _objective(network, batch)
    network.parameters[index] = before - epsilon
    below = _objective(network, batch)
    network.parameters[index] = before
    return (above - below) / (2.0 * epsilon)


def _has_kink(network: Network, batch: Batch, index: int, epsilon: float) -> bool:
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
    wide = jump(epsilon)
    return wide > 1e-7 and (jump(epsilon / 10.0) > 0.5 * wide or jump(epsilon / 10.0) < 0.01 * wide)


def _relative_error(analytic: Array, numeric: Array) -> float:
    scale = float(np.linalg.norm(analytic) + np.linalg.norm(numeric))
    return float(np.linalg.norm(analytic - numeric)) / scale if scale > 0.0 else 0.0
