"""Units that do no work: dead, saturated, or all alike."""

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.training.diagnosis.evidence import Evidence
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.rule import Rule

MOST_DEAD = 0.4
MOST_DEAD_LEARNED = 0.75
MOST_SATURATED = 0.6

DEAD = Rule(
    "dead-units",
    f"fewer than {MOST_DEAD:.0%} of a layer's units give 0 for every sample ({MOST_DEAD_LEARNED:.0%} once the task is "
    "learned)",
    "the course notes, 1.2.3; Maas et al. 2013",
)
SATURATED = Rule(
    "saturation",
    f"until the task is learned, fewer than {MOST_SATURATED:.0%} of a layer's outputs lie on the flat ends",
    "the course notes, 1.2.1; Glorot & Bengio 2010; Nielsen 2015, chapter 3",
)
SYMMETRY = Rule(
    "symmetry",
    "units of a layer differ in their weights",
    "Goodfellow et al. 2016, section 8.4",
)


def dead_units(evidence: Evidence) -> Finding | None:
    """A large share of a layer's ReLU units gives 0 whatever comes in, and so gets no gradient."""
    worst, share = None, 0.0
    for layer in evidence.hidden:
        if not ACTIVATIONS[layer.activation].can_die or layer.symmetric:
            continue
        dead = float(evidence.recent[f"{layer.name}.dead_units"][-1]) / layer.units
        if dead >= MOST_DEAD and dead > share:
            worst, share = layer, dead
    if worst is None or (evidence.learned and share < MOST_DEAD_LEARNED):
        return None
    count = round(share * worst.units)
    return DEAD.finding(
        title=f"{'All' if count == worst.units else count} of {worst.units} units in {worst.name} are dead"
        if worst.units > 1
        else f"The unit of {worst.name} is dead",
        layer=worst.name,
        since=evidence.since_at_least(f"{worst.name}.dead_units", MOST_DEAD * worst.units),
        evidence=f"{count} of its {worst.units} units give 0 for every probe sample, so no gradient reaches them.",
        numbers={"dead_units": float(count), "units": float(worst.units)},
    )


def saturation(evidence: Evidence) -> Finding | None:
    """Outputs lie on the flat ends of their activation while there is still much to learn."""
    if not evidence.enough or evidence.learned:
        return None
    worst, share = None, 0.0
    for layer in evidence.layers:
        activation = ACTIVATIONS.get(layer.activation)
        if activation is None or not activation.squashes:
            continue
        if layer is evidence.layers[-1] and LOSSES[evidence.loss].is_fused(OUTPUTS[layer.activation]):
            # Such a gradient does not pass through the flat ends: being sure and wrong is not stuck there.
            continue
        saturated = evidence.typical(f"{layer.name}.saturated_share")
        if saturated >= MOST_SATURATED and saturated > share:
            worst, share = layer, saturated
    if worst is None:
        return None
    return SATURATED.finding(
        title=f"{worst.name.capitalize()} is saturated",
        layer=worst.name,
        since=evidence.since_at_least(f"{worst.name}.saturated_share", MOST_SATURATED),
        evidence=f"{share:.0%} of its {worst.activation} outputs lie on the flat ends, where the slope is close to 0; "
        f"{evidence.said_quality} on the training set.",
        numbers={"saturated_share": share, "quality": evidence.quality},
    )


def symmetry(evidence: Evidence) -> Finding | None:
    """All units of a hidden layer have the same weights, so they learn the same and stay one unit."""
    alike = [layer for layer in evidence.hidden if layer.symmetric]
    if not alike or len(evidence.recent["step"]) == 0:
        return None
    layer = alike[0]
    return SYMMETRY.finding(
        title=f"All units of {layer.name} are the same",
        layer=layer.name,
        since=0,
        evidence=f"Its {layer.units} units have equal weights and biases; equal units get equal gradients, and "
        f"{len(alike)} of {len(evidence.hidden)} hidden layers stay worth one unit each.",
        numbers={"layers": float(len(alike)), "units": float(layer.units)},
    )
