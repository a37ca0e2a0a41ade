"""The kinds of data a scenario can ask for, as far as a scenario has to know them."""

from dataclasses import dataclass
from typing import Literal

Task = Literal["binary", "classification", "regression", "auto", "none"]
"""`classification`: any number of classes, known once the data are read; `auto`: not even that is known; `none`: there
are no examples to learn from."""


@dataclass(frozen=True)
class DataKind:
    """A kind of data.

    Attributes:
        name: the name scenarios use.
        task: what there is to learn.
        inputs: how many raw inputs an example has; 0 if that is known only once the data are read.
        noise: the default of `data.noise`, in the kind's own units.
        samples, test_samples: the defaults of `data.samples` and `data.test_samples`.
        fewest: the least that `data.samples` may be.
    """

    name: str
    task: Task
    inputs: int
    noise: float = 0.0
    samples: int = 200
    test_samples: int = 0
    fewest: int = 2


TOYS = {
    kind.name: kind
    for kind in (
        DataKind("xor", "binary", 2, 0.1),
        DataKind("and", "binary", 2, 0.1),
        DataKind("or", "binary", 2, 0.1),
        DataKind("circle", "binary", 2, 0.1),
        DataKind("gauss", "binary", 2, 0.1),
        DataKind("spiral", "binary", 2, 0.1),
        DataKind("moons", "binary", 2, 0.1),
        DataKind("line", "regression", 1, 0.1),
        DataKind("sine", "regression", 1, 0.1),
        DataKind("plane", "regression", 2, 0.1),
        DataKind("gauss-surface", "regression", 2, 0.1),
    )
}
FASHION_MNIST = DataKind("fashion-mnist", "classification", 28 * 28, samples=2000, test_samples=1000, fewest=10)
FASHION_SKETCH = DataKind("fashion-sketch", "classification", 28 * 28, samples=2000, test_samples=1000, fewest=10)
IMAGES = {kind.name: kind for kind in (FASHION_MNIST, FASHION_SKETCH)}
"""Pictures of garments in ten classes: FashionMNIST's photographs, and drawings made by code."""

CSV = DataKind("csv", "auto", 0)
SURFACE = DataKind("surface", "none", 2)
"""A function of two variables in the place of data and network: a point moves on it."""

KINDS = {**TOYS, **IMAGES, CSV.name: CSV, SURFACE.name: SURFACE}

FEATURES = {
    1: ("x", "x2", "sinx"),
    2: ("x", "y", "xy", "x2", "y2", "sinx", "siny"),
}
"""The inputs a network can be given, by the number of raw ones."""

DEFAULT_FEATURES = {1: ("x",), 2: ("x", "y")}
