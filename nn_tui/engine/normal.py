"""The normal distribution function Φ, which NumPy lacks, and the slope of x·Φ(x): Taylor expansions around a fine grid.

The density's derivatives are φ⁽ⁿ⁾(x) = (−1)ⁿ·Heₙ(x)·φ(x), with Hermite's polynomials Heₙ (Abramowitz & Stegun 1964,
26.2). Eight terms around nodes 1/32 apart leave an absolute error under 1e-15.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn_tui.engine.arrays import Array

_LIMIT = 9
"""Beyond it Φ is 0 or 1 to within 1e-18."""
_NODES_PER_UNIT = 32
_TERMS = 8
_BLOCK = 4_096
"""Elements worked on at a time: the only temporaries are of this size, and stay in the processor's cache."""


def cdf(x: Array, out: Array) -> None:
    """Writes Φ(x), element by element, into `out` (x's shape and dtype; may be x itself). NaN stays NaN."""
    _expand(_cdf_coefficients(x.dtype), x, out)


def gelu_slope(x: Array, out: Array) -> None:
    """Writes Φ(x) + x·φ(x), the derivative of x·Φ(x), as `cdf` writes Φ."""
    _expand(_slope_coefficients(x.dtype), x, out)


def _nodes() -> NDArray[np.float64]:
    return np.arange(-_LIMIT * _NODES_PER_UNIT, _LIMIT * _NODES_PER_UNIT + 1) / _NODES_PER_UNIT


def _derivatives(nodes: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Φ and its first `_TERMS` derivatives at the nodes."""
    density = np.exp(-0.5 * nodes * nodes) / math.sqrt(2.0 * math.pi)
    hermite = [np.ones_like(nodes), nodes]
    while len(hermite) < _TERMS:
        n = len(hermite) - 1
        hermite.append(nodes * hermite[n] - n * hermite[n - 1])
    distribution = np.array([0.5 * math.erfc(-node * math.sqrt(0.5)) for node in nodes])
    return [distribution, *((-1) ** n * hermite[n] * density for n in range(_TERMS))]


def _taylor(derivatives: list[NDArray[np.float64]], dtype: np.dtype[Any]) -> Array:
    """Taylor coefficients, shape (terms, nodes), lowest order first; at the two ends the limits, 0 and 1."""
    rows = np.array([row / math.factorial(n) for n, row in enumerate(derivatives)])
    rows[:, [0, -1]] = 0.0
    rows[0, -1] = 1.0
    return rows.astype(dtype)


@cache
def _cdf_coefficients(dtype: np.dtype[Any]) -> Array:
    return _taylor(_derivatives(_nodes())[:_TERMS], dtype)


@cache
def _slope_coefficients(dtype: np.dtype[Any]) -> Array:
    # (Φ + xφ)⁽ⁿ⁾ = x·Φ⁽ⁿ⁺¹⁾ + (n + 1)·Φ⁽ⁿ⁾
    nodes = _nodes()
    phi = _derivatives(nodes)
    return _taylor([nodes * phi[n + 1] + (n + 1) * phi[n] for n in range(_TERMS)], dtype)


def _expand(coefficients: Array, x: Array, out: Array) -> None:
    """Evaluates the expansions around the node nearest to each x, block by block."""
    size = min(_BLOCK, x.size)
    nodes, offsets, terms = np.empty(size, np.intp), np.empty(size, x.dtype), np.empty(size, x.dtype)
    walk = np.nditer(
        [x, out], ["external_loop", "buffered", "zerosize_ok"], [["readonly"], ["writeonly"]], buffersize=_BLOCK
    )
    with walk:
        for block, result in walk:
            index, offset, term = nodes[: block.size], offsets[: block.size], terms[: block.size]
            _nearest_node(block, index, offset, term)
            np.take(coefficients[-1], index, out=result, mode="clip")
            for row in coefficients[-2::-1]:
                np.multiply(result, offset, out=result)
                np.take(row, index, out=term, mode="clip")
                np.add(result, term, out=result)


def _nearest_node(x: Array, index: NDArray[np.intp], offset: Array, scratch: Array) -> None:
    """Writes each x's node and its distance from it."""
    np.clip(x, -_LIMIT, _LIMIT, out=offset)
    np.multiply(offset, _NODES_PER_UNIT, out=scratch)
    np.rint(scratch, out=scratch)
    # NaN has no node; the first will do, since its offset stays NaN.
    np.fmax(scratch, -_LIMIT * _NODES_PER_UNIT, out=scratch)
    np.add(scratch, _LIMIT * _NODES_PER_UNIT, out=index, casting="unsafe")
    np.divide(scratch, _NODES_PER_UNIT, out=scratch)
    np.subtract(offset, scratch, out=offset)
