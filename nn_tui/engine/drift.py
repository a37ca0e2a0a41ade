"""How far a change of parameters can have moved what goes into a network's units, in rounded arithmetic.

Every activation has a steepest slope, so a layer hands on no more than so many times what moved below it. For a sample
x with its one appended, |x| its length, and W a layer's [W b], the bounds go up layer by layer:

    |Δz₁| ≤ |ΔW₁|·|x|        |Δz| ≤ |W|·s·|Δz below| + |ΔW|·|a|

with W as it is now, s the steepest slope, and a the most that the layer below gave for any sample at the beginning. So
a bound is `per_length`·|x| + `constant`. From the first layer to the second there is a much closer one: what the first
hands on is D·ΔW₁·x, where D is diagonal and no larger than s, and with w a row of W

    |w·D·ΔW₁·x| ≤ s·√(|w|·|ΔW₁·ΔW₁ᵀ|·|w|)·|x|        (sizes taken element by element)

It is taken for a group of units at a time and added up, which is hardly wider and much less to compute.

A sum of n products is off by at most n·u times the sum of their sizes, u being half the distance from 1 to the next
number (Higham 2002, section 3.1); that is added for both ends of the change.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.arrays import Array
from nn_tui.engine.dense import Dense
from nn_tui.engine.network import Network

_OWN_ROUNDING = 1.01
"""What a bound is multiplied by for the rounding in its own making."""

_GROUP = 32
"""Units whose moves are bounded together."""

_OF_A_FUNCTION = 16
"""Roundings in an activation function, on top of those in the sum it is given."""


class Reach(NamedTuple):
    """How far from where they were inputs of units can be: at most `per_length`·|x| + `constant` for a sample x.

    Attributes:
        per_length, constant: shape (units,).
    """

    per_length: Array
    constant: Array


class Drift:
    """Bounds from the present moment of a network on."""

    def __init__(self, network: Network, peaks: list[Array]) -> None:
        """
        Args:
            network: at the parameters to start from.
            peaks: of the first layers, the most in size that each unit gives for any sample, shape (units,); bounds
                can be had for one layer more than these.
        """
        self._layers = network.layers[: len(peaks) + 1]
        self._peaks = peaks
        self._before = [layer.augmented.copy() for layer in self._layers]
        self._lengths = lengths(self._before[0])
        self._activations = [layer.activation for layer in self._layers]

    @property
    def holds(self) -> bool:
        """Whether the layers still have the activations they had."""
        return all(layer.activation is then for layer, then in zip(self._layers, self._activations, strict=True))

    def reach(self, last: int, units: NDArray[np.intp]) -> list[Reach]:
        """How far layers have moved by now, from the first to the last that is asked for.

        Args:
            last: that layer's index, at most the number of peaks.
            units: which of its units are asked for; layers below are given whole.
        """
        layers, rounding = self._layers, [self._rounding(layer) for layer in self._layers]
        first = self._moved(0, units if last == 0 else slice(None))
        far = lengths(first)
        if last == 0:
            off = rounding[0] * (self._lengths[units] + far)
            return [Reach(_OWN_ROUNDING * (far + off), np.zeros_like(far))]
        off = rounding[0] * (self._lengths + far)
        found = [Reach(_OWN_ROUNDING * (far + off), np.zeros_like(far))]
        for index in range(1, last + 1):
            rows = units if index == last else slice(None)
            activation, below = self._activations[index - 1], found[-1]
            assert activation is not None
            moved, size = np.abs(self._moved(index, rows)), np.abs(layers[index].augmented[rows])
            # An activation that is nearly 0 as a difference of larger numbers is rounded as those are.
            inputs = np.append(self._peaks[index - 1], 1.0).astype(size.dtype)
            own = _OWN_ROUNDING * (moved.dot(inputs) + rounding[index] * (size + moved).dot(inputs + 1.0))
            # A slope without bound times a weight of 0 is not a number, which is in doubt.
            with np.errstate(invalid="ignore"):
                handed_on = (_OWN_ROUNDING + rounding[index]) * activation.steepest * size[:, :-1]
            if index == 1:
                per_length = handed_on.dot(off) + _together(handed_on, first, far, rounding[0])
            else:
                per_length = handed_on.dot(below.per_length)
            found.append(Reach(per_length, handed_on.dot(below.constant) + own))
        return found

    def _moved(self, index: int, rows: NDArray[np.intp] | slice) -> Array:
        return self._layers[index].augmented[rows] - self._before[index][rows]

    def _rounding(self, layer: Dense) -> float:
        """Of a sum over what the layer reads, at both ends, relative to the sum of the sizes."""
        return (layer.inputs + _OF_A_FUNCTION) * float(np.finfo(layer.augmented.dtype).eps)


def _together(weights: Array, rows: Array, far: Array, rounding: float) -> Array:
    """The most in length that Σⱼ dⱼ·wⱼ·rowⱼ can have with any |dⱼ| ≤ 1, for each row w of weights.

    Args:
        weights: none below 0, shape (units, rows).
        rows: shape (rows, columns).
        far: their lengths.
        rounding: of a sum over the columns.
    """
    most = np.zeros(len(weights), weights.dtype)
    for start in range(0, len(rows), _GROUP):
        group = slice(start, start + _GROUP)
        products = np.abs(rows[group].dot(rows[group].T)) + rounding * np.multiply.outer(far[group], far[group])
        part = weights[:, group]
        most += np.sqrt(np.einsum("ij,ij->i", part.dot(products), part))
    return most


def lengths(rows: Array) -> Array:
    """Of each row of a matrix."""
    squares: Array = np.einsum("ij,ij->i", rows, rows)
    return np.sqrt(squares)
