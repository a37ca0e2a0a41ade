"""What a diagnosis says."""

from typing import Any

import msgspec

from nn_tui.numerals import numeral
from nn_tui.wording import metric_name

LEAST_ROWS = 8
"""Rows below which only what is plain at a glance (divergence, symmetry, dead units) is said."""


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """A change that may help.

    Attributes:
        text: for people: `a rate of 0.01 instead of 0.1`.
        changes: dotted keys of the scenario and their new values.
        live: whether the running net can take it; otherwise it applies on reset.
        metric: what it was tried by: "test.accuracy", "validation.r2", …; None of one that was not tried.
        before, after: that metric of the run left alone and with the changes, from the start to the scenario's end, at
            the run's own seed; None where it diverged.
        spread: the standard deviation over seeds of what it gains.
        seeds: at how many it was tried, the run's own among them.
        from_step: where it was tried on the running net, the step it took it at.
    """

    text: str
    changes: dict[str, Any]
    live: bool
    metric: str | None = None
    before: float | None = None
    after: float | None = None
    spread: float | None = None
    seeds: int = 0
    from_step: int | None = None

    @property
    def gain(self) -> str:
        """What it gained, as `: test accuracy 0.52 → 0.98, 3 seeds`; "" where it was not tried, or says so itself."""
        if self.metric is None:
            return ""
        before, after = ("diverged" if value is None else numeral(value) for value in (self.before, self.after))
        return f": {metric_name(self.metric)} {before} → {after}, {self.seeds} seed{'s' if self.seeds != 1 else ''}"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is going on in a run.

    Attributes:
        kind: a key of `diagnose.RULES`, or of a rule of `descents`.
        title: one line for people.
        ill: whether something is wrong; `converged` alone is good news.
        tried: whether remedies were tried; what was not is a suspicion.
        since: since which step it has been so, as far as was recorded; 0 of what holds before the first step.
        layer: the layer it is about, or None.
        evidence: the numbers it rests on, in a sentence.
        numbers: the same numbers, by name.
        rule: the rule with its threshold, in words.
        source: where the rule or its explanation comes from.
        remedies: the most promising first; none for good news.
        lane: of a race or a descent, whose it is; else "".
    """

    kind: str
    title: str
    ill: bool
    tried: bool = False
    since: int
    layer: str | None
    evidence: str
    numbers: dict[str, float]
    rule: str
    source: str
    remedies: tuple[Remedy, ...]
    lane: str = ""

    def of_lane(self, name: str) -> "Finding":
        """As it is said beside what is said of other lanes; "" where there are none."""
        title = ": ".join(part for part in (name, self.title) if part)
        return msgspec.structs.replace(self, title=title, lane=name)
