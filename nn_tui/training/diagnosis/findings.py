"""The diagnosis of a run, whatever its problem is."""

from functools import singledispatch
from typing import Any

from nn_tui.training.diagnosis.descents import diagnose_descent
from nn_tui.training.diagnosis.diagnose import diagnose
from nn_tui.training.diagnosis.evidence import gather
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.session import Session


def findings(session: Session[Any]) -> tuple[Finding, ...]:
    """What is going on in a run as it stands, lane by lane, causes first."""
    return _found(session.trainer.lead, session)


@singledispatch
def _found(lane: Lane, session: Session[Any]) -> tuple[Finding, ...]:
    raise NotImplementedError(type(lane))


@_found.register
def _(_lane: SurfaceLane, session: Session[Any]) -> tuple[Finding, ...]:
    return diagnose_descent(session)


@_found.register
def _(_lane: NetworkLane, session: Session[Any]) -> tuple[Finding, ...]:
    return tuple(
        finding.of_lane(lane.title)
        for number, lane in enumerate(session.trainer.lanes)
        for finding in diagnose(gather(session, number))
    )
