"""A hundred drawn configurations, healthy or ill by construction, to hold the diagnosis to.

Healthy ones give an ordinary net an ordinary rate and enough clean data. Ill ones are healthy ones with one thing put
wrong that is known to bring about one failure. A few draws of a kind may turn out otherwise than they were built (a
large rate that happens to learn): those are the misses the test counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

HEALTHY = 50
"""Healthy draws; the ill ones come on top, `PER_KIND` of each kind."""
PER_KIND = 6


@dataclass(frozen=True)
class Case:
    """A drawn configuration.

    Attributes:
        name: for the list of misses.
        changes: to the scenario `xor`.
        kinds: findings any of which names the illness; empty for a healthy run.
    """

    name: str
    changes: dict[str, Any]
    kinds: frozenset[str] = field(default_factory=frozenset)


def healthy(number: int) -> Case:
    """An ordinary net that learns its task."""
    draw = np.random.default_rng((20, number))
    kind = str(draw.choice(["xor", "circle", "gauss", "moons", "line", "plane", "sine"]))
    activation, init = [("tanh", "xavier"), ("relu", "he"), ("leaky_relu", "he"), ("gelu", "he"), ("elu", "he")][
        int(draw.integers(5))
    ]
    changes: dict[str, Any] = {
        "data.kind": kind,
        "data.samples": int(draw.integers(300, 500)),
        "data.noise": 0.05,
        "network.hidden": [int(draw.integers(8, 17))] * int(draw.integers(1, 3)),
        "network.activation": activation,
        "network.init": init,
        "training.batch_size": int(draw.choice([16, 32])),
        "training.epochs": 100,
        "training.seed": int(draw.integers(1000)),
    }
    return Case(f"healthy {number}: {kind} {activation}", changes | _rate(draw, kind))


def _rate(draw: np.random.Generator, kind: str) -> dict[str, Any]:
    rules = [("adam", 0.01, 0.03), ("rmsprop", 0.005, 0.015), ("momentum", 0.3, 0.5)]
    # One rate for all weights needs more than these epochs on a sine or on interlocking moons.
    name, low, high = rules[int(draw.integers(2 if kind in ("sine", "moons") else 3))]
    return {"training.optimizer.name": name, "training.optimizer.lr": float(np.round(draw.uniform(low, high), 4))}


def _deep(draw: np.random.Generator, low: int, high: int, units: int = 8) -> list[int]:
    return [units] * int(draw.integers(low, high))


def _vanishing(draw: np.random.Generator) -> dict[str, Any]:
    return {"network.hidden": _deep(draw, 7, 12), "network.activation": "sigmoid", "network.init": "xavier"}


def _exploding(draw: np.random.Generator) -> dict[str, Any]:
    return {
        "network.hidden": _deep(draw, 5, 9, 24),
        "network.activation": "relu",
        "network.init": "normal",
        "training.optimizer.name": "sgd",
        "training.optimizer.lr": float(draw.choice([0.1, 0.5])),
    }


def _diverging(draw: np.random.Generator) -> dict[str, Any]:
    return {
        "data.kind": str(draw.choice(["plane", "line"])),
        "network.hidden": [],
        "training.optimizer.name": "sgd",
        "training.optimizer.lr": float(draw.uniform(4.0, 9.0)),
    }


def _dying(draw: np.random.Generator) -> dict[str, Any]:
    return {
        "network.activation": "relu",
        "network.init": "he",
        "training.optimizer.name": "adam",
        "training.optimizer.lr": float(draw.uniform(1.0, 3.0)),
    }


def _symmetric(_draw: np.random.Generator) -> dict[str, Any]:
    return {"network.init": "zeros"}


def _saturated(_draw: np.random.Generator) -> dict[str, Any]:
    return {
        "data.kind": "circle",
        "network.hidden": [32] * 3,
        "network.activation": "tanh",
        "network.init": "normal",
        "training.loss": "mse",
        "training.optimizer.name": "sgd",
        "training.optimizer.lr": 0.003,
        "training.epochs": 40,
    }


def _fast(draw: np.random.Generator) -> dict[str, Any]:
    return {
        "data.kind": str(draw.choice(["xor", "circle", "moons"])),
        "network.hidden": [8, 8],
        "network.activation": "tanh",
        "network.init": "xavier",
        "training.optimizer.name": str(draw.choice(["adam", "sgd"])),
        "training.optimizer.lr": float(draw.uniform(5.0, 20.0)),
    }


def _slow(draw: np.random.Generator) -> dict[str, Any]:
    name = str(draw.choice(["adam", "sgd"]))
    low, high = (1e-6, 5e-6) if name == "adam" else (1e-5, 2e-4)
    return {
        "data.kind": str(draw.choice(["xor", "circle", "spiral"])),
        "training.optimizer.name": name,
        "training.optimizer.lr": float(draw.uniform(low, high)),
    }


def _overfitting(draw: np.random.Generator) -> dict[str, Any]:
    return {
        "data.kind": "sine",
        "data.samples": int(draw.integers(24, 32)),
        "data.noise": 0.4,
        "data.test_share": 0.5,
        "network.hidden": [48, 48],
        "network.activation": "tanh",
        "network.init": "xavier",
        "training.optimizer.name": "adam",
        "training.optimizer.lr": 0.01,
        "training.epochs": 1200,
    }


def _underfitting(draw: np.random.Generator) -> dict[str, Any]:
    return {
        "data.kind": str(draw.choice(["xor", "circle", "spiral"])),
        "network.hidden": [],
        "training.optimizer.name": "adam",
        "training.optimizer.lr": 0.02,
    }


_ILL = {
    "vanishing": (_vanishing, {"vanishing"}),
    "exploding": (_exploding, {"exploding"}),
    "diverging": (_diverging, {"diverged"}),
    "dying": (_dying, {"dead-units"}),
    "symmetric": (_symmetric, {"symmetry"}),
    "saturated": (_saturated, {"saturation"}),
    "too fast": (_fast, {"rate-too-high"}),
    "too slow": (_slow, {"rate-too-low"}),
    "overfitting": (_overfitting, {"overfitting"}),
    "underfitting": (_underfitting, {"underfitting"}),
}


def ill(kind: str, number: int) -> Case:
    """A net with one thing put wrong."""
    make, kinds = _ILL[kind]
    draw = np.random.default_rng((21, sorted(_ILL).index(kind), number))
    base = {
        "data.kind": "xor",
        "data.samples": 300,
        "data.noise": 0.05,
        "network.hidden": [8, 8],
        "training.epochs": 100,
        "training.seed": int(draw.integers(1000)),
    }
    return Case(f"{kind} {number}", base | make(draw), frozenset(kinds))


def cases() -> Iterator[Case]:
    """All of them, healthy ones first."""
    yield from (healthy(number) for number in range(HEALTHY))
    yield from (ill(kind, number) for kind in _ILL for number in range(PER_KIND))
