"""Functions of two variables to walk down: bowls, ravines, saddles, plateaus, hollows and a cliff.

What goes wrong on a network's loss in thousands of dimensions can be *seen* here in two (the course notes, section
2.2.4; Goodfellow et al. 2016, sections 8.2.2 to 8.2.4). Each surface is one object in `SURFACES`;
`SurfaceObjective` makes it something that an optimizer can minimize, exactly as it minimizes a network.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from nn_tui.engine.randomness import generator

if TYPE_CHECKING:
    from nn_tui.engine.arrays import Array

Coordinate: TypeAlias = Any
"""A float, or an array of any shape: a surface is evaluated at a point or over a whole grid."""
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Surface:
    """A function f(x, y) with its gradient.

    Attributes:
        name: the name scenarios use.
        summary: one line for people.
        formula, gradient_formulas: of the height, and of its slopes along x and y, for people.
        function: (x, y) gives f, element by element.
        gradient: (x, y) gives (∂f/∂x, ∂f/∂y), element by element.
        start: a point to set out from that shows what the surface is about.
        minima: all local minima within the region, the lowest first.
        saddles: saddle points within the region that matter to the lesson.
        x_range, y_range: the region worth drawing.
        source: where it comes from; empty where it is made for this program.
    """

    name: str
    summary: str
    formula: str
    gradient_formulas: tuple[str, str]
    function: Callable[[Coordinate, Coordinate], Coordinate]
    gradient: Callable[[Coordinate, Coordinate], tuple[Coordinate, Coordinate]]
    start: Point
    minima: tuple[Point, ...]
    saddles: tuple[Point, ...] = ()
    x_range: tuple[float, float] = (-2.0, 2.0)
    y_range: tuple[float, float] = (-2.0, 2.0)
    source: str = ""


def _rosenbrock_gradient(x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate]:
    off = y - x * x
    return -2.0 * (1.0 - x) - 400.0 * x * off, 200.0 * off


def _beale_terms(x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate, Coordinate]:
    return 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3


def _beale(x: Coordinate, y: Coordinate) -> Coordinate:
    first, second, third = _beale_terms(x, y)
    return first**2 + second**2 + third**2


def _beale_gradient(x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate]:
    first, second, third = _beale_terms(x, y)
    along_x = first * (y - 1.0) + second * (y**2 - 1.0) + third * (y**3 - 1.0)
    along_y = x * (first + 2.0 * y * second + 3.0 * y**2 * third)
    return 2.0 * along_x, 2.0 * along_y


def _himmelblau_gradient(x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate]:
    first, second = x * x + y - 11.0, x + y * y - 7.0
    return 4.0 * x * first + 2.0 * second, 2.0 * first + 4.0 * y * second


def _well(x: Coordinate, y: Coordinate) -> Coordinate:
    return np.exp(-0.5 * (x * x + y * y))


_WALL_SLOPE = 20.0
_DRIFT = 0.3
_FOOT = 1.0 + math.log(_DRIFT / _WALL_SLOPE) / _WALL_SLOPE
"""Where the wall's rise balances the drift: the cliff's minimum."""


def _wall(x: Coordinate) -> Coordinate:
    # Bounded, so that no step ever lands where the exponential overflows.
    return np.exp(np.minimum(_WALL_SLOPE * (x - 1.0), 60.0))


_HOLLOW, _SIDE_HOLLOW, _RIDGE = -2.903534027771177, 2.746802700118, 0.156731327653
"""The roots of 2x³ − 16x + 5/2: two hollows of the Styblinski–Tang function along each axis, and the ridge between."""

SURFACES = {
    surface.name: surface
    for surface in (
        Surface(
            "bowl",
            "a round bowl: every rule finds the bottom",
            "(x² + y²) / 2",
            ("x", "y"),
            lambda x, y: 0.5 * (x * x + y * y),
            lambda x, y: (x, y),
            start=(-1.6, 1.2),
            minima=((0.0, 0.0),),
        ),
        Surface(
            "ravine",
            "a ravine 25 times as steep across as along: plain descent zigzags",
            "(x² + 25·y²) / 2",
            ("x", "25·y"),
            lambda x, y: 0.5 * (x * x + 25.0 * y * y),
            lambda x, y: (x, 25.0 * y),
            start=(-2.6, 0.8),
            minima=((0.0, 0.0),),
            x_range=(-3.0, 3.0),
            y_range=(-1.2, 1.2),
        ),
        Surface(
            "rosenbrock",
            "a curved valley with an almost flat floor",
            "(1 − x)² + 100·(y − x²)²",
            ("−2·(1 − x) − 400·x·(y − x²)", "200·(y − x²)"),
            lambda x, y: (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2,
            _rosenbrock_gradient,
            start=(-1.2, 1.0),
            minima=((1.0, 1.0),),
            y_range=(-1.0, 3.0),
            source="Rosenbrock 1960",
        ),
        Surface(
            "beale",
            "a flat basin with steep corners",
            "(1.5 − x + x·y)² + (2.25 − x + x·y²)² + (2.625 − x + x·y³)²",
            (
                "2·((1.5 − x + x·y)·(y − 1) + (2.25 − x + x·y²)·(y² − 1) + (2.625 − x + x·y³)·(y³ − 1))",
                "2·x·((1.5 − x + x·y) + 2·y·(2.25 − x + x·y²) + 3·y²·(2.625 − x + x·y³))",
            ),
            _beale,
            _beale_gradient,
            start=(1.0, 1.5),
            minima=((3.0, 0.5),),
            saddles=((0.0, 1.0),),
            x_range=(-1.0, 4.5),
            y_range=(-2.0, 2.0),
            source="Beale 1958",
        ),
        Surface(
            "himmelblau",
            "four equally deep minima: where you end depends on where you start",
            "(x² + y − 11)² + (x + y² − 7)²",
            ("4·x·(x² + y − 11) + 2·(x + y² − 7)", "2·(x² + y − 11) + 4·y·(x + y² − 7)"),
            lambda x, y: (x * x + y - 11.0) ** 2 + (x + y * y - 7.0) ** 2,
            _himmelblau_gradient,
            start=(-0.5, -0.5),
            minima=((3.0, 2.0), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)),
            saddles=((-0.127961, -1.953715), (0.086678, 2.884255), (3.385154, 0.073852), (-3.073026, -0.081353)),
            x_range=(-5.0, 5.0),
            y_range=(-5.0, 5.0),
            source="Himmelblau 1972",
        ),
        Surface(
            "saddle",
            "level at the saddle, where the gradient all but vanishes, then down to either side",
            "(x² − y²) / 2 + y⁴ / 4",
            ("x", "y³ − y"),
            lambda x, y: 0.5 * (x * x - y * y) + 0.25 * y**4,
            lambda x, y: (x, y**3 - y),
            start=(-1.5, 0.001),
            minima=((0.0, 1.0), (0.0, -1.0)),
            saddles=((0.0, 0.0),),
            y_range=(-1.6, 1.6),
        ),
        Surface(
            "plateau",
            "a well in a plain: far from it there is next to no slope",
            "1 − e^(−(x² + y²) / 2)",
            ("x·e^(−(x² + y²) / 2)", "y·e^(−(x² + y²) / 2)"),
            lambda x, y: 1.0 - _well(x, y),
            lambda x, y: (x * _well(x, y), y * _well(x, y)),
            start=(-2.6, 2.0),
            minima=((0.0, 0.0),),
            x_range=(-4.0, 4.0),
            y_range=(-3.0, 3.0),
        ),
        Surface(
            "hollows",
            "four hollows of different depth, one of them the lowest",
            "(x⁴ − 16·x² + 5·x + y⁴ − 16·y² + 5·y) / 2",
            ("2·x³ − 16·x + 5/2", "2·y³ − 16·y + 5/2"),
            lambda x, y: 0.5 * (x**4 - 16.0 * x * x + 5.0 * x + y**4 - 16.0 * y * y + 5.0 * y),
            lambda x, y: (2.0 * x**3 - 16.0 * x + 2.5, 2.0 * y**3 - 16.0 * y + 2.5),
            start=(0.6, 4.0),
            minima=(
                (_HOLLOW, _HOLLOW),
                (_HOLLOW, _SIDE_HOLLOW),
                (_SIDE_HOLLOW, _HOLLOW),
                (_SIDE_HOLLOW, _SIDE_HOLLOW),
            ),
            saddles=((_HOLLOW, _RIDGE), (_RIDGE, _HOLLOW), (_SIDE_HOLLOW, _RIDGE), (_RIDGE, _SIDE_HOLLOW)),
            x_range=(-4.5, 4.5),
            y_range=(-4.5, 4.5),
            source="Styblinski & Tang 1990",
        ),
        Surface(
            "cliff",
            "a gentle slope that ends at a wall: one step onto it throws the point far away",
            f"e^({_WALL_SLOPE:g}·(x − 1)) − {_DRIFT}·x + y² / 2",
            (f"{_WALL_SLOPE:g}·e^({_WALL_SLOPE:g}·(x − 1)) − {_DRIFT}", "y"),
            lambda x, y: _wall(x) - _DRIFT * x + 0.5 * y * y,
            lambda x, y: (_WALL_SLOPE * _wall(x) - _DRIFT, y),
            start=(-2.0, 1.0),
            minima=((_FOOT, 0.0),),
            x_range=(-3.0, 1.3),
            y_range=(-1.5, 1.5),
            source="after Pascanu et al. 2013, figure 6",
        ),
    )
}


class SurfaceObjective:
    """A point on a surface: an `Objective` of two parameters, x and y.

    Attributes:
        surface: where it stands.
        parameters, gradient: shape (2,).
        noise: standard deviation of what is added to each coordinate of the gradient, as a sample's gradient differs
            from the whole set's; 0 for none.
    """

    def __init__(self, surface: Surface, start: Point, *, dtype: str = "float32", noise: float = 0.0, seed: int = 0):
        """
        Args:
            surface: a member of `SURFACES`.
            start: the first point.
            noise: as above.
            seed: what the noise follows from.
        """
        self.surface = surface
        self.parameters: Array = np.array(start, dtype)
        self.gradient: Array = np.zeros(2, dtype)
        self.noise = noise
        self._seed = seed

    def loss_and_gradient(self, batch: int) -> float:
        """f at the present point, exact; writes its gradient, with the noise of step number `batch`."""
        # NumPy's numbers overflow to infinity, where Python's would raise.
        x, y = self.parameters.astype(np.float64)
        self.gradient[:] = self.surface.gradient(x, y)
        if self.noise:
            self.gradient += self.noise * generator(self._seed, "gradient-noise", batch).standard_normal(2)
        return float(self.surface.function(x, y))

    def loss_and_pieces(self, batch: int) -> tuple[float, None]:
        """As `loss_and_gradient`: so small a gradient has no pieces."""
        return self.loss_and_gradient(batch), None
