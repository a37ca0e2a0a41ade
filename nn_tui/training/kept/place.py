"""Where the runs are kept, and how much room they may take."""

import os
from pathlib import Path

from nn_tui.training.kept.errors import KeptError

VARIABLE = "NN_TUI_RUNS"
"""An environment variable that names another file, or a folder for it; `off` keeps nothing."""

LIMIT_VARIABLE = "NN_TUI_RUNS_MB"
"""An environment variable with the most megabytes that kept runs may take."""

OFF = "off"
_NAME = "runs.sqlite"
_MOST_MEGABYTES = 500


def store_path() -> Path | None:
    """The file the runs are kept in; None where none are to be."""
    given = os.environ.get(VARIABLE, "")
    if given.strip().lower() == OFF:
        return None
    if given:
        path = Path(given).expanduser()
        return path / _NAME if path.is_dir() or given.endswith(("/", os.sep)) else path
    from platformdirs import user_data_path

    return user_data_path("nn-tui", appauthor=False) / _NAME


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
