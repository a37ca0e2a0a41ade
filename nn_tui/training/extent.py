"""How long a run is and what its steps cost, as far as its beginning tells."""

from nn_tui.engine.modes import MODES
from nn_tui.scenario.schema import Scenario
from nn_tui.training.replay import Run, replay
from nn_tui.training.run.session import Stop


def beginning(scenario: Scenario) -> Run:
    """A run before its first step: its data are there, and its initial scores.

    Raises:
        ScenarioError: for a scenario that cannot be run.
    """
    return replay(scenario, stop=Stop(steps=0))


def length(run: Run) -> int:
    """Steps to the scenario's end, if nothing is changed on the way."""
    training = run.scenario.training
    steps = training.epochs * run.steps_per_epoch
    return steps if training.steps is None else min(steps, training.steps)


def work_of_a_step(run: Run) -> float:
    """How many steps of a small network one of this run's takes; the figures are those of `row_cost`."""
    if run.trained is None:
        return 1.0
    return 1.0 + run.network.parameters.size * (3.0 * _batch(run) + 75.0) / 1.2e6


def _batch(run: Run) -> int:
    samples, training = len(run.dataset.train), run.scenario.training
    return MODES[training.mode].size(training.batch_size, samples)
