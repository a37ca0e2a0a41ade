"""What is tried, and what inputs have in common."""

import random
from collections.abc import Callable
from pathlib import Path

Trial = tuple[object, ...] | Callable[[], object]
"""A command's arguments, or a function that must raise nothing."""

Case = Callable[[random.Random, Path], Trial]

BOUND = ("--steps", 1)
TABLE = "a,b,kind,label\n" + "".join(
    f"{n / 7:.3f},{n % 5},{'xyz'[n % 3]},{'yes' if n % 2 else 'no'}\n" for n in range(24)
)
SCENARIO = 'title = "t"\n[data]\nkind = "csv"\npath = "{path}"\ntarget = "label"\n[training]\nepochs = 1\n'


def once(path: Path, make: Callable[[Path], object]) -> Path:
    """A file made with the first case that needs it."""
    if not path.exists():
        make(path)
    return path
