"""What there is to train on: a network's data, or a surface of two variables."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from nn_tui.scenario.lanes import LaneEntry
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.problems.lane import Lane

LaneT = TypeVar("LaneT", bound=Lane)


class Problem(ABC, Generic[LaneT]):
    """Gives objectives, and what steps down them are computed from."""

    @abstractmethod
    def lane(self, entry: LaneEntry, scenario: Scenario) -> LaneT:
        """A variant of the scenario at its first step.

        Args:
            entry: as the race lists it.
            scenario: its own.

        Raises:
            ScenarioError: when it does not suit the problem.
        """
