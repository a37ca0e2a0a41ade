"""One key of a scenario: its type, bounds, choices and meaning."""

from typing import Any, TypeAlias

import msgspec

StructClass: TypeAlias = type[msgspec.Struct]

UNSET: Any = msgspec.UNSET
"""Stands for a default that a field does not have, or that depends on something else."""

TYPE_WORDS = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "names": "a list of text",
    "columns": "a list of columns' names, places or patterns",
    "coding": "a table of columns and how each is coded",
    "split": "text or a table",
    "weights": "none, balanced, or a table of a number of at least 0 for each class",
    "target": "a column's name or place, or a list of them",
    "score": "a number or text",
    "table": "a table",
    "tables": "a list of tables",
    "layers": "a list of whole numbers or tables, such as [8, 8]",
    "assignments": "a table",
    "point": "a list of two numbers",
    "rules": "a list of optimizers, or of tables of what lanes differ by",
}
"""Every `Field.type`, in the words of messages and documentation."""


class Field(msgspec.Struct, frozen=True):
    """One key.

    Attributes:
        key: its name in its table, or, from `fields.fields()`, its dotted path with N for a place counted from 1.
        type: a key of `TYPE_WORDS`.
        description: one sentence.
        default: the value if left out; None if then nothing applies; `UNSET` if required or if something else decides.
        required: whether it must be given.
        live: whether it applies to the running net (else: on reset).
        minimum, maximum: bounds that are allowed themselves.
        above, below: bounds that are not.
        choices: the texts allowed; empty for any.
        pattern: texts allowed beyond the choices, a regular expression; empty for none.
        only_for: the data kinds, optimizers or schedules that have this key; empty for all.
        struct: what a table, or each item of a list of tables, is read as.
    """

    key: str
    type: str
    description: str
    default: Any = UNSET
    required: bool = False
    live: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    only_for: tuple[str, ...] = ()
    struct: StructClass | None = None

    def allows(self, number: float) -> bool:
        """Whether a number is within the bounds."""
        return (
            (self.minimum is None or number >= self.minimum)
            and (self.maximum is None or number <= self.maximum)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )

    @property
    def expected(self) -> str:
        """What is allowed, in words: `a whole number from 1 to 4096`."""
        if self.choices and self.type != "weights":
            listed = ", ".join(self.choices)
            if self.type == "names":
                return f"a list of any of: {listed}"
            beside = ", or a table { column, test, validation }" if self.type == "split" else ""
            return f"one of: {listed}{beside}"
        bounds = ""
        if self.minimum is not None and self.maximum is not None:
            bounds = f" from {_written(self.minimum)} to {_written(self.maximum)}"
        else:
            limits = (("of at least", self.minimum), ("above", self.above), ("at most", self.maximum))
            words = [
                f"{word} {_written(limit)}" for word, limit in (*limits, ("below", self.below)) if limit is not None
            ]
            bounds = " " + " and ".join(words) if words else ""
        return TYPE_WORDS[self.type] + bounds


def _written(bound: float) -> str:
    return str(bound) if isinstance(bound, int) else f"{bound:g}"
