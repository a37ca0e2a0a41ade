"""How much room the kept runs may take."""

import os

from nn_tui.training.kept.errors import KeptError

LIMIT_VARIABLE = "NN_TUI_RUNS_MB"
"""An environment variable with the most megabytes that kept runs may take."""

_MOST_MEGABYTES = 500


def most_bytes() -> int:
    """How much room the runs may take; the oldest go beyond it.

    Raises:
        KeptError: where the environment does not say a number above 0.
    """
    given = os.environ.get(LIMIT_VARIABLE, "")
    try:
        megabytes = float(given) if given else float(_MOST_MEGABYTES)
        if not 0.0 < megabytes < 1e9:
            raise ValueError
    except ValueError:
        raise KeptError(f"{LIMIT_VARIABLE}: expected megabytes, a number above 0, found {given!r}") from None
    return int(megabytes * 1e6)
