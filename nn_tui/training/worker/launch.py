"""Starts the worker's process. Imports next to nothing, so that a process can be on its way before anything else is."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Libraries that would start a thread for every core as they are imported need not."""


@dataclass(frozen=True)
class Launched:
    """A worker on its way.

    Attributes:
        process: its stdin and stdout are pipes.
        errors: what it writes to stderr: a file without a name, which goes when both processes have.
    """

    process: subprocess.Popen[bytes]
    errors: IO[bytes]


def launch() -> Launched:
    """Starts a worker.

    It has a session of its own, so that a Ctrl-C at the terminal, or closing it, reaches only the app.
    """
    errors = tempfile.TemporaryFile()  # noqa: SIM115
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "nn_tui.training.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        bufsize=0,
        start_new_session=True,
        env=os.environ | ONE_THREAD | {"PYTHONPATH": module_path()},
    )
    return Launched(process, errors)


def module_path() -> str:
    """The app's module path, so that both run the same nn_tui, and nothing lying about in the working folder."""
    return os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
