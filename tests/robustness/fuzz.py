"""Every input of the program, mutated: `python -m tests.robustness.fuzz [CASES] [SEED]`, so many cases an input.

A case holds if the command ends with a status it may have, by no exception, within twenty seconds, and nothing that a
terminal would obey is printed.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from nn_tui.scenario import catalogue
from nn_tui.shown import shown_lines
from tests.shell.programs import nn

_MOST_SECONDS = 20.0
_TABLE = "a,b,kind,label\n" + "".join(
    f"{n / 7:.3f},{n % 5},{'xyz'[n % 3]},{'yes' if n % 2 else 'no'}\n" for n in range(24)
)
_SCENARIO = 'title = "t"\n[data]\nkind = "csv"\npath = "{path}"\ntarget = "label"\n[training]\nepochs = 1\n'
_TOKENS = (
    *(b"\x00", b"\x1b[31m", b"\xff\xfe", b"\xe2\x80\xae", b"[/b]", b"\n", b'"', b"'", b",", b";", b"=", b"[[", b"]"),
    *(b"nan", b"-inf", b"1e999", b"-1", b"0", b"99999999999999999999", b"1,500", b"\xc2\xa0", b"true", b"null"),
)

Case = Callable[[random.Random, Path], tuple[object, ...]]


def mutated(chance: random.Random, content: bytes) -> bytes:
    """Some bytes changed, taken out, doubled or put in, up to eight times."""
    mutant = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(mutant) + 1)
        length = min(chance.randint(0, 40), len(mutant) - at)
        match chance.randrange(5):
            case 0:
                del mutant[at : at + length]
            case 1:
                mutant[at:at] = mutant[at : at + length]
            case 2:
                mutant[at:at] = chance.choice(_TOKENS)
            case 3:
                mutant[at : at + length] = chance.randbytes(length)
            case 4:
                mutant[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(mutant)


def _scenario(chance: random.Random, folder: Path) -> tuple[object, ...]:
    names = [name for name in catalogue.names() if "mnist" not in name and "sketch" not in name]
    path = folder / "s.toml"
    path.write_bytes(mutated(chance, (catalogue.folder() / f"{chance.choice(names)}.toml").read_bytes()))
    command = chance.choice([("replay", path, "--steps", 1, "--quiet"), ("show", path), ("gradcheck", path)])
    return command if chance.random() < 0.5 else ("show", path)


def _table(chance: random.Random, folder: Path) -> tuple[object, ...]:
    path = folder / "t.csv"
    path.write_bytes(mutated(chance, _TABLE.encode()))
    (folder / "t.toml").write_text(_SCENARIO.format(path="t.csv"))
    return chance.choice([("replay", folder / "t.toml", "--steps", 1), ("data", "describe", path)])


def _model(chance: random.Random, folder: Path) -> tuple[object, ...]:
    whole = folder / "whole.safetensors"
    if not whole.exists():
        (folder / "whole.csv").write_text(_TABLE)
        (folder / "whole.toml").write_text(_SCENARIO.format(path="whole.csv"))
        assert nn("replay", folder / "whole.toml", "--quiet", "--save", whole).exit_code == 0
    path = folder / "m.safetensors"
    path.write_bytes(mutated(chance, whole.read_bytes()))
    return chance.choice(
        [("predict", path, "0"), ("export", path, "--to", "pytorch"), ("replay", "--resume", path, "--epochs", 2)]
    )


def _samples(chance: random.Random, folder: Path) -> tuple[object, ...]:
    _model(chance, folder)
    np.save(folder / "whole.npy", np.zeros((4, 3), np.float32))
    name = chance.choice(["whole.csv", "whole.npy"])
    path = folder / f"p{Path(name).suffix}"
    path.write_bytes(mutated(chance, (folder / name).read_bytes()))
    return "predict", folder / "whole.safetensors", path


def _arguments(chance: random.Random, folder: Path) -> tuple[object, ...]:
    keys = (b"lr=0.1", b"hidden=[4, 4]", b"optimizer=adam", b"race=['sgd', 'adam']", b"init={name='normal', std=1}")
    text = os.fsdecode(mutated(chance, chance.choice(keys)).replace(b"\0", b""))
    return "replay", "xor", "--steps", 1, "--quiet", "--set", text, "--record", folder / "r.toml"


INPUTS: dict[str, Case] = {
    "scenario": _scenario, "table": _table, "model": _model, "samples": _samples, "arguments": _arguments,
}  # fmt: skip


def problem_of(arguments: tuple[object, ...]) -> str:
    """What is wrong with how a command ends; empty if nothing is."""
    begun = time.monotonic()
    result = nn(*arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"{type(result.exception).__name__}: {result.exception}"
    if result.exit_code not in (0, 1, 2):
        return f"status {result.exit_code}"
    if shown_lines(result.output) != result.output:
        return f"prints what a terminal obeys: {ascii(result.output)[:200]}"
    return "" if (taken := time.monotonic() - begun) < _MOST_SECONDS else f"takes {taken:.0f} s"


def fuzz(name: str, cases: int, seed: int) -> list[str]:
    """Tries cases of an input; returns what went wrong, with the number of the case."""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(cases):
            arguments = INPUTS[name](random.Random(f"{seed}-{name}-{number}"), Path(folder))
            if problem := problem_of(arguments):
                problems.append(f"{name} {number} ({seed}): {problem}: {' '.join(map(ascii, arguments))[:160]}")
    return problems


def main() -> None:
    """Prints what went wrong, and how many cases there were."""
    cases, seed = (int(text) for text in (*sys.argv[1:], *("1000", "0")[len(sys.argv) - 1 :]))
    for name in INPUTS:
        problems = fuzz(name, cases, seed)
        print(f"{name:10} {cases:,} cases, {len(problems)} went wrong", *problems[:20], sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
