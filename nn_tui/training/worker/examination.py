"""Trials of remedies for the run on screen, in a process of their own at low priority, read as they come."""

import contextlib
import os
import subprocess
import sys
import threading
from typing import Any

import msgspec
from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import dumps
from nn_tui.training.diagnosis.report import Report
from nn_tui.training.run.session import Session
from nn_tui.training.worker.launch import ONE_THREAD, module_path
from nn_tui.training.worker.messages import Examined


class Examination:
    """One scenario's trials at a time: that of the run on screen, with every change made to it by hand."""

    def __init__(self) -> None:
        self._of: tuple[int, int, int] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._report: Report | None = None
        self._failed = False

    def follow(self, run: int, session: Session[Any]) -> None:
        """Has the run's scenario examined, unless that is under way or done; another's trials end."""
        applied = session.applied
        of = run, len(applied), session.trainer.steps if session.status == "interrupted" else 0
        if of == self._of:
            return
        self.close()
        self._of, self._report, self._failed = of, None, False
        scenario = session.whole_scenario()
        if scenario.data.function is not None:
            # Of a descent every remedy is tried by the diagnosis itself.
            return
        self._start(structs.replace(scenario, expect=()))

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
            env=os.environ | ONE_THREAD | {"PYTHONPATH": module_path()},
        )
        self._process = process
        threading.Thread(target=self._read, args=(process, text), daemon=True).start()

    def _read(self, process: "subprocess.Popen[bytes]", text: bytes) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            # Left open: where it ends, without a word or with one, the trials end.
            process.stdin.write(b"%d\n" % len(text) + text)
            process.stdin.flush()
            for line in process.stdout:
                report = msgspec.json.decode(line, type=Report)
                if process is self._process:
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
        best = report.prescription
        return Examined(
            done=done,
            failed=self._failed,
            trials=len(report.trials),
            verdict=report.verdict,
            said=report.share,
            findings=report.findings,
            best=None if best is None else best.changes,
        )

    def close(self) -> None:
        """Ends what is under way."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
