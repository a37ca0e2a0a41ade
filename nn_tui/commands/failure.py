"""How a command ends that cannot do its work: one message on stderr, and an exit status."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from nn_tui.shell.telling import tell

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


class Failure(click.ClickException):
    """One message on stderr and status 2."""

    exit_code = BAD_INPUT

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        tell(self.message)


@contextmanager
def one_message() -> Iterator[None]:
    """Within its `with` block, what is wrong with the input, or with an output path, ends as a `Failure`."""
    from nn_tui.shell.underway_bar import shown_underway

    try:
        with shown_underway():
            yield
    except (ValueError, OSError, MemoryError) as error:
        failure = as_failure(error)
        if failure is None:
            raise
        raise failure from error


def as_failure(error: Exception) -> Failure | None:
    """How a command ends with this error; None for one that no person has caused."""
    if isinstance(error, MemoryError):
        return Failure("the scenario needs more memory than there is")
    return Failure(str(error)) if isinstance(error, _for_people()) else None


def _for_people() -> tuple[type[Exception], ...]:
    """The errors whose message is one. Whoever raises one has loaded its module; others need not."""
    from nn_tui.data.errors import DataError
    from nn_tui.scenario.errors import ScenarioError
    from nn_tui.training.files.atomic import OutputError
    from nn_tui.training.files.tensor_file import ModelError

    return ScenarioError, DataError, ModelError, OutputError
