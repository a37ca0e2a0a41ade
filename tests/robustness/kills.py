"""The program killed at random moments: `python -m tests.robustness.kills [KILLS] [SEED] [replay|worker|app|save …]`.

So many kills a target: `nn-tui replay` as it trains and writes; the worker of a lab that plays, the lab itself, and
either of them while a model is saved. A kill holds if

- each file is there whole or not at all, rows are whole ones, and what is read is as it was;
- the lab goes on at the very step and plays when its worker dies, and what it saves at last replays to the same digest;
- nothing stays behind once the next run has written there: no file, no process, no mode of the terminal.
"""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from nn_tui.scenario.reading import load
from nn_tui.training.files.model_file import load_model
from nn_tui.tui.settings import Settings
from tests.robustness.pseudo_terminal import PseudoTerminal, pseudo_terminal, seconds_of
from tests.shell.programs import COMMAND, FAST, environment, nn

_LONGEST = 1.6
"""Seconds within which a run begins, trains and writes on a machine that is not busy."""

_PLAYED = """title = "Played"
data = { kind = "moons" }
network = { hidden = [16, 16] }
training = { epochs = 1000000, batch_size = 16, speed = 3000 }
"""
_LARGE = """title = "Large"
data = { kind = "moons" }
network = { hidden = [600, 600, 600] }
training = { epochs = 1000000, speed = 50 }
"""
_KEYS = (b"p", b"\x1b", b"f", b"w", b"l", b"n", b"\x1b[D", b"]", b"[", b"z", b".", b"s", b" ", b" ")
_A_LAB = 20
"""Kills of its worker that one lab has to outlive."""


# -- replay ----------------------------------------------------------------------------------------------------------


def _killed_replay(folder: Path, number: int, moment: float) -> str:
    """Kills a run a moment after its start; returns what is wrong then, empty if nothing is."""
    scenario = folder / "fast.toml"
    written = {"metrics": "rows.jsonl", "save": "model.safetensors", "record": "record.toml"}
    options = [text for option, name in written.items() for text in (f"--{option}", str(folder / name))]
    command = [*COMMAND, "replay", str(scenario), "--quiet", "--seed", str(number), *options]
    process = subprocess.Popen(command, env=environment(), start_new_session=True)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait()
    if scenario.read_text() != FAST:
        return "the scenario has changed"
    for name, read in (("model.safetensors", load_model), ("record.toml", load)):
        if problem := _torn(folder / name, read):
            return problem
    rows = folder / "rows.jsonl"
    if rows.exists():
        text = rows.read_text()
        if text and not text.endswith("\n"):
            return "the last row is torn"
        if [json.loads(line)["step"] for line in text.splitlines()][:1] not in ([], [0]):
            return "the first row is missing"
    return ""


def _torn(path: Path, read: Callable[[Path], object]) -> str:
    """What is wrong with a file that may be there; empty if nothing is."""
    if path.exists():
        try:
            read(path)
        except ValueError as error:
            return f"{path.name} is torn: {error}"
    return ""


def kill_replays(count: int, seed: int, folder: Path) -> list[str]:
    """Kills so many runs in one folder, then lets one end well; returns what went wrong."""
    chance = random.Random(seed)
    problems: list[str] = []
    (folder / "fast.toml").write_text(FAST)
    for number in range(count):
        problem = _killed_replay(folder, number, chance.uniform(0.05, _LONGEST))
        problems += [f"kill {number} ({seed}): {problem}"] if problem else []
    outputs = ("--save", folder / "model.safetensors", "--record", folder / "record.toml")
    assert nn("replay", folder / "fast.toml", "--quiet", *outputs).exit_code == 0
    known = {"fast.toml", "rows.jsonl", "model.safetensors", "record.toml"}
    return problems + [f"left behind: {path.name}" for path in folder.iterdir() if path.name not in known]


# -- the worker ------------------------------------------------------------------------------------------------------


def kill_workers(count: int, seed: int, folder: Path) -> list[str]:
    """Kills the workers of labs that play, some twenty a lab; returns what went wrong."""
    problems = []
    for first in range(0, count, _A_LAB):
        found = _lab_without_workers(min(_A_LAB, count - first), random.Random(f"{seed}-{first}"), folder / str(first))
        problems += [f"kills from {first} on ({seed}): {problem}" for problem in found]
    return problems


