"""Normalization between a layer's sums and its activation: Ioffe & Szegedy 2015 (batch), Ba et al. 2016 (layer).

Of n numbers with mean μ and variance σ², ẑ = (z − μ) / √(σ² + ε) and h = γ·ẑ + β, with γ and β learned for each unit.
Under `batch` the numbers are one unit's over the samples of a batch; running means of μ and σ² stand for them wherever
the network is not in training, and in a batch of one sample. Under `layer` they are one sample's over the units of a
layer, in training and after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn_tui.engine.arrays import Array

EPSILON = 1e-5
MOMENTUM = 0.1
"""A batch's share in the running means."""


@dataclass(frozen=True)
class Normalization:
    """A way to normalize.

    Attributes:
        name: the name scenarios use.
        formula: for people.
        summary: a sentence of help.
        over_samples: whether mean and variance are over a batch's samples, else over a layer's units.
        pytorch: its module in PyTorch, `{}` for the number of units.
    """

    name: str
    formula: str
    summary: str
    over_samples: bool
    pytorch: str


NORMALIZATIONS = {
    way.name: way
    for way in (
        Normalization(
            "batch",
            "h = γ·(z − μ) / √(σ² + ε) + β, μ and σ² of a unit over the batch",
            "Each unit's sums brought to mean 0 and variance 1 over the batch: steadier, and quicker in deep nets.",
            over_samples=True,
            pytorch="nn.BatchNorm1d({})",
        ),
        Normalization(
            "layer",
            "h = γ·(z − μ) / √(σ² + ε) + β, μ and σ² of a sample over the layer's units",
            "Each sample's sums brought to mean 0 and variance 1 over the layer's units, whatever the batch.",
            over_samples=False,
            pytorch="nn.LayerNorm({})",
        ),
    )
}
"""All there are; `none` leaves the sums as they are."""


@dataclass
class Normalized:
    """What a pass over a batch keeps for the way back.

    Attributes:
        z: what was normalized, shape (units, n).
        normalized: ẑ, of that shape.
        mean, variance: of the batch's own, shape (units, 1) or (1, n).
        inverse: 1 / √(σ² + ε), of that shape.
        own: whether mean and variance are the batch's own, so that the gradient goes through them.
    """

    z: Array
    normalized: Array
    mean: Array
    variance: Array
    inverse: Array
    own: bool = True


class NormalizedLayer:
    """One layer's normalization: its parameters and, under `batch`, its running means.

    Attributes:
        way: which.
        gamma, beta: shape (units, 1), views into the network's flat vector.
        gamma_gradient, beta_gradient: likewise, into its gradient.
        running_mean, running_variance: shape (units, 1), views into the network's statistics; None under `layer`.
    """

    def __init__(self, way: Normalization, parameters: Array, gradient: Array, statistics: Array | None) -> None:
        """
        Args:
            way: which.
            parameters, gradient: γ and β one after the other, shape (2·units,), and their gradient.
            statistics: running mean and variance, of that shape, or None.
        """
        self.way = way
        self.gamma, self.beta = parameters.reshape(2, -1, 1)
        self.gamma_gradient, self.beta_gradient = gradient.reshape(2, -1, 1)
        self.running_mean: Array | None = None
        self.running_variance: Array | None = None
        if statistics is not None:
            self.running_mean, self.running_variance = statistics.reshape(2, -1, 1)

    def tensors(self) -> dict[str, Array]:
        """Its parameters and running means by their names in PyTorch, shape (units, 1), the very arrays."""
        found = {"weight": self.gamma, "bias": self.beta}
        if self.running_mean is not None and self.running_variance is not None:
            found |= {"running_mean": self.running_mean, "running_var": self.running_variance}
        return found

    def reset(self) -> None:
        """γ = 1, β = 0, running mean 0 and variance 1."""
        self.gamma[:], self.beta[:] = 1.0, 0.0
        if self.running_mean is not None and self.running_variance is not None:
            self.running_mean[:], self.running_variance[:] = 0.0, 1.0

    def buffers(self, samples: int) -> Normalized:
        """What a pass over so many samples needs."""
        units, dtype = len(self.gamma), self.gamma.dtype
        shape = (units, 1) if self.way.over_samples else (1, samples)
        z, normalized = np.empty((2, units, samples), dtype)
        mean, variance, inverse = np.empty((3, *shape), dtype)
        return Normalized(z, normalized, mean, variance, inverse)

    def forward(self, kept: Normalized, out: Array, training: bool) -> None:
        """Writes h into `out`, shape (units, n), for the sums in `kept.z`."""
        axis = 1 if self.way.over_samples else 0
        kept.own = not self.way.over_samples or (training and kept.z.shape[1] > 1)
        if kept.own:
            kept.z.mean(axis, keepdims=True, out=kept.mean)
            kept.z.var(axis, keepdims=True, out=kept.variance)
        mean, variance = self.used(kept)
        np.add(variance, EPSILON, kept.inverse)
        np.sqrt(kept.inverse, kept.inverse)
        np.reciprocal(kept.inverse, kept.inverse)
        np.subtract(kept.z, mean, kept.normalized)
        kept.normalized *= kept.inverse
        np.multiply(kept.normalized, self.gamma, out)
        out += self.beta

    def used(self, kept: Normalized) -> tuple[Array, Array]:
        """Mean and variance that a pass normalizes by, shape (units, 1) or (1, n)."""
        if kept.own:
            return kept.mean, kept.variance
        assert self.running_mean is not None
        assert self.running_variance is not None
        return self.running_mean, self.running_variance

    def backward(self, kept: Normalized, delta: Array) -> None:
        """Turns dL/dh into dL/dz in place, and writes the gradients of γ and β."""
        np.add.reduce(delta, 1, keepdims=True, out=self.beta_gradient)
        np.add.reduce(delta * kept.normalized, 1, keepdims=True, out=self.gamma_gradient)
        delta *= self.gamma
        if kept.own:
            # Along the mean and along ẑ itself nothing of a change is left.
            axis = 1 if self.way.over_samples else 0
            along = (delta * kept.normalized).mean(axis, keepdims=True)
            delta -= delta.mean(axis, keepdims=True)
            delta -= kept.normalized * along
        delta *= kept.inverse

    def follow(self, kept: Normalized) -> None:
        """Moves the running means toward a batch's own; its variance as of a sample of more."""
        if self.running_mean is None or self.running_variance is None or not kept.own:
            return
        samples = kept.z.shape[1]
        self.running_mean += MOMENTUM * (kept.mean - self.running_mean)
        self.running_variance += MOMENTUM * (kept.variance * (samples / (samples - 1)) - self.running_variance)
