"""Loss functions and the output functions they read: the course notes, section 2.1, and Huber 1964.

Arrays are feature-major: logits, predictions and targets have shape (outputs, n) for n samples. Element-wise losses
are means over samples and outputs; cross-entropies are means over samples (binary ones over outputs, too).

A loss writes the gradient with respect to the *logits*. Where loss and output belong together (BCE behind a sigmoid,
CE behind a softmax) both value and gradient are computed from the logits, finite at any logit; elsewhere the chain
rule goes through the output function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from nn_tui.engine.activations import sigmoid, sigmoid_backward

if TYPE_CHECKING:
    from nn_tui.engine.arrays import Array

HUBER_DELTA = 1.0


class Workspace:
    """Buffers of one batch size for a loss: nothing is allocated in a step.

    Attributes:
        prediction, scratch: shape (outputs, n).
        row: shape (n,), one number a sample.
        sample_mean: shape (n,), filled with 1/n: a dot product with it is a mean over samples.
        element_mean: shape (outputs·n,), filled with 1/(outputs·n).
        samples, elements, zero: n, outputs·n and 0, as arrays without a dimension.
        class_ones: shape (outputs,), filled with 1: a dot product with it is a sum over outputs.
    """

    def __init__(self, outputs: int, samples: int, dtype: np.dtype[np.floating]) -> None:
        self.prediction = np.empty((outputs, samples), dtype)
        self.scratch = np.empty((outputs, samples), dtype)
        self.row = np.empty(samples, dtype)
        self.sample_mean = np.full(samples, 1.0 / samples, dtype)
        self.element_mean = np.full(outputs * samples, 1.0 / (outputs * samples), dtype)
        self.samples = np.array(samples, dtype)
        self.elements = np.array(outputs * samples, dtype)
        self.class_ones = np.ones(outputs, dtype)
        self.zero = np.zeros((), dtype)


def _identity(logits: Array, work: Workspace) -> None:
    np.copyto(work.prediction, logits)


def _identity_backward(_delta: Array, _work: Workspace) -> None:
    return


def _sigmoid(logits: Array, work: Workspace) -> None:
    sigmoid(logits, work.prediction)


def _sigmoid_backward(delta: Array, work: Workspace) -> None:
    sigmoid_backward(work.prediction, work.prediction, delta, work.scratch)


def _softmax(logits: Array, work: Workspace) -> None:
    prediction = work.prediction
    np.subtract(logits, np.maximum.reduce(logits, 0, out=work.row), prediction)
    np.exp(prediction, prediction)
    np.divide(prediction, work.class_ones.dot(prediction, work.row), prediction)


def _softmax_backward(delta: Array, work: Workspace) -> None:
    # Jᵀd = p ⊙ (d − Σ d·p)
    np.multiply(delta, work.prediction, work.scratch)
    delta -= work.class_ones.dot(work.scratch, work.row)
    delta *= work.prediction


@dataclass(frozen=True)
class Output:
    """What turns the last layer's logits into predictions.

    Attributes:
        name: the name scenarios use.
        formula: for people.
        function: (logits, work): writes the prediction into `work.prediction`.
        backward: (delta, work): turns dL/dprediction into dL/dlogits in place, from `work.prediction`.
        saturates_below, saturates_above: as in `Activation`.
    """

    name: str
    formula: str
    function: Callable[[Array, Workspace], None]
    backward: Callable[[Array, Workspace], None]
    saturates_below: float | None = None
    saturates_above: float | None = None


OUTPUTS = {
    output.name: output
    for output in (
        Output("identity", "ŷ = z", _identity, _identity_backward),
        Output("sigmoid", "ŷ = 1 / (1 + e^−z)", _sigmoid, _sigmoid_backward, 0.025, 0.975),
        Output("softmax", "ŷⱼ = e^zⱼ / Σₖ e^zₖ", _softmax, _softmax_backward),
    )
}


# What an element-wise loss does to the residual ŷ − y: writes dL/dŷ over it, returns the loss.
Residual: TypeAlias = "Callable[[Array, Array, Workspace], float]"
# A loss taken from the logits: (logits, targets, delta, workspace) writes dL/dlogits, returns the loss.
FromLogits: TypeAlias = "Callable[[Array, Array, Array, Workspace], float]"


def _mse(residual: Array, scratch: Array, work: Workspace) -> float:
    np.multiply(residual, residual, scratch)
    value = float(scratch.ravel().dot(work.element_mean))
    residual *= work.element_mean[0]
    residual += residual
    return value


def _mae(residual: Array, scratch: Array, work: Workspace) -> float:
    np.abs(residual, scratch)
    value = float(scratch.ravel().dot(work.element_mean))
    np.sign(residual, residual)
    residual *= work.element_mean[0]
    return value


def _rmse(residual: Array, scratch: Array, work: Workspace) -> float:
    np.multiply(residual, residual, scratch)
    value = float(np.sqrt(scratch.ravel().dot(work.element_mean)))
    # At a perfect fit the root has no slope; 0 is its subgradient of least norm.
    residual *= work.element_mean[0] / value if value > 0.0 else 0.0
    return value


def _huber(residual: Array, scratch: Array, work: Workspace) -> float:
    # With c = clip(r, −δ, δ): the loss is c·r − c²/2, its slope c.
    np.clip(residual, -HUBER_DELTA, HUBER_DELTA, out=scratch)
    slope = scratch.ravel()
    value = (float(slope.dot(residual.ravel())) - 0.5 * float(slope.dot(slope))) / slope.size
    np.multiply(scratch, work.element_mean[0], residual)
    return value


def _bce_from_logits(logits: Array, targets: Array, delta: Array, work: Workspace) -> float:
    # −[y·ln σ(z) + (1 − y)·ln(1 − σ(z))] = max(z, 0) − y·z + ln(1 + e^−|z|), small numbers all where the loss is small
    prediction, scratch = work.prediction, work.scratch
    np.abs(logits, scratch)
    np.negative(scratch, scratch)
    np.exp(scratch, scratch)
    np.log1p(scratch, scratch)
    np.maximum(logits, work.zero, out=delta)
    np.multiply(logits, targets, prediction)
    np.subtract(delta, prediction, delta)
    np.add(delta, scratch, delta)
    value = float(delta.ravel().dot(work.element_mean))
    sigmoid(logits, prediction)
    np.subtract(prediction, targets, delta)
    np.divide(delta, work.elements, delta)
    return value


def _ce_from_logits(logits: Array, targets: Array, delta: Array, work: Workspace) -> float:
    # −Σ y·(z − max − ln Σ e^(z − max)), for targets that sum to 1 over the classes
    shifted, prediction = work.scratch, work.prediction
    np.subtract(logits, np.maximum.reduce(logits, 0, out=work.row), shifted)
    np.exp(shifted, prediction)
    total = work.class_ones.dot(prediction, work.row)
    np.divide(prediction, total, prediction)
    np.multiply(shifted, targets, delta)
    np.log(total, total)
    value = float(total.dot(work.sample_mean)) - float(np.add.reduce(delta, None)) / total.size
    np.subtract(prediction, targets, delta)
    np.divide(delta, work.samples, delta)
    return value


@dataclass(frozen=True)
class Loss:
    """A loss function.

    Attributes:
        name: the name scenarios use.
        term: one sample's share, for people (of several outputs or classes: that of one, or of the true one).
        formula, gradient_formula: for people; the gradient is dL/dŷ, or dL/dz where taken from the logits.
        outputs: names of the output functions it is defined behind.
        residual: for element-wise losses, what happens to ŷ − y.
        from_logits: for the cross-entropies, value and gradient straight from the logits.
    """

    name: str
    term: str
    formula: str
    gradient_formula: str
    outputs: tuple[str, ...]
    residual: Residual | None = None
    from_logits: FromLogits | None = None

    def value_and_gradient(self, output: Output, logits: Array, targets: Array, delta: Array, work: Workspace) -> float:
        """The mean loss of a batch; writes dL/dlogits into `delta` and the prediction into `work.prediction`.

        Args:
            output: one of `outputs`.
            logits, targets, delta: shape (outputs, n).
            work: buffers of that shape.
        """
        if self.from_logits is not None:
            return self.from_logits(logits, targets, delta, work)
        assert self.residual is not None
        output.function(logits, work)
        np.subtract(work.prediction, targets, delta)
        value = self.residual(delta, work.scratch, work)
        output.backward(delta, work)
        return value


_ANY_OUTPUT = ("identity", "sigmoid", "softmax")

LOSSES = {
    loss.name: loss
    for loss in (
        Loss("mse", "(y − ŷ)²", "1/n Σ (y − ŷ)²", "2/n (ŷ − y)", _ANY_OUTPUT, residual=_mse),
        Loss("mae", "|y − ŷ|", "1/n Σ |y − ŷ|", "1/n sign(ŷ − y)", _ANY_OUTPUT, residual=_mae),
        Loss("rmse", "(y − ŷ)²", "√(1/n Σ (y − ŷ)²)", "(ŷ − y) / (n·RMSE)", _ANY_OUTPUT, residual=_rmse),
        Loss(
            "huber",
            f"(y − ŷ)²/2 if |y − ŷ| ≤ {HUBER_DELTA:g} else |y − ŷ| − 1/2",
            f"1/n Σ r²/2 if |r| ≤ {HUBER_DELTA:g} else |r| − 1/2, r = y − ŷ",
            f"1/n clip(ŷ − y, −{HUBER_DELTA:g}, {HUBER_DELTA:g})",
            _ANY_OUTPUT,
            residual=_huber,
        ),
        Loss(
            "bce",
            "−[y·ln ŷ + (1 − y)·ln(1 − ŷ)]",
            "−1/n Σ [y·ln ŷ + (1 − y)·ln(1 − ŷ)]",
            "1/n (σ(z) − y)",
            ("sigmoid",),
            from_logits=_bce_from_logits,
        ),
        Loss("ce", "−ln ŷ", "−1/n Σᵢ Σⱼ yᵢⱼ·ln ŷᵢⱼ", "1/n (softmax(z) − y)", ("softmax",), from_logits=_ce_from_logits),
    )
}
