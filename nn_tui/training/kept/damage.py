"""Who is told of a damaged file of kept runs: stderr, or a full-screen program, under which that is not seen."""

import sys
from collections.abc import Callable

from nn_tui.shown import shown


def _to_stderr(message: str) -> None:
    print(f"nn-tui: {shown(message)}", file=sys.stderr)


_listeners: list[Callable[[str], None]] = [_to_stderr]


def tell_damage_to(listener: Callable[[str], None] | None) -> None:
    """From now on it is told there, from any thread; None for stderr."""
    _listeners[:] = [listener or _to_stderr]


def tell_damage(message: str) -> None:
    """Tells of it, to whoever has asked for that."""
    for listener in _listeners:
        listener(message)
