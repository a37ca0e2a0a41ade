"""What recording a row costs beside a step, from sizes alone: no clock, so that every machine records the same rows.

It is the most a row costs: with silent units of deep layers to be followed through the whole probe set, as it is while
weights move fast. Most rows are cheaper (`nn_tui.engine.dead_units`).
"""

import math

from nn_tui.engine.probes import PROBE_SAMPLES
from nn_tui.training.run.trainer import QUICK_SAMPLES, Trainer

MOST_SHARE = 0.05
"""Of a run's time, for rows that nobody asked for."""

_FIXED = 1.2e6
"""Multiplications that take as long as what a step does whatever the sizes: a small network's whole step."""

_FIXED_OF_A_ROW = 5.0
"""The same of a row, in steps."""

_PER_PARAMETER = 25.0
"""Multiplications that take as long as the update of a parameter, and as much again for each vector of the optimizer's
state: on a large network it is what a step of few samples takes."""

_PER_PARAMETER_OF_A_ROW = 200.0
"""The same of norms and means in a row."""


def steps_between(trainer: Trainer) -> int:
    """How far apart rows inside epochs are to be, so that they take no more than `MOST_SHARE`."""
    return math.ceil(_steps_per_row(trainer, QUICK_SAMPLES) / MOST_SHARE)


def whole_is_cheap(trainer: Trainer) -> bool:
    """Whether scoring all examples hardly makes a row dearer than scoring a few."""
    return _steps_per_row(trainer, max(len(trainer.train), len(trainer.test))) < 2 * _steps_per_row(
        trainer, QUICK_SAMPLES
    )


def _steps_per_row(trainer: Trainer, scored: int) -> float:
    """How many steps a row takes that scores so many examples of each set and follows silent units through the rest."""
    weights, trained = trainer.network.parameters.size, len(trainer.train)
    probed = min(trained, PROBE_SAMPLES)
    # The pass that scores a few of the training set is the probe's first.
    passed = probed + min(len(trainer.test), scored) + (min(trained, scored) if scored > QUICK_SAMPLES else 0)
    batch = math.ceil(trained / trainer.steps_per_epoch)
    per_parameter = _PER_PARAMETER * (1 + len(trainer.optimizer.state))
    # Forward, and the two products of the way back.
    step = 1.0 + weights * (3.0 * batch + per_parameter) / _FIXED
    return (_FIXED_OF_A_ROW + weights * (passed + _PER_PARAMETER_OF_A_ROW) / _FIXED) / step
