"""`python -m nn_tui.training.diagnosis`: a scenario in TOML on stdin, reports on stdout, a line of JSON each.

The lab has its trials made here, at low priority, so that neither training nor keys wait for them. The process ends
when whoever reads it has gone.
"""

import contextlib
import os
import sys
import threading
import time

import msgspec

from nn_tui.scenario.reading import loads
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.diagnosis.report import Report

_NICE = 10
_LOOK_EVERY = 0.5


def main() -> None:
    """Examines the scenario, telling what is known after each lot of trials."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    scenario = loads(sys.stdin.read())
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        _say(visit(scenario, on_report=_say))


def _leave_with(parent: int) -> None:
    """Ends the process once another one has inherited it: whoever wanted the trials is gone."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(0)


def _say(report: Report) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
    sys.stdout.buffer.flush()


main()
