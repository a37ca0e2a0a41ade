"""The kinds of data a scenario can ask for, as far as a scenario has to know them."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from nn_tui.engine.surfaces import SURFACES

Task = Literal["binary", "classification", "regression", "auto", "none"]
"""`classification`: any number of classes, known once the data are read; `auto`: not even that is known; `none`: there
are no examples to learn from."""


class DataKind(msgspec.Struct, frozen=True):
    """A kind of data.

    Attributes:
        name: the name scenarios use.
        task: what there is to learn.
        summary: what it is like, in a sentence.
        inputs: how many raw inputs an example has; 0 if that is known only once the data are read.
        noise: the default of `data.noise`, in the kind's own units.
        samples, test_samples: the defaults of `data.samples` and `data.test_samples`.
        fewest: the least that `data.samples` may be.
        needs: keys of `data` that have to be given, each with what it is where one goes over to this kind.
        lacks: keys of the scenario that do not apply to it, with the reason.
        told_lanes: how many lanes of an ordinary run rows and results name: none, or one as of a race.
        loss: what is minimized, `epoch` what one pass is, and `race` what the lanes' curves show, in people's words.
        compared: what runs of it are compared by, in people's words, with `{}` for a set of examples.
        least_loss: the least it can be; None for no such bound.
    """

    name: str
    task: Task
    summary: str
    inputs: int
    noise: float = 0.0
    samples: int = 200
    test_samples: int = 0
    fewest: int = 2
    needs: Mapping[str, str | None] = msgspec.field(default_factory=dict)
    lacks: Mapping[str, str] = msgspec.field(default_factory=dict)
    told_lanes: int = 0
    loss: str = "loss"
    epoch: str = "epoch"
    race: str = "Race: training loss"
    compared: str = "{} loss"
    least_loss: float | None = 0.0

    def has(self, key: str) -> bool:
        """Whether a key of the scenario, or a table, applies to it."""
        return not any(f"{key}.".startswith(f"{lacking}.") for lacking in self.lacks)

    def require(self, key: str, otherwise: Exception) -> None:
        """Refuses what needs a key that does not apply to it.

        Raises:
            otherwise: where it does not.
        """
        if not self.has(key):
            raise otherwise


TOYS = {
    kind.name: kind
    for kind in (
        DataKind("xor", "binary", "Two classes in opposite corners of a square: no straight line parts them.", 2, 0.1),
        DataKind("and", "binary", "Class 1 where x and y are both positive: one line parts the classes.", 2, 0.1),
        DataKind("or", "binary", "Class 1 where x or y is positive: one line parts the classes.", 2, 0.1),
        DataKind("circle", "binary", "A disk inside a ring.", 2, 0.1),
        DataKind("gauss", "binary", "Two round clouds that overlap.", 2, 0.1),
        DataKind("spiral", "binary", "Two spirals wound into each other.", 2, 0.1),
        DataKind("moons", "binary", "Two half moons that interlock.", 2, 0.1),
        DataKind("line", "regression", "Points along y = 0.8·x − 0.2.", 1, 0.1),
        DataKind("sine", "regression", "Points along a sine wave.", 1, 0.1),
        DataKind("plane", "regression", "Points on z = (x + y) / 2.", 2, 0.1),
        DataKind("gauss-surface", "regression", "Three hills and three hollows over a square.", 2, 0.1),
    )
}
FASHION_MNIST = DataKind(
    "fashion-mnist",
    "classification",
    "Photographs of garments in ten classes, 28 × 28 pixels.",
    28 * 28,
    samples=2000,
    test_samples=1000,
    fewest=10,
)
FASHION_SKETCH = DataKind(
    "fashion-sketch",
    "classification",
    "Garments drawn by code in ten classes, 28 × 28 pixels; no download is needed.",
    28 * 28,
    samples=2000,
    test_samples=1000,
    fewest=10,
)
IMAGES = {kind.name: kind for kind in (FASHION_MNIST, FASHION_SKETCH)}
"""Pictures of garments in ten classes: FashionMNIST's photographs, and drawings made by code."""

CSV = DataKind(
    "csv",
    "auto",
    "A table of yours: a row an example, a column the target, the others inputs.",
    0,
    needs={"path": None, "target": None},
)
SURFACE = DataKind(
    "surface",
    "none",
    "A function of two variables in place of data and network: optimizers move a point on it.",
    2,
    needs={"function": next(iter(SURFACES))},
    lacks={
        "network": "a surface has no network: a point moves on it, and there is nothing to build",
        **dict.fromkeys(
            ("training.loss", "training.class_weight", "training.regularization", "training.early_stop"),
            "does not apply to a surface, which is itself what is minimized",
        ),
    },
    told_lanes=1,
    loss="height",
    epoch="step",
    race="Height",
    compared="height",
    least_loss=None,
)
"""A function of two variables in the place of data and network: a point moves on it."""

KINDS = {**TOYS, **IMAGES, CSV.name: CSV, SURFACE.name: SURFACE}

FEATURES = {
    1: ("x", "x2", "sinx"),
    2: ("x", "y", "xy", "x2", "y2", "sinx", "siny"),
}
"""The inputs a network can be given, by the number of raw ones."""

DEFAULT_FEATURES = {1: ("x",), 2: ("x", "y")}
