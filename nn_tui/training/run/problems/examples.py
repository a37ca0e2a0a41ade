"""Training and test set as networks read them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset
from nn_tui.engine.arrays import Array
from nn_tui.engine.probes import FIRST_SAMPLES, PROBE_SAMPLES
from nn_tui.engine.randomness import generator
from nn_tui.training.run.metrics import winners
from nn_tui.training.run.problems.architecture import Head, target_rows


class ScoredExamples:
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


class ExampleSets:
    """A data set as networks of one width of output read it.

    Attributes:
        whole: training, test and, where there is one, validation set by their names; the test set may be empty.
        few: of each the examples of a quick score, at most 256: of the training set those a probe begins with, of
            others some evenly spread, since a table to test on may be sorted.
        probe: what units are probed on: the training set, or a fixed sample of it.
    """

    def __init__(self, dataset: Dataset, head: Head, dtype: np.dtype[np.floating], seed: int) -> None:
        of_classes = dataset.task != "regression"
        self.whole = {
            name: ScoredExamples(part.inputs, target_rows(part.targets, head, dtype), of_classes=of_classes)
            for name, part in (("train", dataset.train), ("test", dataset.test), ("validation", dataset.validation))
            if name != "validation" or len(part)
        }
        rows = _probe_rows(len(self.train), seed)
        # The first rows of the probe set stand for the training set where a quick look must do.
        self.probe = ScoredExamples(
            self.train.inputs[rows], np.ascontiguousarray(self.train.targets[:, rows]), of_classes=of_classes
        )
        self.few = {
            name: _few(part, range(FIRST_SAMPLES) if name == "train" else _spread(len(part)), of_classes)
            for name, part in (self.whole | {"train": self.probe}).items()
        }

    @property
    def train(self) -> ScoredExamples:
        """The training set."""
        return self.whole["train"]

    @property
    def test(self) -> ScoredExamples:
        """The test set."""
        return self.whole["test"]


def _few(examples: ScoredExamples, rows: Sequence[int], of_classes: bool) -> ScoredExamples:
    if len(examples) <= FIRST_SAMPLES:
        return examples
    targets = np.ascontiguousarray(examples.targets[:, rows])
    return ScoredExamples(examples.inputs[rows], targets, of_classes=of_classes)


def _spread(count: int) -> list[int]:
    return [place * count // FIRST_SAMPLES for place in range(FIRST_SAMPLES)]


def _probe_rows(samples: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Which training examples units are probed on: all of them, or a fixed sample."""
    rows = generator(seed, "probe").permutation(samples)[:PROBE_SAMPLES]
    return np.sort(rows) if samples <= FIRST_SAMPLES else rows
