"""One run of a search for a rate."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from nn_tui.scenario.schema import Scenario
from nn_tui.training.replay import replay
from nn_tui.training.run.session import Stop

_TAIL = 0.1
"""Share of a run, at its end, over which a loss is taken: one batch more or less does not decide."""


@dataclass(frozen=True)
class Attempt:
    """A run to make.

    Attributes:
        scenario: with its rate and its seed.
        steps: after which it is stopped.
        part: the set that chooses.
    """

    scenario: Scenario
    steps: int
    part: str


class End(msgspec.Struct, frozen=True):
    """How a run ended.

    Attributes:
        loss: at its end, on the set that chooses; infinite if it diverged.
        trained: the same on the training set.
        steps: it took.
    """

    loss: float
    trained: float
    steps: int

    @property
    def diverged(self) -> bool:
        """Whether it left the finite numbers."""
        return math.isinf(self.loss)


Attempts = Callable[[Sequence[Attempt]], Iterable[End]]
"""Makes runs, and gives their ends in the same order."""


def one_by_one(attempts: Sequence[Attempt]) -> Iterable[End]:
    """Makes runs in this process."""
    return map(attempted, attempts)


def attempted(attempt: Attempt) -> End:
    """Makes one run; what it gives depends on the attempt alone."""
    run = replay(attempt.scenario, stop=Stop(steps=attempt.steps))
    late = run.history["step"] >= (1.0 - _TAIL) * run.summary.steps

    def tail(part: str) -> float:
        values = run.history[f"{part}.loss"][late]
        values = values[np.isfinite(values)]
        return float(values.mean()) if len(values) and run.summary.status != "diverged" else math.inf

    return End(tail(attempt.part), tail("train"), run.summary.steps)
