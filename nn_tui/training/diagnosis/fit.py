"""How the fit itself stands: stuck, too simple, too close to the training set, or done."""

import numpy as np

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.numerals import in_full, numeral
from nn_tui.training.diagnosis.evidence import FLAT, Evidence
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.rule import Rule
from nn_tui.training.diagnosis.steps_ahead import FEW_STEPS

RISEN = 1.2
APART = 1.5
MATTERS = 0.1
FAR_APART = 4.0
MATTERS_ALONE = 0.25
WORSE = 0.04
FAR_BEHIND = 0.1
FEW_UNITS = 2
STRONG_L2, STRONG_L1 = 0.03, 0.01

OVERFITTING = Rule(
    "overfitting",
    f"while accuracy (balanced, where a class is rare) or R² on the test set is {WORSE:g} behind, the test loss "
    f"neither rises to {RISEN:g} times its lowest and {APART:g} times the training loss, nor stays {FAR_APART:g} times "
    f"above that (gaps count from {MATTERS:.0%} and {MATTERS_ALONE:.0%} of an untrained net's loss); and with "
    f"{APART:g} times the training loss it is less than {FAR_BEHIND:g} behind",
    "Goodfellow et al. 2016, sections 5.2 and 7.8",
)
UNDERFITTING = Rule(
    "underfitting",
    "a net whose loss has leveled out has learned its task",
    "Goodfellow et al. 2016, section 5.2; Minsky & Papert 1969",
)
PLATEAU = Rule(
    "plateau",
    f"the training loss moves by more than {FLAT:.1%} over the last quarter of a run of {FEW_STEPS} steps or more, or "
    "the task is learned",
    "the course notes, 2.2.4; Dauphin et al. 2014",
)
ONE_CLASS = Rule(
    "one-class",
    "where classes are far from even, the net does not take all training examples for one class",
    "Japkowicz & Stephen 2002; He & Garcia 2009, section 2",
)
CONVERGED = Rule(
    "converged",
    "the task is learned and the training loss has leveled out, or fallen below 1% of where it began",
    "Goodfellow et al. 2016, section 7.8",
    ill=False,
)


def overfitting(evidence: Evidence) -> Finding | None:
    """The test loss rises while the training loss goes on falling, or stays far above it."""
    test = evidence.whole["test.loss"]
    if not evidence.enough or not np.isfinite(test).all():
        return None
    train = evidence.whole["train.loss"]
    late_test, late_train = evidence.typical("test.loss"), evidence.typical("train.loss")
    best = int(np.argmin(test))
    untrained = evidence.untrained_loss
    if not untrained > 0.0:
        # All training targets are what the net gives anyway: there is nothing that it could learn by heart.
        return None
    gap = (late_test - late_train) / untrained
    rises = late_test > RISEN * float(test[best]) and late_train < float(train[best])
    behind = evidence.quality - evidence.tested_quality
    if behind < WORSE or not (
        (rises and late_test > APART * late_train and gap > MATTERS)
        or (late_test > FAR_APART * late_train and gap > MATTERS_ALONE)
        or (behind >= FAR_BEHIND and late_test > APART * late_train and gap > MATTERS)
    ):
        return None
    step, lowest = evidence.lowest_test
    if rises:
        since = int(step)
        said = (
            f"The test loss was lowest at step {since:,} ({numeral(lowest)}); "
            f"it has been about {numeral(late_test)} of late, and the training loss about {numeral(late_train)}."
        )
    else:
        since = evidence.since(test > APART * train)
        said = (
            f"The loss has been about {numeral(late_train)} of late on what it was trained on, and about "
            f"{numeral(late_test)} on the test set."
        )
    return OVERFITTING.finding(
        title="Overfitting",
        since=since,
        evidence=said,
        numbers={"test_loss": late_test, "lowest_test_loss": lowest, "train_loss": late_train},
    )