def _lab_without_workers(count: int, chance: random.Random, folder: Path) -> list[str]:
    folder.mkdir()
    (folder / "played.toml").write_text(_PLAYED)
    saved = folder / "saved.toml"
    with _lab(folder, "played.toml") as terminal:
        if not terminal.wait_for("ready"):
            return ["it did not get ready"]
        start = seconds_of(terminal.worker() or 0)
        terminal.type(b" ")
        for number in range(count):
            if (worker := _playing(terminal, start)) is None:
                return [f"kill {number}: it does not play on: {_last_words(terminal)}"]
            # One that dies again within a second's steps asks what to do, as it should; and part of what it has worked
            # so far was the way back.
            terminal.read(3.0 + chance.uniform(0.0, 1.0))
            terminal.output = ""
            os.kill(worker, signal.SIGKILL)
        if _playing(terminal, start) is None:
            return [f"it does not play on after the last kill: {_last_words(terminal)}"]
        problems = terminal.complaints()
        terminal.type(b" ")
        terminal.read(1.0)
        _save(terminal, saved, which=1)
        if not _until(terminal, saved.exists):
            return [*problems, f"the scenario was not saved: {_last_words(terminal)}"]
        problems += _left(terminal)
    again = nn("replay", saved, "--quiet")
    return problems + ([] if again.exit_code == 0 else [f"what was saved does not replay: {again.stderr.strip()}"])


def _lab(folder: Path, scenario: str, size: tuple[int, int] = (120, 40)) -> "pseudo_terminal":
    (folder / "tmp").mkdir(exist_ok=True)
    kept = {"NN_TUI_RUNS": str(folder / "runs.sqlite"), "TMPDIR": str(folder / "tmp")}
    return pseudo_terminal("open", folder / scenario, settings=folder / "settings", size=size, **kept)


