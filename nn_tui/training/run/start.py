"""One way to begin a run, whatever its problem is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.problems.problem import Problem
from nn_tui.training.run.problems.surface_problem import SurfaceProblem
from nn_tui.training.run.trainer import Trainer, Unrecorded

ProblemKind: TypeAlias = type[NetworkProblem] | type[SurfaceProblem]


def problem_kind(scenario: Scenario) -> ProblemKind:
    """What a scenario's problem is: data for a network, or a surface."""
    return NetworkProblem if scenario.data.function is None else SurfaceProblem


def begin(scenario: Scenario, table: Any = None, *, recorded: bool = True) -> Trainer[Any]:
    """A scenario's trainer at its first step.

    Args:
        scenario: what is run.
        table: as of `load_dataset`.
        recorded: whether its run has rows between the first and the last.

    Raises:
        ScenarioError: for data that cannot be read or do not suit the scenario.
    """
    kind: type[Trainer[Any]] = Trainer if recorded else Unrecorded
    return kind(scenario, _POSED[problem_kind(scenario)](scenario, table))


_POSED: Mapping[ProblemKind, Callable[[Scenario, Any], Problem[Any]]] = {
    NetworkProblem: lambda scenario, table: NetworkProblem(load_dataset(scenario, table=table)),
    SurfaceProblem: lambda scenario, _table: SurfaceProblem(str(scenario.data.function)),
}
