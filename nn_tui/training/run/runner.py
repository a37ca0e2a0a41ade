"""What a session drives: a network on its data, several of them in a race, or points on a surface."""

from collections.abc import Sequence
from typing import Protocol

from nn_tui.engine.arrays import Array
from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.training.run.recording import Row
from nn_tui.training.run.row_plan import RowPlan
from nn_tui.training.run.state import TrainerState


class Runner(Protocol):
    """Takes steps, and can be changed, looked at and set back. Knows no clock, records nothing.

    Attributes:
        scenario: as changed so far.
        steps: steps taken.
        epoch: passes completed.
        position: steps taken in the present pass.
    """

    scenario: Scenario
    steps: int
    epoch: int
    position: int

    @property
    def steps_per_epoch(self) -> int:
        """Steps of a pass, in the present mode."""
        ...

    @property
    def progress(self) -> float:
        """Passes completed, with the share of the present one."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what a row holds, the step first."""
        ...

    @property
    def vectors(self) -> Sequence[Array]:
        """The parameters that a digest is of."""
        ...

    def step(self, watch: bool = False) -> float:
        """Takes one step; returns its loss, as it was before the step.

        Args:
            watch: keep what the next row needs to tell the step's gradient and update.

        Raises:
            DivergedError: when loss or gradient are not finite; nothing has changed then.
        """
        ...

    def row(self, quick: bool = False) -> Row:
        """What is to be seen after this step.

        Args:
            quick: where examples are scored, a few of them instead of all.
        """
        ...

    @property
    def row_plan(self) -> RowPlan:
        """After which steps rows are due under the scenario in force."""
        ...

    def recalled(self, values: Sequence[float]) -> Row:
        """The row whose numbers, in the order of the columns, these are."""
        ...

    def change(self, scenario: Scenario) -> None:
        """Applies what differs from the present scenario in its live fields.

        Raises:
            ScenarioError: for a change that only a new run can take; nothing has changed then.
        """
        ...

    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """Sets weights and biases to values chosen by hand; the optimizer's state stays.

        Raises:
            ScenarioError: for one there is not; nothing has changed then.
        """
        ...

    def state(self) -> TrainerState:
        """A copy of all it takes to go on from here."""
        ...

    def restore(self, state: TrainerState) -> None:
        """Goes to a state of this run, or of another with the same structure.

        Raises:
            StateError: for one of another structure; the runner is of no use then.
        """
        ...
