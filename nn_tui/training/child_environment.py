"""What a process that this one starts finds around it. Imports next to nothing, for it is wanted before all else."""

import os
import sys
from pathlib import Path

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Libraries that would start a thread for every core as they are imported need not."""


def child_environment() -> dict[str, str]:
    """This process's environment, for one that runs the same nn_tui, with one thread of linear algebra."""
    return {**os.environ, **ONE_THREAD, "PYTHONPATH": module_path()}


def module_path() -> str:
    """This process's module path, so that both run the same nn_tui, and nothing lying about in the working folder."""
    return os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
