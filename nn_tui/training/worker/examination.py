"""Trials of remedies for the run on screen, in a process of their own at low priority, read as they come."""

import time
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import dumps
from nn_tui.training.diagnosis.finding import Finding, Remedy
from nn_tui.training.diagnosis.report import Report
from nn_tui.training.diagnosis.underway import Underway
from nn_tui.training.errand import Errand
from nn_tui.training.run.session import Session
from nn_tui.training.worker.messages import Examined, TrialCourse

_PATIENCE = 1.0
"""Seconds for which a scenario has to stand as it is: the first picture comes before, and so does all that a person
changes in one go. To start a process takes the worker and the processor's caches some steps each time."""


class Examination:
    """One scenario's trials at a time: that of the run on screen, with every change made to it by hand."""

    def __init__(self) -> None:
        self._of: tuple[int, int, int] | None = None
        self._due: float | None = None
        self._errand: Errand | None = None
        self._read: tuple[bytes, Report] | None = None
        self._failed = False

    def follow(self, run: int, session: Session[Any], *, is_moving: bool) -> None:
        """Has the run's scenario examined once it has stood for a moment; another's trials end.

        Args:
            run: its number.
            session: the run.
            is_moving: whether it trains now, beside which the trials take only some of the time.
        """
        applied = session.applied
        of = run, len(applied), session.trainer.steps if session.status == "interrupted" else 0
        if of != self._of:
            self.close()
            self._of, self._failed = of, False
            self._due = time.monotonic() + _PATIENCE
        elif self._due is not None and time.monotonic() >= self._due:
            self._due = None
            self._start(structs.replace(session.whole_scenario(), expect=()))
        elif self._errand is not None:
            self._errand.make_way(is_moving)
            if self._errand.is_asking:
                self._errand.answer(session.trainer.steps if session.status == "running" else 0)

    def rest(self) -> None:
        """Ends what is under way: nothing is to be tried of the run on screen."""
        self.close()
        self._of = self._due = None

    def _start(self, scenario: Scenario) -> None:
        try:
            text = dumps(scenario).encode()
        except ScenarioError:
            self._failed = True
            return
        self._errand = Errand("nn_tui.training.diagnosis", text)

    def seen(self) -> Examined | None:
        """What is known by now; None where nothing was asked."""
        if self._of is None:
            return None
        errand = self._errand
        done = self._due is None and (errand is None or not errand.running)
        failed = self._failed or (errand is not None and errand.failed)
        underway = ""
        if errand is not None and errand.how_far and not done:
            underway = str(msgspec.json.decode(errand.how_far, type=Underway))
        if errand is None or not errand.latest:
            return Examined(done=done, failed=failed, underway=underway)
        if self._read is None or self._read[0] is not errand.latest:
            self._read = errand.latest, msgspec.json.decode(errand.latest, type=Report)
        report = self._read[1]
        return Examined(
            done=done,
            failed=failed,
            trials=len(report.trials),
            underway=underway,
            verdict="ill" if report.is_ill else report.verdict,
            said=report.share,
            findings=(*(finding.of_lane(report.lane) for finding in report.findings), *_of_other_lanes(report)),
            courses=tuple(_course(report, remedy) for finding in report.findings for remedy in finding.remedies),
        )

    def close(self) -> None:
        """Ends what is under way."""
        errand, self._errand = self._errand, None
        if errand is not None:
            errand.close()


def _of_other_lanes(report: Report) -> Iterator[Finding]:
    """What is wrong with the other lanes of a race; what helps them is told, for a key applies to the first."""
    for other in report.others:
        for finding in other.findings:
            if finding.ill:
                helps = "".join(
                    f" {remedy.text[0].upper()}{remedy.text[1:]}{remedy.gain}." for remedy in finding.remedies
                )
                told = structs.replace(finding, evidence=f"{finding.evidence}{helps}", remedies=())
                yield told.of_lane(other.lane)


def _course(report: Report, remedy: Remedy) -> TrialCourse:
    """How a remedy's trial went at the run's own seed, which is the first of its trials."""
    own = next(one for one in report.trials if one.changes == remedy.changes and one.from_step == remedy.from_step)
    part, _, metric = report.score.metric.partition(".")
    steps, chosen = zip(*own.curve, strict=True)
    train, losses = zip(*own.losses, strict=True)
    return TrialCourse(steps=steps, columns={"train.loss": train, f"{part}.loss": losses, f"{part}.{metric}": chosen})
