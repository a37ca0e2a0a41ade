"""What steps and rows cost, from sizes alone: no clock, so that every machine counts the same.

Work is counted in seconds of one core that does nothing else, on an ordinary machine; how long another takes is its own
affair. A row's is the most it costs: with silent units of deep layers to be followed through the whole probe set, as it
is while weights move fast. Most rows are cheaper (`nn_tui.engine.dead_units`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nn_tui.engine.probes import FIRST_SAMPLES, PROBE_SAMPLES

_PRODUCTS = 4e10
"""Multiplications of matrix products in a second."""
_STEP = 1.8e-5
_STEP_OF_A_LAYER = 0.9e-5
_PASS_OF_A_LAYER = 0.4e-5
_FIXED_OF_A_ROW = 4.0
"""What a row takes whatever the sizes, in what a step does."""
_PER_PARAMETER = 25.0
"""Multiplications that take as long as updating one parameter, and as much again for each vector of state: on a large
network it is what a step of few samples takes."""
_PER_PARAMETER_OF_A_ROW = 200.0
"""The same of norms and means in a row."""
_PER_UNIT = 30.0
"""Multiplications that take as long as the activation of a unit, there and back."""


@dataclass(frozen=True)
class Work:
    """What things cost, in seconds of work.

    Attributes:
        step: a step.
        row: a row that scores a few of the examples.
        whole_row: a row that scores all of them.
    """

    step: float
    row: float
    whole_row: float

    def __add__(self, other: "Work") -> "Work":
        return Work(self.step + other.step, self.row + other.row, self.whole_row + other.whole_row)


def step_work(sizes: Sequence[int], batch: int, vectors: int) -> float:
    """A step's.

    Args:
        sizes: the network's inputs, and the units of every layer.
        batch: samples the step sees.
        vectors: of the optimizer's state.
    """
    # Forward, and the two products of the way back.
    products = _weights(sizes) * (3.0 * batch + _PER_PARAMETER * (1 + vectors)) + _PER_UNIT * batch * sum(sizes[1:])
    return _fixed(sizes) + products / _PRODUCTS


def pass_work(sizes: Sequence[int], samples: int) -> float:
    """What a pass of so many samples through a network costs."""
    units = sum(sizes[1:])
    return _PASS_OF_A_LAYER * (len(sizes) - 1) + samples * (_weights(sizes) + _PER_UNIT * units) / _PRODUCTS


def row_work(sizes: Sequence[int], trained: int, others: Sequence[int], whole: bool) -> float:
    """A row's, with every layer probed.

    Args:
        sizes: as of `step_work`.
        trained: examples of the training set.
        others: examples of each of the other sets.
        whole: whether all of them are scored.
    """
    # The pass that scores a few of the training set is the probe's first.
    passed = min(trained, PROBE_SAMPLES) + (trained if whole and trained > FIRST_SAMPLES else 0)
    passed += sum(samples if whole else min(samples, FIRST_SAMPLES) for samples in others)
    norms = _weights(sizes) * _PER_PARAMETER_OF_A_ROW / _PRODUCTS
    return _FIXED_OF_A_ROW * _fixed(sizes) + pass_work(sizes, passed) + norms


def surface_work() -> Work:
    """A point's on a surface, where looking is about as much as stepping."""
    return Work(_STEP, _STEP, _STEP)


def _fixed(sizes: Sequence[int]) -> float:
    return _STEP + _STEP_OF_A_LAYER * (len(sizes) - 1)


def _weights(sizes: Sequence[int]) -> int:
    return sum((before + 1) * after for before, after in pairwise(sizes))
