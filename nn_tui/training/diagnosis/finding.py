"""What a diagnosis says."""

from typing import Any

import msgspec

LEAST_ROWS = 8
"""Rows below which only what is plain at a glance (divergence, symmetry, dead units) is said."""


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """A change that may help.

    Attributes:
        text: for people: `a rate of 0.01 instead of 0.1`.
        changes: dotted keys of the scenario and their new values.
        live: whether the running net can take it; otherwise it applies on reset.
    """

    text: str
    changes: dict[str, Any]
    live: bool


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is going on in a run.

    Attributes:
        kind: a key of `diagnose.RULES`, or of a rule of `descents`.
        title: one line for people.
        ill: whether something is wrong; `converged` alone is good news.
        layer: the layer it is about, or None.
        step: since which step it has been so, as far as was recorded.
        evidence: the numbers it rests on, in a sentence.
        numbers: the same numbers, by name.
        rule: the rule with its threshold, in words.
        source: where the rule or its explanation comes from.
        remedies: one to three, the most promising first; none for good news.
    """

    kind: str
    title: str
    ill: bool
    layer: str | None
    step: int
    evidence: str
    numbers: dict[str, float]
    rule: str
    source: str
    remedies: tuple[Remedy, ...]
