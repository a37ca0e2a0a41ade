"""`python -m nn_tui.training.diagnosis`: a scenario in TOML on stdin, reports on stdout, a line of JSON each.

The scenario's size in bytes stands before it, on a line of its own. An empty line on stdout asks for the steps that the
running net has taken by now, to be answered by a line on stdin: what helps is tried from there too. The lab has its
trials made here, at low priority, so that neither training nor keys wait for them. The process ends as soon as stdin
does, which is when whoever asked has gone, however that came about.
"""

import contextlib
import os
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO

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
    steps: SimpleQueue[int] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked, steps), daemon=True).start()

    def steps_by_now() -> int:
        _write(b"\n")
        return steps.get()

    with contextlib.suppress(BrokenPipeError):
        _say(visit(scenario, on_report=_say, steps_by_now=steps_by_now))


def _listen(asked: BinaryIO, steps: SimpleQueue[int]) -> None:
    for line in asked:
        steps.put(int(line))
    os._exit(1)


def _say(report: Report) -> None:
    _write(msgspec.json.encode(report) + b"\n")


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


main()
