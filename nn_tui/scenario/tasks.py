"""What follows from the task: losses, output functions and numbers of output units. `auto` is settled here alone."""

from nn_tui.engine.losses import LOSSES
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.kinds import KINDS, Task
from nn_tui.scenario.schema import Scenario

_DEFAULT_LOSSES: dict[str, str] = {"binary": "bce", "multiclass": "ce", "regression": "mse"}
_DEFAULT_OUTPUTS: dict[str, str] = {"binary": "sigmoid", "multiclass": "softmax", "regression": "identity"}


def task(data: Data) -> Task:
    """What there is to learn, as far as it is known before the data are read."""
    if data.task == "classification":
        return "classification"
    return "regression" if data.task == "regression" else KINDS[data.kind].task


def loss_of(scenario: Scenario, learned: str) -> str | None:
    """The loss in force, or None where `auto` stands for what only the data can tell.

    Args:
        scenario: names the loss, or leaves it to follow.
        learned: "binary", "multiclass" or "regression", or a `Task`, which may say less.
    """
    if scenario.training.loss != "auto":
        return scenario.training.loss
    if learned == "binary" and gives_shares(scenario.network.output):
        # Of two probabilities that add up to 1; a softmax of one unit is never meant unless it is asked for.
        return "ce"
    return _DEFAULT_LOSSES.get(learned)


def is_usual_loss(loss: str, learned: Task) -> bool:
    """Whether a loss is the one that `auto` stands for in a task."""
    return loss == _DEFAULT_LOSSES.get(learned)


def output_of(scenario: Scenario, learned: str) -> str | None:
    """The output function in force, or None where `auto` stands for what only the data can tell.

    Args:
        scenario, learned: as for `loss_of`.
    """
    if scenario.network.output != "auto":
        return scenario.network.output
    loss = loss_of(scenario, learned)
    return LOSSES[loss].output if loss and is_for_classes(loss) else _DEFAULT_OUTPUTS.get(learned)


def output_units(loss: str, classes: int) -> int:
    """How many output units a loss wants for so many classes."""
    return classes if classes > 2 or LOSSES[loss].unit_for_each_class else 1


def gives_shares(output: str) -> bool:
    """Whether an output's predictions add up to 1."""
    return output in OUTPUTS and OUTPUTS[output].shares


def is_for_classes(loss: str) -> bool:
    """Whether a loss reads its prediction as probabilities of classes."""
    return LOSSES[loss].of_classes
