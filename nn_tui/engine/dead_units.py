"""Dead units, counted exactly: units whose output is 0 for every sample of the probe set.

Those that are 0 for the first samples are followed through the rest, which takes a pass through every layer below. Two
things kept from earlier counts spare most of that. They say where to look, and never change what is found:

- a sample that a unit spoke for is asked first when the unit is silent again;
- of units that were silent throughout, how far below 0 their inputs were. Where the parameters have not moved far
  enough since to bring an input up (`Drift`), it is still below 0, and only the other samples are looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.arrays import Array
from nn_tui.engine.drift import Drift, lengths
from nn_tui.engine.network import Network

_BLOCK = 256
"""Samples that units are followed through at a time."""

_MOST_DOUBTFUL = 0.1
"""The share of doubtful samples above which all are looked at again, and what is known of them is renewed."""

Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class _Silence:
    """Units that were silent throughout.

    Attributes:
        units: which they were, layer by layer.
        inputs: what went into them, shape (units, samples), none above 0.
        drift: from the parameters of that moment.
    """

    units: list[Indices]
    inputs: list[Array]
    drift: Drift


class _Heard(NamedTuple):
    """A layer in a pass.

    Attributes:
        layer: its index.
        units: which of its units were silent so far.
        inputs: what goes into these, shape (units, samples).
        outputs: of the whole layer, shape (units, samples); None for the last of the pass.
    """

    layer: int
    units: Indices
    inputs: Array
    outputs: Array | None


class DeadUnits:
    """Counts dead units of one network, time and again."""

    def __init__(self, network: Network, rest: Array) -> None:
        """
        Args:
            network: its parameters and activations may change from count to count.
            rest: the probe set without its first samples, shape (n, features + 1).
        """
        self._network = network
        self._rest = rest
        self._lengths = lengths(rest)
        self._witness = [np.full(layer.units, -1, np.intp) for layer in network.layers]
        self._silence: _Silence | None = None

    def count(self, first_outputs: list[Array]) -> list[int]:
        """Dead units per layer.

        Args:
            first_outputs: the layers' outputs for the first samples, shape (units, samples).
        """
        mortal = [layer.activation is not None and layer.activation.can_die for layer in self._network.layers]
        if not any(mortal):
            return [0] * len(mortal)
        silent = [
            np.logical_not(output.any(axis=1)) if dies else np.zeros(len(output), bool)
            for output, dies in zip(first_outputs, mortal, strict=True)
        ]
        if len(self._rest) and _any(silent):
            if self._network.normalizes:
                self._ask_all(silent)
            else:
                self._follow(silent)
        return [int(np.count_nonzero(units)) for units in silent]

    def _ask_all(self, silent: list[Mask]) -> None:
        """Strikes out the units that speak for any of the rest: behind a normalization no shortcut holds."""
        for start in range(0, len(self._rest), _BLOCK):
            heard = self._network.hidden_activations(self._rest[start : start + _BLOCK])
            for units, outputs in zip(silent, heard, strict=False):
                units &= ~outputs.any(axis=1)

    def _follow(self, silent: list[Mask]) -> None:
        """Strikes out of `silent` the units that speak for one of the rest."""
        if self._silence is not None and not self._silence.drift.holds:
            self._silence = None
        unknown = self._unknown(silent)
        witnesses = np.concatenate([witness[units] for witness, units in zip(self._witness, unknown, strict=True)])
        if (witnesses < 0).any():
            self._survey(silent)
            return
        samples = np.unique(witnesses)
        if self._silence is not None:
            doubtful = self._doubtful(self._silence, silent, unknown)
            if len(doubtful) > _MOST_DOUBTFUL * len(self._rest):
                self._survey(silent)
                return
            samples = np.union1d(samples, doubtful)
        if len(samples):
            for heard in self._pass(self._rest[samples], silent):
                self._strike(heard, samples, silent)
        if _any(self._unknown(silent)):
            self._survey(silent)

    def _unknown(self, silent: list[Mask]) -> list[Mask]:
        """The silent units that were not silent throughout when all samples were looked at."""
        unknown = [units.copy() for units in silent]
        if self._silence is not None:
            for mask, units in zip(unknown, self._silence.units, strict=False):
                mask[units] = False
        return unknown

    def _doubtful(self, silence: _Silence, silent: list[Mask], unknown: list[Mask]) -> Indices:
        """The samples that a silent unit of those known may have come to speak for since that silence."""
        doubtful = np.zeros(len(self._rest), bool)
        known = [units & ~without for units, without in zip(silent, unknown, strict=True)]
        if not _any(known):
            return np.flatnonzero(doubtful)
        last = _deepest(known)
        for index, reach in enumerate(silence.drift.reach(last, np.flatnonzero(known[last]))):
            units = np.flatnonzero(known[index])
            rows = slice(None) if index == last else units
            highest = silence.inputs[index][np.searchsorted(silence.units[index], units)]
            highest += np.multiply.outer(reach.per_length[rows], self._lengths)
            highest += reach.constant[rows, np.newaxis]
            # What is not a number is in doubt, too.
            doubtful |= ~(highest < 0.0).all(axis=0)
        return np.flatnonzero(doubtful)

    def _survey(self, silent: list[Mask]) -> None:
        """Strikes out the units that speak for any of the rest, and keeps what there is to know of the others."""
        suspects = [np.flatnonzero(units) for units in silent]
        count, layers = len(self._rest), self._network.layers
        inputs = [np.empty((len(units), count), self._network.dtype) for units in suspects]
        peaks = [np.zeros(layer.units, self._network.dtype) for layer in layers]
        self._silence = None
        for start in range(0, count, _BLOCK):
            block = slice(start, start + _BLOCK)
            for heard in self._pass(self._rest[block], silent):
                index = heard.layer
                inputs[index][np.searchsorted(suspects[index], heard.units), block] = heard.inputs
                if heard.outputs is not None:
                    np.maximum(peaks[index], np.abs(heard.outputs).max(axis=1), out=peaks[index])
                self._strike(heard, np.arange(start, start + heard.inputs.shape[1]), silent)
            if not _any(silent):
                return
        last = _deepest(silent)
        left = [np.flatnonzero(units) for units in silent[: last + 1]]
        self._silence = _Silence(
            left,
            [inputs[index][np.searchsorted(suspects[index], units)] for index, units in enumerate(left)],
            Drift(self._network, peaks[:last]),
        )

    def _pass(self, samples: Array, silent: list[Mask]) -> Iterator[_Heard]:
        """Goes with these samples through the layers, up to the last with silent units."""
        below, last = samples.T, _deepest(silent)
        for index, layer in enumerate(self._network.layers[:last]):
            assert layer.activation is not None
            units = np.flatnonzero(silent[index])
            inputs = layer.augmented.dot(below)
            below = np.ones((layer.units + 1, below.shape[1]), self._network.dtype)
            layer.activation.function(inputs, below[:-1])
            yield _Heard(index, units, inputs[units], below[:-1])
        # Nothing above needs the last layer's other units.
        units = np.flatnonzero(silent[last])
        yield _Heard(last, units, self._network.layers[last].augmented[units].dot(below), None)

    def _strike(self, heard: _Heard, samples: Indices, silent: list[Mask]) -> None:
        """Strikes out the units that speak, each with the sample it speaks for most as its witness."""
        activation = self._network.layers[heard.layer].activation
        assert activation is not None
        outputs = activation(heard.inputs)
        speaks = outputs.any(axis=1)
        spoken = heard.units[speaks]
        silent[heard.layer][spoken] = False
        self._witness[heard.layer][spoken] = samples[outputs[speaks].argmax(axis=1)]


def _any(silent: list[Mask]) -> bool:
    return any(bool(units.any()) for units in silent)


def _deepest(silent: list[Mask]) -> int:
    """The last layer with a silent unit."""
    return max(index for index, units in enumerate(silent) if units.any())
