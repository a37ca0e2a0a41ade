"""What a look at each layer shows: gradients, weights, updates, activations, saturated and dead units."""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from nn_tui.engine.activations import Activation
from nn_tui.engine.arrays import Array
from nn_tui.engine.dead_units import DeadUnits
from nn_tui.engine.network import Network
from nn_tui.engine.outputs import Output

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


class Noted(NamedTuple):
    """What is kept of a step to tell its gradient and update later.

    Attributes:
        gradient_norms, gradient_means: as in `LayerProbe`, layer by layer.
        before: the parameters before the step, shape (size,), or None.
        weight_norms: of those, layer by layer.
    """

    gradient_norms: list[float]
    gradient_means: list[float]
    before: Array | None
    weight_norms: list[float]


class Probes:
    """Looks at the layers of one network, time and again.

    Everything that does not depend on the parameters is laid out once: a look at a small network must not cost much
    more than a step does.
    """

    def __init__(self, network: Network, samples: Array) -> None:
        """
        Args:
            network: whatever its parameters become.
            samples: the probe set (n, features + 1), as in `Batch`. Means and shares are over its first 256 rows; a
                unit that is 0 on all of them is followed through the rest before it counts as dead.
        """
        self._network = network
        self._first = samples[:FIRST_SAMPLES]
        self._dead_units = DeadUnits(network, samples[FIRST_SAMPLES:])
        self._names = layer_names(len(network.layers))
        # One vector of all layers after the other is written here, and summed up layer by layer: fewer calls, each on
        # more numbers. A product with ones is a sum in a third of the time that `sum` takes for a short vector.
        self._vector = np.empty_like(network.parameters)
        self._parts: list[Array] = []
        self._ones: list[Array] = []
        self._output_ones: list[Array] = []
        self._deviations: list[Array] = []
        self._biases = np.flatnonzero(network.is_weight == 0.0)
        start = 0
        for layer in network.layers:
            part = slice(start, start + layer.augmented.size)
            start = part.stop
            self._parts.append(self._vector[part])
            self._ones.append(np.ones(layer.augmented.size, network.dtype))
            self._output_ones.append(np.ones(layer.units * len(self._first), network.dtype))
            self._deviations.append(np.empty(layer.units * len(self._first), network.dtype))

    def note(self, gradient: Array, before: Array | None = None) -> Noted:
        """What `look` needs of a step, best taken while its gradient is still at hand.

        Args:
            gradient: shape (size,).
            before: the parameters before the step, shape (size,), to be left as they are; None without a step.
        """
        vector = self._vector
        np.abs(gradient, vector)
        norms = self._norms()
        means = [float(part.dot(ones)) / ones.size for part, ones in zip(self._parts, self._ones, strict=True)]
        if before is None:
            return Noted(norms, means, None, [])
        np.copyto(vector, before)
        return Noted(norms, means, before, self._weight_norms())

    def look(self, noted: Noted, passed: bool = False) -> list[LayerProbe]:
        """Every layer at the network's present parameters.

        Args:
            noted: of the step that led to these.
            passed: whether the network's last pass of this size was over the first rows, so that they need not go
                again.
        """
        network, vector = self._network, self._vector
        if not passed:
            network.forward(self._first)
        outputs = network.last_pass(len(self._first)).outputs
        dead = self._dead_units.count(outputs)
        np.copyto(vector, network.parameters)
        weight_norms = self._weight_norms()
        ratios: list[float | None] = [None] * len(weight_norms)
        if noted.before is not None:
            np.subtract(network.parameters, noted.before, vector)
            ratios = [
                update / norm_before if norm_before else None
                for update, norm_before in zip(self._weight_norms(), noted.weight_norms, strict=True)
            ]
        probes = []
        for index, layer in enumerate(network.layers):
            values, ones, deviation = outputs[index].ravel(), self._output_ones[index], self._deviations[index]
            mean = float(values.dot(ones)) / ones.size
            np.subtract(values, mean, deviation)
            probes.append(
                LayerProbe(
                    self._names[index],
                    layer.units,
                    noted.gradient_norms[index],
                    noted.gradient_means[index],
                    weight_norms[index],
                    ratios[index],
                    mean,
                    math.sqrt(deviation.dot(deviation)) / math.sqrt(ones.size),
                    saturated_share(values, layer.activation or network.output),
                    dead[index],
                )
            )
        return probes

    def _norms(self) -> list[float]:
        """Of the vector, layer by layer."""
        return [math.sqrt(part.dot(part)) for part in self._parts]

    def _weight_norms(self) -> list[float]:
        """Of the vector, layer by layer, without the biases; they are overwritten."""
        self._vector[self._biases] = 0.0
        return self._norms()


def saturated_share(outputs: Array, source: Activation | Output) -> float:
    """The share of a layer's outputs at or beyond the saturation thresholds of the function they came from."""
    count = 0
    if source.saturates_below is not None:
        count += int(np.count_nonzero(np.less_equal(outputs, _constant(source.saturates_below, outputs.dtype))))
    if source.saturates_above is not None:
        count += int(np.count_nonzero(np.greater_equal(outputs, _constant(source.saturates_above, outputs.dtype))))
    return count / outputs.size


@cache
def _constant(value: float, dtype: np.dtype[np.floating]) -> Array:
    # Without a dimension: half of what a Python number costs a small ufunc.
    return np.array(value, dtype)
