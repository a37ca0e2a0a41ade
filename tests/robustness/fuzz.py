"""Every input of the program, put wrong at random: `python -m tests.robustness.fuzz [CASES] [SEED] [INPUT …]`.

So many cases an input. A case holds if a command ends with a status it may have, by no exception, within twenty
seconds, and prints nothing that a terminal would obey; in all they take less than 1.5 GB.
"""

import importlib.util
import os
import random
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from nn_tui.shown import shown_lines
from tests.robustness.inputs.registry import INPUTS, NEEDS
from tests.robustness.inputs.trial import Trial
from tests.shell.programs import nn

_MOST_SECONDS = 20.0
_GIVEN_UP = 60
_MOST_MEGABYTES = 1500


class _TooLongError(BaseException):
    """A case that does not end."""


def problem_of(trial: Trial) -> str:
    """What is wrong with how a case ends; empty if nothing is."""
    begun = time.process_time()
    if callable(trial):
        try:
            trial()
        except Exception as error:
            return _told(error)
    else:
        result = nn(*trial)
        error_raised = result.exception
        if error_raised is not None and not isinstance(error_raised, SystemExit):
            return _told(error_raised)
        if result.exit_code not in (0, 1, 2):
            return f"status {result.exit_code}"
        if result.exit_code == 2 and not result.stderr.strip():
            return "refuses without a word"
        # Tabs may stand in a document, and are not obeyed.
        if shown_lines(printed := result.output.replace("\t", " ")) != printed:
            return f"prints what a terminal obeys: {ascii(result.output)[:200]}"
    return "" if (taken := time.process_time() - begun) < _MOST_SECONDS else f"takes {taken:.0f} s"


def _told(error: BaseException) -> str:
    trace, where = error.__traceback__, ""
    while trace is not None:
        where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}: {str(error)[:200]} ({where})"


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLongError


def fuzz(name: str, cases: int, seed: int, first: int = 0) -> list[str]:
    """Tries cases of an input, from one on; returns what went wrong, with the number of the case."""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + cases):
            trial: Trial = ()
            if hasattr(signal, "setitimer"):
                before = signal.signal(signal.SIGPROF, _give_up)
                signal.setitimer(signal.ITIMER_PROF, _GIVEN_UP)
            try:
                trial = INPUTS[name](random.Random(f"{seed}-{name}-{number}"), Path(folder))
                problem = problem_of(trial)
            except _TooLongError:
                problem = f"does not end within {_GIVEN_UP} s of processor"
            finally:
                if hasattr(signal, "setitimer"):
                    signal.setitimer(signal.ITIMER_PROF, 0)
                    signal.signal(signal.SIGPROF, before)
            if problem:
                asked = "" if callable(trial) else " ".join(map(ascii, trial))[:160]
                problems.append(f"{name} {number} ({seed}): {problem}: {asked}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return problems + ([f"{name}: {most:.0f} MB"] if most > _MOST_MEGABYTES else [])


def missing(name: str) -> bool:
    """Whether what an input is made with is not installed."""
    return name in NEEDS and importlib.util.find_spec(NEEDS[name]) is None


def main() -> None:
    """Prints what went wrong as it comes, and at last how many cases there were of each input."""
    cases, seed = (int(text) for text in (*sys.argv[1:3], *("1000", "0")[len(sys.argv[1:3]) :]))
    chosen = sys.argv[3:] or list(INPUTS)
    os.environ["NN_TUI_RUNS"] = "off"
    table = []
    for name in chosen:
        if missing(name):
            table.append(f"{name:13} needs {NEEDS[name]}")
            continue
        begun, problems = time.monotonic(), []
        for first in range(0, cases, 500):
            found = fuzz(name, min(500, cases - first), seed, first)
            problems += found
            print(f"{name} {first:,} …", *found[:20], sep="\n  ", flush=True)
        table.append(f"{name:13} {cases:>7,} cases {time.monotonic() - begun:6.0f} s {len(problems):4} went wrong")
    print("", *table, f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at the most", sep="\n")


if __name__ == "__main__":
    main()
