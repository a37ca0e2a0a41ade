"""Trials of remedies for the run on screen, in a process of their own at low priority, read as they come."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import dumps
from nn_tui.training.child_environment import child_environment
from nn_tui.training.diagnosis.finding import Finding, Remedy
from nn_tui.training.diagnosis.report import Report
from nn_tui.training.run.session import Session
from nn_tui.training.worker.messages import Examined, TrialCourse


class Examination:
    """One scenario's trials at a time: that of the run on screen, with every change made to it by hand."""

    def __init__(self) -> None:
        self._of: tuple[int, int, int] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._report: Report | None = None
        self._failed = False
        self._is_asked = False

    def follow(self, run: int, session: Session[Any]) -> None:
        """Has the run's scenario examined, unless that is under way or done; another's trials end."""
        applied = session.applied
        of = run, len(applied), session.trainer.steps if session.status == "interrupted" else 0
        if of == self._of:
            if self._is_asked:
                self._answer(session)
            return
        self.close()
        self._of, self._report, self._failed, self._is_asked = of, None, False, False
        scenario = session.whole_scenario()
        if scenario.data.function is not None:
            # Of a descent every remedy is tried by the diagnosis itself.
            return
        self._start(structs.replace(scenario, expect=()))

    def _answer(self, session: Session[Any]) -> None:
        """Says how far the run is by now, for trials from there."""
        process, self._is_asked = self._process, False
        if process is not None and process.stdin is not None:
            step = session.trainer.steps if session.status == "running" else 0
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(b"%d\n" % step)
                process.stdin.flush()

    def _start(self, scenario: Scenario) -> None:
        try:
            text = dumps(scenario).encode()
        except ScenarioError:
            self._failed = True
            return
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "nn_tui.training.diagnosis"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=child_environment(),
        )
        self._process = process
        threading.Thread(target=self._read, args=(process, text), daemon=True).start()

    def _read(self, process: "subprocess.Popen[bytes]", text: bytes) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        # Its input stays open meanwhile: where that ends, without a word or with one, the trials end.
        with process.stdout, contextlib.suppress(OSError, ValueError), process.stdin:
            process.stdin.write(b"%d\n" % len(text) + text)
            process.stdin.flush()
            for line in process.stdout:
                report = msgspec.json.decode(line, type=Report) if line.strip() else None
                if process is not self._process:
                    continue
                if report is None:
                    self._is_asked = True
                else:
                    self._report = report
        failed = process.wait() != 0
        if process is self._process:
            self._failed = failed
            self._process = None

    def seen(self) -> Examined | None:
        """What is known by now; None where nothing was asked."""
        if self._of is None:
            return None
        report = self._report
        done = self._process is None
        if report is None:
            return Examined(done=done, failed=self._failed)
        return Examined(
            done=done,
            failed=self._failed,
            trials=len(report.trials),
            verdict="ill" if report.is_ill else report.verdict,
            said=report.share,
            findings=(*report.findings, *_of_other_lanes(report)),
            courses=tuple(_course(report, remedy) for finding in report.findings for remedy in finding.remedies),
        )

    def close(self) -> None:
        """Ends what is under way."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()


def _of_other_lanes(report: Report) -> Iterator[Finding]:
    """What is wrong with the other lanes of a race; what helps them is told, for a key applies to the first."""
    for other in report.others:
        for finding in other.findings:
            if finding.ill:
                helps = "".join(
                    f" {remedy.text[0].upper()}{remedy.text[1:]}{remedy.gain}." for remedy in finding.remedies
                )
                title, evidence = f"{other.lane}: {finding.title}", f"{finding.evidence}{helps}"
                yield structs.replace(finding, title=title, evidence=evidence, remedies=())


def _course(report: Report, remedy: Remedy) -> TrialCourse:
    """How a remedy's trial went at the run's own seed, which is the first of its trials."""
    own = next(one for one in report.trials if one.changes == remedy.changes and one.from_step == remedy.from_step)
    part, _, metric = report.score.metric.partition(".")
    steps, chosen = zip(*own.curve, strict=True)
    train, losses = zip(*own.losses, strict=True)
    return TrialCourse(steps=steps, columns={"train.loss": train, f"{part}.loss": losses, f"{part}.{metric}": chosen})
