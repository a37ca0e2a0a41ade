"""One way to begin a run, whatever its problem is."""

from typing import Any

from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.problems.surface_problem import SurfaceProblem
from nn_tui.training.run.trainer import Trainer, Unrecorded


def begin(
    scenario: Scenario, table: Any = None, *, recorded: bool = True
) -> Trainer[NetworkLane] | Trainer[SurfaceLane]:
    """A scenario's trainer at its first step.

    Args:
        scenario: what is run.
        table: as of `load_dataset`.
        recorded: whether its run has rows between the first and the last.

    Raises:
        ScenarioError: for data that cannot be read or do not suit the scenario.
    """
    if scenario.data.function is not None:
        surface = SurfaceProblem(scenario.data.function)
        return Trainer(scenario, surface) if recorded else Unrecorded(scenario, surface)
    network = NetworkProblem(load_dataset(scenario, table=table))
    return Trainer(scenario, network) if recorded else Unrecorded(scenario, network)
