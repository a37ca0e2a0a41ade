"""A doctor's visit to points on a surface: what keeps a lane from the lowest point, each remedy tried on its way."""

from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.courses import MOST_TRIED
from nn_tui.training.diagnosis.descents import diagnose_descent
from nn_tui.training.diagnosis.finding import Finding, Remedy
from nn_tui.training.diagnosis.prescribing import command_of
from nn_tui.training.diagnosis.report import Attainable, Prescription, Report, ReportedScore
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.session import Session
from nn_tui.training.run.start import begin
from nn_tui.training.run.trainer import Trainer

SURFACE_STEP = 4e-5
"""Seconds of work of a step on a surface, with its row."""
_TRIED = 8
"""Ways gone again for each lane, at most."""


def visit_surface(scenario: Scenario, file: str, budget: float) -> Report:
    """Examines a descent; the score is the first lane's height.

    Args:
        scenario: of a surface.
        file: what it goes by in commands.
        budget: work to be done at most, in seconds of a free core.
    """
    trainer: Trainer[SurfaceLane] = begin(scenario)
    session = Session(trainer)
    session.run()
    affordable = int(budget / (SURFACE_STEP * _TRIED * len(trainer.lanes)))
    findings = diagnose_descent(session, max(MOST_TRIED, affordable))
    ill = [finding for finding in findings if finding.ill]
    lane, surface = trainer.lead, trainer.lead.surface
    height = None if lane.diverged_at is not None else lane.scores()["loss"]
    return Report(
        file=file,
        scenario=scenario.title,
        verdict="ill" if ill else "healthy",
        score=ReportedScore(metric="height", value=height),
        attainable=Attainable(value=min(float(surface.function(*at)) for at in surface.minima), how="the lowest point"),
        share="",
        findings=findings,
        prescription=_prescription(ill, file),
        trials=(),
        work=SURFACE_STEP * trainer.steps * (1 + sum(len(finding.remedies) for finding in ill)),
        cut=False,
        seconds=0.0,
    )


def _prescription(ill: list[Finding], file: str) -> Prescription | None:
    best: Remedy | None = next((remedy for finding in ill for remedy in finding.remedies), None)
    if best is None:
        return None
    return Prescription(
        changes=best.changes, before=best.before, after=best.after, command=command_of(file, best.changes)
    )
