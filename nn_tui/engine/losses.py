"""Loss functions: the course notes, section 2.1, and Huber 1964. Each is one object in `LOSSES`.

Arrays are feature-major: logits, predictions and targets have shape (outputs, n) for n samples. Element-wise losses
are means over samples and outputs; cross-entropies are means over samples (binary ones over outputs, too).

Any loss stands behind any output, and writes the gradient with respect to the *logits*. Where loss and output belong
together (bce behind a sigmoid, ce behind a softmax) value and gradient are computed from the logits, finite at any
logit; elsewhere the chain rule goes through the output function, and a cross-entropy clips what it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from nn_tui.engine.activations import sigmoid

if TYPE_CHECKING:
    from nn_tui.engine.arrays import Array
    from nn_tui.engine.outputs import Output
    from nn_tui.engine.workspace import Workspace

HUBER_DELTA = 1.0

CLIP = 1e-7
"""How near to 0 and 1 a cross-entropy takes what need not be probabilities, as Keras does."""

# (predictions, targets, delta, workspace) writes dL/dprediction into delta, returns the loss.
FromPrediction: TypeAlias = "Callable[[Array, Array, Array, Workspace], float]"
# (logits, targets, delta, workspace) writes dL/dlogits into delta and the prediction, returns the loss.
FromLogits: TypeAlias = "Callable[[Array, Array, Array, Workspace], float]"


def _mse(prediction: Array, targets: Array, delta: Array, work: Workspace) -> float:
    residual = np.subtract(prediction, targets, delta)
    squares = np.multiply(residual, residual, work.scratch)
    value = float(squares.ravel().dot(work.element_mean))
    residual *= work.element_share
    residual += residual
    return value


def _mae(prediction: Array, targets: Array, delta: Array, work: Workspace) -> float:
    residual = np.subtract(prediction, targets, delta)
    value = float(np.abs(residual, work.scratch).ravel().dot(work.element_mean))
    np.sign(residual, residual)
    residual *= work.element_share
    return value


def _rmse(prediction: Array, targets: Array, delta: Array, work: Workspace) -> float:
    residual = np.subtract(prediction, targets, delta)
    squares = np.multiply(residual, residual, work.scratch)
    value = float(np.sqrt(squares.ravel().dot(work.element_mean)))
    # At a perfect fit the root has no slope; 0 is its subgradient of least norm.
    residual *= work.element_share / value if value > 0.0 else 0.0
    return value


def _huber(prediction: Array, targets: Array, delta: Array, work: Workspace) -> float:
    # With c = clip(r, −δ, δ): the loss is c·r − c²/2, its slope c.
    residual = np.subtract(prediction, targets, delta)
    slope = np.clip(residual, -HUBER_DELTA, HUBER_DELTA, out=work.scratch)
    residual *= work.element_share
    value = float(slope.ravel().dot(residual.ravel()))
    np.multiply(slope, work.element_share, delta)
    return value - 0.5 * float(delta.ravel().dot(slope.ravel()))


def _bce(prediction: Array, targets: Array, delta: Array, work: Workspace) -> float:
    # With p the clipped prediction: −[y·ln p + (1 − y)·ln(1 − p)], its slope (p − y) / (p·(1 − p)), 0 where clipped.
    # Each logarithm is weighed by itself: the sum of what is small would drown in a difference of the two.
    p, spare = np.clip(prediction, CLIP, 1.0 - CLIP, out=work.scratch), work.spare
    np.log(p, spare)
    spare *= targets
    value = -float(spare.ravel().dot(work.element_mean))
    np.negative(p, delta)
    np.log1p(delta, delta)
    np.multiply(delta, targets, spare)
    delta -= spare
    value -= float(delta.ravel().dot(work.element_mean))
    np.subtract(1.0, p, delta)
    delta *= p
    np.subtract(p, targets, spare)
    np.divide(spare, delta, delta)
    delta *= _unclipped(prediction, p, spare)
    delta *= work.element_share
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


def _ce(prediction: Array, targets: Array, delta: Array, work: Workspace) -> float:
    # With q = ŷ / Σ ŷ, clipped: −Σ y·ln q. Its slope along q is −y / q, 0 where clipped, and along ŷ that less its
    # mean under q, over Σ ŷ.
    total = work.class_ones.dot(prediction, work.row)
    if not total.min() > 0.0:
        delta.fill(np.nan)
        return float("nan")
    share = np.divide(prediction, total, work.scratch)
    clipped = np.clip(share, CLIP, 1.0 - CLIP, out=work.spare)
    np.log(clipped, delta)
    delta *= targets
    value = -float(work.class_ones.dot(delta, work.spare_row).dot(work.sample_mean))
    np.divide(targets, clipped, delta)
    delta *= _unclipped(share, clipped, clipped)
    share *= delta
    np.subtract(work.class_ones.dot(share, work.spare_row), delta, delta)
    delta /= total
    delta /= work.samples
    return value


def _unclipped(before: Array, after: Array, out: Array) -> Array:
    """Writes 1 where clipping changed nothing, 0 where it did, and NaN where there was no number."""
    np.subtract(before, after, out)
    np.abs(out, out)
    np.sign(out, out)
    return np.subtract(1.0, out, out)


def _ce_from_logits(logits: Array, targets: Array, delta: Array, work: Workspace) -> float:
    # −Σ y·(z − max − ln Σ e^(z − max)), for targets that sum to 1 over the classes
    shifted, prediction = work.scratch, work.prediction
    np.subtract(logits, np.maximum.reduce(logits, 0, out=work.row), shifted)
    np.exp(shifted, prediction)
    total = work.class_ones.dot(prediction, work.row)
    np.divide(prediction, total, prediction)
    np.multiply(shifted, targets, delta)
    np.log(total, total)
    np.subtract(total, work.class_ones.dot(delta, work.spare_row), total)
    value = float(total.dot(work.sample_mean))
    np.subtract(prediction, targets, delta)
    np.divide(delta, work.samples, delta)
    return value


@dataclass(frozen=True)
class Loss:
    """A loss function.

    Attributes:
        name: the name scenarios use.
        term: one sample's share, for people (of several outputs or classes: that of one, or of the true one).
        formula: for people.
        gradient_formula: dL/dŷ, for people.
        summary: a sentence of help.
        function: value and gradient from the predictions.
        output: the output function it belongs behind.
        fused: value and gradient straight from the logits behind that output, where there is such a form.
        fused_gradient_formula: dL/dz of it, for people.
        fused_needs_one_hot: whether it holds only for targets that sum to 1 over the outputs.
        of_classes: whether it reads predictions as probabilities.
        unit_for_each_class: whether two classes have two output units, rather than one.
        rooted: whether it is the root of a mean, so that those of parts add up only once they are squared.
        of_shares: whether predictions are first divided by their sum over the outputs, which must be above 0.
        pytorch: the loss in PyTorch, a module or an expression in prediction and targets; empty where it has none.
        fused_pytorch: of the form from logits, a module.
        pytorch_terms, fused_pytorch_terms: likewise what the mean is of, each sample's (n,) or each output's (n,
            outputs), an expression in prediction and targets; empty where there is none.
    """

    name: str
    term: str
    formula: str
    gradient_formula: str
    summary: str
    function: FromPrediction
    output: str = "identity"
    fused: FromLogits | None = None
    fused_gradient_formula: str = ""
    fused_needs_one_hot: bool = False
    of_classes: bool = False
    unit_for_each_class: bool = False
    rooted: bool = False
    of_shares: bool = False
    pytorch: str = ""
    fused_pytorch: str = ""
    pytorch_terms: str = ""
    fused_pytorch_terms: str = ""

    def is_fused(self, output: Output, one_hot: bool = True) -> bool:
        """Whether value and gradient come straight from the logits behind this output; see `behind`."""
        fits = one_hot or not self.fused_needs_one_hot
        return self.fused is not None and output.name == self.output and fits

    def of_guessing(self, classes: int) -> float:
        """Of a cross-entropy: its value where all classes, or either value of each output, are held equally likely."""
        return float(np.log(max(2, classes) if self.unit_for_each_class else 2))

    def behind(self, output: Output, one_hot: bool = True) -> FromLogits:
        """What computes a batch's mean loss, and dL/dlogits, behind an output function.

        Args:
            output: any.
            one_hot: whether each sample's targets sum to 1 over the outputs, as those of classes do.

        Returns:
            A function of logits, targets and delta, all of shape (outputs, n), and a workspace of that shape: writes
            dL/dlogits into delta and the prediction into `work.prediction`, returns the loss.
        """
        if self.fused is not None and self.is_fused(output, one_hot):
            return self.fused

        def chained(logits: Array, targets: Array, delta: Array, work: Workspace) -> float:
            output.function(logits, work)
            value = self.function(work.prediction, targets, delta, work)
            output.backward(logits, delta, work)
            return value

        return chained


LOSSES = {
    loss.name: loss
    for loss in (
        Loss(
            "mse",
            "(y − ŷ)²",
            "1/n Σ (y − ŷ)²",
            "2/n (ŷ − y)",
            "Mean squared error: large misses count most.",
            _mse,
            pytorch="nn.MSELoss()",
            pytorch_terms="(prediction - targets).square()",
        ),
        Loss(
            "mae",
            "|y − ŷ|",
            "1/n Σ |y − ŷ|",
            "1/n sign(ŷ − y)",
            "Mean absolute error: every miss counts as far as it is off, and pulls equally hard.",
            _mae,
            pytorch="nn.L1Loss()",
            pytorch_terms="(prediction - targets).abs()",
        ),
        Loss(
            "rmse",
            "(y − ŷ)²",
            "√(1/n Σ (y − ŷ)²)",
            "(ŷ − y) / (n·RMSE)",
            "The root of the mean squared error, in the target's own units.",
            _rmse,
            rooted=True,
            pytorch="nn.functional.mse_loss(prediction, targets).sqrt()",
            pytorch_terms="(prediction - targets).square()",
        ),
        Loss(
            "huber",
            f"(y − ŷ)²/2 if |y − ŷ| ≤ {HUBER_DELTA:g} else |y − ŷ| − 1/2",
            f"1/n Σ r²/2 if |r| ≤ {HUBER_DELTA:g} else |r| − 1/2, r = y − ŷ",
            f"1/n clip(ŷ − y, −{HUBER_DELTA:g}, {HUBER_DELTA:g})",
            "Squared for small misses, absolute for large ones: outliers pull no harder than others.",
            _huber,
            pytorch=f"nn.HuberLoss(delta={HUBER_DELTA})",
            pytorch_terms=f'nn.functional.huber_loss(prediction, targets, reduction="none", delta={HUBER_DELTA})',
        ),
        Loss(
            "bce",
            "−[y·ln ŷ + (1 − y)·ln(1 − ŷ)]",
            "−1/n Σ [y·ln ŷ + (1 − y)·ln(1 − ŷ)]",
            "1/n (ŷ − y) / (ŷ·(1 − ŷ))",
            "Binary cross-entropy: how surprised a probability of each output by itself is by what is so.",
            _bce,
            output="sigmoid",
            fused=_bce_from_logits,
            fused_gradient_formula="1/n (σ(z) − y)",
            of_classes=True,
            # PyTorch's `binary_cross_entropy` refuses targets beyond 0 and 1, as a regression has them.
            pytorch=f"nn.functional.binary_cross_entropy_with_logits(prediction.logit({CLIP}), targets)",
            fused_pytorch="nn.BCEWithLogitsLoss()",
            pytorch_terms=(
                f'nn.functional.binary_cross_entropy_with_logits(prediction.logit({CLIP}), targets, reduction="none")'
            ),
            fused_pytorch_terms=(
                'nn.functional.binary_cross_entropy_with_logits(prediction, targets, reduction="none")'
            ),
        ),
        Loss(
            "ce",
            "−ln ŷ",
            "−1/n Σᵢ Σⱼ yᵢⱼ·ln ŷᵢⱼ",
            "−1/n y / ŷ",
            "Cross-entropy: how surprised the probabilities of all classes together are by the true one.",
            _ce,
            output="softmax",
            fused=_ce_from_logits,
            fused_gradient_formula="1/n (softmax(z) − y)",
            fused_needs_one_hot=True,
            of_classes=True,
            unit_for_each_class=True,
            of_shares=True,
            pytorch=(
                "-((prediction / prediction.sum(dim=1, keepdim=True))"
                f".clamp({CLIP}, 1 - {CLIP}).log() * targets).sum(dim=1).mean()"
            ),
            fused_pytorch="nn.CrossEntropyLoss()",
            pytorch_terms=(
                "-((prediction / prediction.sum(dim=1, keepdim=True))"
                f".clamp({CLIP}, 1 - {CLIP}).log() * targets).sum(dim=1)"
            ),
            fused_pytorch_terms='nn.functional.cross_entropy(prediction, targets, reduction="none")',
        ),
    )
}
