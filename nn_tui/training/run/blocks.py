"""Arrays of one shape, one after the other, in blocks that are shared with the places one may go back to."""

from typing import NamedTuple

import numpy as np

from nn_tui.floats import Floats

_FIRST = 32
"""Arrays in the first block; each further one has twice as many as the one before, up to the largest."""


class BlocksMark(NamedTuple):
    """A place among the blocks.

    Attributes:
        blocks: as they were there; what is in them is never written over, but for the last array.
        filled: how many arrays the last of them had.
        last: a copy of the last array, which may have been written to since.
    """

    blocks: tuple[Floats, ...]
    filled: int
    last: Floats


class Blocks:
    """Float64 arrays of one shape; all but the last are left as they are once another follows.

    Attributes:
        shape: of each.
        count: how many there are, those that were let go not among them.
    """

    def __init__(self, shape: tuple[int, ...], largest: int, most: int | None = None) -> None:
        """
        Args:
            shape: as above.
            largest: arrays in the largest block.
            most: the latest so many are kept, and perhaps some before them; None to keep all.
        """
        self.shape = shape
        self.count = 0
        self._largest = largest
        self._most = most
        self._blocks: list[Floats] = []
        self._filled = 0

    def add(self) -> Floats:
        """The place for one more, to be written to."""
        if not self._blocks or self._filled == len(self._blocks[-1]):
            self._add_block()
        self._filled += 1
        self.count += 1
        place: Floats = self._blocks[-1][self._filled - 1]
        return place

    def _add_block(self) -> None:
        if self._most is not None and sum(map(len, self._blocks[1:])) >= self._most:
            self.count -= len(self._blocks.pop(0))
        size = min(self._largest, _FIRST << len(self._blocks))
        self._blocks.append(np.empty((size, *self.shape)))
        self._filled = 0

    def add_all(self, arrays: Floats) -> None:
        """Adds many, shape (arrays, *shape), to none."""
        parts = range(0, len(arrays), self._largest)
        self._blocks = [arrays[start : start + self._largest].copy() for start in parts]
        self._filled = len(self._blocks[-1]) if self._blocks else 0
        self.count = len(arrays)

    @property
    def last(self) -> Floats:
        """The last one; it may be written to."""
        place: Floats = self._blocks[-1][self._filled - 1]
        return place

    def latest(self, most: int | None = None) -> Floats:
        """The latest of them, oldest first: a new array (arrays, *shape).

        Args:
            most: how many at most; None for all.
        """
        missing = self.count if most is None else min(most, self.count)
        parts: list[Floats] = []
        for block in reversed(self._whole()):
            if not missing:
                break
            parts.append(block[max(0, len(block) - missing) :])
            missing -= len(parts[-1])
        return np.concatenate(parts[::-1]) if parts else np.empty((0, *self.shape))

    def column(self, number: int) -> Floats:
        """One place along the last axis, of all of them: a new array (arrays, *shape[:-1])."""
        found, filled = np.empty((self.count, *self.shape[:-1])), 0
        for block in self._whole():
            found[filled : filled + len(block)] = block[..., number]
            filled += len(block)
        return found

    def _whole(self) -> list[Floats]:
        """The blocks, the last one as far as it is filled."""
        return [*self._blocks[:-1], self._blocks[-1][: self._filled]] if self._blocks else []

    def mark(self) -> BlocksMark:
        """This place, to go back to, here or in other blocks of the same shape, and for good."""
        return BlocksMark(tuple(self._blocks), self._filled, self.last.copy() if self._blocks else np.empty(self.shape))

    def go_back(self, mark: BlocksMark) -> None:
        """What is there is, bit for bit, what was there at a mark."""
        self._blocks, self._filled = list(mark.blocks), mark.filled
        if self._blocks:
            # What comes now is written into an array of its own: other marks may hold what came before.
            own = np.empty_like(self._blocks[-1])
            own[: self._filled] = self._blocks[-1][: self._filled]
            own[self._filled - 1] = mark.last
            self._blocks[-1] = own
        self.count = sum(map(len, self._blocks[:-1])) + self._filled
