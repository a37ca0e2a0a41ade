"""Where a run stands: all it takes to go on from a step, and why a step could not be taken."""

from dataclasses import dataclass, field

from nn_tui.engine.arrays import Array
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.early_stop import Best


class DivergedError(ArithmeticError):
    """A step whose loss or gradient is not finite; the parameters are still those before it.

    Attributes:
        step: the step that could not be taken, from 1.
        layer: the name of the layer where it began: "layer 1", …, "output"; or "the surface".
        quantity: "pre-activation", "prediction" or "gradient"; "sum of predictions", where it was 0 or less and
            cross-entropy divides by it; "loss", of the output layer, or "gradient norm" where every element was finite
            still and only their sum was not; of a surface "height" or "gradient".
    """

    def __init__(self, step: int, layer: str, quantity: str) -> None:
        self.step = step
        self.layer = layer
        self.quantity = quantity
        place = "the output layer" if layer == "output" else layer
        if quantity == "sum of predictions":
            what = "the predictions of a sample add up to 0 or less, and cross-entropy divides by their sum"
        else:
            what = f"a number stopped being finite, first the {quantity} of {place}"
        super().__init__(f"at step {step:,} {what}")

    @property
    def told(self) -> tuple[int, str, str]:
        """Step, layer and quantity."""
        return self.step, self.layer, self.quantity

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self.told


class StateError(ValueError):
    """A state that is not one of this run."""


@dataclass(frozen=True)
class LaneState:
    """Where a lane stands.

    Attributes:
        steps, epoch, position, pass_start: steps taken, passes completed, steps taken in the present pass, and steps
            taken before it.
        parameters: flat, shape (size,).
        optimizer_steps, optimizer_state: of its optimizer.
        lost: the step it could not take, in which layer and quantity, as of `DivergedError`; None while it runs.
        best: the best parameters so far, where it stops early; else None.
        more: state that is neither, by name.
    """

    steps: int
    epoch: int
    position: int
    pass_start: int
    parameters: Array
    optimizer_steps: int
    optimizer_state: dict[str, Array]
    lost: tuple[int, str, str] | None = None
    best: Best | None = None
    more: dict[str, Array] = field(default_factory=dict)

    @property
    def vectors(self) -> tuple[Array, ...]:
        """All its arrays."""
        best = self.best.arrays if self.best and self.best.arrays else {}
        return (self.parameters, *self.optimizer_state.values(), *best.values(), *self.more.values())


@dataclass(frozen=True)
class TrainerState:
    """All it takes to go on from a step, to the same parameters bit for bit.

    Attributes:
        scenario: in force.
        lanes: each lane's state, the first of which is the run's own.
    """

    scenario: Scenario
    lanes: tuple[LaneState, ...]

    @property
    def lead(self) -> LaneState:
        """The first lane's."""
        return self.lanes[0]

    @property
    def steps(self) -> int:
        """Steps taken."""
        return self.lead.steps

    @property
    def nbytes(self) -> int:
        """Of all its arrays."""
        return sum(vector.nbytes for lane in self.lanes for vector in lane.vectors)
