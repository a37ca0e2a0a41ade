"""What a whole run costs, layer by layer: no clock, so that the same budget holds the same trials everywhere.

Work is counted in seconds of one core that does nothing else, as `nn_tui.training.run.work` does, but with what each
layer takes whatever its size: of a deep and narrow net that is nearly all.
"""

import math
from itertools import pairwise

from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.network_lane import NetworkLane

_PRODUCTS = 4e10
"""Multiplications of matrix products in a second."""
_STEP = 1.8e-5
_STEP_OF_A_LAYER = 0.9e-5
_PASS_OF_A_LAYER = 0.4e-5
_PER_PARAMETER = 25.0
"""Multiplications that take as long as updating one parameter, and as much again for each vector of state."""
_PER_UNIT = 30.0
"""Multiplications that take as long as the activation of a unit, there and back."""


def step_seconds(lane: NetworkLane) -> float:
    """The work of one step, in the present mode."""
    batch = math.ceil(len(lane.train) / lane.steps_per_epoch)
    sizes = [lane.network.inputs, *(layer.units for layer in lane.network.layers)]
    return _step(sizes, batch, len(lane.optimizer.state))


def pass_seconds(lane: NetworkLane, samples: int) -> float:
    """The work of scoring so many samples."""
    network = lane.network
    units = sum(layer.units for layer in network.layers)
    return _PASS_OF_A_LAYER * len(network.layers) + samples * (network.parameters.size + _PER_UNIT * units) / _PRODUCTS


def planned_seconds(scenario: Scenario, examples: int, inputs: int, outputs: int) -> float:
    """The work of a whole run that does not diverge.

    Args:
        scenario: trains a network.
        examples, inputs, outputs: sizes of the training set and of the network's ends.
    """
    training = scenario.training
    size = {"batch": examples, "stochastic": 1}.get(training.mode, min(training.batch_size, examples))
    steps = training.epochs * math.ceil(examples / size)
    if training.steps is not None:
        steps = min(steps, training.steps)
    return steps * _step([inputs, *(layer.units for layer in scenario.network.hidden), outputs], size, 2)


def _step(sizes: list[int], batch: int, vectors: int) -> float:
    weights = sum((before + 1) * after for before, after in pairwise(sizes))
    products = weights * (3.0 * batch + _PER_PARAMETER * (1 + vectors)) + _PER_UNIT * batch * sum(sizes[1:])
    return _STEP + _STEP_OF_A_LAYER * (len(sizes) - 1) + products / _PRODUCTS
