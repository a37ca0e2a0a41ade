"""The buffers a loss works in, and how much each sample counts in its mean."""

import numpy as np

from nn_tui.engine.arrays import Array


class Workspace:
    """Buffers of one batch size for outputs and losses: nothing is allocated in a step.

    Attributes:
        prediction, scratch, spare: shape (outputs, n).
        row, spare_row: shape (n,), one number a sample.
        sample_mean: shape (n,), adds up to 1: a dot product with it is a mean over samples.
        element_mean: shape (outputs·n,), adds up to 1.
        samples, elements: what divides a gradient's share of such a mean: n and outputs·n, as arrays without a
            dimension; of weighted samples rows of shape (n,).
        element_share: 1 over `elements`.
        class_ones: shape (outputs,), filled with 1: a dot product with it is a sum over outputs.
        zero: 0, as an array without a dimension.
    """

    def __init__(self, outputs: int, samples: int, dtype: np.dtype[np.floating]) -> None:
        self.prediction: Array = np.empty((outputs, samples), dtype)
        self.scratch: Array = np.empty((outputs, samples), dtype)
        self.spare: Array = np.empty((outputs, samples), dtype)
        self.row: Array = np.empty(samples, dtype)
        self.spare_row: Array = np.empty(samples, dtype)
        self.sample_mean: Array = np.full(samples, 1.0 / samples, dtype)
        self.element_mean: Array = np.full(outputs * samples, 1.0 / (outputs * samples), dtype)
        self.samples: Array = np.array(samples, dtype)
        self.elements: Array = np.array(outputs * samples, dtype)
        self.element_share: Array = np.array(1.0 / (outputs * samples), dtype)
        self.class_ones: Array = np.ones(outputs, dtype)
        self.zero: Array = np.zeros((), dtype)
        self._weighted: Workspace | None = None

    def weighted(self, weights: Array) -> "Workspace":
        """The same buffers with means in which each sample counts by its weight: Σ w·l / Σ w.

        Samples that weigh nothing all together have a loss and a gradient of 0.

        Args:
            weights: shape (n,), none below 0.

        Returns:
            A workspace that is valid until the next call.
        """
        outputs, samples = self.prediction.shape
        if self._weighted is None:
            self._weighted = Workspace(outputs, samples, self.row.dtype)
            for name in ("prediction", "scratch", "spare", "row", "spare_row"):
                setattr(self._weighted, name, getattr(self, name))
        work, total = self._weighted, float(weights.sum(dtype=np.float64))
        work.sample_mean = weights / total if total > 0.0 else np.zeros_like(weights)
        work.element_share = work.sample_mean / outputs
        work.element_mean = np.tile(work.element_share, outputs)
        with np.errstate(divide="ignore"):
            work.samples, work.elements = 1.0 / work.sample_mean, 1.0 / work.element_share
        return work
