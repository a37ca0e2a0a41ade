"""Whatever can be minimised: a network with data, or a two-variable surface."""

from typing import Protocol, TypeVar

from nn_tui.engine.arrays import Array

Batch_contra = TypeVar("Batch_contra", contravariant=True)


class Objective(Protocol[Batch_contra]):
    """A function of a flat parameter vector, with its gradient.

    Attributes:
        parameters: shape (size,).
        gradient: shape (size,), written by `loss_and_gradient`.
    """

    parameters: Array
    gradient: Array

    def loss_and_gradient(self, batch: Batch_contra) -> float:
        """The loss at the present parameters; writes its gradient into `gradient`."""
        ...
