"""What came of a trial, small enough to keep all of them."""

import math
from typing import Any

import msgspec

from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.sweep.plan import SweepTrial

FAILED = "failed"
"""The status of a trial that could not be run."""

_LESS_IS_BETTER = ("loss", "mae", "rmse", "distance")
_PARTS = ("train", "validation", "test")
_PLACES = ("x", "y")
"""What is reached on a surface, and neither better nor worse."""


class TrialResult(msgspec.Struct, frozen=True, kw_only=True):
    """A trial that is done with.

    Attributes:
        number, combination, changes, seed: as in `SweepTrial`.
        status: "finished", "diverged" or "failed".
        value: of the sweep's metric; None where there is none.
        train, validation, test: scores, by name.
        steps: taken.
        digest: of the parameters at its end.
        seconds: it took.
        stopped: whether it was given up before its end, beside better ones.
        run: the kept run's number; 0 where runs are not kept.
        error: why it failed; empty otherwise.
        provisional: whether it is a look half-way, and what becomes of it is not decided.
    """

    number: int
    combination: int
    changes: dict[str, Any]
    seed: int
    status: str
    value: float | None
    train: dict[str, float | None] | None
    validation: dict[str, float | None] | None
    test: dict[str, float | None] | None
    steps: int
    digest: str
    seconds: float
    stopped: bool = False
    run: int = 0
    error: str = ""
    provisional: bool = False

    @property
    def score(self) -> float | None:
        """Its value; None where it diverged or failed: the last finite value before that is no result."""
        return None if self.status in ("diverged", FAILED) else self.value

    @property
    def loss(self) -> float:
        """Of the set that chooses; infinite where there is none. What decides between equal values."""
        for scores in (self.validation, self.test, self.train):
            if scores and scores.get("loss") is not None:
                return float(scores["loss"] or 0.0)
        return math.inf


def result_of(trial: SweepTrial, kept: KeptRun, metric: str, stopped: bool = False) -> TrialResult:
    """A trial that was run."""
    summary = kept.summary
    return TrialResult(
        number=trial.number,
        combination=trial.combination,
        changes=trial.changes,
        seed=trial.seed,
        status=kept.line.status,
        value=value_of(summary, metric),
        train=summary["train"],
        validation=summary.get("validation"),
        test=summary["test"],
        steps=kept.line.steps,
        digest=kept.line.digest,
        seconds=kept.line.seconds,
        stopped=stopped,
    )


def failure_of(trial: SweepTrial, error: str) -> TrialResult:
    """A trial that could not be run."""
    return TrialResult(
        number=trial.number,
        combination=trial.combination,
        changes=trial.changes,
        seed=trial.seed,
        status=FAILED,
        value=None,
        train=None,
        validation=None,
        test=None,
        steps=0,
        digest="",
        seconds=0.0,
        error=error,
    )


def value_of(summary: dict[str, Any], metric: str) -> float | None:
    """A metric such as "test.accuracy" or "race.adam.loss" in a summary; None where there is none."""
    value = _metrics(summary).get(metric)
    return float(value) if isinstance(value, int | float) else None


def metrics_in(summary: dict[str, Any]) -> list[str]:
    """Every metric that a run has, those of a race's lanes among them."""
    return list(_metrics(summary))


def _metrics(summary: dict[str, Any]) -> dict[str, object]:
    """By name; of a lane that has diverged without a value, since its last finite ones are no result."""
    found = {f"{part}.{name}": value for part in _PARTS for name, value in (summary.get(part) or {}).items()}
    for lane in summary.get("race", ()):
        for name, value in lane["scores"].items():
            if name not in _PLACES:
                found[f"race.{lane['name']}.{name}"] = None if lane["diverged_at"] else value
    return found


def is_better_low(metric: str) -> bool:
    """Whether less of a metric is better."""
    return metric.rpartition(".")[2] in _LESS_IS_BETTER
