"""The lab with its real worker in a terminal that sends anything.

`python -m tests.robustness.terminal_monkey [EVENTS] [SEED]`: keys, clicks, wheels, pastes, other sizes, bytes that are
no text, kills of the worker. It holds if the lab goes on until it is left, says of nothing that it went wrong, draws no
character that a terminal would obey, and gives the terminal back. Linux, for its `/proc`.
"""

import os
import random
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.robustness.mutations import TOKENS
from tests.robustness.pseudo_terminal import PseudoTerminal, pseudo_terminal

_SCENARIOS = (
    "xor",
    "moons",
    "bowl",
    "iris",
    "dying-relu",
    "race-spiral",
    "exploding",
    "fashion-sketch",
    "sine",
    "odd.csv",
)
_SIZES = ((20, 5), (40, 12), (60, 20), (80, 4), (80, 24), (120, 40), (200, 60), (250, 80))
_KEYS = (
    *(
        b" ",
        b"n",
        b"e",
        b"r",
        b"s",
        b"m",
        b"c",
        b"l",
        b"w",
        b".",
        b",",
        b"z",
        b"p",
        b"f",
        b"o",
        b"y",
        b"?",
        b"t",
        b"j",
        b"k",
    ),
    *(
        b"i",
        b"d",
        b"u",
        b"U",
        b"T",
        b"[",
        b"]",
        b"\\",
        b"1",
        b"5",
        b"9",
        b"0",
        b"-",
        b"+",
        b"\x10",
        b"\x13",
        b"\t",
        b"\r",
        b"\x7f",
    ),
    *(
        b"\x1b[A",
        b"\x1b[B",
        b"\x1b[C",
        b"\x1b[D",
        b"\x1b[1;2D",
        b"\x1b[5~",
        b"\x1b[6~",
        b"\x1b[H",
        b"\x1b[F",
        b"\x1b[Z",
        b"\x1bOP",
    ),
    *(b"\x1b", b"\x1b", b"\x1b", "é快\u202e".encode()),
)
_LEAVING = bytes.maketrans(b"q\x03\x11\x1a\x1c", b"xxxxx")
"""Keys that end or suspend it are others here."""

_A_LAB = 200


def _event(chance: random.Random, terminal: PseudoTerminal, size: tuple[int, int]) -> tuple[int, int]:
    """Sends something; returns the terminal's size after it."""
    place = f"{chance.randint(1, size[0])};{chance.randint(1, size[1])}"
    match chance.randrange(16):
        case 0:
            size = chance.choice(_SIZES)
            terminal.resize(size)
        case 1 | 2:
            terminal.type(f"\x1b[<0;{place}M\x1b[<0;{place}m".encode())
        case 3:
            terminal.type(f"\x1b[<{chance.choice((35, 64, 65, 32, 2))};{place}M".encode())
        case 4:
            pasted = b"".join(chance.choice((*TOKENS, b"text ", b"0.1")) for _ in range(chance.randint(0, 30)))
            terminal.type(b"\x1b[200~" + pasted.translate(_LEAVING).replace(b"\x1b", b"") + b"\x1b[201~")
        case 5:
            terminal.type(chance.randbytes(chance.randint(1, 12)).translate(_LEAVING))
        case 6 if chance.random() < 0.1:
            with suppress(ProcessLookupError):
                os.kill(terminal.worker() or 0x7FFFFFFF, signal.SIGKILL)
        case _:
            for _ in range(chance.choice((1, 1, 1, 4))):
                terminal.type(chance.choice(_KEYS))
    terminal.read(chance.choice((0.0, 0.02, 0.1)))
    return size


def _play(events: int, chance: random.Random, folder: Path) -> list[str]:
    """Plays with one lab."""
    (folder / "odd.csv").write_text("a[/b],c [m/s]\n" + "0.1,yes[/]\n0.2,n[@click=app.quit]o\n" * 20)
    size = chance.choice(_SIZES)
    kept = {"NN_TUI_RUNS": str(folder / "runs.sqlite")}
    name = chance.choice(_SCENARIOS)
    with pseudo_terminal("open", name, settings=folder / "settings", size=size, cwd=folder, **kept) as terminal:
        terminal.wait_for("\x1b[?1049h")
        problems: list[str] = []
        for number in range(events):
            size = _event(chance, terminal, size)
            if terminal.process.poll() is not None:
                # The palette and a dialog have an entry for that.
                break
            if complaints := terminal.complaints():
                problems += [f"{name}: event {number}: {complaint}" for complaint in complaints]
                terminal.output = ""
        terminal.resize((120, 40))
        terminal.type(b"\x1b[201~")
        for _ in range(12):
            if terminal.process.poll() is None:
                terminal.type(b"\x1b")
                terminal.read(0.2)
        terminal.type(b"\x11")
        status = terminal.wait_for_end()
        problems += [] if status == 0 else [f"{name}: left with {status}: {terminal.output[-600:]!a}"]
        problems += [f"{name}: left on: {mode}" for mode in terminal.modes_left_on()]
        problems += [] if terminal.wait_until_nothing_runs() else [f"{name}: still there: {terminal.processes()}"]
        return problems


def terminal_monkey(events: int, seed: int) -> list[str]:
    """Plays with one lab after the other; returns what went wrong."""
    problems = []
    for first in range(0, events, _A_LAB):
        with tempfile.TemporaryDirectory() as folder:
            found = _play(min(_A_LAB, events - first), random.Random(f"{seed}-{first}"), Path(folder))
        problems += [f"from event {first} ({seed}) on {problem}" for problem in found]
    return problems


def main() -> None:
    """Prints what went wrong, a lab at a time."""
    events, seed = (int(text) for text in (*sys.argv[1:], *("2000", "0")[len(sys.argv) - 1 :]))
    total = 0
    for first in range(0, events, _A_LAB):
        problems = terminal_monkey(min(_A_LAB, events - first), seed + first)
        total += len(problems)
        print(f"{min(events, first + _A_LAB):,} events …", *problems, sep="\n  ", flush=True)
    print(f"{events:,} events, {total} went wrong")


if __name__ == "__main__":
    main()
