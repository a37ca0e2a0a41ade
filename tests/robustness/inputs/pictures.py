"""Pictures, and the files that FashionMNIST comes in."""

import gzip
import random
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.idx import IMAGES, LABELS, read_idx
from tests.robustness.inputs.trial import BOUND, Trial, once
from tests.robustness.mutations import mutated
from tests.shell.programs import nn


def picture(chance: random.Random, folder: Path) -> Trial:
    from PIL import Image

    model = once(folder / "pictures.safetensors", _make_pictures)
    ending, mode = (
        chance.choice(["png", "tiff", "bmp", "gif", "jpeg"]),
        chance.choice(["L", "1", "RGB", "RGBA", "P", "I;16", "F", "LA", "CMYK", "I"]),
    )
    path = folder / f"p.{ending}"
    # Some kinds cannot be saved so: the case must not depend on what the one before has left.
    path.unlink(missing_ok=True)
    with suppress(OSError, ValueError, KeyError):
        size = chance.choice([(28, 28), (1, 1), (1, 300), (40, 13)])
        Image.new(mode, size, chance.choice([0, 1, 200])).save(path)
    if path.exists() and chance.random() < 0.8:
        path.write_bytes(mutated(chance, path.read_bytes()))
    return "predict", model, path, *chance.choice([(), ("--json",), ("--invert",)])


def _make_pictures(path: Path) -> None:
    small = ("--set", "samples=20", "--set", "test_samples=20", *BOUND)
    assert nn("replay", "fashion-sketch", "--quiet", *small, "--save", path).exit_code == 0


def idx(chance: random.Random, folder: Path) -> Trial:
    dimensions = chance.choice([IMAGES, LABELS])
    shape = (4, 28, 28)[:dimensions]
    content = struct.pack(f">HBB{dimensions}I", 0, 8, dimensions, *shape) + bytes(int(np.prod(shape)))
    content = gzip.compress(mutated(chance, content), 1) if chance.random() < 0.3 else mutated(chance, content)
    if chance.random() < 0.3:
        content = mutated(chance, gzip.compress(content, 1))
    path = folder / "train-images-idx3-ubyte"
    path.write_bytes(content)

    def read() -> None:
        with suppress(DataError):
            read_idx(path, dimensions)

    return read
