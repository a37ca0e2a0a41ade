"""A large gradient in pieces: each is formed when it is asked for, and used up while it is in the processor's cache.

On big nets memory is what a step waits for. A piece is written over the one before it, so that the gradient as a whole
is neither written to memory nor read from it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.dense import Dense
from nn_tui.engine.passes import Pass

LARGE = 262_144
"""Parameters from which a gradient is taken in pieces: one of fewer stays in the cache as a whole."""

PIECE = 262_144
"""The most elements of a piece, but for layers with so many inputs that a few units have more."""

UNITS = 48
"""A piece has as many of a layer's units, or times as many: what BLAS gives for them does then not depend on how many
there are."""


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
        cut = [
            (index, slice(first, min(first + units, layer.units)))
            for index, layer in enumerate(layers)
            for units in [max(UNITS, PIECE // (layer.inputs + 1) // UNITS * UNITS)]
            for first in range(0, layer.units, units)
        ]
        sizes = [(units.stop - units.start) * (layers[index].inputs + 1) for index, units in cut]
        room = np.empty(max(sizes), gradient.dtype)
        self._pieces: list[tuple[Piece, _Product]] = []
        start = 0
        for (index, units), size in zip(cut, sizes, strict=True):
            own = room[:size]
            product = _Product(index, units, own.reshape(-1, layers[index].inputs + 1))
            self._pieces.append((Piece(slice(start, start + size), own), product))
            start += size
        self._rest = Piece(slice(start, gradient.size), gradient[start:])
        self._layers = layers

    def form(self, passed: Pass, inputs: Array) -> Iterator[Piece]:
        """The gradient of a pass back, piece by piece; `inputs` are the first layer's, with ones."""
        deltas, reads = passed.deltas, passed.reads(inputs)
        for piece, (layer, units, out) in self._pieces:
            deltas[layer][units].dot(reads[layer], out)
            yield piece
        if self._rest.gradient.size:
            yield self._rest

    def form_whole(self, passed: Pass, inputs: Array) -> None:
        """The same numbers, all of them, where the layers have their gradients."""
        deltas, reads = passed.deltas, passed.reads(inputs)
        for _, (layer, units, _) in self._pieces:
            deltas[layer][units].dot(reads[layer], self._layers[layer].augmented_gradient[units])
