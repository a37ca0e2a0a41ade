"""One way to begin a run, whatever its problem is."""

from typing import Any

from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.problems.surface_problem import SurfaceProblem
from nn_tui.training.run.trainer import Trainer


def begin(scenario: Scenario, table: Any = None) -> Trainer[NetworkLane] | Trainer[SurfaceLane]:
    """A scenario's trainer at its first step.

    Args:
        scenario: what is run.
        table: as of `load_dataset`.

    Raises:
        ScenarioError: for data that cannot be read or do not suit the scenario.
    """
    if scenario.data.function is not None:
        return Trainer(scenario, SurfaceProblem(scenario.data.function))
    return Trainer(scenario, NetworkProblem(load_dataset(scenario, table=table)))
