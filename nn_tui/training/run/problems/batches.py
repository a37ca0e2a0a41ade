"""Which samples a step sees: the three modes of gradient descent (the course notes, section 2.2.3).

A pass goes over the training set once. Its order comes from (seed, the step the pass began at), so any step's batch can
be found again without having seen those before it.
"""

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.modes import MODES
from nn_tui.engine.network import Batch
from nn_tui.engine.randomness import generator

_CHUNK_BYTES = 1 << 20


class BatchStream:
    """Draws the batches of one pass after another.

    Samples are gathered in shuffled order a chunk of batches at a time; a batch is a view of the chunk. Small sets fit
    one chunk, so that a step costs two slices; of large ones no second copy is made.

    Attributes:
        steps_per_pass: batches in a pass; the last may be smaller.
    """

    def __init__(self, inputs: Array, targets: Array, seed: int) -> None:
        """
        Args:
            inputs: shape (n, features + 1), as in `Batch`.
            targets: shape (outputs, n).
            seed: the run's seed.
        """
        self._inputs = inputs
        self._targets = targets
        self._seed = seed
        self._samples = inputs.shape[0]
        self._batch_size = self._samples
        self._shuffled = False
        self._order: np.ndarray[tuple[int], np.dtype[np.intp]] = np.arange(self._samples)
        self._chunk: list[tuple[Array, Array]] = []
        self._chunk_start = 0
        self._batches_per_chunk = 1
        self.steps_per_pass = 1

    def begin(self, mode: str, batch_size: int, first_step: int) -> None:
        """Begins a pass.

        Args:
            mode: a member of `MODES`.
            batch_size: samples of a mini-batch; more than there are means all of them.
            first_step: the number of steps taken before the pass, which keys its order.
        """
        self._shuffled = MODES[mode].shuffles
        size = MODES[mode].size(batch_size, self._samples)
        if size != self._batch_size:
            self._batch_size = size
            self.steps_per_pass = -(-self._samples // size)
            sample_bytes = self._inputs[:1].nbytes + self._targets[:, :1].nbytes
            self._batches_per_chunk = min(max(1, _CHUNK_BYTES // (sample_bytes * size)), self.steps_per_pass)
        self._chunk = []
        if self._shuffled:
            self._order = generator(self._seed, "shuffle", first_step).permutation(self._samples)

    def batch(self, position: int, dropout_key: tuple[int, int] | None = None) -> Batch:
        """The pass's batch number `position`, from 0; valid until a batch of another chunk is drawn."""
        if not self._shuffled:
            return Batch(self._inputs, self._targets, dropout_key)
        offset = position - self._chunk_start
        if not 0 <= offset < len(self._chunk):
            self._gather(position)
            offset = position - self._chunk_start
        return Batch(*self._chunk[offset], dropout_key)

    def rows(self, position: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Which training examples, counted from 0, the pass's batch number `position` holds, in its order."""
        start = position * self._batch_size
        return self._order[start : start + self._batch_size] if self._shuffled else np.arange(self._samples)

    def _gather(self, position: int) -> None:
        self._chunk_start = position - position % self._batches_per_chunk
        start = self._chunk_start * self._batch_size
        rows = self._order[start : start + self._batches_per_chunk * self._batch_size]
        inputs = np.take(self._inputs, rows, axis=0)
        targets = np.take(self._targets, rows, axis=1)
        self._chunk = [
            (inputs[begin : begin + self._batch_size], targets[:, begin : begin + self._batch_size])
            for begin in range(0, len(rows), self._batch_size)
        ]
