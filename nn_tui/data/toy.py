"""Toy problems, drawn from a generator: most live in the square [−1, 1]², as in TensorFlow Playground.

Noise is drawn after the points, so that the same generator seed gives the same points at any noise; classes are told
before noise moves the points.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.floats import Floats

Generate = Callable[[int, float, np.random.Generator], tuple[Floats, Floats]]

_MARGIN = 0.05
"""Points of xor, and, or keep this far from the axes, so that without noise the classes are apart."""

_SPIRAL_TURNS = 1.75


@dataclass(frozen=True)
class ToyKind:
    """A toy problem.

    Attributes:
        name: the name scenarios use.
        task: "binary" (targets 0.0 and 1.0) or "regression".
        inputs: 1 or 2 coordinates.
        summary: one line for people.
        generate: (samples, noise, generator) gives inputs (n, inputs) and targets (n,), float64. `noise` is a standard
            deviation: of the coordinates for classes, of the target for a regression.
    """

    name: str
    task: Literal["binary", "regression"]
    inputs: int
    summary: str
    generate: Generate


def _square(samples: int, generator: np.random.Generator) -> Floats:
    points = generator.uniform(-1.0, 1.0, (samples, 2))
    points += np.where(points >= 0.0, _MARGIN, -_MARGIN) * (1.0 - np.abs(points))
    return points


def _corners(label: Callable[[NDArray[np.bool_], NDArray[np.bool_]], NDArray[np.bool_]]) -> Generate:
    def generate(samples: int, noise: float, generator: np.random.Generator) -> tuple[Floats, Floats]:
        points = _square(samples, generator)
        targets = label(points[:, 0] > 0.0, points[:, 1] > 0.0).astype(np.float64)
        return _jittered(points, noise, generator), targets

    return generate


def _jittered(points: Floats, noise: float, generator: np.random.Generator) -> Floats:
    return points + noise * generator.standard_normal(points.shape)


def _alternating(samples: int) -> Floats:
    return np.arange(samples, dtype=np.float64) % 2


def _circle(samples: int, noise: float, generator: np.random.Generator) -> tuple[Floats, Floats]:
    targets = _alternating(samples)
    share = generator.uniform(0.0, 1.0, samples)
    radius = np.where(targets == 1.0, 0.5 * np.sqrt(share), 0.7 + 0.3 * share)
    angle = generator.uniform(0.0, 2.0 * np.pi, samples)
    points = np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))
    return _jittered(points, noise, generator), targets


def _gauss(samples: int, noise: float, generator: np.random.Generator) -> tuple[Floats, Floats]:
    targets = _alternating(samples)
    center = np.where(targets == 1.0, 0.4, -0.4)[:, np.newaxis]
    points = center + 0.15 * generator.standard_normal((samples, 2))
    return _jittered(points, noise, generator), targets


def _spiral(samples: int, noise: float, generator: np.random.Generator) -> tuple[Floats, Floats]:
    targets = _alternating(samples)
    place = (np.arange(samples) // 2) / max(1, (samples + 1) // 2 - 1)
    radius = 0.05 + 0.95 * place
    angle = _SPIRAL_TURNS * 2.0 * np.pi * place + np.pi * targets
    points = np.column_stack((radius * np.sin(angle), radius * np.cos(angle)))
    return _jittered(points, noise, generator), targets


def _moons(samples: int, noise: float, generator: np.random.Generator) -> tuple[Floats, Floats]:
    targets = _alternating(samples)
    angle = generator.uniform(0.0, np.pi, samples)
    side = np.where(targets == 1.0, -1.0, 1.0)
    x = side * 0.6 * np.cos(angle) - side * 0.3
    y = side * 0.6 * np.sin(angle) - side * 0.15
    return _jittered(np.column_stack((x, y)), noise, generator), targets


def _curve(function: Callable[[Floats], Floats]) -> Generate:
    def generate(samples: int, noise: float, generator: np.random.Generator) -> tuple[Floats, Floats]:
        x = generator.uniform(-1.0, 1.0, (samples, 1))
        return x, function(x[:, 0]) + noise * generator.standard_normal(samples)

    return generate


def _over_square(function: Callable[[Floats, Floats], Floats]) -> Generate:
    def generate(samples: int, noise: float, generator: np.random.Generator) -> tuple[Floats, Floats]:
        points = generator.uniform(-1.0, 1.0, (samples, 2))
        return points, function(points[:, 0], points[:, 1]) + noise * generator.standard_normal(samples)

    return generate


_BUMPS = ((-0.7, 0.4, 1.0), (0.0, 0.4, -1.0), (0.7, 0.4, 1.0), (-0.7, -0.4, -1.0), (0.0, -0.4, 1.0), (0.7, -0.4, -1.0))
"""Places (x, y) and signs of the bumps of gauss-surface."""


def _bumps(x: Floats, y: Floats) -> Floats:
    total = np.zeros_like(x)
    for center_x, center_y, sign in _BUMPS:
        total += sign * np.exp(-((x - center_x) ** 2 + (y - center_y) ** 2) / (2.0 * 0.22**2))
    return total


TOY_KINDS = {
    kind.name: kind
    for kind in (
        ToyKind("xor", "binary", 2, "class 1 where exactly one coordinate is above 0", _corners(np.not_equal)),
        ToyKind("and", "binary", 2, "class 1 where both coordinates are above 0", _corners(np.logical_and)),
        ToyKind("or", "binary", 2, "class 1 where a coordinate is above 0", _corners(np.logical_or)),
        ToyKind("circle", "binary", 2, "a disk within a ring", _circle),
        ToyKind("gauss", "binary", 2, "two round clouds", _gauss),
        ToyKind("spiral", "binary", 2, "two arms wound into each other", _spiral),
        ToyKind("moons", "binary", 2, "two half moons that interlock", _moons),
        ToyKind("line", "regression", 1, "y = 0.8·x − 0.2", _curve(lambda x: 0.8 * x - 0.2)),
        ToyKind("sine", "regression", 1, "y = sin(1.5·π·x)", _curve(lambda x: np.sin(1.5 * np.pi * x))),
        ToyKind("plane", "regression", 2, "z = (x + y) / 2", _over_square(lambda x, y: 0.5 * (x + y))),
        ToyKind("gauss-surface", "regression", 2, "hills and hollows side by side", _over_square(_bumps)),
    )
}
