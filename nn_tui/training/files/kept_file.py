"""The file that runs are kept in, which nothing else that is written may replace."""

import os
from pathlib import Path

from nn_tui.user_path import user_path

VARIABLE = "NN_TUI_RUNS"
"""An environment variable that names another file, or a folder for it; `off` keeps nothing."""

OFF = "off"
_NAME = "runs.sqlite"


def store_path() -> Path | None:
    """The file the runs are kept in; None where none are to be."""
    given = os.environ.get(VARIABLE, "")
    if given.strip().lower() == OFF:
        return None
    if given:
        path = user_path(given)
        return path / _NAME if path.is_dir() or given.endswith(("/", os.sep)) else path
    from platformdirs import user_data_path

    return user_data_path("nn-tui", appauthor=False) / _NAME
