"""One way through a network with so many samples: forward, back, and what each layer saw."""

import math
from collections.abc import Sequence

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.dense import Dense
from nn_tui.engine.losses import FromLogits
from nn_tui.engine.randomness import generator
from nn_tui.engine.workspace import Workspace

_MANY = 10_000
"""Weights from which a step is long enough to look for deltas that are next to nothing."""


class Pass:
    """The buffers of a pass over n samples, allocated once, which the next pass over as many overwrites.

    Attributes:
        pre_activations: what went into each layer's activation or output function, shape (units, n).
        activations: the hidden layers' outputs, dropout included, shape (units, n).
        deltas: ∂L/∂z of each layer's sums, L the batch's mean loss, shape (units, n).
        masks: what each layer's activations were multiplied by in the last pass with dropout, 0 and 1 / (1 − dropout),
            shape (units, n); None for a layer without dropout.
        normalized: what each layer's normalization keeps; None for a layer without one.
        work: the loss's buffers, with the predictions.
    """

    def __init__(self, layers: Sequence[Dense], samples: int, dtype: np.dtype[np.floating]) -> None:
        self._layers = layers
        self.pre_activations = [np.empty((layer.units, samples), dtype) for layer in layers]
        self._with_ones = [np.ones((layer.units + 1, samples), dtype) for layer in layers[:-1]]
        self._with_ones_transposed = [array.T for array in self._with_ones]
        self.activations = [array[:-1] for array in self._with_ones]
        # A delta is the upper part of what [W b]ᵀ gives: for Wᵀ alone, a view with gaps, BLAS would be handed a copy.
        self._delta_and_rest = [np.empty((layer.units + 1, samples), dtype) for layer in layers]
        self.deltas = [array[:-1] for array in self._delta_and_rest]
        self._scratch = [np.empty((layer.units, samples), dtype) for layer in layers]
        # What the activation gave before dropout: its derivative wants that.
        self._undropped = [
            np.empty_like(output) if layer.dropout else output
            for layer, output in zip(layers, self.activations, strict=False)
        ]
        self.masks = [np.empty((layer.units, samples), dtype) if layer.dropout else None for layer in layers]
        self._draws = [np.empty((layer.units, samples), np.float32) if layer.dropout else None for layer in layers]
        self.normalized = [
            None if layer.normalization is None else layer.normalization.buffers(samples) for layer in layers
        ]
        self.work = Workspace(layers[-1].units, samples, dtype)
        # Of a sample that is learned, a softmax leaves deltas down to 1e-45. The squares of the gradients they make are
        # no normal numbers any more, over which processors take many times as long.
        self._least = 1e4 * math.sqrt(np.finfo(dtype).smallest_normal)
        self._flushes = sum(layer.weight.size for layer in layers) >= _MANY
        self._nothing = np.empty(self.deltas[-1].shape, bool)

    @property
    def outputs(self) -> list[Array]:
        """What each layer gave: activations, then predictions, shape (units, n)."""
        return [*self.activations, self.work.prediction]

    @property
    def sums(self) -> list[Array]:
        """W·x + b of each layer, before any normalization, shape (units, n)."""
        return [z if kept is None else kept.z for z, kept in zip(self.pre_activations, self.normalized, strict=True)]

    def reads(self, inputs: Array) -> tuple[Array, ...]:
        """What each layer reads, a last column of ones included, shape (n, inputs + 1); `inputs` are the first's."""
        return (inputs, *self._with_ones_transposed)

    def forward(self, inputs: Array, dropout_key: tuple[int, int] | None = None, training: bool = False) -> None:
        """Goes up to the last layer's pre-activation.

        Args:
            inputs, dropout_key: as in `Batch`.
            training: whether a normalization by batch goes by the batch's own means.
        """
        below = inputs.T
        last = len(self._layers) - 1
        for index, layer in enumerate(self._layers):
            z = self.pre_activations[index]
            if (kept := self.normalized[index]) is None:
                layer.augmented.dot(below, z)
            else:
                assert layer.normalization is not None
                layer.augmented.dot(below, kept.z)
                layer.normalization.forward(kept, z, training)
            if index == last:
                return
            assert layer.activation is not None
            if layer.dropout and dropout_key is not None:
                layer.activation.function(z, self._undropped[index])
                self._drop(index, dropout_key)
            else:
                layer.activation.function(z, self.activations[index])
            below = self._with_ones[index]

    def _drop(self, index: int, key: tuple[int, int]) -> None:
        # Inverted dropout: what is kept is scaled up in training, so that nothing changes at test time.
        # Drawn in float32 whatever the network's dtype, so that a float32 and a float64 run drop alike.
        layer, mask, draw = self._layers[index], self.masks[index], self._draws[index]
        assert mask is not None
        assert draw is not None
        seed, step = key
        generator(seed, "dropout", step * len(self._layers) + index).random(dtype=np.float32, out=draw)
        np.greater_equal(draw, layer.dropout, out=mask, casting="unsafe")
        mask *= 1.0 / (1.0 - layer.dropout)
        np.multiply(self._undropped[index], mask, self.activations[index])

    def backward(self, loss: FromLogits, targets: Array, weights: Array | None, dropped: bool) -> float:
        """Goes back down to the first layer's delta.

        Args:
            loss: of the logits.
            targets, weights: as in `Batch`.
            dropped: whether the way forward was with dropout.

        Returns:
            The mean loss.
        """
        delta = self.deltas[-1]
        work = self.work if weights is None else self.work.weighted(weights)
        value = loss(self.pre_activations[-1], targets, delta, work)
        if self._flushes:
            np.abs(delta, self._scratch[-1])
            np.less(self._scratch[-1], self._least, self._nothing)
            np.copyto(delta, 0.0, where=self._nothing)
        layers, deltas = self._layers, self.deltas
        for index in range(len(layers) - 2, -1, -1):
            layers[index + 1].augmented_transposed.dot(delta, self._delta_and_rest[index])
            layer, delta, activation = layers[index], deltas[index], self.activations[index]
            assert layer.activation is not None
            if dropped and (mask := self.masks[index]) is not None:
                delta *= mask
                activation = self._undropped[index]
            layer.activation.backward(self.pre_activations[index], activation, delta, self._scratch[index])
            if (kept := self.normalized[index]) is not None:
                assert layer.normalization is not None
                layer.normalization.backward(kept, delta)
        return value

    def form_gradient(self, inputs: Array) -> None:
        """Writes each layer's gradient, of the way back; `inputs` are the first layer's."""
        deltas, reads = self.deltas, (inputs, *self._with_ones_transposed)
        for index, layer in enumerate(self._layers):
            deltas[index].dot(reads[index], layer.augmented_gradient)

    def follow(self) -> None:
        """Moves the running means of normalizations toward those of this pass, which was one in training."""
        for layer, kept in zip(self._layers, self.normalized, strict=True):
            if layer.normalization is not None and kept is not None:
                layer.normalization.follow(kept)

    def first_non_finite(self, of_shares: bool) -> tuple[int, str] | None:
        """Where this pass, one in training whose gradient is formed, first left the finite numbers.

        Args:
            of_shares: whether the loss divides by the sum of a sample's predictions.

        Returns:
            The layer's index and "pre-activation", "prediction", "sum of predictions" (0 or less, where the loss
            divides by it) or "gradient", in the order the pass computed them; None if all are finite.
        """
        for index, z in enumerate(self.pre_activations):
            if not np.isfinite(z).all():
                return index, "pre-activation"
        last, prediction = len(self._layers) - 1, self.work.prediction
        if not np.isfinite(prediction).all():
            return last, "prediction"
        if of_shares and not (prediction.sum(axis=0) > 0.0).all():
            return last, "sum of predictions"
        for index in range(last, -1, -1):
            gradient = self._layers[index].augmented_gradient
            if not (np.isfinite(self.deltas[index]).all() and np.isfinite(gradient).all()):
                return index, "gradient"
        return None
