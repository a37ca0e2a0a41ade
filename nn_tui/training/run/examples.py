"""A training or test set as the network reads it."""

from typing import Any

from numpy.typing import NDArray

from nn_tui.engine.arrays import Array
from nn_tui.training.run.metrics import winners


class Examples:
    """Samples and what is to be said of them.

    Attributes:
        inputs: shape (n, features + 1), the last column ones: the data set's own array.
        targets: shape (outputs, n).
        truth: what quality is told by: of classes the `winners`, shape (n,), of values the targets.
    """

    def __init__(self, inputs: Array, targets: Array, *, of_classes: bool) -> None:
        self.inputs = inputs
        self.targets = targets
        self.truth: NDArray[Any] = winners(targets) if of_classes else targets

    def __len__(self) -> int:
        return len(self.inputs)
