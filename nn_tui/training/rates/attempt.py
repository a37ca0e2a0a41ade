"""One run of a search for a rate."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from threadpoolctl import threadpool_limits

from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.session import Session, Status, Stop
from nn_tui.training.run.start import begin

_TAIL = 0.1
"""Share of a run, at its end, over which a loss is taken: one batch more or less does not decide."""
_LOOKS = 10
"""How often it is taken there, at most. Rows would be most of the work of a short run, and are left out."""
_LOOKING = 0.5
"""What taking it may cost, of the work of the steps."""


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
        steps: it took.
    """

    loss: float
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
    with threadpool_limits(1):
        trainer = begin(attempt.scenario, recorded=False)
        trainer.lead.explains = False
        session: Session[Any] = Session(trainer, stop=Stop(steps=attempt.steps))
        # A row of all examples costs as much as their loss, and a little more.
        affordable = _LOOKING * attempt.steps * trainer.work.step / trainer.work.whole_row
        looks = max(1, min(_LOOKS, int(affordable)))
        losses: list[float] = []
        while session.status is Status.RUNNING:
            session.advance()
            if session.share_done >= 1.0 - _TAIL * (1.0 - len(losses) / looks) and session.status is Status.RUNNING:
                losses.append(trainer.lead.loss_on(attempt.part))
    losses.append(trainer.lead.loss_on(attempt.part))
    finite = [loss for loss in losses if math.isfinite(loss)]
    ended = bool(finite) and session.status is Status.FINISHED
    return End(math.fsum(finite) / len(finite) if ended else math.inf, trainer.steps)
