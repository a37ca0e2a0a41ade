"""How a command ends that cannot do its work: one message on stderr, and an exit status."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


class Failure(click.ClickException):
    """One message on stderr and status 2."""

    exit_code = BAD_INPUT

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        click.echo(f"nn-tui: {self.message}", err=True)


@contextmanager
def one_message() -> Iterator[None]:
    """Within its `with` block, what is wrong with the input, or with an output path, ends as a `Failure`."""
    from nn_tui.data.errors import DataError
    from nn_tui.scenario.errors import ScenarioError
    from nn_tui.training.atomic import OutputError
    from nn_tui.training.tensor_file import ModelError

    try:
        yield
    except (ScenarioError, DataError, ModelError, OutputError) as error:
        raise Failure(str(error)) from error
    except MemoryError as error:
        raise Failure("the scenario needs more memory than there is") from error
