"""The door: knows which commands there are, and imports the one that was asked for."""

import importlib
import sys

import click

from nn_tui import __version__

_COMMANDS = {
    "list": "catalogue:list_command",
    "show": "catalogue:show_command",
    "schema": "catalogue:schema_command",
    "replay": "replay:replay_command",
    "predict": "predict:predict_command",
    "data": "data:data_command",
}
"""Each command's module below `nn_tui.commands`, and its name there; in the order of the help."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"nn_tui.commands.{module}"), attribute)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nn-tui")
def cli() -> None:
    """Train neural networks in the terminal, and see why they learn or fail to."""


def main() -> None:
    """The console script."""
    try:
        cli(prog_name="nn-tui")
    except BrokenPipeError:
        # The reader went away (`nn-tui list | head`): nothing is wrong, and nothing more can be said.
        sys.stderr.close()
        sys.exit(0)
