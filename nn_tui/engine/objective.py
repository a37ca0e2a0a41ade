"""Whatever can be minimized: a network with data, or a two-variable surface."""

from collections.abc import Iterator
from typing import Protocol, TypeVar

from nn_tui.engine.arrays import Array
from nn_tui.engine.pieces import Piece

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

    def loss_and_pieces(self, batch: Batch_contra) -> tuple[float, Iterator[Piece] | None]:
        """The loss; and its gradient in pieces, finite for certain, or None where it is written into `gradient`."""
        ...
