"""What a network makes of the examples it was not trained on: images with their classes, and which are mistaken."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset, Examples
from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Network
from nn_tui.training.look.packing import levels
from nn_tui.training.look.parts import Images, ImageSample
from nn_tui.training.look.plane import predictions

MOST_IMAGES = 24

_LEAST = 256

Classes = NDArray[np.intp]


@dataclass(frozen=True)
class Tested:
    """Classes of some examples.

    Attributes:
        rows: which of the test set, or of the training set where there is no test set, ascending.
        targets, predicted: class numbers, shape (rows,).
        probabilities: of each class, shape (classes, rows).
    """

    rows: Classes
    targets: Classes
    predicted: Classes
    probabilities: Array

    @property
    def probability_of_target(self) -> Array:
        """Of the true class, shape (rows,)."""
        return self.probabilities[self.targets, np.arange(len(self.rows))]


def try_out(network: Network, dataset: Dataset, products: float) -> Tested:
    """Runs as much of the test set through the network as a number of multiplications is enough for, evenly spread.

    Args:
        network: at its present parameters.
        dataset: of a classification.
        products: how many multiplications, roughly; 256 examples are looked at in any case.
    """
    examples = dataset.test if len(dataset.test) else dataset.train
    count = min(len(examples), max(_LEAST, int(products / network.parameters.size)))
    rows = np.union1d(_spread(count, len(examples)), _shown(examples))
    inputs = examples.inputs if len(rows) == len(examples) else examples.inputs[rows]
    probabilities = predictions(network, inputs)
    if len(probabilities) == 1:
        probabilities = np.vstack((1.0 - probabilities, probabilities))
    targets = examples.targets[rows].astype(np.intp)
    predicted: Classes = (probabilities[1] > 0.5).astype(np.intp) if network.outputs == 1 else probabilities.argmax(0)
    return Tested(rows, targets, predicted, probabilities)


def _spread(count: int, size: int) -> Classes:
    return np.arange(count) * size // count


def _shown(examples: Examples) -> Classes:
    """Which examples are shown whatever becomes of them."""
    return _spread(min(MOST_IMAGES, len(examples)), len(examples))


def confusion(tested: Tested, classes: int) -> tuple[tuple[int, ...], ...]:
    """Counts by true class (rows) and predicted class (columns)."""
    counts = np.bincount(tested.targets * classes + tested.predicted, minlength=classes * classes)
    return tuple(tuple(row) for row in counts.reshape(classes, classes).tolist())


def images(tested: Tested, dataset: Dataset) -> Images:
    """Some of the images looked at, evenly spread and always the same, and the worst mistakes."""
    examples = dataset.test if len(dataset.test) else dataset.train
    wrong = np.flatnonzero(tested.predicted != tested.targets)
    worst = wrong[np.argsort(tested.probability_of_target[wrong], kind="stable")[:MOST_IMAGES]]
    fixed = np.searchsorted(tested.rows, _shown(examples))
    return Images(
        samples=tuple(_image(tested, dataset, examples, place) for place in fixed),
        mistakes=tuple(_image(tested, dataset, examples, place) for place in worst),
        wrong=len(wrong),
        total=len(tested.rows),
    )


def _image(tested: Tested, dataset: Dataset, examples: Examples, place: int) -> ImageSample:
    row = int(tested.rows[place])
    gray = dataset.input_scaling.undo(examples.inputs[row : row + 1, :-1].astype(np.float64))
    return ImageSample(
        index=row,
        pixels=np.clip(np.rint(gray * 255.0), 0.0, 255.0).astype(np.uint8).tobytes(),
        target=int(tested.targets[place]),
        predicted=int(tested.predicted[place]),
        probability=float(tested.probabilities[tested.predicted[place], place]),
        probabilities=levels(tested.probabilities[:, place]),
    )
