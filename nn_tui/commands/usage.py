"""A group of commands that says what is wrong with how it is used as all else is said: in one message."""

import errno
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import click

from nn_tui.commands.failure import BAD_INPUT, INTERRUPTED, Failure
from nn_tui.shell.telling import tell


class Commands(click.Group):
    """A group whose own complaints read like `Failure`, with a suggestion for a near miss.

    Attributes:
        elsewhere: what commands are called in other programs, or their words for what is done here another way.
    """

    elsewhere: ClassVar[Mapping[str, str]] = {}

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            from nn_tui.wording import did_you_mean, quoted

            raise click.UsageError(f"no such command {quoted(name)}{did_you_mean(self.meant(ctx, name))}", ctx)
        return super().resolve_command(ctx, args)

    def meant(self, ctx: click.Context, name: str) -> str | None:
        """What was probably meant by something that is no command."""
        from nn_tui.scenario.wording import nearest

        return self.elsewhere.get(name.lower()) or nearest(name, self.list_commands(ctx))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader went away (`nn-tui list | head`): nothing is wrong, and nothing more can be said.
            ctx.exit(0)
        except OSError as error:
            raise Failure(_what_failed(error)) from error

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs a command and exits with its status, as click does, but for the wording."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            status = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            status = error.exit_code
        except click.UsageError as error:
            tell(_worded(error))
            status = BAD_INPUT
        except click.ClickException as error:
            tell(error.format_message())
            status = error.exit_code
        except click.Abort:
            status = INTERRUPTED
        except BrokenPipeError:
            status = 0
        except OSError as error:
            # Click writes its own help.
            tell(_what_failed(error))
            status = BAD_INPUT
        # Commands return nothing; click returns the status of a command that ended early, such as --help.
        sys.exit(status or 0)


def with_file(command: str, name: str) -> str | None:
    """A command with this file, as a shell takes it; None where there is no such file."""
    # A name that is too long for one is none.
    with suppress(OSError):
        if Path(name).is_file():
            return shlex.join((*command.split(), name))
    return None


def _what_failed(error: OSError) -> str:
    if error.filename is None and isinstance(error, FileNotFoundError):
        try:
            Path.cwd()
        except OSError:
            return "the folder you are in is gone; change to another (cd)"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "too many files are open at once; allow more (ulimit -n)"
    return f"{error.filename or 'the output'}: {error.strerror or error}"


def _worded(error: click.UsageError) -> str:
    from nn_tui.wording import did_you_mean

    if isinstance(error, click.NoSuchOption):
        meant = _field(error) or next(iter(error.possibilities or ()), None)
        text = f"no such option {error.option_name}{did_you_mean(meant)}"
    else:
        # Of a missing option click lists the choices on a line each.
        message = " ".join(error.format_message().split()).rstrip(".").replace(". Choose from:", "; choose from:")
        text = message[:1].lower() + message[1:] + did_you_mean(_assignment(error, message))
    where = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
    return text + where


def _field(error: click.NoSuchOption) -> str | None:
    """The --set or --vary that was probably meant by a scenario's field written as an option."""
    takes = _options(error)
    if "--set" not in takes:
        return None
    from nn_tui.scenario import fields

    name = error.option_name.lstrip("-").replace("-", "_")
    path = name if name in fields.RULES else fields.elsewhere(name)
    if path is None:
        return None
    # Of columns to predict there is one choice.
    way = "--vary" if "--vary" in takes and path != "data.target" else "--set"
    return f"{way} {path.rpartition('.')[2]}=…"


def _assignment(error: click.UsageError, message: str) -> str | None:
    """The --set that was probably meant by KEY=VALUE without it."""
    _, _, extra = message.partition("unexpected extra argument (")
    key, sign, _ = extra.removesuffix(")").partition("=")
    return f"--set {extra.removesuffix(')')}" if sign and key and "--set" in _options(error) else None


def _options(error: click.UsageError) -> set[str]:
    """What the command takes that was used wrongly."""
    return {option for parameter in error.ctx.command.params for option in parameter.opts} if error.ctx else set()
