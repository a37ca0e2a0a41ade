"""The diagnosis of a run, whatever its problem is."""

from typing import Any, cast

from nn_tui.training.diagnosis.descents import diagnose_descent
from nn_tui.training.diagnosis.diagnose import diagnose
from nn_tui.training.diagnosis.evidence import gather
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.session import Session


def findings(session: Session[Any]) -> tuple[Finding, ...]:
    """What is going on in a run as it stands, causes first."""
    if isinstance(session.trainer.lead, SurfaceLane):
        return diagnose_descent(cast(Session[SurfaceLane], session))
    return diagnose(gather(cast(Session[NetworkLane], session)))
