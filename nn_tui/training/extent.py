"""How long a run is, as far as its beginning tells."""

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
