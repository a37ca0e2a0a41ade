"""Where a run stands: all it takes to go on from a step, and why a step could not be taken."""

from dataclasses import dataclass

from nn_tui.engine.arrays import Array
from nn_tui.scenario.schema import Scenario


class DivergedError(ArithmeticError):
    """A step whose loss or gradient is not finite; the parameters are still those before it.

    Attributes:
        step: the step that could not be taken, from 1.
        layer: the name of the layer where it began: "layer 1", …, "output"; or "the surface".
        quantity: "pre-activation" or "gradient"; "loss", of the output layer, or "gradient norm" where every element
            was finite still and only their sum was not; of a surface "height" or "gradient".
    """

    def __init__(self, step: int, layer: str, quantity: str) -> None:
        self.step = step
        self.layer = layer
        self.quantity = quantity
        place = "the output layer" if layer == "output" else layer
        super().__init__(f"at step {step:,} a number stopped being finite, first the {quantity} of {place}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.step, self.layer, self.quantity)


class StateError(ValueError):
    """A state that is not one of this run."""


@dataclass(frozen=True)
class LaneState:
    """Where one more optimizer of a race stands.

    Attributes:
        parameters: flat, as the main run's.
        optimizer_steps, optimizer_state: of its optimizer.
        diverged_at: the step it could not take; None while it runs.
    """

    parameters: Array
    optimizer_steps: int
    optimizer_state: dict[str, Array]
    diverged_at: int | None


@dataclass(frozen=True)
class TrainerState:
    """All it takes to go on from a step, to the same parameters bit for bit."""

    scenario: Scenario
    steps: int
    epoch: int
    position: int
    pass_start: int
    parameters: Array
    optimizer_steps: int
    optimizer_state: dict[str, Array]
    diverged_at: int | None = None
    rivals: tuple[LaneState, ...] = ()
