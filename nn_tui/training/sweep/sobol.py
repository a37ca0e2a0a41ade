"""A scrambled Sobol sequence: points that fill a cube more evenly than independent ones do.

Direction numbers are Joe & Kuo's (2008, "Constructing Sobol sequences with better two-dimensional projections"); the
scrambling is a random lower triangular matrix and a digital shift for each dimension (Matoušek 1998), which keeps the
points' evenness and makes each of them uniform.
"""

import numpy as np
from numpy.typing import NDArray

_BITS = 30
# Of each dimension from the second on: the degree of its primitive polynomial, the polynomial's inner coefficients as
# bits, and the first direction numbers.
_DIRECTIONS = (
    (1, 0, (1,)),
    (2, 1, (1, 3)),
    (3, 1, (1, 3, 1)),
    (3, 2, (1, 1, 1)),
    (4, 1, (1, 1, 3, 3)),
    (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)),
    (5, 4, (1, 1, 5, 5, 5)),
    (5, 7, (1, 1, 7, 11, 19)),
    (5, 11, (1, 1, 5, 1, 1)),
    (5, 13, (1, 1, 1, 3, 11)),
    (5, 14, (1, 3, 5, 5, 31)),
    (6, 1, (1, 3, 3, 9, 7, 49)),
    (6, 13, (1, 1, 1, 15, 21, 21)),
    (6, 16, (1, 3, 1, 13, 27, 49)),
)
MOST_DIMENSIONS = len(_DIRECTIONS) + 1


def sobol(count: int, dimensions: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """The first points of the sequence, shape (count, dimensions), each coordinate from 0 up to but not 1.

    Args:
        count: how many; powers of two fill the cube most evenly.
        dimensions: up to `MOST_DIMENSIONS`.
        generator: what the scrambling is drawn from.
    """
    points = np.empty((count, dimensions))
    for dimension in range(dimensions):
        directions = _scrambled(_directions(dimension), generator)
        value = int(generator.integers(1 << _BITS))
        for number in range(count):
            points[number, dimension] = value / (1 << _BITS)
            # Gray code: the next point differs by the direction of the lowest bit that is 0.
            value ^= directions[(~number & (number + 1)).bit_length() - 1]
    return points


def _directions(dimension: int) -> list[int]:
    """Direction numbers as integers of `_BITS` bits, the most significant first."""
    if dimension == 0:
        return [1 << (_BITS - 1 - bit) for bit in range(_BITS)]
    degree, inner, first = _DIRECTIONS[dimension - 1]
    directions = [number << (_BITS - 1 - bit) for bit, number in enumerate(first)]
    for bit in range(degree, _BITS):
        value = directions[bit - degree] ^ (directions[bit - degree] >> degree)
        for place in range(1, degree):
            if inner >> (degree - 1 - place) & 1:
                value ^= directions[bit - place]
        directions.append(value)
    return directions


def _scrambled(directions: list[int], generator: np.random.Generator) -> list[int]:
    """Each direction times a random lower triangular matrix of bits with ones on its diagonal."""
    rows = []
    for row in range(_BITS):
        below = _BITS - row
        rows.append(1 << (below - 1) | int(generator.integers(1 << _BITS)) >> below << below)
    return [
        sum(((direction & mask).bit_count() & 1) << (_BITS - 1 - row) for row, mask in enumerate(rows))
        for direction in directions
    ]
