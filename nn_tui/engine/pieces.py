"""A large gradient in pieces: each is formed when it is asked for, and used up while it is in the processor's cache.

On big nets memory is what a step waits for. A piece is written over the one before it, so that the gradient as a whole
is neither written to memory nor read from it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nn_tui.engine.arrays import BLOCK, Array, vectors
from nn_tui.engine.dense import Dense
from nn_tui.engine.passes import Pass

LARGE = 262_144
"""Parameters from which a gradient is taken in pieces: one of fewer stays in the cache as a whole."""

PIECE = 262_144
"""The most elements of a piece, but for layers with so many inputs that a few units have more.

A product over many samples is the quicker the larger. One sample's is quickest in pieces no larger than an optimizer's
block, which then lies in the cache beside what it is used up with.
"""

UNITS = 48
"""A piece has as many of a layer's units, or times as many: what BLAS gives for them does then not depend on how many
there are."""

_UNITS_OF_ONE = 16
"""The same where there is one sample: no sums depend on it, but a piece then begins where a line of the cache does."""


class Piece(NamedTuple):
    """A part of a gradient.

    Attributes:
        part: which of the flat vector.
        gradient: that of the part, shape (size,); the next piece overwrites it.
    """

    part: slice
    gradient: Array


class _Product(NamedTuple):
    """Some units' gradient: their deltas times what their layer reads.

    Attributes:
        layer, units: whose.
        out: where it is written, shape (units, inputs + 1).
    """

    layer: int
    units: slice
    out: Array


class Pieces:
    """How a network's gradient is cut up."""

    def __init__(self, layers: Sequence[Dense], gradient: Array) -> None:
        """
        Args:
            layers: first to last, as they follow one another in the gradient.
            gradient: as a whole, shape (size,); what is behind the layers is a piece of its own, as it stands there.
        """
        self._layers = layers
        of_many, of_one = self._cut(PIECE, UNITS), self._cut(BLOCK, _UNITS_OF_ONE)
        (room,) = vectors(1, max(self._size(*each) for each in (*of_many, *of_one)), gradient.dtype)
        self._of_many, self._of_one = self._placed(of_many, room), self._placed(of_one, room)
        end = sum(self._size(*each) for each in of_many)
        self._rest = Piece(slice(end, gradient.size), gradient[end:])

    def _cut(self, most: int, units: int) -> list[tuple[int, slice]]:
        """Which layer's units make up each piece of at most so many elements: so many units, or times as many."""
        return [
            (index, slice(first, min(first + step, layer.units)))
            for index, layer in enumerate(self._layers)
            for step in [max(units, most // (layer.inputs + 1) // units * units)]
            for first in range(0, layer.units, step)
        ]

    def _size(self, layer: int, units: slice) -> int:
        return int(units.stop - units.start) * (self._layers[layer].inputs + 1)

    def _placed(self, cut: list[tuple[int, slice]], room: Array) -> list[tuple[Piece, _Product]]:
        pieces, start = [], 0
        for layer, units in cut:
            size = self._size(layer, units)
            own = room[:size]
            product = _Product(layer, units, own.reshape(-1, self._layers[layer].inputs + 1))
            pieces.append((Piece(slice(start, start + size), own), product))
            start += size
        return pieces

    def form(self, passed: Pass, inputs: Array) -> Iterator[Piece]:
        """The gradient of a pass back, piece by piece; `inputs` are the first layer's, with ones."""
        deltas, reads = passed.deltas, passed.reads(inputs)
        for piece, (layer, units, out) in self._of_one if len(inputs) == 1 else self._of_many:
            deltas[layer][units].dot(reads[layer], out)
            yield piece
        if self._rest.gradient.size:
            yield self._rest

    def form_whole(self, passed: Pass, inputs: Array) -> None:
        """The same numbers, all of them, where the layers have their gradients."""
        deltas, reads = passed.deltas, passed.reads(inputs)
        for _, (layer, units, _) in self._of_many:
            deltas[layer][units].dot(reads[layer], self._layers[layer].augmented_gradient[units])
