"""Which illness a cure is about: what treats each kind that is named, and what is named by its cure alone."""

from collections.abc import Iterable

from nn_tui.training.diagnosis import checks, fit, gradients, pace, units
from nn_tui.training.diagnosis.rule import Rule

_STEADY = ("rate-down", "clip", "scaling", "initializer", "optimizer", "normalization", "activation", "loss")
_FLOW = ("activation", "initializer", "normalization", "shallower", "optimizer", "scaling", "rate-up")
_FASTER = ("rate-up", "optimizer", "epochs", "schedule", "batch-size", "optimizer-settings", "clip", "no-early-stop")

TREATS: dict[str, tuple[str, ...]] = {
    checks.OUTPUT.kind: ("output", "loss"),
    checks.UNSCALED.kind: ("scaling", "rate-down", "optimizer"),
    checks.UNSCALED_TARGETS.kind: ("scaling", "rate-down", "rate-up", "optimizer"),
    checks.FIRST_LOSS.kind: ("initializer", "scaling", "output"),
    checks.START_DEAD.kind: ("initializer", "activation", "scaling", "normalization"),
    checks.START_SATURATED.kind: ("initializer", "scaling", "activation", "normalization"),
    checks.START_LARGE.kind: ("initializer", "normalization", "activation"),
    checks.SIGNAL.kind: _FLOW,
    # Units that are no more are equal no more.
    units.SYMMETRY.kind: ("initializer", "activation", "shallower"),
    units.DEAD.kind: ("rate-down", "activation", "initializer", "scaling", "optimizer", "clip", "normalization"),
    units.SATURATED.kind: ("initializer", "scaling", "activation", "loss", "output", "rate-down", "optimizer"),
    gradients.DIVERGED.kind: _STEADY,
    gradients.EXPLODING.kind: _STEADY,
    gradients.VANISHING.kind: _FLOW,
    pace.TOO_HIGH.kind: ("rate-down", "optimizer", "clip", "batch-size", "scaling", "optimizer-settings"),
    pace.TOO_LOW.kind: _FASTER,
    fit.UNDERFITTING.kind: ("wider", "activation", "unregularize"),
    fit.PLATEAU.kind: ("optimizer", "rate-up", "initializer", "activation", "batch-size", "epochs", "loss", "scaling"),
    fit.ONE_CLASS.kind: ("class-weight", "no-class-weight", "rate-up", "rate-down", "batch-size", "loss"),
    fit.OVERFITTING.kind: ("regularize", "early-stop", "narrower", "fewer-epochs"),
}
"""The families of changes that treat each kind, the most direct first."""

_DIRECT: dict[str, tuple[str, ...]] = {
    checks.OUTPUT.kind: ("output", "loss"),
    checks.UNSCALED.kind: ("scaling",),
    checks.START_DEAD.kind: ("initializer", "activation"),
    checks.START_SATURATED.kind: ("initializer", "scaling"),
    checks.START_LARGE.kind: ("initializer",),
    checks.SIGNAL.kind: ("initializer", "activation", "normalization", "shallower"),
    units.SYMMETRY.kind: ("initializer",),
    fit.UNDERFITTING.kind: ("unregularize",),
}
"""The families that mend what is in a set-up itself, and do not only make up for it."""


def direct(kinds: Iterable[str]) -> frozenset[str]:
    """The families of changes that mend these kinds at their root."""
    return frozenset(family for kind in kinds for family in _DIRECT.get(kind, ()))


def _named(kind: str, what: str, source: str) -> Rule:
    return Rule(kind, f"no other {what} gains more than seeds move", source)


