"""All rules over one run."""

from collections.abc import Callable

from nn_tui.training.diagnosis import fit, gradients, pace, units
from nn_tui.training.diagnosis.evidence import Evidence
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.rule import Rule

Check = Callable[[Evidence], Finding | None]

RULES: dict[str, Rule] = {
    rule.kind: rule
    for rule in (
        gradients.DIVERGED,
        gradients.EXPLODING,
        gradients.VANISHING,
        units.DEAD,
        units.SATURATED,
        units.SYMMETRY,
        pace.TOO_HIGH,
        pace.TOO_LOW,
        fit.ONE_CLASS,
        fit.PLATEAU,
        fit.UNDERFITTING,
        fit.OVERFITTING,
        fit.CONVERGED,
    )
}
"""Everything that can be found, by kind."""

_CAUSES: tuple[Check, ...] = (
    gradients.diverged,
    gradients.exploding,
    units.symmetry,
    fit.held_back,
    fit.bottleneck,
    units.dead_units,
    units.saturation,
    gradients.vanishing,
    pace.rate_too_high,
    pace.rate_too_low,
    fit.linear,
)


def diagnose(evidence: Evidence) -> tuple[Finding, ...]:
    """What is going on, the causes before what merely follows from them.

    A loss that has leveled out is only called a plateau or an underfit where no cause was found for it.
    """
    causes: list[Finding] = []
    for check in _CAUSES:
        if (finding := check(evidence)) is not None and finding.kind not in {entry.kind for entry in causes}:
            causes.append(finding)
    rest: tuple[Check, ...] = (fit.overfitting, *(() if causes else (fit.leveled_out,)), fit.one_class, fit.converged)
    return (*causes, *(finding for check in rest if (finding := check(evidence)) is not None))
