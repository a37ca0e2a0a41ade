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
        return path / _NAME if _is_folder(path) or given.endswith(("/", os.sep)) else path
    from platformdirs import user_data_path

    return user_data_path("nn-tui", appauthor=False) / _NAME


def _is_folder(path: Path) -> bool:
    """Whether there is a folder. Of a place that may not be looked at it is not known: whoever keeps runs is told."""
    try:
        return path.is_dir()
    except OSError:
        return False
