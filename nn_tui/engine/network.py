"""A dense network over one flat parameter vector: its loss, its gradient, its predictions.

Arrays inside are feature-major, shape (units, samples), and every layer's input carries a last row of ones, so that a
layer is one matrix product: z = [W b]·[x; 1]. The backward product then gives the gradients of weight and bias in one
go. Sources: the course notes, section 2.3; Goodfellow et al. 2016, section 6.5; Srivastava et al. 2014 (dropout).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.arrays import Array, vectors
from nn_tui.engine.dense import Dense
from nn_tui.engine.initializers import INITIALIZERS, Settings
from nn_tui.engine.losses import LOSSES, FromLogits
from nn_tui.engine.normalization import NORMALIZATIONS, NormalizedLayer
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.passes import Pass
from nn_tui.engine.pieces import LARGE, Piece, Pieces
from nn_tui.engine.randomness import generator

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
        self.inputs, self.outputs = inputs, outputs
        widths = list(pairwise([inputs, *(spec.units for spec in hidden), outputs]))
        whole = sum((n_in + 1) * n_out for n_in, n_out in widths)
        whole += sum(2 * spec.units for spec in hidden if spec.normalization != "none")
        self.parameters: Array
        self.gradient: Array
        self.is_weight: Array
        self.parameters, self.gradient, self.is_weight = vectors(3, whole, self.dtype)
        self.is_weight[:] = 1.0
        self.layers: list[Dense] = []
        start = 0
        for n_in, n_out in widths:
            part = slice(start, start + (n_in + 1) * n_out)
            self.layers.append(Dense(self.parameters[part], self.gradient[part], n_in, n_out))
            self.is_weight[part].reshape(n_out, n_in + 1)[:, -1] = 0.0
            start = part.stop
        self.is_weight[start:] = 0.0
        self.statistics: Array = self._normalize(hidden, start)
        self._passes: dict[int, Pass] = {}
        self._pieces = Pieces(self.layers, self.gradient) if whole >= LARGE else None
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

    def set_hidden(self, hidden: Sequence[LayerSpec]) -> None:
        """Changes activations and dropout; widths and normalization must stay as they are.

        Raises:
            KeyError: for an unknown activation.
            ValueError: for other widths or normalizations, or a dropout that is not in [0, 1).
        """
        if [(spec.units, spec.normalization) for spec in hidden] != [layer.structure for layer in self.layers[:-1]]:
            raise ValueError("the widths and normalizations of a network's layers cannot change")
        if not all(0.0 <= spec.dropout < 1.0 for spec in hidden):
            raise ValueError("dropout is a share in [0, 1)")
        for layer, spec in zip(self.layers[:-1], hidden, strict=True):
            layer.activation = ACTIVATIONS[spec.activation]
            layer.dropout = spec.dropout
        self._passes.clear()

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
        """Adds l1·Σ|w| + l2/2·Σw² over the weights (not the biases) to the loss that is minimized."""
        self.l1, self.l2 = l1, l2
        # Biases are not penalized (Goodfellow et al. 2016, section 7.1).
        self._penalty_scratch = np.empty_like(self.parameters) if l1 or l2 else None

    def copy(self) -> "Network":
        """A network that computes the same, on arrays of its own."""
        hidden = [
            LayerSpec(layer.units, layer.activation.name, layer.dropout, layer.structure[1])
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

    def last_pass(self, samples: int) -> Pass:
        """What the last pass over so many samples left behind; the next overwrites it."""
        passed = self._passes.get(samples)
        if passed is None:
            if len(self._passes) >= 8:
                self._passes.pop(next(iter(self._passes)))
            passed = self._passes[samples] = Pass(self.layers, samples, self.dtype)
        return passed

    def loss_and_gradient(self, batch: Batch) -> float:
        """Mean loss of the batch, without penalties; writes the gradient of loss and penalties into `gradient`."""
        passed = self.last_pass(batch.inputs.shape[0])
        passed.forward(batch.inputs, batch.dropout_key, training=True)
        value = passed.backward(self._loss_behind, batch.targets, batch.weights, batch.dropout_key is not None)
        if self._pieces is None:
            passed.form_gradient(batch.inputs)
        else:
            self._pieces.form_whole(passed, batch.inputs)
        if self._penalty_scratch is not None:
            self._add_penalty_gradient()
        return value

    def loss_and_pieces(self, batch: Batch) -> tuple[float, Iterator[Piece] | None]:
        """As `loss_and_gradient`, but the gradient of a large network is left to be formed piece by piece.

        Returns:
            The mean loss; and the gradient's pieces, each formed when it is asked for, until the next pass: all of it
            is finite. None where `gradient` holds it: the network is small, has penalties, or may not be finite.
        """
        if self._pieces is None or self._penalty_scratch is not None:
            return self.loss_and_gradient(batch), None
        passed = self.last_pass(batch.inputs.shape[0])
        passed.forward(batch.inputs, batch.dropout_key, training=True)
        value = passed.backward(self._loss_behind, batch.targets, batch.weights, batch.dropout_key is not None)
        if self._is_bounded(value, passed, batch.inputs):
            return value, self._pieces.form(passed, batch.inputs)
        self._pieces.form_whole(passed, batch.inputs)
        return value, None

    def _is_bounded(self, loss: float, passed: Pass, inputs: Array) -> bool:
        """Whether loss and squared gradient are finite for certain: ‖δ·aᵀ‖ is at most ‖δ‖·‖a‖ in each layer."""
        square = sum(
            _square(delta) * _square(read) for delta, read in zip(passed.deltas, passed.reads(inputs), strict=True)
        )
        for layer in self.layers:
            square += _square(self.gradient[layer.tail])
        return math.isfinite(loss) and square < 0.5 * float(np.finfo(self.dtype).max)

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
        passed = self.last_pass(inputs.shape[0])
        passed.forward(inputs)
        loss = self._loss_behind(passed.pre_activations[-1], targets, passed.deltas[-1], passed.work)
        return loss, passed.work.prediction

    def forward(self, inputs: Array) -> Array:
        """Predictions (outputs, n) without dropout, for inputs (n, features + 1) as in `Batch`.

        Returns a view of a buffer that the next pass overwrites; `last_pass` has the other layers' outputs.
        """
        passed = self.last_pass(inputs.shape[0])
        passed.forward(inputs)
        self.output.function(passed.pre_activations[-1], passed.work)
        return passed.work.prediction

    def hidden_activations(self, inputs: Array) -> list[Array]:
        """The hidden layers' outputs (units, n) in new arrays, for inputs (n, features + 1), without dropout."""
        if self.normalizes:
            self.forward(inputs)
            return [output.copy() for output in self.last_pass(inputs.shape[0]).activations]
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

    def first_non_finite(self, samples: int) -> tuple[int, str] | None:
        """Where the last pass in training over so many samples first left the finite numbers.

        Returns:
            As `Pass.first_non_finite`.
        """
        return self.last_pass(samples).first_non_finite(self.loss.of_shares and not self.is_fused)


def _square(array: Array) -> float:
    """‖array‖²: of an array of any shape, without gaps."""
    flat = array.ravel(order="K")
    return float(flat.dot(flat))
