"""`nn-tui replay` killed at random moments: `python -m tests.robustness.kills [KILLS] [SEED]`.

A kill holds if each output is there whole or not at all, the rows are whole ones, what the run reads is as it was, and
nothing else is in the folder once the next run has written there.
"""

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nn_tui.scenario.reading import load
from nn_tui.training.files.model_file import load_model
from tests.shell.programs import COMMAND, FAST, environment, nn

_LONGEST = 1.6
"""Seconds within which a run begins, trains and writes on a machine that is not busy."""


def killed(folder: Path, number: int, moment: float) -> str:
    """Kills a run a moment after its start; returns what is wrong then, empty if nothing is."""
    scenario = folder / "fast.toml"
    written = {"metrics": "rows.jsonl", "save": "model.safetensors", "record": "record.toml"}
    options = [text for option, name in written.items() for text in (f"--{option}", str(folder / name))]
    seed = ["--seed", str(number)]
    process = subprocess.Popen(
        [*COMMAND, "replay", str(scenario), "--quiet", *seed, *options], env=environment(), start_new_session=True
    )
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait()
    if scenario.read_text() != FAST:
        return "the scenario has changed"
    for name, read in (("model.safetensors", load_model), ("record.toml", load)):
        if (folder / name).exists():
            try:
                read(folder / name)
            except ValueError as error:
                return f"{name} is torn: {error}"
    rows = folder / "rows.jsonl"
    if rows.exists():
        text = rows.read_text()
        if text and not text.endswith("\n"):
            return "the last row is torn"
        if [json.loads(line)["step"] for line in text.splitlines()][:1] not in ([], [0]):
            return "the first row is missing"
    return ""


def kills(count: int, seed: int) -> list[str]:
    """Kills so many runs in one folder, then lets one end well; returns what went wrong."""
    chance = random.Random(seed)
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fast.toml").write_text(FAST)
        for number in range(count):
            problem = killed(folder, number, chance.uniform(0.05, _LONGEST))
            problems += [f"kill {number} ({seed}): {problem}"] if problem else []
        outputs = ("--save", folder / "model.safetensors", "--record", folder / "record.toml")
        assert nn("replay", folder / "fast.toml", "--quiet", *outputs).exit_code == 0
        known = {"fast.toml", "rows.jsonl", "model.safetensors", "record.toml"}
        problems += [f"left behind: {path.name}" for path in folder.iterdir() if path.name not in known]
    return problems


def main() -> None:
    """Prints what went wrong."""
    count, seed = (int(text) for text in (*sys.argv[1:], *("200", "0")[len(sys.argv) - 1 :]))
    begun = time.monotonic()
    problems = kills(count, seed)
    print(f"{count:,} kills in {time.monotonic() - begun:.0f} s, {len(problems)} went wrong", *problems, sep="\n  ")


if __name__ == "__main__":
    main()
