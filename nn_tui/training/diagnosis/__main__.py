"""`python -m nn_tui.training.diagnosis`: a scenario in TOML on stdin, reports on stdout, a line of JSON each.

The lab has its trials made here, at low priority, so that neither training nor keys wait for them. The process ends
when whoever reads it has gone.
"""

import contextlib
import os
import sys

import msgspec

from nn_tui.scenario.reading import loads
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.diagnosis.report import Report

_NICE = 10


def main() -> None:
    """Examines the scenario, telling what is known after each lot of trials."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    scenario = loads(sys.stdin.read())
    with contextlib.suppress(BrokenPipeError):
        _say(visit(scenario, on_report=_say))


def _say(report: Report) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
    sys.stdout.buffer.flush()


main()
