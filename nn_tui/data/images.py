"""Pictures of garments as a network reads them: gray values from 0 to 1, kept once in memory."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Account, Dataset, Examples, Inputs
from nn_tui.data.scaling import fit_scaling, unscaled
from nn_tui.data.splitting import Parts

Bytes = NDArray[np.uint8]
Indices = NDArray[np.intp]

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
"""FashionMNIST's classes, in the order of its labels."""


class Pictures(NamedTuple):
    """Gray images and what they show.

    Attributes:
        pixels: shape (n, rows, columns), 0 is black.
        labels: shape (n,), class numbers.
    """

    pixels: Bytes
    labels: Bytes


def balanced(labels: Bytes, count: int, order: Indices | None = None) -> Indices | slice:
    """Which pictures make a subset with as many of each class as of any other.

    Args:
        labels: of all pictures, shape (n,).
        count: at most so many; those that do not divide evenly go to the first classes. A class that has too few gives
            what it has.
        order: all rows in the order they are chosen in; that of the file if left out.

    Returns:
        Rows in ascending order, or a slice of everything if that is not more than `count`.
    """
    if count >= len(labels):
        return slice(None)
    order = np.arange(len(labels)) if order is None else order
    classes = np.unique(labels)
    chosen = []
    for place, label in enumerate(classes):
        share = count // len(classes) + (place < count % len(classes))
        chosen.append(order[labels[order] == label][:share])
    return np.sort(np.concatenate(chosen))


def subset(pictures: Pictures, rows: Indices | slice) -> Pictures:
    """Some of the pictures; of all of them no copy is made."""
    return Pictures(pictures.pixels[rows], pictures.labels[rows])


def build_image_dataset(
    name: str,
    train: Pictures,
    test: Pictures,
    parts: Parts,
    *,
    class_names: Sequence[str],
    scaling: str,
    dtype: str,
) -> Dataset:
    """Makes pictures into examples.

    Args:
        name, class_names: as in `Dataset`.
        train, test: of the same image size.
        parts: which of `train` are to learn from, and which for validation.
        scaling: "none", "standard" or "minmax", pixel by pixel.
        dtype: "float32" or "float64", of the network's inputs.
    """
    rows, columns = train.pixels.shape[1:]
    validated = subset(train, parts.validation)
    # Without a validation set the pictures stay in their order, and of all of them no copy is made.
    learned = subset(train, parts.train) if len(parts.validation) else train
    sets = [_examples(pictures, dtype) for pictures in (learned, validated, test)]
    input_scaling = fit_scaling(scaling, sets[0].inputs[:, :-1])
    for examples in sets:
        input_scaling.apply_in_place(examples.inputs[:, :-1])
    pixels = tuple(f"pixel {row},{column}" for row in range(rows) for column in range(columns))
    return Dataset(
        name=name,
        task="multiclass",
        train=sets[0],
        validation=sets[1],
        test=sets[2],
        columns=pixels,
        feature_names=pixels,
        class_names=tuple(class_names),
        target_names=("class",),
        features=None,
        input_scaling=input_scaling,
        target_scaling=unscaled(1),
        image_shape=(rows, columns),
        account=Account(split="own"),
    )


def _examples(pictures: Pictures, dtype: str) -> Examples:
    """Pixels as rows (n, rows · columns + 1) from 0 to 1, the last column ones, and class numbers."""
    pixels = pictures.pixels
    count, size = len(pixels), pixels.shape[1] * pixels.shape[2]
    inputs: Inputs = np.empty((count, size + 1), dtype)
    np.divide(pixels.reshape(count, size), inputs.dtype.type(255.0), out=inputs[:, :-1])
    inputs[:, -1] = 1.0
    return Examples(inputs, pictures.labels.astype(np.float64))
