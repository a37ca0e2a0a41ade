"""A dense layer's place in a network's flat vectors."""

from nn_tui.engine.activations import Activation
from nn_tui.engine.arrays import Array
from nn_tui.engine.normalization import NormalizedLayer


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

    @property
    def structure(self) -> tuple[int, str]:
        """What cannot change: its width and its normalization's name."""
        return self.units, self.normalization.way.name if self.normalization else "none"
