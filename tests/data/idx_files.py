"""Making IDX files for tests."""

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.fashion_mnist import FILES
from nn_tui.data.images import Pictures


def idx(values: NDArray[np.uint8]) -> bytes:
    """The content of an IDX file of bytes."""
    shape = b"".join(length.to_bytes(4, "big") for length in values.shape)
    return bytes((0, 0, 8, values.ndim)) + shape + values.tobytes()


def write_set(folder: Path, train: Pictures, test: Pictures) -> None:
    """Writes pictures as the four files of FashionMNIST, compressed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in zip(FILES, (train.pixels, train.labels, test.pixels, test.labels), strict=True):
        (folder / f"{name}.gz").write_bytes(gzip.compress(idx(values), 1))
