"""A kept run in a list, and as a row of the database."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import structs

from nn_tui.shown import shown

LEFT = "left"
"""The status of a course that a rewind and a change have left."""

ORIGINS = ("lab", "replay", "sweep", "doctor", "compare")


class KeptLine(msgspec.Struct, frozen=True):
    """A kept run in a list.

    Attributes:
        id: its number, from 1; never given twice.
        title: its scenario's.
        origin: one of `ORIGINS`.
        status: "finished", "diverged", "interrupted", or "left".
        started: seconds since 1970.
        seconds: it took.
        steps, epochs: taken, completed.
        train, test: scores, by name; `test` None without a test set.
        digest: of the parameters at its end.
        findings: kinds of what the diagnosis named.
        sweep: the hash of the sweep it is a trial of; empty for none.
        name: where its scenario came from: a name in the catalog or a path; may be empty.
    """

    id: int
    title: str
    origin: str
    status: str
    started: float
    seconds: float
    steps: int
    epochs: int
    train: dict[str, float | None]
    test: dict[str, float | None] | None
    digest: str
    findings: tuple[str, ...]
    sweep: str = ""
    name: str = ""

    @property
    def quality(self) -> tuple[str, float | None] | None:
        """The score beside the loss, of the test set, where there is one, by its metric; None on a surface.

        Where the loss has no number the run has diverged, and the last finite score is no result: there is none.
        """
        part, scores = ("test", self.test) if self.test else ("train", self.train)
        name = next((name for name in ("accuracy", "r2") if name in scores), None)
        if name is None:
            return None
        return f"{part}.{name}", None if scores.get("loss", 0.0) is None else scores[name]

    def public(self) -> dict[str, Any]:
        """As JSON has it."""
        return structs.asdict(self)


class SweepLine(KeptLine, frozen=True):
    """A sweep in a list, by the line of one of its trials.

    Attributes:
        trials: how many of its trials are kept, of those that are wanted.
    """

    trials: int = 0


COLUMNS = tuple(field.name for field in msgspec.structs.fields(KeptLine))
"""Of the database, as of the line."""

_AS_TEXT = tuple(COLUMNS.index(name) for name in ("train", "test", "findings"))
"""Places of those that the database has as JSON."""


def stored(line: KeptLine) -> list[Any]:
    """A line as a row of the database, without its number."""
    # The name of a file may have bytes that no text has.
    values = [getattr(structs.replace(line, name=shown(line.name)), name) for name in COLUMNS[1:]]
    return [msgspec.json.encode(value).decode() if isinstance(value, dict | tuple) else value for value in values]


def line_of(row: Sequence[Any]) -> KeptLine:
    """The line that a row of the database holds.

    Raises:
        ValueError: for a row that holds none.
    """
    values = list(row)
    for place in _AS_TEXT:
        if values[place] is not None:
            values[place] = _text_of.decode(msgspec.convert(values[place], str))
    return msgspec.convert(dict(zip(COLUMNS, values, strict=True)), KeptLine)


_text_of = msgspec.json.Decoder()
