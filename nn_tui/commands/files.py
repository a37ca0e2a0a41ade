"""Files that options name, as a person types them: shells leave the ~ of --save=~/x to the program."""

import os
from pathlib import Path
from typing import Any

import click

from nn_tui.commands.failure import Failure
from nn_tui.shown import shown
from nn_tui.user_path import user_path

STDOUT = Path("-")
"""What stands for stdout where something may be written to it."""


class InputFile(click.ParamType[Path]):
    """A file to read."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        return user_path(value)


class OutputFile(click.ParamType[Path]):
    """A file to write.

    Attributes:
        takes_stdout: whether - stands for stdout. Else it is refused: few mean a file of that name.
    """

    name = "file"

    def __init__(self, *, takes_stdout: bool = False) -> None:
        self.takes_stdout = takes_stdout

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        text = os.fspath(value)
        option = param.opts[0] if param is not None else "the output"
        if text == os.fspath(STDOUT) and not self.takes_stdout:
            raise Failure(f"{option} -: is written to a file, not to stdout; name one (./- for one that is called -)")
        if not text:
            raise Failure(f"{option}: an empty text is the name of no file; name one")
        if text.endswith(("/", os.sep)):
            raise Failure(f"{shown(text)}: is the name of a folder; name a file for {option}")
        return user_path(text)
