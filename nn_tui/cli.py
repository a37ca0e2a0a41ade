"""The door: knows which commands there are, and imports the one that was asked for."""

import importlib
import io
import os
import signal
import sys

import click

from nn_tui.commands.failure import BAD_INPUT
from nn_tui.commands.usage import Commands, with_file
from nn_tui.shell.lookalikes import LOOKALIKES
from nn_tui.version import __version__

_COMMANDS = {
    "open": "open:open_command",
    "list": "catalogue:list_command",
    "show": "catalogue:show_command",
    "schema": "catalogue:schema_command",
    "replay": "replay:replay_command",
    "trace": "trace:trace_command",
    "doctor": "doctor:doctor_command",
    "predict": "predict:predict_command",
    "export": "export:export_command",
    "data": "data:data_command",
    "runs": "runs:runs_command",
    "compare": "compare:compare_command",
    "find-rate": "find_rate:find_rate_command",
    "sweep": "sweep:sweep_command",
    "gradcheck": "gradcheck:gradcheck_command",
}
"""Each command's module below `nn_tui.commands`, and its name there; in the order of the help."""


_ELSEWHERE = {
    **dict.fromkeys(("run", "train", "fit"), "replay"),
    **dict.fromkeys(("start", "play", "lab", "tui", "ui"), "open"),
    **dict.fromkeys(("check", "diagnose", "debug"), "doctor"),
    **dict.fromkeys(("test", "eval", "evaluate", "infer", "classify"), "predict"),
    **dict.fromkeys(("tune", "grid", "search", "optimize"), "sweep"),
    **dict.fromkeys(("lr", "lr-find", "rate"), "find-rate"),
    **dict.fromkeys(("info", "cat", "describe"), "show"),
    **dict.fromkeys(("history", "kept", "log"), "runs"),
    **dict.fromkeys(("ls", "scenarios"), "list"),
    "diff": "compare",
    "convert": "export",
    "datasets": "data list",
    "help": "--help",
    "version": "--version",
}


class _Lazily(Commands):
    elsewhere = _ELSEWHERE

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"nn_tui.commands.{module}"), attribute)
        return command

    def meant(self, ctx: click.Context, name: str) -> str | None:
        from nn_tui.scenario import catalogue
        from nn_tui.wording import near_miss

        if asked := with_file("nn-tui open", name):
            return asked
        if (plain := name.lower()) in catalogue.names():
            return f"nn-tui replay {plain}"
        command = super().meant(ctx, name)
        scenario = None if command else near_miss(plain, catalogue.names())
        return f"nn-tui replay {scenario}" if scenario else command


@click.group(
    cls=_Lazily,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="nn-tui")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Train neural networks in the terminal, and see why they learn or fail to.

    Without a command: the lab, as nn-tui open.
    """
    if ctx.invoked_subcommand is None:
        from nn_tui.commands.lab import open_lab

        open_lab(None)


def main() -> None:
    """The console script."""
    # A character that a terminal or a pipe has no code for shows as another, and does not end the program.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=LOOKALIKES)
    try:
        cli(prog_name="nn-tui")
    except SystemExit as end:
        status = _written_out(end.code)
        # From here on there is only the interpreter to be taken down, in which a press would end in a traceback.
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        sys.exit(status)


def _written_out(status: str | int | None) -> str | int | None:
    """Writes out what is left to write; returns the status, or another if that cannot be done."""
    if sys.stdout is None:
        return status
    try:
        sys.stdout.flush()
    except OSError as error:
        # Python would try once more on its way out, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # A command that ends with bad input has said why, be it that it could not write here.
        if not isinstance(error, BrokenPipeError) and status != BAD_INPUT:
            print(f"nn-tui: the output: {error.strerror}", file=sys.stderr)
            return status or BAD_INPUT
    return status
