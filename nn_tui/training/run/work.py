"""What steps and rows cost, from sizes alone: no clock, so that every machine counts the same.

Work is counted in seconds of one free core of an ordinary machine; how long another takes is its own affair. A row's
is the most it costs: with silent units of deep layers to be followed through the whole probe set, as it is while
weights move fast. Most rows are cheaper (`nn_tui.engine.dead_units`).
"""

import math
from dataclasses import dataclass

from nn_tui.engine.probes import FIRST_SAMPLES, PROBE_SAMPLES

_SECONDS_PER_PRODUCT = 2e-11

_FIXED = 1.2e6
"""Multiplications that take as long as what a step does whatever the sizes: a small network's whole step."""

_FIXED_OF_A_ROW = 5.0
"""The same of a row, in steps."""

_FIXED_OF_A_SCORE = 1.0
"""The same of scoring one network by itself, in steps."""

_PER_PARAMETER = 25.0
"""Multiplications that take as long as the update of a parameter, and as much again for each vector of the optimizer's
state: on a large network it is what a step of few samples takes."""

_PER_PARAMETER_OF_A_ROW = 200.0
"""The same of norms and means in a row."""


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


def step_work(parameters: int, batch: int, vectors: int) -> float:
    """A step's.

    Args:
        parameters: of the network.
        batch: samples the step sees.
        vectors: of the optimizer's state.
    """
    # Forward, and the two products of the way back.
    products = parameters * (3.0 * batch + _PER_PARAMETER * (1 + vectors))
    return (_FIXED + products) * _SECONDS_PER_PRODUCT


def row_work(parameters: int, trained: int, tested: int, whole: bool) -> float:
    """A row's, with every layer probed.

    Args:
        parameters: of the network.
        trained, tested: examples of the training set and of the others.
        whole: whether all of them are scored.
    """
    # The pass that scores a few of the training set is the probe's first.
    passed = min(trained, PROBE_SAMPLES) + (tested + (trained if trained > FIRST_SAMPLES else 0) if whole else 0)
    if not whole:
        passed += min(tested, FIRST_SAMPLES)
    return (_FIXED_OF_A_ROW * _FIXED + parameters * (passed + _PER_PARAMETER_OF_A_ROW)) * _SECONDS_PER_PRODUCT


def score_work(parameters: int, trained: int, whole: bool) -> float:
    """What scoring a network on the training set costs, as a row does with every lane of a race but the first."""
    passed = trained if whole else min(trained, FIRST_SAMPLES)
    return (_FIXED_OF_A_SCORE * _FIXED + parameters * passed) * _SECONDS_PER_PRODUCT


def surface_work() -> Work:
    """A point's on a surface, where looking is about as much as stepping."""
    step = _FIXED * _SECONDS_PER_PRODUCT
    return Work(step, step, step)


def batch_size(trained: int, steps_per_epoch: int) -> int:
    """Samples of a step."""
    return math.ceil(trained / steps_per_epoch)
