"""How far a visit has come: the trial that is being made."""

import msgspec

from nn_tui.training.diagnosis.prescribing import text_of
from nn_tui.training.diagnosis.trials.bench import Asked, Bench


class Underway(msgspec.Struct, frozen=True, kw_only=True):
    """A trial that begins.

    Attributes:
        number: which one it is, from 1.
        text: what is tried, for people.
        share: of the work that a visit may take, what is done; it may end sooner.
    """

    number: int
    text: str
    share: float

    def __str__(self) -> str:
        return f"trial {self.number}: {self.text} ({self.share:.0%} of the work done)"


def underway(bench: Bench, asked: Asked) -> Underway:
    """The trial that a bench is about to make."""
    text = text_of(bench.scenario, asked.changes) if asked.changes else "the run as it is"
    other = asked.seed != bench.scenario.training.seed
    return Underway(
        number=len(bench.trials) + 1,
        text=f"{text}, with seed {asked.seed}" if other else text,
        share=bench.spent / (bench.spent + max(0.0, bench.left)) if bench.spent else 0.0,
    )
