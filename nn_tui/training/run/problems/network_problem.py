"""A network's problem: data, as every lane's network reads them."""

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.scenario.lanes import LaneEntry
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.problems.architecture import resolve_head
from nn_tui.training.run.problems.examples import ExampleSets
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.problem import Problem


class NetworkProblem(Problem[NetworkLane]):
    """Data to learn from.

    Attributes:
        dataset: split, mapped and scaled.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._sets: dict[tuple[int, int], ExampleSets] = {}

    def lane(self, entry: LaneEntry, scenario: Scenario) -> NetworkLane:
        """A network at its first step.

        Raises:
            ScenarioError: when loss or output do not suit the data.
        """
        dataset, training = self.dataset, scenario.training
        head = resolve_head(scenario, dataset.task, dataset.answers)
        # Lanes share what they read, where it is the same.
        key = head.units, training.seed
        if key not in self._sets:
            self._sets[key] = ExampleSets(dataset, head, np.dtype(training.dtype), training.seed)
        return NetworkLane(entry, scenario, dataset, self._sets[key])
