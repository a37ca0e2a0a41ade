"""A dense network over one flat parameter vector: forward, backward, and what each layer saw.

Arrays inside are feature-major, shape (units, samples), and every layer's input carries a last row of ones, so that a
layer is one matrix product: z = [W b]·[x; 1]. The backward product then gives the gradients of weight and bias in one
go. Sources: the course notes, section 2.3; Goodfellow et al. 2016, section 6.5; Srivastava et al. 2014 (dropout).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.engine.activations import ACTIVATIONS, Activation
from nn_tui.engine.arrays import Array
from nn_tui.engine.initializers import INITIALIZERS, Settings
from nn_tui.engine.losses import LOSSES, FromLogits
from nn_tui.engine.normalization import NORMALIZATIONS, NormalizedLayer
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.randomness import generator
from nn_tui.engine.workspace import Workspace

PASS_SAMPLES = 1_024
"""Samples of one pass when a whole set is evaluated."""


@dataclass(frozen=True)
class LayerSpec:
    """A hidden layer: its width, its activation's name, the share of its outputs dropped in training, and how its sums
    are normalized before the activation: a name from the registry, or "none"."""

    units: int
    activation: str
    dropout: float = 0.0
    normalization: str = "none"


class Batch(NamedTuple):
    """Samples to learn from.

    Attributes:
        inputs: shape (n, features + 1), row-major, the last column all ones (see `with_ones`).
        targets: shape (outputs, n).
        dropout_key: (seed, step) for the step's dropout masks; None leaves dropout out.
        weights: shape (n,), how much each sample counts in the mean, Σ w·l / Σ w; None for all alike.
    """

    inputs: Array
    targets: Array
    dropout_key: tuple[int, int] | None = None
    weights: Array | None = None


def with_ones(inputs: Array, dtype: np.dtype[np.floating]) -> Array:
    """Inputs (n, features) as a new array (n, features + 1) of `dtype`, whose last column is the bias's input."""
    out = np.ones((inputs.shape[0], inputs.shape[1] + 1), dtype)
    out[:, :-1] = inputs
    return out


class Dense:
    """One layer's place in the network's flat vectors.

    Attributes:
        units, inputs: its width and the width of what it reads.
        augmented, augmented_gradient: [W b], shape (units, inputs + 1), views into the flat vectors.
        weight, weight_gradient: shape (units, inputs), views.
        bias, bias_gradient: shape (units,), views.
        activation: None for the output layer, whose output function belongs to the loss.
        dropout: share of outputs dropped in training.
        normalization: between its sums and its activation, or None.
        tail: where γ and β of the normalization stand in the flat vectors; empty without one.
    """

    def __init__(self, parameters: Array, gradient: Array, inputs: int, units: int) -> None:
        self.inputs = inputs
        self.units = units
        self.augmented = parameters.reshape(units, inputs + 1)
        self.augmented_gradient = gradient.reshape(units, inputs + 1)
        self.weight = self.augmented[:, :-1]
        self.bias = self.augmented[:, -1]
        self.weight_gradient = self.augmented_gradient[:, :-1]
        self.bias_gradient = self.augmented_gradient[:, -1]
        self.augmented_transposed = self.augmented.T
        self.activation: Activation | None = None
        self.dropout = 0.0
        self.normalization: NormalizedLayer | None = None
        self.tail = slice(0, 0)


def _structure(layer: Dense) -> tuple[int, str]:
    """What of a layer cannot change: its width and its normalization's name."""
    return layer.units, layer.normalization.way.name if layer.normalization else "none"


class _Buffers:
    """What a pass over n samples writes: allocated once per batch size."""

    def __init__(self, layers: Sequence[Dense], samples: int, dtype: np.dtype[np.floating]) -> None:
        self.pre_activation = [np.empty((layer.units, samples), dtype) for layer in layers]
        self.with_ones = [np.ones((layer.units + 1, samples), dtype) for layer in layers[:-1]]
        self.activation = [array[:-1] for array in self.with_ones]
        self.with_ones_transposed = [array.T for array in self.with_ones]
        # A delta is the upper part of what [W b]ᵀ gives: for Wᵀ alone, a view with gaps, BLAS would be handed a copy.
        self.delta_and_rest = [np.empty((layer.units + 1, samples), dtype) for layer in layers]
        self.delta = [array[:-1] for array in self.delta_and_rest]
        self.scratch = [np.empty((layer.units, samples), dtype) for layer in layers]
        self.mask = [np.empty((layer.units, samples), dtype) if layer.dropout else None for layer in layers]
        self.draw = [np.empty((layer.units, samples), np.float32) if layer.dropout else None for layer in layers]
        self.normalized = [
            None if layer.normalization is None else layer.normalization.buffers(samples) for layer in layers
        ]
        self.work = Workspace(layers[-1].units, samples, dtype)


