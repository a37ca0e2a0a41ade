"""Running nn-tui: in this process, which is quick, or as a program of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

import nn_tui
from nn_tui.cli import cli

ROOT = Path(nn_tui.__file__).parents[1]
COMMAND = (sys.executable, "-m", "nn_tui")
FAST = """\
title = "Fast"
[data]
kind = "xor"
samples = 60
[network]
hidden = [4, { units = 3, activation = "relu" }]
[training]
epochs = 6
batch_size = 14
"""
"""Three steps an epoch, 18 in all."""


def nn(*arguments: object) -> Result:
    """Runs a command in this process; what it prints is in `stdout` and `stderr`."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], prog_name="nn-tui")


def summary_of(*arguments: object, status: int = 0) -> dict[str, Any]:
    """What `nn-tui replay … --json` prints."""
    result = nn("replay", *arguments, "--json")
    assert result.exit_code == status, result.stderr
    summary = json.loads(result.stdout)
    assert isinstance(summary, dict)
    return summary


def digest_of(*arguments: object) -> str:
    digest = summary_of(*arguments)["digest"]
    assert isinstance(digest, str)
    return digest


def refused(*arguments: object) -> str:
    """The one message of a command that is refused, without the program's name."""
    result = nn(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    message = result.stderr
    assert message.startswith("nn-tui: ")
    assert message.count("\n") == 1
    return message.removeprefix("nn-tui: ").rstrip("\n")


def environment(**more: str) -> dict[str, str]:
    """This checkout's program, in a plain terminal of 80 columns."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **more}


def program(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Runs a command as a program of its own."""
    command = [*COMMAND, *(str(argument) for argument in arguments)]
    settings = {"capture_output": True, "text": True, "timeout": 60, "env": environment()} | more
    return subprocess.run(command, check=False, **settings)
