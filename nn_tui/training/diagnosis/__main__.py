"""`python -m nn_tui.training.diagnosis`: a scenario in TOML on stdin, reports on stdout, a line of JSON each.

The scenario's size in bytes stands before it, on a line of its own. The lab has its trials made here, at low priority,
so that neither training nor keys wait for them. The process ends as soon as stdin does, which is when whoever asked has
gone, however that came about.
"""

import contextlib
import os
import sys
import threading

import msgspec

from nn_tui.scenario.reading import loads
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.diagnosis.report import Report

_NICE = 10


def main() -> None:
    """Examines the scenario, telling what is known after each lot of trials."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    asked = sys.stdin.buffer
    scenario = loads(asked.read(int(asked.readline())).decode())
    threading.Thread(target=_end_with, args=(sys.stdin.fileno(),), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        _say(visit(scenario, on_report=_say))


def _end_with(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os._exit(1)


def _say(report: Report) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
    sys.stdout.buffer.flush()


main()
