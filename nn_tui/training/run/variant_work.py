"""What a whole run costs, so that the same budget holds the same trials everywhere."""

from nn_tui.engine.modes import MODES
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.work import step_work


def planned_seconds(scenario: Scenario, examples: int, inputs: int, outputs: int) -> float:
    """The work of a whole run that does not diverge.

    Args:
        scenario: trains a network.
        examples, inputs, outputs: sizes of the training set and of the network's ends.
    """
    training = scenario.training
    mode = MODES[training.mode]
    size, steps = mode.size(training.batch_size, examples), mode.steps(training.batch_size, examples) * training.epochs
    if training.steps is not None:
        steps = min(steps, training.steps)
    return steps * step_work([inputs, *(layer.units for layer in scenario.network.hidden), outputs], size, 2)
