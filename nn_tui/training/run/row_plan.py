"""After which steps a row is recorded, and what it scores: a function of the scenario in force and the step's number.

No clock decides, and nothing that was recorded before: so a run holds the same rows at the shell and in the lab,
however fast it is shown, and again after it was rewound or resumed.
"""

import math
from dataclasses import dataclass

from nn_tui.training.run.work import Work

FIRST_WORK = 0.05
"""Seconds of work in which every step is recorded: a person looks at the first ones most closely."""

MOST_SHARE = 0.05
"""Of a run's work, for the rows after them."""

EVEN_WORK = 0.025
"""Seconds of work that rows may take besides, spread evenly over a short run, for its course to be seen."""

_MOST_EVEN, _FEWEST = 100, 20
"""Rows spread over a run at least: so many where they are cheap, and so many however dear they are."""

_WHOLE_IS_CHEAP = 1.5
"""A row that scores all examples may cost so many times what one does that scores a few."""

MOST_EXACT_STEPS = 4_000
"""Up to so many steps a descent is recorded step by step, for a path that zigzags to be seen to do so."""


@dataclass(frozen=True)
class RowPlan:
    """When rows are due under one scenario. The last step of a run has one in any case.

    Attributes:
        first: every step up to this one.
        epochs: after them, at the end of every so many epochs …
        per_epoch: … and so many times an epoch, evenly, where that is more than once.
        whole: whether rows score all examples; otherwise only the last one does.
    """

    first: int
    epochs: int
    per_epoch: int
    whole: bool

    def due(self, step: int, position: int, steps_per_epoch: int, epoch: int) -> bool:
        """Whether there is a row after a step.

        Args:
            step: its number, from 1.
            position: its number in its pass, from 1.
            steps_per_epoch: steps of the pass.
            epoch: the number of its pass, from 1.
        """
        if step <= self.first:
            return True
        if self.epochs > 1:
            return position == steps_per_epoch and epoch % self.epochs == 0
        return position * self.per_epoch // steps_per_epoch != (position - 1) * self.per_epoch // steps_per_epoch


def row_plan(work: Work, steps_per_epoch: int, steps: int) -> RowPlan:
    """The plan that follows from costs.

    Args:
        work: of steps and rows.
        steps_per_epoch: of a pass.
        steps: how many the whole run has.
    """
    whole = work.whole_row <= _WHOLE_IS_CHEAP * work.row
    row = work.whole_row if whole else work.row
    first = max(1, int(FIRST_WORK / (work.step + row)))
    even = max(_FEWEST, min(_MOST_EVEN, int(EVEN_WORK / row)))
    apart = max(1, min(math.ceil(row / work.step / MOST_SHARE), steps // even))
    return _spread(first, apart, steps_per_epoch, whole)


def surface_plan(work: Work) -> RowPlan:
    """The plan of a descent, where a row is as cheap as a step."""
    return _spread(MOST_EXACT_STEPS, math.ceil(work.row / work.step / MOST_SHARE), 1, whole=True)


def _spread(first: int, apart: int, steps_per_epoch: int, whole: bool) -> RowPlan:
    """Rows so many steps apart, at the ends of epochs or of even parts of them."""
    if apart > steps_per_epoch:
        return RowPlan(first, math.ceil(apart / steps_per_epoch), 1, whole)
    return RowPlan(first, 1, max(1, steps_per_epoch // apart), whole)
