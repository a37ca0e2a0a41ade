"""What follows from the task: which losses and output functions make sense, and which are the default."""

from nn_tui.engine.losses import LOSSES
from nn_tui.scenario.kinds import KINDS, Task
from nn_tui.scenario.schema import Data

DEFAULT_LOSSES: dict[Task, str] = {"binary": "bce", "regression": "mse"}
"""What `auto` stands for, where the task alone decides."""


def task(data: Data) -> Task:
    """What there is to learn, as far as it is known before the data are read."""
    if data.task == "classification":
        return "classification"
    return "regression" if data.task == "regression" else KINDS[data.kind].task


def default_loss(data: Data) -> str | None:
    """The loss that `auto` stands for, or None if only the data can tell."""
    return DEFAULT_LOSSES.get(task(data))


def default_output(loss: str) -> str:
    """The output function that `auto` stands for behind a loss."""
    allowed = LOSSES[loss].outputs
    return "identity" if "identity" in allowed else allowed[0]


def is_for_classes(loss: str) -> bool:
    """Whether a loss reads its prediction as probabilities, so that it has no meaning for a regression."""
    return "identity" not in LOSSES[loss].outputs
