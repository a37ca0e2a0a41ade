"""What is wrong with a scenario: one message for people, and where to look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import msgspec

from nn_tui.shown import shown


class ScenarioError(ValueError):
    """A scenario that cannot be read, or that says something impossible.

    `str(error)` is the whole message: source, key and problem, joined by colons.

    Attributes:
        source: the file's name, `--set`, or whatever the text came from; may be empty.
        key: the dotted key at fault; empty if the fault lies in no single key.
        problem: what was found and what is allowed.
        elsewhere: whether the fault is in none of a scenario's text, but in what is used to run it.
    """

    elsewhere: ClassVar[bool] = False

    def __init__(self, problem: str, *, source: str = "", key: str = "") -> None:
        super().__init__(": ".join(part for part in (shown(source), shown(key), problem) if part))
        self.source = source
        self.key = key
        self.problem = problem

    def __reduce__(self) -> tuple[object, ...]:
        # The default would rebuild the error from its message alone, and it has to cross process borders.
        return _rebuild, (self.problem, self.source, self.key)


def _rebuild(problem: str, source: str, key: str) -> ScenarioError:
    return ScenarioError(problem, source=source, key=key)


@contextmanager
def named(source: str) -> Iterator[None]:
    """Within its `with` block, an error that does not say which scenario it is about is about `source`."""
    try:
        yield
    except ScenarioError as error:
        if error.source or error.elsewhere or not source:
            raise
        raise ScenarioError(error.problem, source=source, key=error.key) from error


class Place(msgspec.Struct, frozen=True):
    """Where in which document a value stands: list items are counted from 1."""

    source: str
    key: str = ""

    def at(self, name: str | int) -> "Place":
        """The place of an entry of this table or list."""
        return Place(self.source, f"{self.key}.{name}" if self.key else str(name))

    def error(self, problem: str) -> ScenarioError:
        """The error to raise for a problem here."""
        return ScenarioError(problem, source=self.source, key=self.key)
