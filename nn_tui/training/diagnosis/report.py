"""What a doctor's visit comes to: one object for the table, for JSON, for Python and for the lab."""

from typing import Any

import msgspec

from nn_tui.training.diagnosis.finding import Finding


class ReportedScore(msgspec.Struct, frozen=True, kw_only=True):
    """How good the run is by itself.

    Attributes:
        metric: "test.accuracy", "validation.r2", "train.balanced_accuracy", …; "left" on a surface.
        value: at the run's end; None where it diverged.
    """

    metric: str
    value: float | None


class Attainable(msgspec.Struct, frozen=True, kw_only=True):
    """The most that is known to be possible, by the same metric, and what reached it, in words."""

    value: float
    how: str


class Prescription(msgspec.Struct, frozen=True, kw_only=True):
    """The best remedy.

    Attributes:
        changes: dotted keys and their new values.
        before, after: the metric of the run left alone and with the changes, at the run's own seed; None: diverged.
        command: what replays the run with them.
    """

    changes: dict[str, Any]
    before: float | None
    after: float | None
    command: str


class TriedVariant(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the visit.

    Attributes:
        changes: none of the run left alone.
        seed: it was run at.
        from_step: steps the running net had taken when it took the changes; None for a run from the start.
        status: "finished", "diverged", or "stopped" where it was given up half-way.
        value, train: the metric on the set that chooses and on the training set; None where it diverged.
        steps: taken.
        curve: steps and values on the way, on the set that chooses.
        losses: at the same steps, on the training set and on the set that chooses.
    """

    changes: dict[str, Any]
    seed: int
    from_step: int | None
    status: str
    value: float | None
    train: float | None
    steps: int
    curve: tuple[tuple[int, float | None], ...]
    losses: tuple[tuple[float | None, float | None], ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A visit.

    Attributes:
        file: where the scenario stands, as it was named.
        scenario: its title.
        verdict: "healthy", "ill" or "data-limited" (as good as these data allow).
        score: how good the run is.
        attainable: how good it could be.
        share: what was tried on, where it was not the whole run: "a tenth of the epochs"; else "".
        findings: the illnesses with what helps, then what is worth knowing.
        prescription: the best remedy of an ill run; None where nothing is wrong or nothing helps.
        trials: every run, in the order they were asked for.
        work: done, in seconds of a free core, as the budget is counted.
        cut: whether the time ran out before the budget.
        seconds: wall time.
        lane: of a race, which one this is about; else "".
        alone: of a race, the changes that make a run of this lane by itself.
        others: of a race, what is to be said of its other lanes.
    """

    file: str
    scenario: str
    verdict: str
    score: ReportedScore
    attainable: Attainable
    share: str
    findings: tuple[Finding, ...]
    prescription: Prescription | None
    trials: tuple[TriedVariant, ...]
    work: float
    cut: bool
    seconds: float
    lane: str = ""
    alone: dict[str, Any] = {}
    others: "tuple[Report, ...]" = ()

    @property
    def is_ill(self) -> bool:
        """Whether the run, or a lane of the race, is."""
        return self.verdict == "ill" or any(other.is_ill for other in self.others)
