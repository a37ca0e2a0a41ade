"""Gradients that vanish or explode on their way back through the layers, and numbers that stop being finite."""

from dataclasses import dataclass

import numpy as np

from nn_tui.numerals import numeral
from nn_tui.training.diagnosis.evidence import Evidence
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.rule import Rule

VANISHED = 1e-3
EXPLODED = 100.0
GROWN = 1e3

DIVERGED = Rule(
    "diverged",
    "loss and gradient are finite numbers",
    "Goodfellow et al. 2016, section 8.2.4",
)
EXPLODING = Rule(
    "exploding",
    f"a layer's gradient norm stays below {EXPLODED:g} times the norm of its weights",
    "Pascanu et al. 2013",
)
VANISHING = Rule(
    "vanishing",
    f"the mean |gradient| of layer 1 is at least {VANISHED:g} of the output layer's",
    "Hochreiter 1991; Glorot & Bengio 2010",
)


def diverged(evidence: Evidence) -> Finding | None:
    """The run ended in numbers that are not finite."""
    error = evidence.divergence
    if error is None:
        return None
    began = f"the loss was {numeral(evidence.first_loss)} at the start"
    if not np.isfinite(evidence.first_loss):
        began = "the loss was no finite number at the start either"
    return DIVERGED.finding(
        title=f"Diverged at step {error.step:,}",
        layer=error.layer,
        since=error.step,
        evidence=f"A{str(error)[1:]}; {began}.",
        numbers={"step": float(error.step), "rate": evidence.scenario.training.optimizer.lr},
    )


def exploding(evidence: Evidence) -> Finding | None:
    """A layer's gradient would replace its weights at any usual rate, or has grown out of all proportion."""
    found = [entry for layer in evidence.layers if (entry := _explosion(evidence, layer.name)) is not None]
    if not found or (evidence.learned and not evidence.divergence):
        return None
    worst = min(found, key=lambda entry: (entry.row, -entry.peak))
    step = int(evidence.whole["step"][worst.row])
    holds = f"more than {evidence.scenario.training.dtype} holds"
    first, peak = (numeral(norm) if np.isfinite(norm) else holds for norm in (worst.first, worst.peak))
    grown = f" and came to {peak}" if worst.peak > worst.first else ""
    times = f"{numeral(worst.times)} times that" if np.isfinite(worst.times) else f"{holds}, and that"
    return EXPLODING.finding(
        title=f"The gradient explodes in {worst.layer}",
        layer=worst.layer,
        since=step,
        evidence=f"Its norm was {first} in the first row{grown}; at step {step:,} it was {times} of the weights, "
        f"{numeral(worst.weight)}.",
        numbers={"first": worst.first, "gradient_norm": worst.peak, "weight_norm": worst.weight, "times": worst.times},
    )


@dataclass(frozen=True)
class _Explosion:
    """A layer whose gradient is out of all proportion.

    Attributes:
        layer: its name.
        row: the first such row.
        first, peak: the gradient's norm in the first row, and the greatest.
        weight, times: the norm of the weights in that row, and how many times that the gradient's was.
    """

    layer: str
    row: int
    first: float
    peak: float
    weight: float
    times: float


def _explosion(evidence: Evidence, layer: str) -> _Explosion | None:
    norm, weight = evidence.high[f"{layer}.gradient_norm"], evidence.low[f"{layer}.weight_norm"]
    with np.errstate(all="ignore"):
        share = np.where(weight > 0.0, norm / weight, 0.0)
        # The median over the early rows, since a single small batch can be unusually kind.
        early = np.median(norm[: max(3, len(norm) // 10)])
    beyond = (share > EXPLODED) & ((norm > GROWN * early) | (np.arange(len(norm)) < 3))
    beyond |= ~np.isfinite(norm)
    if not beyond.any():
        return None
    row = int(np.flatnonzero(beyond)[0])
    peak = float(norm.max()) if np.isfinite(norm).all() else float("inf")
    return _Explosion(layer, row, float(norm[0]), peak, float(weight[row]), float(share[row]))


def vanishing(evidence: Evidence) -> Finding | None:
    """What reaches the first layer is a vanishing share of what leaves the last, and the net does not learn."""
    if not evidence.enough or evidence.learned or len(evidence.hidden) < 2:
        return None
    if any(layer.symmetric for layer in evidence.hidden) or evidence.blocked:
        return None
    first, last = (
        evidence.whole[f"{layer.name}.gradient_mean_abs"] for layer in (evidence.layers[0], evidence.layers[-1])
    )
    with np.errstate(all="ignore"):
        share = np.where(last > 0.0, first / last, 1.0)
        # Of sums: the gradient of a sample by itself is 0 where it wakes no unit, and that is no vanishing.
        late = slice(-max(5, len(share) // 4), None)
        recent = float(first[late].sum() / last[late].sum())
    if not recent < VANISHED:
        return None
    return VANISHING.finding(
        title="The gradient vanishes on its way to layer 1",
        layer=evidence.layers[0].name,
        since=evidence.since(share < VANISHED),
        evidence=f"Layer 1 gets {numeral(recent, 2)} of the output layer's mean |gradient|, through "
        f"{len(evidence.hidden)} hidden layers; {evidence.said_quality} on the training set.",
        numbers={"share": recent, "hidden_layers": float(len(evidence.hidden))},
    )