def held_back(evidence: Evidence) -> Finding | None:
    """The task is not learned, and a strong penalty keeps the weights small, whether the loss swings or has settled."""
    penalty = evidence.scenario.training.regularization
    if not (penalty.l2 >= STRONG_L2 or penalty.l1 >= STRONG_L1):
        return None
    if not evidence.enough or not evidence.well_under_way or evidence.learned or evidence.status == "diverged":
        return None
    strength = f"L2 {in_full(penalty.l2)}" if penalty.l2 >= STRONG_L2 else f"L1 {in_full(penalty.l1)}"
    loss = evidence.typical("train.loss")
    return UNDERFITTING.finding(
        title="Underfitting: the penalty is too strong",
        since=int(evidence.whole["step"][-max(5, evidence.rows // 4)]),
        evidence=f"The training loss was about {numeral(loss)} over the last quarter of the run, and "
        f"{evidence.said_quality}; the penalty on the weights ({strength}) outweighs the data.",
        numbers={"train_loss": loss, "quality": evidence.quality, "l1": penalty.l1, "l2": penalty.l2},
    )


def bottleneck(evidence: Evidence) -> Finding | None:
    """The task is not learned, and what the net knows of its inputs has to pass a single unit."""
    narrowest = min(evidence.hidden, key=lambda layer: layer.units, default=None)
    if narrowest is None or narrowest.units > 1 or not _is_over(evidence):
        return None
    return _of_level(UNDERFITTING, evidence, _SIMPLE, f"; all of it has to pass the one unit of {narrowest.name}")


def linear(evidence: Evidence) -> Finding | None:
    """The task is not learned, and nothing in the net bends."""
    if not all(ACTIVATIONS[layer.activation].linear for layer in evidence.hidden) or not _is_over(evidence):
        return None
    return _of_level(UNDERFITTING, evidence, _SIMPLE, "; without a hidden layer that bends, the net is linear")


def _is_over(evidence: Evidence) -> bool:
    """Whether a run has come to its end, or its loss has leveled out, before the task is learned."""
    over = evidence.flat or evidence.status not in ("running", "diverged")
    return over and evidence.enough and not evidence.learned and evidence.status != "diverged"


def leveled_out(evidence: Evidence) -> Finding | None:
    """The loss has stopped falling before the task is learned: the net is too simple, or stuck."""
    if not evidence.flat or evidence.learned or evidence.status == "diverged":
        return None
    narrowest = _narrowest(evidence)
    if evidence.last_step < FEW_STEPS:
        # So short a run has not come to where it could stop falling.
        return None
    if narrowest > FEW_UNITS:
        return _of_level(PLATEAU, evidence, "On a plateau", "")
    return _of_level(UNDERFITTING, evidence, _SIMPLE, f"; a layer of {narrowest} units is all there is")


_SIMPLE = "Underfitting: the net is too simple"


def _narrowest(evidence: Evidence) -> int:
    return min((layer.units for layer in evidence.hidden), default=0)


def _of_level(rule: Rule, evidence: Evidence, title: str, why: str) -> Finding:
    loss = evidence.typical("train.loss")
    stood = "has stayed at" if evidence.flat else "was about"
    said = f"The training loss {stood} {numeral(loss)} over the last quarter of the run, and {evidence.said_quality}"
    return rule.finding(
        title=title,
        since=int(evidence.whole["step"][-max(5, evidence.rows // 4)]),
        evidence=f"{said}{why}.",
        numbers={"train_loss": loss, "quality": evidence.quality, "units": float(_narrowest(evidence))},
    )


def one_class(evidence: Evidence) -> Finding | None:
    """Whatever the net is shown, it answers with one class."""
    balance = evidence.balance
    if balance is None or not balance.only or not evidence.well_under_way:
        return None
    weighted = evidence.scenario.training.class_weight != "none"
    advice = "" if weighted else " Class weights (training.class_weight) make rare ones count."
    return ONE_CLASS.finding(
        title="The net answers with one class only",
        since=evidence.last_step,
        evidence=f"It takes every training example for {balance.only}, which is right of {balance.share:.1%} of them: "
        f"{evidence.said_quality}.{advice}",
        numbers={"accuracy": balance.share, "balanced_accuracy": balance.train},
    )


def converged(evidence: Evidence) -> Finding | None:
    """The task is learned and nothing much moves any more."""
    loss = evidence.typical("train.loss")
    if not evidence.enough or evidence.divergence is not None or not evidence.learned:
        return None
    if not (evidence.flat or loss < 0.01 * evidence.first_loss):
        return None
    return CONVERGED.finding(
        title="Converged",
        since=evidence.since(evidence.whole["train.loss"] <= 1.05 * max(loss, 0.0101 * evidence.first_loss)),
        evidence=f"The training loss went from {numeral(evidence.first_loss)} to {numeral(loss)}; "
        f"{evidence.said_quality} on the training set.",
        numbers={"train_loss": loss, "quality": evidence.quality},
    )
