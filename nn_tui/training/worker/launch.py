"""Starts the worker's process. Imports next to nothing, so that a process can be on its way before anything else is."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO

from nn_tui.training.child_environment import child_environment


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
        env=child_environment(),
    )
    return Launched(process, errors)
