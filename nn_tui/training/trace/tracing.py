"""A scenario trained for some steps and then traced, headless."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

from threadpoolctl import threadpool_limits

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.session import Session, Status
from nn_tui.training.run.start import begin
from nn_tui.training.trace.network import trace_network
from nn_tui.training.trace.record import SurfaceTrace, Trace
from nn_tui.training.trace.surface import trace_surface


@dataclass(frozen=True)
class Traced:
    """A trace with what it says of itself to people: the scenario's title, the loss's name, the inputs' names, and the
    lane of a race it is of, empty without one; and whether the run ends before the traced step is taken."""

    trace: Trace | SurfaceTrace
    title: str
    loss: str
    feature_names: tuple[str, ...]
    lane: str = ""
    has_ended: bool = False


def trace_scenario(scenario: Scenario, step: int = 0, sample: int | None = None, lane: str | None = None) -> Traced:
    """Trains a scenario for so many steps and traces the one to come.

    Args:
        scenario: with its timeline.
        step: steps to take before.
        sample: which training example, counted from 0; the first of the step's batch if left out.
        lane: of a race, by its name or its place from 0; the first if left out.

    Raises:
        ScenarioError: for data that cannot be read or do not suit the scenario, a run that ends or diverges before
            that step, or a training example or a lane there is not.
    """
    with threadpool_limits(1):
        session: Session[Any] = Session(begin(scenario))
        chosen = _lane(session.trainer.lanes, lane)
        _go_to(session, step)
        if chosen.diverged_at is not None:
            raise ScenarioError(f"{chosen.name} diverges before step {step:,}, at step {chosen.diverged_at:,}")
        traced = _traced(chosen, scenario.title, sample)
        has_ended = chosen.is_over or session.status is not Status.RUNNING
        return replace(traced, lane=chosen.title, has_ended=has_ended)


def _lane(lanes: Sequence[Lane], wanted: str | None) -> Lane:
    """The lane of that name, or at that place."""
    if wanted is None:
        return lanes[0]
    for place, lane in enumerate(lanes):
        if wanted in (lane.name, str(place)):
            return lane
    raise ScenarioError(f"there is no lane {wanted}, only {', '.join(lane.name for lane in lanes)}")


@singledispatch
def _traced(lane: Lane, title: str, sample: int | None) -> Traced:
    raise NotImplementedError(type(lane))


@_traced.register
def _(lane: SurfaceLane, title: str, sample: int | None) -> Traced:
    if sample is not None:
        raise ScenarioError("a surface has no examples; leave --sample out")
    return Traced(trace_surface(lane), title, "", ("x", "y"))


@_traced.register
def _(lane: NetworkLane, title: str, sample: int | None) -> Traced:
    if sample is not None and sample >= len(lane.train):
        raise ScenarioError(f"there is no training example {sample}, only 0 to {len(lane.train) - 1}")
    return Traced(trace_network(lane, sample), title, lane.network.loss.name, lane.dataset.feature_names)


def _go_to(course: Session[Any], step: int) -> None:
    while course.trainer.steps < step and course.status is Status.RUNNING:
        course.advance()
    if course.divergence is not None:
        raise ScenarioError(f"the run diverges before step {step:,}: {course.divergence}")
    if course.trainer.steps < step:
        raise ScenarioError(f"the run ends after {course.trainer.steps:,} steps, before step {step:,}")
