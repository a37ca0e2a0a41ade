"""The lab for an hour, its worker flat out, keys now and then: `python -m tests.robustness.soak [MINUTES] [SEED]`.

It holds if the run goes on all the time, the screen with it, and the memory of app and worker stays in the last sixth
of the time what it was in the fourth: by then undo has its fifty places, and the caches of screens are full. Linux, for
its `/proc`.
"""

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from nn_tui.tui.speeds import LADDER
from tests.robustness.pseudo_terminal import PseudoTerminal, memory_of, pseudo_terminal, seconds_of, wanted_of

SCENARIO = """title = "Soak"
data = { kind = "moons", noise = 0.2 }
network = { hidden = [8, 8], activation = "relu" }
training = { epochs = 100000000, batch_size = 16, speed = 1000000, optimizer = { name = "adam", lr = 0.001 } }
"""
_KEYS = (
    *(b"l", b"w", b".", b",", b"z", b"p", b"f", b"i", b"?", b"t", b"j", b"k", b"o", b"T", b"\x10", b"\x13", b"\t"),
    *(b"\x1b[Z", b"\x1b[A", b"\x1b[B", b"\x1b[5~", b"\x1b[6~", b"\x1b[<0;40;10M\x1b[<0;40;10m", b"\x1b[<65;90;12M"),
    *(b"[", b"]", b"\x1b[D", b"\x1b[1;2D", b"u", b"U", b"m", b"1", b"5", b"9", b"y"),
)
_SIZES = ((120, 40), (80, 24), (200, 60), (60, 20), (20, 5), (250, 80))
_LEAST_WORK = 0.3
"""The share of its time for which a worker that trains runs, or waits for a processor."""

_REWINDS = 5
"""Times 1.5 seconds: no way back takes as long as that."""

_MOST_GROWTH = 1.05

_LONGEST_SILENCE = 20.0
"""Seconds for which nothing need be written to the screen."""


@dataclass
class Reading:
    """How it stands after so many minutes; memory in megabytes, the worker's processor time in seconds."""

    minutes: float
    app: float
    worker: float
    worked: float


def _settle(terminal: PseudoTerminal, path: Path) -> bool:
    """Leaves whatever is over the lab, and sees that it trains, flat out; returns whether it does."""
    trains = _comes_to_train(terminal) or _reopened(terminal, path)
    # At any pace that the keys have left it at, it would come to a fraction of the steps.
    terminal.type(b"]" * (len(LADDER) + 1))
    return trains


def _reopened(terminal: PseudoTerminal, path: Path) -> bool:
    """Opens the scenario again: a click in the list of all of them may have opened a short one, which is at its end."""
    terminal.type(b"o")
    terminal.read(2.0)
    terminal.type(str(path).encode() + b"\r")
    terminal.read(4.0)
    terminal.type(b"\\ ")
    return _comes_to_train(terminal)


def _comes_to_train(terminal: PseudoTerminal) -> bool:
    terminal.resize((120, 40))
    for turn in range(10):
        terminal.type(b"\x1b")
        terminal.read(0.4)
        # To go back in a run that is paused takes a while, too.
        if all(_works(terminal) for _ in range(_REWINDS)):
            return True
        # It was slowed down, was paused, or has got to its end. Both keys lead there and back, so every pair is tried.
        terminal.type(b" " if turn % 2 else b"\\ ")
    return False


def _works(terminal: PseudoTerminal) -> bool:
    worker = terminal.worker() or 0
    before = wanted_of(worker)
    terminal.read(1.5)
    return worker != 0 and wanted_of(worker) - before > 1.5 * _LEAST_WORK


def _screen(terminal: PseudoTerminal) -> str:
    """What is on the screen, as it is drawn anew at another size."""
    terminal.output = ""
    terminal.resize((100, 30))
    terminal.read(2.0)
    return terminal.output


def soak(
    seconds: float, seed: int, every: float, folder: Path, *, says: bool = False
) -> tuple[list[str], list[Reading]]:
    """Lets the lab train for so long; returns what went wrong, and a reading every so many seconds."""
    chance = random.Random(seed)
    path, problems, readings = folder / "soak.toml", [], []
    path.write_text(SCENARIO)
    with pseudo_terminal(
        "open", path, settings=folder / "settings", NN_TUI_RUNS=str(folder / "runs.sqlite")
    ) as terminal:
        if not terminal.wait_for("ready"):
            return ["it did not get ready", terminal.output[-500:]], []
        terminal.type(b"\\ ")
        terminal.longest_silence = silence = 0.0
        began = time.monotonic()
        while (now := time.monotonic() - began) < seconds:
            if terminal.process.poll() is not None:
                problems.append(
                    f"it ended with {terminal.process.poll()} after {now:.0f} s: {terminal.output[-500:]!r}"
                )
                break
            keys = [chance.choice(_KEYS) for _ in range(chance.randint(1, 6))]
            for key in keys:
                terminal.type(key)
                terminal.read(0.3)
            terminal.resize(size := chance.choice(_SIZES))
            terminal.read(0.5)
            if not _settle(terminal, path):
                problems.append(f"no training after {now:.0f} s: {_screen(terminal)!r}")
            problems += [f"after {now:.0f} s: {complaint}" for complaint in terminal.complaints()]
            terminal.output = ""
            terminal.read(max(0.0, began + (len(readings) + 1) * every - time.monotonic()))
            worker = terminal.worker() or 0
            reading = Reading(
                (time.monotonic() - began) / 60, memory_of(terminal.process.pid), memory_of(worker), seconds_of(worker)
            )
            readings.append(reading)
            if terminal.longest_silence > _LONGEST_SILENCE:
                problems.append(f"silent for {terminal.longest_silence:.0f} s by {now:.0f} s: {keys!r} at {size}")
            silence, terminal.longest_silence = max(silence, terminal.longest_silence), 0.0
            if says:
                print(_line(reading), f"silence {silence:.1f} s", *problems[-1:], flush=True)
        terminal.type(b"q")
        status = terminal.wait_for_end()
        problems += [] if status == 0 else [f"it was left with status {status}"]
        problems += [f"left behind: {mode}" for mode in terminal.modes_left_on()]
        problems += [] if terminal.wait_until_nothing_runs() else ["processes stay behind"]
    return problems + _growth(readings), readings


def _growth(readings: list[Reading]) -> list[str]:
    """What has grown from the fourth sixth of the time to the last."""
    sixth = len(readings) // 6
    if not sixth:
        return []
    problems = []
    for name in ("app", "worker"):
        early = median(getattr(reading, name) for reading in readings[3 * sixth : 4 * sixth])
        late = median(getattr(reading, name) for reading in readings[-sixth:])
        if late > early * _MOST_GROWTH:
            problems.append(f"the {name} has grown from {early:.1f} to {late:.1f} MB")
    return problems


def _line(reading: Reading) -> str:
    memory = f"app {reading.app:6.1f} MB  worker {reading.worker:6.1f} MB"
    return f"{reading.minutes:6.1f} min  {memory}  worked {reading.worked:7.0f} s"


def main() -> None:
    """Prints readings as they come, a table of every tenth of the time, and what went wrong."""
    minutes, seed = (float(text) for text in (*sys.argv[1:], *("60", "0")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        problems, readings = soak(minutes * 60, int(seed), 20.0, Path(folder), says=True)
    print("", *(_line(readings[at]) for at in range(0, len(readings), max(1, len(readings) // 10))), sep="\n")
    print(f"{minutes:g} minutes, {len(problems)} went wrong", *problems, sep="\n  ")


if __name__ == "__main__":
    main()