class Network:
    """A dense network and its loss: an `Objective` of its flat parameter vector.

    Attributes:
        parameters, gradient: shape (size,), every layer's [W b] one after the other, then γ and β of those that are
            normalized.
        statistics: running means and variances of those normalized by batch, one layer's after the other's; of size 0
            where there are none.
        is_weight: of the same shape, 1 at a weight and 0 at a bias.
        layers: hidden layers and the output layer, first to last.
        loss, output: the loss and the output function before it.
    """

    def __init__(
        self,
        inputs: int,
        hidden: Sequence[LayerSpec],
        outputs: int,
        *,
        loss: str,
        output: str,
        one_hot: bool = True,
        dtype: str = "float32",
    ) -> None:
        """Builds the network with parameters of 0; `initialize` draws them.

        Args:
            inputs: features of a sample.
            hidden: first to last.
            outputs: units of the output layer.
            loss, output: names from the registries, any with any.
            one_hot: whether a sample's targets will add up to 1 over several outputs, as those of classes do.
            dtype: "float32" or "float64".

        Raises:
            KeyError: for an unknown activation, loss or output.
        """
        self.dtype: np.dtype[np.floating] = np.dtype(dtype)
        self.inputs = inputs
        self.outputs = outputs
        widths = [inputs, *(spec.units for spec in hidden), outputs]
        sizes = [(n_in + 1) * n_out for n_in, n_out in pairwise(widths)]
        whole = sum(sizes) + sum(2 * spec.units for spec in hidden if spec.normalization != "none")
        self.parameters: Array = np.zeros(whole, self.dtype)
        self.gradient: Array = np.zeros(whole, self.dtype)
        self.is_weight: Array = np.ones(whole, self.dtype)
        self.layers: list[Dense] = []
        start = 0
        for n_in, n_out, size in zip(widths[:-1], widths[1:], sizes, strict=True):
            part = slice(start, start + size)
            self.layers.append(Dense(self.parameters[part], self.gradient[part], n_in, n_out))
            self.is_weight[part].reshape(n_out, n_in + 1)[:, -1] = 0.0
            start += size
        self.is_weight[start:] = 0.0
        self.statistics: Array = self._normalize(hidden, start)
        self._buffers: dict[int, _Buffers] = {}
        self._penalty_scratch: Array | None = None
        self.l1 = self.l2 = 0.0
        self.set_hidden(hidden)
        self._one_hot = one_hot
        self.set_loss(loss, output)

    def _normalize(self, hidden: Sequence[LayerSpec], start: int) -> Array:
        """Gives the layers that want one their normalization, from this place of the flat vectors on."""
        ways = [NORMALIZATIONS.get(spec.normalization) for spec in hidden]
        by_batch = sum(spec.units for spec, way in zip(hidden, ways, strict=True) if way and way.over_samples)
        statistics, taken = np.zeros(2 * by_batch, self.dtype), 0
        for layer, spec in zip(self.layers[:-1], hidden, strict=True):
            if spec.normalization == "none":
                continue
            way, own = NORMALIZATIONS[spec.normalization], None
            if way.over_samples:
                own = statistics[taken : taken + 2 * spec.units]
                taken += 2 * spec.units
            layer.tail = slice(start, start + 2 * spec.units)
            start = layer.tail.stop
            layer.normalization = NormalizedLayer(way, self.parameters[layer.tail], self.gradient[layer.tail], own)
            layer.normalization.reset()
        return statistics

    @property
    def normalizes(self) -> bool:
        """Whether any layer is normalized."""
        return any(layer.normalization is not None for layer in self.layers)

    def follow(self, samples: int) -> None:
        """Moves the running means towards those of the last training pass, over so many samples."""
        buffers = self._buffers_for(samples)
        for layer, kept in zip(self.layers, buffers.normalized, strict=True):
            if layer.normalization is not None and kept is not None:
                layer.normalization.follow(kept)

    def set_hidden(self, hidden: Sequence[LayerSpec]) -> None:
        """Changes activations and dropout; widths and normalization must stay as they are.

        Raises:
            KeyError: for an unknown activation.
            ValueError: for other widths or normalizations, or a dropout that is not in [0, 1).
        """
        if [(spec.units, spec.normalization) for spec in hidden] != [_structure(layer) for layer in self.layers[:-1]]:
            raise ValueError("the widths and normalizations of a network's layers cannot change")
        if not all(0.0 <= spec.dropout < 1.0 for spec in hidden):
            raise ValueError("dropout is a share in [0, 1)")
        for layer, spec in zip(self.layers[:-1], hidden, strict=True):
            layer.activation = ACTIVATIONS[spec.activation]
            layer.dropout = spec.dropout
        self._buffers.clear()

    @property
    def loss_from_logits(self) -> FromLogits:
        """Mean loss of a batch and dL/dlogits; see `Loss.behind`."""
        return self._loss_behind

    def set_loss(self, loss: str, output: str) -> None:
        """Changes the loss and the output function before it."""
        self.loss = LOSSES[loss]
        self.output = OUTPUTS[output]
        self._loss_behind = self.loss.behind(self.output, self._one_hot)

    @property
    def is_fused(self) -> bool:
        """Whether loss and gradient are computed straight from the logits."""
        return self.loss.is_fused(self.output, self._one_hot)

    def set_regularization(self, l1: float, l2: float) -> None:
        """Adds l1·Σ|w| + l2/2·Σw² over the weights (not the biases) to the loss that is minimised."""
        self.l1, self.l2 = l1, l2
        # Biases are not penalised (Goodfellow et al. 2016, section 7.1).
        self._penalty_scratch = np.empty_like(self.parameters) if l1 or l2 else None

    def copy(self) -> "Network":
        """A network that computes the same, on arrays of its own."""
        hidden = [
            LayerSpec(layer.units, layer.activation.name, layer.dropout, _structure(layer)[1])
            for layer in self.layers
            if layer.activation is not None
        ]
        twin = Network(
            self.inputs,
            hidden,
            self.outputs,
            loss=self.loss.name,
            output=self.output.name,
            one_hot=self._one_hot,
            dtype=self.dtype.name,
        )
        twin.set_regularization(self.l1, self.l2)
        twin.parameters[:] = self.parameters
        twin.statistics[:] = self.statistics
        return twin

    def initialize(self, initializer: str, seed: int, settings: Settings | None = None) -> None:
        """Draws the parameters; each layer from a generator of its own.

        Args:
            initializer: a name from the registry.
            seed: the run's.
            settings: of the initializer; its defaults for those left out.
        """
        for index, layer in enumerate(self.layers):
            source = generator(seed, "initial-parameters", index)
            INITIALIZERS[initializer].draw(layer.weight, layer.bias, source, settings)
            if layer.normalization is not None:
                layer.normalization.reset()

    def _buffers_for(self, samples: int) -> _Buffers:
        buffers = self._buffers.get(samples)
        if buffers is None:
            if len(self._buffers) >= 8:
                self._buffers.pop(next(iter(self._buffers)))
            buffers = self._buffers[samples] = _Buffers(self.layers, samples, self.dtype)
        return buffers

    def _forward(
        self, inputs: Array, buffers: _Buffers, dropout_key: tuple[int, int] | None, training: bool = False
    ) -> None:
        below = inputs.T
        last = len(self.layers) - 1
        for index, layer in enumerate(self.layers):
            z = buffers.pre_activation[index]
            if (kept := buffers.normalized[index]) is None:
                layer.augmented.dot(below, z)
            else:
                assert layer.normalization is not None
                layer.augmented.dot(below, kept.z)
                layer.normalization.forward(kept, z, training)
            if index == last:
                return
            assert layer.activation is not None
            layer.activation.function(z, buffers.activation[index])
            if layer.dropout and dropout_key is not None:
                self._drop(index, buffers, dropout_key)
            below = buffers.with_ones[index]

    def _drop(self, index: int, buffers: _Buffers, key: tuple[int, int]) -> None:
        # Inverted dropout: what is kept is scaled up in training, so that nothing changes at test time.
        # Drawn in float32 whatever the network's dtype, so that a float32 and a float64 run drop alike.
        layer, mask, draw = self.layers[index], buffers.mask[index], buffers.draw[index]
        assert mask is not None
        assert draw is not None
        seed, step = key
        generator(seed, "dropout", step * len(self.layers) + index).random(dtype=np.float32, out=draw)
        np.greater_equal(draw, layer.dropout, out=mask, casting="unsafe")
        mask *= 1.0 / (1.0 - layer.dropout)
        np.multiply(buffers.activation[index], mask, buffers.activation[index])

    def loss_and_gradient(self, batch: Batch) -> float:
        """Mean loss of the batch, without penalties; writes the gradient of loss and penalties into `gradient`."""
        buffers = self._buffers_for(batch.inputs.shape[0])
        self._forward(batch.inputs, buffers, batch.dropout_key, training=True)
        layers, deltas = self.layers, buffers.delta
        delta = deltas[-1]
        work = buffers.work if batch.weights is None else buffers.work.weighted(batch.weights)
        value = self._loss_behind(buffers.pre_activation[-1], batch.targets, delta, work)
        for index in range(len(layers) - 1, 0, -1):
            layer, below = layers[index], index - 1
            delta.dot(buffers.with_ones_transposed[below], layer.augmented_gradient)
            delta_below = deltas[below]
            layer.augmented_transposed.dot(delta, buffers.delta_and_rest[below])
            self._through_activation(below, buffers, delta_below, batch.dropout_key is not None)
            delta = delta_below
        delta.dot(batch.inputs, layers[0].augmented_gradient)
        if self._penalty_scratch is not None:
            self._add_penalty_gradient()
        return value

    def _through_activation(self, index: int, buffers: _Buffers, delta: Array, dropped: bool) -> None:
        layer = self.layers[index]
        assert layer.activation is not None
        activation = buffers.activation[index]
        if layer.dropout and dropped:
            mask = buffers.mask[index]
            assert mask is not None
            np.multiply(delta, mask, delta)
            # The buffer holds the masked activation; the derivative wants the one before the mask.
            layer.activation.function(buffers.pre_activation[index], activation)
        layer.activation.backward(buffers.pre_activation[index], activation, delta, buffers.scratch[index])
        if (kept := buffers.normalized[index]) is not None:
            assert layer.normalization is not None
            layer.normalization.backward(kept, delta)

    def _add_penalty_gradient(self) -> None:
        scratch = self._penalty_scratch
        assert scratch is not None
        if self.l2:
            np.multiply(self.parameters, self.is_weight, scratch)
            scratch *= self.l2
            self.gradient += scratch
        if self.l1:
            np.sign(self.parameters, scratch)
            scratch *= self.is_weight
            scratch *= self.l1
            self.gradient += scratch

    def penalty(self) -> float:
        """l1·Σ|w| + l2/2·Σw² at the present weights."""
        if not (self.l1 or self.l2):
            return 0.0
        absolute = sum(float(np.abs(layer.weight).sum()) for layer in self.layers)
        squares = sum(float(np.square(layer.weight).sum()) for layer in self.layers)
        return self.l1 * absolute + 0.5 * self.l2 * squares

    def evaluate(self, inputs: Array, targets: Array) -> tuple[float, Array]:
        """Mean loss and predictions, without dropout; the gradient is left alone.

        Args:
            inputs: shape (n, features + 1), as in `Batch`.
            targets: shape (outputs, n).

        Returns:
            The loss and the predictions, shape (outputs, n), a view of a buffer that the next pass overwrites.
        """
        buffers = self._buffers_for(inputs.shape[0])
        self._forward(inputs, buffers, None)
        loss = self._loss_behind(buffers.pre_activation[-1], targets, buffers.delta[-1], buffers.work)
        return loss, buffers.work.prediction

    def forward(self, inputs: Array) -> Array:
        """Predictions (outputs, n) without dropout, for inputs (n, features + 1) as in `Batch`.

        Returns a view of a buffer that the next pass overwrites; `layer_outputs` gives the other layers'.
        """
        buffers = self._buffers_for(inputs.shape[0])
        self._forward(inputs, buffers, None)
        self.output.function(buffers.pre_activation[-1], buffers.work)
        return buffers.work.prediction

    def hidden_activations(self, inputs: Array) -> list[Array]:
        """The hidden layers' outputs (units, n) in new arrays, for inputs (n, features + 1), without dropout."""
        if self.normalizes:
            self.forward(inputs)
            return [output.copy() for output in self.layer_outputs(inputs.shape[0])[:-1]]
        below, outputs = inputs.T, []
        for layer in self.layers[:-1]:
            assert layer.activation is not None
            above = np.ones((layer.units + 1, below.shape[1]), self.dtype)
            layer.activation.function(layer.augmented.dot(below), above[:-1])
            outputs.append(above[:-1])
            below = above
        return outputs

    def predict(self, inputs: ArrayLike) -> Array:
        """Predictions for inputs (n, features), as a new array (n, outputs): what `output` makes of the logits.

        Walks in blocks, so that a large set needs no large buffers.

        Raises:
            ValueError: for inputs of another shape.
        """
        given = np.asarray(inputs, self.dtype)
        if given.ndim != 2 or given.shape[1] != self.inputs:
            raise ValueError(f"expected inputs of the shape (n, {self.inputs}), found {given.shape}")
        rows = np.empty((given.shape[0], self.outputs), self.dtype)
        for start in range(0, given.shape[0], PASS_SAMPLES):
            block = with_ones(given[start : start + PASS_SAMPLES], self.dtype)
            rows[start : start + PASS_SAMPLES] = self.forward(block).T
        return rows

    def layer_outputs(self, samples: int) -> list[Array]:
        """What each layer gave in the last pass over `samples` samples: activations, then predictions.

        Returns:
            Arrays (units, samples), views of buffers that the next pass overwrites.
        """
        buffers = self._buffers_for(samples)
        return [*buffers.activation, buffers.work.prediction]

    def sums(self, samples: int) -> list[Array]:
        """W·x + b of each layer in the last pass, before any normalization; else as `pre_activations`."""
        buffers = self._buffers_for(samples)
        return [
            z if kept is None else kept.z for z, kept in zip(buffers.pre_activation, buffers.normalized, strict=True)
        ]

    def pre_activations(self, samples: int) -> list[Array]:
        """What went into each layer's activation or output function in the last pass over `samples` samples.

        Returns:
            Arrays (units, samples), views of buffers that the next pass overwrites.
        """
        return self._buffers_for(samples).pre_activation

    def deltas(self, samples: int) -> list[Array]:
        """∂L/∂z of each layer in the last training pass over `samples` samples, L the batch's mean loss.

        Returns:
            Arrays (units, samples), views of buffers that the next pass overwrites.
        """
        return self._buffers_for(samples).delta

    def dropout_masks(self, samples: int) -> list[Array | None]:
        """What each layer's activations were multiplied by in the last pass with dropout over `samples` samples.

        Returns:
            Arrays (units, samples) of 0 and 1 / (1 − dropout), views of buffers that the next pass overwrites; None
            for a layer without dropout.
        """
        return self._buffers_for(samples).mask

    def first_non_finite(self, samples: int) -> tuple[int, str] | None:
        """Where the last training pass over `samples` samples first left the finite numbers.

        Returns:
            The layer's index and "pre-activation", "prediction", "sum of predictions" (0 or less, where the loss
            divides by it) or "gradient", in the order the pass computed them; None if all are finite.
        """
        buffers = self._buffers_for(samples)
        for index, z in enumerate(buffers.pre_activation):
            if not np.isfinite(z).all():
                return index, "pre-activation"
        if not np.isfinite(buffers.work.prediction).all():
            return len(self.layers) - 1, "prediction"
        if self.loss.of_shares and not self.is_fused and not (buffers.work.prediction.sum(axis=0) > 0.0).all():
            return len(self.layers) - 1, "sum of predictions"
        for index in range(len(self.layers) - 1, -1, -1):
            finite = (
                np.isfinite(buffers.delta[index]).all() and np.isfinite(self.layers[index].augmented_gradient).all()
            )
            if not finite:
                return index, "gradient"
        return None
