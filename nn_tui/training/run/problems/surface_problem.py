"""A surface's problem: points that go down it."""

from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario.lanes import LaneEntry
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.problems.problem import Problem
from nn_tui.training.run.problems.surface_lane import SurfaceLane


class SurfaceProblem(Problem[SurfaceLane]):
    """A surface of two variables.

    Attributes:
        surface: a member of `SURFACES`.
    """

    def __init__(self, function: str) -> None:
        self.surface = SURFACES[function]

    def lane(self, entry: LaneEntry, scenario: Scenario) -> SurfaceLane:
        """A point where the scenario has it set out."""
        return SurfaceLane(entry, scenario, self.surface)