BY_CURE: dict[str, tuple[Rule, str]] = {
    "output": (checks.OUTPUT, "The output function does not suit the targets"),
    "loss": (
        _named("loss-does-not-suit", "loss", "Goodfellow et al. 2016, section 6.2.1"),
        "The loss does not suit the task",
    ),
    "scaling": (checks.UNSCALED, "Inputs or targets are not scaled"),
    "rate-down": (pace.TOO_HIGH, "The rate is too high"),
    "rate-up": (pace.TOO_LOW, "The rate is too low"),
    "optimizer": (
        _named("unsuitable-optimizer", "optimizer", "Goodfellow et al. 2016, section 8.5"),
        "The optimizer does not get far",
    ),
    "optimizer-settings": (
        _named("unsuitable-optimizer", "setting of the optimizer", "Goodfellow et al. 2016, section 8.5"),
        "The optimizer's settings are in the way",
    ),
    "activation": (
        _named("unsuitable-activation", "activation", "Glorot & Bengio 2010; Clevert et al. 2016"),
        "The activation is in the way",
    ),
    "initializer": (
        _named("unsuitable-initializer", "initializer", "Glorot & Bengio 2010; He et al. 2015"),
        "The weights start badly",
    ),
    "batch-size": (
        _named("batch-size", "batch size", "Goodfellow et al. 2016, section 8.1.3; Bengio 2012, 3.1.1"),
        "The batch size is in the way",
    ),
    "epochs": (_named("too-few-epochs", "number of epochs", "Bengio 2012, section 3.1.1"), "The run ends too early"),
    "schedule": (
        _named("rate-schedule", "schedule of the rate", "Goodfellow et al. 2016, section 8.3.1"),
        "The schedule takes the rate away too early",
    ),
    "clip": (
        _named("step-size", "limit on the gradient", "Pascanu et al. 2013"),
        "The limit on the gradient is not right",
    ),
    "wider": (fit.UNDERFITTING, "Underfitting: the net is too simple"),
    "unregularize": (fit.UNDERFITTING, "Underfitting: held back by dropout or penalties"),
    "shallower": (
        _named("unsuitable-depth", "depth", "Glorot & Bengio 2010; He et al. 2016"),
        "The net is deeper than it can be trained",
    ),
    "normalization": (
        _named("unsuitable-architecture", "normalization", "Ioffe & Szegedy 2015"),
        "The layers pass on too much or too little",
    ),
    "regularize": (fit.OVERFITTING, "Overfitting"),
    "early-stop": (fit.OVERFITTING, "Overfitting"),
    "narrower": (fit.OVERFITTING, "Overfitting: the net is larger than the data bear"),
    "fewer-epochs": (fit.OVERFITTING, "Overfitting: the run goes on too long"),
    "no-early-stop": (
        _named("stopped-too-early", "end of the run", "Prechelt 1998, Early Stopping, But When?"),
        "The early stop comes too early",
    ),
    "no-class-weight": (
        _named("unsuitable-class-weight", "weight of the classes", "He & Garcia 2009, Learning from Imbalanced Data"),
        "The class weights are in the way",
    ),
    "no-normalization": (
        _named("unsuitable-normalization", "normalization", "Ioffe & Szegedy 2015"),
        "The normalization is in the way",
    ),
    "features": (
        _named("missing-features", "choice of inputs", "Guyon & Elisseeff 2003, Variable and Feature Selection"),
        "The inputs leave out what the answer hangs on",
    ),
    "class-weight": (
        _named("class-imbalance", "weight of the classes", "He & Garcia 2009, Learning from Imbalanced Data"),
        "Rare classes go unlearned",
    ),
}
"""What to call an illness that no check and no rule has named, by the family of what cured it."""

BY_CURE_ALONE = frozenset(rule.kind for rule, _ in BY_CURE.values()) - (TREATS.keys() - {checks.START_LARGE.kind})
"""Kinds that no check and no rule sees, or hardly any."""

BELOW = Rule(
    "below-baseline",
    "a net is at least as good as the best simple method",
    "Hastie, Tibshirani & Friedman 2009, section 7.10; Karpathy 2019",
)
COULD_GAIN = Rule(
    "could-gain", "nothing that was tried gains more than seeds move", "Bengio 2012, section 3", ill=False
)
AS_GOOD = Rule(
    "as-good-as-data-allow",
    "neither a trial nor a simple method is better beyond what seeds move",
    "Hastie, Tibshirani & Friedman 2009, sections 2.9 and 7.2",
    ill=False,
)
NOTHING = Rule(
    "nothing-to-learn",
    "the run, a trial or a simple method is better than guessing by more than the choice of held-out examples moves",
    "Hastie, Tibshirani & Friedman 2009, section 7.10; Zhang et al. 2017",
    ill=False,
)
