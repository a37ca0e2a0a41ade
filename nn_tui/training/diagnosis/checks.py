"""Checks of a set-up before the first step: of data, output, loss, weights and first signals, in well under 100 ms.

A note is worth knowing and never makes a run ill; a suspect is something whose remedies are tried first. What is
certain (an output that cannot reach its targets) is mended in every trial.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.dense import Dense
from nn_tui.engine.network import Batch
from nn_tui.engine.probes import FIRST_SAMPLES
from nn_tui.numerals import in_full, numeral
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.rule import Rule
from nn_tui.training.diagnosis.steps_ahead import IDLE, few_steps
from nn_tui.training.diagnosis.task_checks import RARE, codes_of_classes, rare_class
from nn_tui.training.diagnosis.units import SYMMETRY
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.wording import listed

OUT_OF_REACH = 0.05
LARGE = 20.0
SURPRISED = 3.0
SHRUNK = 1e-4
TOO_LARGE = 8.0
SAME = 0.9999

OUTPUT = Rule(
    "unsuitable-output",
    f"the output function can reach all but {OUT_OF_REACH:.0%} of the targets, and gives what the loss compares: "
    "probabilities of classes, values of a regression",
    "Goodfellow et al. 2016, section 6.2.2; Chollet 2021, section 4.4",
)
LOSS = Rule(
    "unsuitable-loss",
    "classes are learned by a loss of probabilities (bce, ce)",
    "Goodfellow et al. 2016, section 6.2.1; Golik et al. 2013",
    ill=False,
)
UNSCALED = Rule(
    "unscaled-inputs",
    f"inputs and targets are of the order of 1: no column's root mean square is above {LARGE:g}",
    "LeCun et al. 1998, section 4.3",
)
UNSCALED_TARGETS = Rule("unscaled-targets", UNSCALED.statement, UNSCALED.source)
FIRST_LOSS = Rule(
    "initial-loss",
    f"the loss before the first step is below {SURPRISED:g} times that of guessing, ln K (under bce ln 2)",
    "Karpathy 2019, A Recipe for Training Neural Networks; Goodfellow et al. 2016, section 8.4",
)
START_DEAD = Rule(
    "dead-at-start",
    f"before the first step fewer than {IDLE:.0%} of a layer's units give 0 for every sample",
    "Lu et al. 2019, Dying ReLU and Initialization",
)
START_SATURATED = Rule(
    "saturated-at-start",
    f"before the first step fewer than {IDLE:.0%} of a layer's outputs lie on the flat ends",
    "Glorot & Bengio 2010",
)
START_LARGE = Rule(
    "unsuitable-initializer",
    f"weights of hidden layers start within {TOO_LARGE:g} times the spread that keeps a signal's size, √(2 / inputs)",
    "LeCun et al. 1998, section 4.6; Glorot & Bengio 2010; He et al. 2015",
)
SIGNAL = Rule(
    "signal-at-start",
    f"before the first step the mean |gradient| of layer 1 is between {SHRUNK:g} and {1 / SHRUNK:g} of the output "
    "layer's",
    "Glorot & Bengio 2010; He et al. 2015; Hanin 2018",
)
BATCH = Rule("batch-larger-than-set", "a batch is no larger than the training set", "Bengio 2012, 3.1.1", ill=False)
MANY_PARAMETERS = Rule(
    "more-parameters-than-examples",
    "a net has no more parameters than there are numbers to learn",
    "Zhang et al. 2017; Goodfellow et al. 2016, section 5.2",
    ill=False,
)
REPEATED = Rule(
    "input-repeats-target",
    f"no input's correlation with the target is above {SAME:g}",
    "Kaufman et al. 2012, Leakage in Data Mining",
    ill=False,
)

_SOME = 1_000
"""Rows that tell which inputs may repeat the target."""
CERTAIN = {"network.output": "auto"}
"""What mends an output that cannot reach its targets."""


def check(lane: NetworkLane) -> tuple[Finding, ...]:
    """What is to be said of a set-up, before its first step.

    Args:
        lane: that has taken no step; nothing of it changes.
    """
    found = (finding for one in _CHECKS if (finding := one(lane)) is not None)
    return tuple(found)


def is_certain(lane: NetworkLane) -> bool:
    """Whether the output cannot reach its targets, whatever is learned."""
    return lane.scenario.network.output != "auto" and _unreachable(lane) > OUT_OF_REACH


def _unreachable(lane: NetworkLane) -> float:
    """The share of the training targets that no output can be."""
    output = lane.network.output
    if output.shares and lane.network.outputs == 1:
        return 1.0
    if lane.dataset.task != "regression":
        return 0.0
    targets = lane.train.targets
    return float(np.mean((targets < output.lowest) | (targets > output.highest)))


def _output(lane: NetworkLane) -> Finding | None:
    network, task = lane.network, lane.dataset.task
    output, name, beyond = network.output, network.output.name, _unreachable(lane)
    if output.shares and network.outputs == 1:
        said = f"A {name} over one unit is 1 whatever comes in."
    elif beyond > OUT_OF_REACH:
        low, high = float(lane.train.targets.min()), float(lane.train.targets.max())
        ends = f"from {numeral(low)} to {numeral(high)}"
        said = f"The targets go {ends}; {beyond:.0%} of them are out of the reach of {name}."
    elif task == "multiclass" and network.loss.of_shares and not output.shares:
        said = f"Of {network.outputs} classes one is right, and {name} gives each a share of its own."
    elif task != "regression" and network.loss.of_classes and not output.probabilities:
        said = (
            f"{network.loss.name} compares probabilities, and {name} gives none: "
            f"{_reach(output.lowest, output.highest)}."
        )
    else:
        return None
    return OUTPUT.finding(
        title="The output function does not suit the targets",
        layer="output",
        since=0,
        evidence=said,
        numbers={"out_of_reach": beyond, "outputs": float(network.outputs)},
    )


def _reach(lowest: float, highest: float) -> str:
    if math.isfinite(highest):
        return f"numbers from {in_full(lowest)} to {in_full(highest)}"
    return f"any number from {in_full(lowest)} on" if math.isfinite(lowest) else "any number"


def _loss(lane: NetworkLane) -> Finding | None:
    name = lane.network.loss.name
    if lane.dataset.task == "regression" or lane.network.loss.of_classes:
        return None
    return LOSS.finding(
        title=f"{name} on classes",
        since=0,
        evidence=f"{name} measures distances between numbers; with {len(lane.dataset.class_names)} classes its "
        "gradient fades where a wrong answer is given with confidence.",
        numbers={"classes": float(len(lane.dataset.class_names))},
    )


def _inputs(lane: NetworkLane) -> Finding | None:
    inputs = lane.train.inputs[:, :-1]
    sizes = np.sqrt(np.square(inputs, dtype=np.float64).mean(axis=0))
    if not len(sizes) or float(sizes.max()) <= LARGE:
        return None
    largest = int(sizes.argmax())
    return UNSCALED.finding(
        title="The inputs are not scaled",
        since=0,
        evidence=f"{lane.dataset.feature_names[largest]} has a root mean square of {numeral(sizes[largest])}, "
        f"the smallest column one of {numeral(float(sizes.min()))}.",
        numbers={"largest": float(sizes.max()), "smallest": float(sizes.min())},
    )


def _targets(lane: NetworkLane) -> Finding | None:
    if lane.dataset.task != "regression":
        return None
    size = float(np.sqrt(np.square(lane.train.targets.astype(np.float64)).mean()))
    if size <= LARGE:
        return None
    return UNSCALED_TARGETS.finding(
        title="The targets are not scaled",
        layer="output",
        since=0,
        evidence=f"{listed(lane.dataset.target_names)}: a root mean square of {numeral(size)}; an untrained "
        "net gives about 1.",
        numbers={"size": size},
    )


def _first_loss(lane: NetworkLane) -> Finding | None:
    if not lane.network.loss.of_classes or _unreachable(lane) > OUT_OF_REACH:
        return None
    score = lane.score("train", quick=True)
    assert score is not None
    guessing = lane.network.loss.of_guessing(len(lane.dataset.class_names))
    if score.loss <= SURPRISED * guessing:
        return None
    said = numeral(score.loss) if math.isfinite(score.loss) else "no finite number"
    return FIRST_LOSS.finding(
        title="The first loss is far above guessing",
        since=0,
        evidence=f"The loss is {said} before the first step; guessing gives "
        f"ln {round(math.exp(guessing))} = {numeral(guessing)}.",
        numbers={"loss": score.loss, "guessing": guessing},
    )


def _are_equal(layer: Dense) -> bool:
    """Whether a layer is of several equal units."""
    return layer.units > 1 and bool((layer.augmented == layer.augmented[0]).all())


def _symmetry(lane: NetworkLane) -> Finding | None:
    for number, layer in enumerate(lane.network.layers[:-1], 1):
        # Dropout switches off now one and now another of equal units, and so makes them differ.
        if _are_equal(layer) and not layer.dropout:
            return SYMMETRY.finding(
                title=f"All units of layer {number} start the same",
                layer=f"layer {number}",
                since=0,
                evidence=f"Its {layer.units} units have equal weights and biases; equal units get equal gradients.",
                numbers={"units": float(layer.units)},
            )
    return None


def _weights(lane: NetworkLane) -> Finding | None:
    layers = lane.network.layers[:-1]
    # What is normalized behind a layer is as large whatever its weights are.
    times = [0.0 if layer.normalization or _are_equal(layer) else _times_suited(layer) for layer in layers]
    if not max(times, default=0.0) > TOO_LARGE:
        return None
    worst = int(np.argmax(times))
    name, inputs = f"layer {worst + 1}", layers[worst].inputs
    return START_LARGE.finding(
        title=f"The weights of {name} start too large",
        layer=name,
        since=0,
        evidence=f"Their root mean square is {numeral(times[worst])} times √(2 / {inputs}), with which a signal keeps "
        "its size.",
        numbers={"times": times[worst]},
    )


def _times_suited(layer: Dense) -> float:
    size = float(np.sqrt(np.square(layer.weight, dtype=np.float64).mean()))
    return size / math.sqrt(2.0 / layer.inputs)


def _signals(lane: NetworkLane) -> Finding | None:
    probes = lane.probe()
    for probe, layer in zip(probes[:-1], lane.network.layers[:-1], strict=True):
        assert layer.activation is not None
        name = layer.activation.name
        if layer.activation.can_die and probe.dead_units >= IDLE * probe.units:
            return START_DEAD.finding(
                title=f"Most units of {probe.name} are dead at the start",
                layer=probe.name,
                since=0,
                evidence=f"{probe.dead_units} of {probe.units} units give 0 for every sample before the first step.",
                numbers={"dead_units": float(probe.dead_units), "units": float(probe.units)},
            )
        if layer.activation.squashes and probe.saturated_share >= IDLE:
            return START_SATURATED.finding(
                title=f"{probe.name.capitalize()} is saturated at the start",
                layer=probe.name,
                since=0,
                evidence=f"{probe.saturated_share:.0%} of its {name} outputs lie on the flat ends already.",
                numbers={"saturated_share": float(probe.saturated_share)},
            )
    first, last = probes[0].gradient_mean_abs, probes[-1].gradient_mean_abs
    if any(_are_equal(layer) for layer in lane.network.layers[:-1]):
        # That is said by itself: weights of 0 pass nothing on.
        return None
    if first == 0.0:
        # The few samples of a step may wake no unit; the first of the training set are many.
        first, last = _gradients_of_many(lane)
    if len(probes) < 3 or not (last > 0.0 and math.isfinite(first)) or SHRUNK <= first / last <= 1.0 / SHRUNK:
        return None
    return SIGNAL.finding(
        title="The gradient " + ("shrinks" if first < last else "grows") + " on its way to layer 1",
        layer="layer 1",
        since=0,
        evidence=f"Before the first step layer 1 gets {numeral(first / last, 2)} of the output layer's mean "
        "|gradient|.",
        numbers={"share": first / last},
    )


def _gradients_of_many(lane: NetworkLane) -> tuple[float, float]:
    """The mean |gradient| of the first layer and of the last, over as many samples as are probed."""
    samples = Batch(lane.probe_inputs[:FIRST_SAMPLES], np.ascontiguousarray(lane.probe_targets[:, :FIRST_SAMPLES]))
    with np.errstate(all="ignore"):
        lane.network.loss_and_gradient(samples)
        first, last = (np.abs(lane.network.layers[place].augmented_gradient).mean() for place in (0, -1))
    return float(first), float(last)


def _batch(lane: NetworkLane) -> Finding | None:
    training, rows = lane.scenario.training, len(lane.train)
    if training.mode != "mini-batch" or training.batch_size <= rows:
        return None
    return BATCH.finding(
        title="A batch is larger than the set",
        since=0,
        evidence=f"There are {rows} training examples, and a batch takes {training.batch_size}: every step sees all.",
        numbers={"rows": float(rows), "batch_size": float(training.batch_size)},
    )


def _parameters(lane: NetworkLane) -> Finding | None:
    numbers = lane.train.targets.size
    if lane.network.parameters.size <= numbers:
        return None
    return MANY_PARAMETERS.finding(
        title="More parameters than examples",
        since=0,
        evidence=f"{lane.network.parameters.size:,} parameters learn {numbers:,} numbers.",
        numbers={"parameters": float(lane.network.parameters.size), "targets": float(numbers)},
    )


def _repeated(lane: NetworkLane) -> Finding | None:
    inputs = lane.train.inputs[:, :-1]
    target = lane.dataset.train.targets.astype(np.float64)
    if target.ndim != 1 or len(target) <= inputs.shape[1] + RARE:
        return None
    # Evenly spread, since a table may be sorted.
    some = slice(None, None, -(-len(target) // _SOME))
    alike = _correlations(inputs[some], target[some])
    # Of many rows these tell which columns are worth a look at all of them.
    likely = np.flatnonzero(alike > SAME)
    if not len(likely):
        return None
    alike = _correlations(inputs[:, likely], target)
    if float(alike.max()) <= SAME:
        return None
    name = lane.dataset.feature_names[int(likely[alike.argmax()])]
    return REPEATED.finding(
        title=f"{name} repeats the target",
        since=0,
        evidence=f"Its correlation with {lane.dataset.target_names[0]} is {float(alike.max()):.5f}.",
        numbers={"correlation": float(alike.max())},
    )


def _correlations(inputs: NDArray[Any], target: NDArray[Any]) -> NDArray[np.float64]:
    """Each column's with the target, without a sign; 0 for a constant one."""
    with np.errstate(all="ignore"):
        centered, wanted = inputs - inputs.mean(axis=0, dtype=np.float64), target - target.mean()
        alike = np.abs(wanted @ centered) / np.sqrt(np.square(centered).sum(axis=0) * np.square(wanted).sum())
    known: NDArray[np.float64] = np.nan_to_num(alike, nan=0.0, posinf=0.0)
    return known


_CHECKS: tuple[Callable[[NetworkLane], Finding | None], ...] = (
    _output,
    _symmetry,
    _inputs,
    _targets,
    _weights,
    _signals,
    _first_loss,
    _loss,
    _batch,
    few_steps,
    rare_class,
    codes_of_classes,
    _parameters,
    _repeated,
)
