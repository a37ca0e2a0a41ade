"""Output functions: what turns the last layer's logits into predictions. Each is one object in `OUTPUTS`.

Any of them stands behind any loss. Arrays are feature-major: logits and predictions have shape (outputs, n) for n
samples.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn_tui.engine.activations import ACTIVATIONS, Activation
from nn_tui.engine.formulas import renamed

if TYPE_CHECKING:
    from nn_tui.engine.arrays import Array
    from nn_tui.engine.workspace import Workspace


@dataclass(frozen=True)
class Output:
    """An output function.

    Attributes:
        name: the name scenarios use.
        formula: for people.
        summary: a sentence of help.
        function: (logits, work): writes the prediction into `work.prediction`.
        backward: (logits, delta, work): turns dL/dprediction into dL/dlogits in place, from `work.prediction`.
        shape: the activation that draws its curve; of a softmax that of one logit against the others.
        lowest, highest: no prediction is below or above.
        probabilities: whether its predictions are meant as probabilities of classes.
        shares: whether its predictions are shares of 1 over the outputs: of a single output always 1.
        pytorch: the function in PyTorch, `{}` for the logits (n, outputs); empty where it has none.
        saturates_below, saturates_above: as in `Activation`.
    """

    name: str
    formula: str
    summary: str
    function: Callable[[Array, Workspace], None]
    backward: Callable[[Array, Array, Workspace], None]
    shape: Activation
    lowest: float = -math.inf
    highest: float = math.inf
    probabilities: bool = False
    shares: bool = False
    pytorch: str = ""
    saturates_below: float | None = None
    saturates_above: float | None = None


def from_activation(
    activation: Activation,
    summary: str,
    *,
    pytorch: str,
    lowest: float = -math.inf,
    highest: float = math.inf,
    probabilities: bool = False,
) -> Output:
    """An output function that is an activation, logit by logit; the arguments are as in `Output`."""

    def function(logits: Array, work: Workspace) -> None:
        activation.function(logits, work.prediction)

    def backward(logits: Array, delta: Array, work: Workspace) -> None:
        activation.backward(logits, work.prediction, delta, work.scratch)

    return Output(
        activation.name,
        f"ŷ = {renamed(activation.formula, 'x', 'z')}",
        summary,
        function,
        backward,
        activation,
        lowest=lowest,
        highest=highest,
        probabilities=probabilities,
        pytorch=pytorch,
        saturates_below=activation.saturates_below,
        saturates_above=activation.saturates_above,
    )


def _softmax(logits: Array, work: Workspace) -> None:
    prediction = work.prediction
    np.subtract(logits, np.maximum.reduce(logits, 0, out=work.row), prediction)
    np.exp(prediction, prediction)
    np.divide(prediction, work.class_ones.dot(prediction, work.row), prediction)


def _softmax_backward(_logits: Array, delta: Array, work: Workspace) -> None:
    # Jᵀd = p ⊙ (d − Σ d·p)
    np.multiply(delta, work.prediction, work.scratch)
    delta -= work.class_ones.dot(work.scratch, work.row)
    delta *= work.prediction


OUTPUTS = {
    output.name: output
    for output in (
        from_activation(ACTIVATIONS["identity"], "Any number, as a regression needs it.", pytorch="{}"),
        from_activation(
            ACTIVATIONS["sigmoid"],
            "A probability of its own for each output: of the second of two classes, or of labels that do not exclude "
            "each other.",
            pytorch="torch.sigmoid({})",
            lowest=0.0,
            highest=1.0,
            probabilities=True,
        ),
        Output(
            "softmax",
            "ŷⱼ = e^zⱼ / Σₖ e^zₖ",
            "Probabilities that add up to 1 over the outputs; of a single output it is 1, whatever comes in.",
            _softmax,
            _softmax_backward,
            ACTIVATIONS["sigmoid"],
            lowest=0.0,
            highest=1.0,
            probabilities=True,
            shares=True,
            pytorch="torch.softmax({}, dim=1)",
        ),
        from_activation(
            ACTIVATIONS["relu"],
            "No number below 0; a target that is never above 0 stops all learning.",
            pytorch="torch.relu({})",
            lowest=0.0,
        ),
        from_activation(
            ACTIVATIONS["tanh"],
            "Numbers between −1 and 1, and none beyond.",
            pytorch="torch.tanh({})",
            lowest=-1.0,
            highest=1.0,
        ),
        from_activation(
            ACTIVATIONS["softplus"],
            "Numbers above 0, by a smooth bend.",
            pytorch="nn.functional.softplus({})",
            lowest=0.0,
        ),
        from_activation(
            ACTIVATIONS["exponential"],
            "Numbers above 0 that grow by factors, and can grow past all bounds.",
            pytorch="torch.exp({})",
            lowest=0.0,
        ),
    )
}