def _until(terminal: PseudoTerminal, condition: Callable[[], object], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end or terminal.process.poll() is not None:
            return False
        terminal.read(0.05)
    return True


def _playing(terminal: PseudoTerminal, start: float) -> int | None:
    """The worker, once it has trained a while; None if none comes to that.

    Args:
        start: the seconds of processor that a worker's start takes on this machine. Twice as much is allowed, or what
            is killed has not come on since the last kill, and the lab asks what to do, as it should.
    """
    end = time.monotonic() + 180
    began: dict[int, float] = {}
    while time.monotonic() < end and terminal.process.poll() is None:
        worker = terminal.worker()
        if worker is not None:
            worked = seconds_of(worker)
            # Of one that stands still the clock does, too.
            if worked - began.setdefault(worker, max(worked, 2 * start)) > 0.4:
                return worker
        terminal.read(0.1)
    return None


def _save(terminal: PseudoTerminal, path: Path, which: int, *, over: bool = False) -> None:
    """Saves a model (0) or the scenario (1) by the keys that a person would press."""
    terminal.type(b"\x13")
    terminal.read(0.5)
    terminal.type(b"\x1b[B" * which)
    terminal.read(0.2)
    terminal.type(b"\t")
    terminal.read(0.3)
    # All that is proposed goes.
    terminal.type(b"\x05\x15" + str(path).encode())
    terminal.read(0.3)
    terminal.type(b"\r")
    if over:
        terminal.read(0.2)
        terminal.type(b"\r")


def _left(terminal: PseudoTerminal) -> list[str]:
    """Leaves a lab; returns what is wrong with how it goes."""
    terminal.type(b"q")
    status = terminal.wait_for_end()
    problems = [] if status == 0 else [f"left with {status}: {_last_words(terminal)}"]
    problems += [f"left on: {mode}" for mode in terminal.modes_left_on()]
    problems += [] if terminal.wait_until_nothing_runs() else [f"still there: {terminal.processes()}"]
    return problems


def _last_words(terminal: PseudoTerminal) -> str:
    plain = re.sub(r"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07]*\x07)", " ", terminal.output)
    return " ".join(re.sub(r"[^\w .:,'()→/-]", " ", plain).split())[-300:]


# -- the app ---------------------------------------------------------------------------------------------------------


def kill_apps(count: int, seed: int, folder: Path) -> list[str]:
    """Kills labs at random moments, keys being typed; returns what went wrong."""
    chance = random.Random(seed)
    (folder / "played.toml").write_text(_PLAYED)
    problems: list[str] = []
    for number in range(count):
        with _lab(folder, "played.toml") as terminal:
            if chance.random() < 0.8:
                terminal.wait_for("ready")
            end = time.monotonic() + chance.uniform(0.0, 2.5)
            while time.monotonic() < end:
                terminal.type(chance.choice(_KEYS))
                terminal.read(chance.uniform(0.0, 0.2))
            terminal.process.kill()
            terminal.process.wait()
            if not terminal.wait_until_nothing_runs():
                problems.append(f"kill {number} ({seed}): still there: {list(terminal.processes().values())}")
        problems += [f"kill {number} ({seed}): {problem}" for problem in _damage(folder)]
    with _lab(folder, "played.toml") as terminal:
        problems += [] if terminal.wait_for("ready") else ["the lab does not come up again"]
        problems += _left(terminal)
    return problems + _strays(folder)


def _damage(folder: Path) -> list[str]:
    """What is wrong with settings and kept runs."""
    problems = []
    settings = folder / "settings" / "settings.json"
    if settings.exists():
        try:
            msgspec.json.decode(settings.read_bytes(), type=Settings)
        except ValueError as error:
            problems.append(f"the settings are damaged: {error}")
    store = folder / "runs.sqlite"
    if store.exists():
        with closing(sqlite3.connect(store)) as connection, suppress(sqlite3.OperationalError):
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            problems += [] if found == "ok" else [f"the kept runs are damaged: {found}"]
    return problems


def _strays(folder: Path) -> list[str]:
    """What a lab has left that ended well, beside what it is to keep."""
    allowed = {"played.toml", "large.toml", "model.safetensors", "settings", "settings.json", "tmp", "runs.sqlite"}
    allowed |= {"runs.sqlite-wal", "runs.sqlite-shm"}
    return [f"left behind: {path.relative_to(folder)}" for path in folder.rglob("*") if path.name not in allowed]


# -- a save ----------------------------------------------------------------------------------------------------------


def kill_saves(count: int, seed: int, folder: Path) -> list[str]:
    """Kills the worker, which writes, or the app, as a large model is saved over itself; returns what went wrong."""
    chance = random.Random(seed)
    (folder / "large.toml").write_text(_LARGE)
    model = folder / "model.safetensors"
    problems: list[str] = []
    number = 0
    while number < count:
        with _lab(folder, "large.toml") as terminal:
            if not terminal.wait_for("ready"):
                return [*problems, "it did not get ready"]
            for _ in range(min(10, count - number)):
                worker = terminal.worker()
                _save(terminal, model, which=0, over=model.exists())
                terminal.read(chance.uniform(0.0, 0.4))
                number += 1
                if chance.random() < 0.2:
                    terminal.process.kill()
                    terminal.process.wait()
                    break
                if worker is not None:
                    with suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)
                _until(terminal, lambda before=worker: terminal.worker() not in (None, before))
                terminal.read(1.0)
            problems += [f"kill {number} ({seed}): {complaint}" for complaint in terminal.complaints()]
            if not terminal.wait_until_nothing_runs() if terminal.process.poll() is not None else False:
                problems.append(f"kill {number} ({seed}): still there: {list(terminal.processes().values())}")
        if problem := _torn(model, load_model):
            problems.append(f"kill {number} ({seed}): {problem}")
    with _lab(folder, "large.toml") as terminal:
        terminal.wait_for("ready")
        before = model.stat().st_mtime_ns if model.exists() else 0
        _save(terminal, model, which=0, over=model.exists())
        if not _until(terminal, lambda: model.exists() and model.stat().st_mtime_ns != before):
            problems.append(f"a model cannot be saved any more: {_last_words(terminal)}")
        problems += _left(terminal)
    if problem := _torn(model, load_model):
        problems.append(f"the last one: {problem}")
    return problems + _strays(folder)


TARGETS = {"replay": kill_replays, "worker": kill_workers, "app": kill_apps, "save": kill_saves}


def kills(target: str, count: int, seed: int) -> list[str]:
    """Kills so many of a target, in a folder of their own; returns what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        return TARGETS[target](count, seed, Path(folder))


def main() -> None:
    """Prints what went wrong, twenty kills at a time, and at last how many there were."""
    count, seed = (int(text) for text in (*sys.argv[1:3], *("200", "0")[len(sys.argv[1:3]) :]))
    table = []
    for target in sys.argv[3:] or TARGETS:
        begun, problems = time.monotonic(), []
        for first in range(0, count, _A_LAB):
            found = kills(target, min(_A_LAB, count - first), seed + first)
            problems += found
            print(f"{target} {min(count, first + _A_LAB)} …", *found, sep="\n  ", flush=True)
        table.append(f"{target:8} {count:5,} kills {time.monotonic() - begun:6.0f} s {len(problems):4} went wrong")
    print("", *table, sep="\n")


if __name__ == "__main__":
    main()
