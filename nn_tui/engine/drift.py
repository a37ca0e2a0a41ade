"""How far a change of parameters can have moved what goes into a network's units, in rounded arithmetic.

Every activation has a steepest slope, so a layer hands on no more than so many times what moved below it. For a sample
x with its one appended, |x| its length, and W a layer's [W b], the bounds go up layer by layer:

    |Δz₁| ≤ |ΔW₁|·|x|        |Δz| ≤ |W|·s·|Δz below| + |ΔW|·|a|

with W as it is now, s the steepest slope, and a the most that the layer below gave for any sample at the beginning. So
a bound is `per_length`·|x| + `constant`. A sum of n products is off by at most n·u times the sum of their sizes, u being
half the distance from 1 to the next number (Higham 2002, section 3.1); that is added for both ends of the change.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Network

_OWN_ROUNDING = 1.01
"""What a bound is multiplied by for the rounding in its own making."""

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
        found: list[Reach] = []
        for index, layer in enumerate(self._layers[: last + 1]):
            rows = units if index == last else slice(None)
            now = layer.augmented[rows]
            moved = now - self._before[index][rows]
            rounding = (layer.inputs + _OF_A_FUNCTION) * float(np.finfo(now.dtype).eps)
            if not found:
                far = lengths(moved)
                per_length = _OWN_ROUNDING * (far + rounding * (self._lengths[rows] + far))
                found.append(Reach(per_length, np.zeros_like(per_length)))
                continue
            activation = self._activations[index - 1]
            assert activation is not None
            moved, size = np.abs(moved), np.abs(now)
            # An activation that is nearly 0 as a difference of larger numbers is rounded as those are.
            inputs = np.append(self._peaks[index - 1], 1.0).astype(now.dtype)
            own = moved.dot(inputs) + rounding * (size + moved).dot(inputs + 1.0)
            handed_on = (_OWN_ROUNDING + rounding) * activation.steepest * size[:, :-1]
            below = found[-1]
            found.append(Reach(handed_on.dot(below.per_length), handed_on.dot(below.constant) + _OWN_ROUNDING * own))
        return found


def lengths(rows: Array) -> Array:
    """Of each row of a matrix."""
    squares: Array = np.einsum("ij,ij->i", rows, rows)
    return np.sqrt(squares)
