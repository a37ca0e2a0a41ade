"""How outcomes are weighed: what counts as better, as equal, and as far behind."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nn_tui.training.run.choosing import ChoosingMetric
from nn_tui.training.run.variant import Outcome

FAR_BEHIND = 0.15
"""The share of what can be learned that an ill run has not learned."""
FAR_BEHIND_BY_HEART = 0.25
"""The same where nothing is held out, and a row more or less known by heart says little."""
SURE = 1.5
"""The standard errors by which an ill run is behind at least."""
EQUAL = 0.05
"""The share of what can be learned below which two variants are as good."""
HARM = 0.02
"""How much worse a variant may be by accuracy or R²."""
FEW = 30
"""Held-out examples below which they are counted together with the training set."""
WORST = -1.0
"""R² is told apart no further down."""


@dataclass(frozen=True)
class Scale:
    """What the outcomes of one scenario are weighed by.

    Attributes:
        choice: the set and the metric that choose.
        rows, trained: examples of the set that chooses, and of the training set.
        ignorant: the score of the largest class, or of the mean.
    """

    choice: ChoosingMetric
    rows: int
    trained: int
    ignorant: float

    def value(self, outcome: Outcome) -> float:
        """How good an outcome is; with few examples held out, of these and the training set together."""
        lowest = WORST if self.choice.metric == "r2" else 0.0
        if outcome.status == "diverged" or not math.isfinite(outcome.chosen + outcome.train):
            return lowest
        return self._together(max(lowest, outcome.chosen), max(lowest, outcome.train))

    def told(self, outcome: Outcome) -> float | None:
        """The same for people, however bad; None of a run that diverged."""
        if outcome.status == "diverged" or not math.isfinite(outcome.chosen + outcome.train):
            return None
        return self._together(outcome.chosen, outcome.train)

    @property
    def pools(self) -> bool:
        """Whether so few examples are held out that they are counted together with the training set."""
        return self.choice.held_out and self.rows < FEW

    def _together(self, chosen: float, train: float) -> float:
        if self.pools:
            return (self.rows * chosen + self.trained * train) / (self.rows + self.trained)
        return chosen

    def learnable(self, reach: float) -> float:
        """How much there is to learn, where so much can be reached."""
        return max(reach - self.ignorant, 1e-9)

    def noise(self, reach: float) -> float:
        """What the choice of the held-out examples alone moves: a standard error."""
        if not self.choice.held_out:
            return 0.0
        counted = self.rows + self.trained if self.pools else self.rows
        if self.choice.metric == "r2":
            return max(0.0, 1.0 - reach) / math.sqrt(counted)
        share = min(max((reach * counted + 1.0) / (counted + 2.0), 0.0), 1.0)
        return math.sqrt(share * (1.0 - share) / counted)

    def margin(self, reach: float) -> float:
        """How much better a variant has to be to count as better."""
        return max(HARM, self.noise(reach))

    def equal(self, reach: float) -> float:
        """How far apart two variants are as good."""
        return max(HARM, EQUAL * self.learnable(reach))

    def is_better_than_guessing(self, value: float) -> bool:
        """Whether something is learned, beyond what the choice of the held-out examples may pretend."""
        return value - self.ignorant > max(HARM, SURE * self.noise(self.ignorant))

    def is_far_behind(self, value: float, reach: float) -> bool:
        """Whether a run has left unlearned what could be learned."""
        share = FAR_BEHIND if self.choice.held_out else FAR_BEHIND_BY_HEART
        return reach - value > max(HARM, SURE * self.noise(reach), share * self.learnable(reach))


def helps(before: Sequence[float], after: Sequence[float], margin: float) -> bool:
    """Whether a variant is better beyond what seeds alone move.

    It has to be better at the first seed and in the mean, and what it loses at some seeds has to be little beside what
    it gains at others.

    Args:
        before, after: values at the same seeds, the run's own first.
        margin: see `Scale.margin`.
    """
    gains = [new - old for old, new in zip(before, after, strict=True)]
    gained = sum(gain for gain in gains if gain > 0.0)
    lost = -sum(gain for gain in gains if gain < 0.0)
    return gains[0] > margin and sum(gains) / len(gains) > 0.5 * margin and lost <= 0.25 * gained
