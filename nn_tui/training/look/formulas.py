"""The formulas in use with this step's numbers: the engine's own, read from its registries."""

import math
from collections.abc import Mapping

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.formulas import renamed, shown, worked, written
from nn_tui.engine.losses import CLIP, Loss
from nn_tui.engine.modes import MODES
from nn_tui.engine.normalization import EPSILON
from nn_tui.engine.probes import layer_names
from nn_tui.training.look.parts import Formula, FormulaLine
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.surface_lane import SurfaceLane

DIGITS = 6
"""Of the numbers that formulas are about."""

_PRECISION = 1e-6
"""To which a formula and the engine agree in single precision."""


def network_formulas(trainer: NetworkLane, layer: int) -> tuple[Formula, ...]:
    """Activation, loss, mode and optimizer of a network in training.

    Args:
        trainer: at its present step.
        layer: the layer (from 0) whose activation is shown; the last hidden one for the output layer.
    """
    # The training set's own first: units are probed on others first where there are many.
    first, targets = trainer.train.inputs[:1], trainer.train.targets[:, :1]
    with np.errstate(all="ignore"):
        trainer.network.forward(first)
    found = [_activation(trainer, layer)] if len(trainer.network.layers) > 1 else []
    return (*found, _loss(trainer, first, targets), _mode(trainer), *_optimizer(trainer))


def _activation(trainer: NetworkLane, layer: int) -> Formula:
    network = trainer.network
    number = min(layer, len(network.layers) - 2)
    activation = network.layers[number].activation
    assert activation is not None
    passed = network.last_pass(1)
    z, output = (float(part[number][0, 0]) for part in (passed.pre_activations, passed.outputs))
    with np.errstate(all="ignore"):
        slope = float(activation.derivative(np.array([z]))[0])
    total, read = float(passed.sums[number][0, 0]), "z"
    lines: list[FormulaLine] = []
    own, kept = network.layers[number].normalization, passed.normalized[number]
    if own is not None and kept is not None:
        parts = (*own.used(kept), own.gamma, own.beta)
        lines, read = normalizing(total, *(float(part[0, 0]) for part in parts)), "h"
    return Formula(
        subject="activation",
        name=activation.name,
        about=f"{layer_names(len(network.layers))[number]}, unit 1, first sample: z = {written(total, DIGITS)}",
        lines=(
            *lines,
            calculation(f"f({read})", renamed(activation.formula, "x", read), {read: z}, output),
            calculation(f"f′({read})", renamed(activation.derivative_formula, "x", read), {read: z}, slope),
        ),
    )


def normalizing(z: float, mean: float, variance: float, gamma: float, beta: float) -> list[FormulaLine]:
    """A unit's sum brought to mean 0 and variance 1, then scaled and shifted."""
    values = {"z": z, "μ": mean, "σ²": variance, "ε": EPSILON}
    standard = calculation("ẑ", "(z − μ) / √(σ² + ε)", values)
    assert standard.value is not None
    return [standard, calculation("h", "γ·ẑ + β", {"γ": gamma, "ẑ": standard.value, "β": beta})]


def _loss(trainer: NetworkLane, inputs: Array, targets: Array) -> Formula:
    network, loss = trainer.network, trainer.network.loss
    prediction = network.last_pass(1).work.prediction.copy()
    several = targets.shape[0] > 1
    # Of several outputs the true class's: the others' terms are 0 under cross-entropy. Of a regression the largest's.
    place = int(targets[:, 0].argmax()) if several else 0
    y, predicted = float(targets[place, 0]), float(prediction[place, 0])
    which = f", output {place + 1}" if several else ""
    lines: tuple[FormulaLine, ...] = ()
    values, term = {"y": y, "ŷ": predicted}, loss.term
    if loss.of_classes and not network.is_fused:
        lines, values["p"] = clipped(loss, predicted, float(prediction.sum()))
        term = renamed(term, "ŷ", "p")
    # The engine's own value of this sample alone, where it is that of a single output.
    alone = not several or (loss.of_shares and y == 1.0)
    with np.errstate(all="ignore"):
        value = network.evaluate(inputs, targets)[0] if alone and not loss.rooted else None
    return Formula(
        subject="loss",
        name=loss.name,
        about=f"first sample{which}: y = {written(y, DIGITS)}, ŷ = {written(predicted, DIGITS)}",
        lines=(
            *lines,
            calculation("ℓ", of_target(loss, term, y), values, value),
            FormulaLine(symbol="", formula=loss.formula),
        ),
    )


def of_target(loss: Loss, term: str, target: float) -> str:
    """One output's term of a loss; of shares, told for a class that is the true one, it counts by the target."""
    return f"y·({term})" if loss.of_shares and target != 1.0 else term


def clipped(loss: Loss, prediction: float, total: float) -> tuple[tuple[FormulaLine, ...], float]:
    """What a cross-entropy makes of a prediction that need not be a probability, and that as a number.

    Args:
        loss: which one.
        prediction: of one output.
        total: of all outputs.
    """
    lines, symbol, values = [], "ŷ", {"ŷ": prediction}
    if loss.of_shares:
        lines.append(calculation("q", "ŷ / s", {"ŷ": prediction, "s": total}))
        symbol, values = "q", {"q": prediction / total if total else math.nan}
    lines.append(calculation("p", f"max({CLIP}, min(1 − {CLIP}, {symbol}))", values))
    value = lines[-1].value
    return tuple(lines), math.nan if value is None else value


def _mode(trainer: NetworkLane) -> Formula:
    training, samples = trainer.scenario.training, len(trainer.train)
    size = MODES[training.mode].size(training.batch_size, samples)
    return Formula(
        subject="mode",
        name=training.mode,
        about=f"n = {size:,}, N = {samples:,}",
        lines=(
            FormulaLine(symbol="", formula=MODES[training.mode].formula),
            FormulaLine(
                symbol="steps an epoch",
                formula="⌈N / n⌉",
                numbers=f"⌈{samples} / {size}⌉",
                value=float(trainer.steps_per_epoch),
                result=str(trainer.steps_per_epoch),
            ),
        ),
    )


def _optimizer(trainer: NetworkLane) -> tuple[Formula, ...]:
    watched = trainer.watched_terms
    if watched is None:
        return ()
    name, place = _parameter(trainer, watched.parameter)
    present = float(trainer.network.parameters[watched.parameter])
    return (_steps(trainer.optimizer.name, trainer.optimizer.formula, watched.values, f"{name} of {place}", present),)


def _parameter(trainer: NetworkLane, index: int) -> tuple[str, str]:
    """What a place in the flat vector is: `w₂₃` of a layer as `weight 3 of unit 2`."""
    layers = trainer.network.layers
    for layer, name in zip(layers, layer_names(len(layers)), strict=True):
        if index < layer.augmented.size:
            unit, place = divmod(index, layer.inputs + 1)
            what = "bias" if place == layer.inputs else f"weight {place + 1}"
            return f"{what} of unit {unit + 1}", name
        index -= layer.augmented.size
    for layer, name in zip(layers, layer_names(len(layers)), strict=True):
        size = layer.tail.stop - layer.tail.start
        if index < size:
            return f"{'γ' if index < layer.units else 'β'} of unit {index % layer.units + 1}", name
        index -= size
    raise IndexError(index)


def point_formulas(chosen: SurfaceLane) -> tuple[Formula, ...]:
    """A lane's optimizer on a surface, along x and along y."""
    if chosen.watched is None:
        return ()
    optimizer, here = chosen.optimizer, chosen.objective.parameters.tolist()
    return tuple(
        _steps(optimizer.name, optimizer.formula, terms, f"{chosen.name}, along {axis}", present)
        for axis, terms, present in zip("xy", chosen.watched.terms, here, strict=True)
    )


def _steps(name: str, formula: str, terms: dict[str, float], about: str, present: float) -> Formula:
    """One step, up to the engine's own number where the parameter still is what that step made of it."""
    *_, last = worked(formula, terms)
    after = present if math.isclose(present, last.value, rel_tol=_PRECISION, abs_tol=_PRECISION) else None
    about = f"{about}: g = {written(terms['g'], DIGITS)}, θ = {written(terms['θ'], DIGITS)}"
    return rule_formula(name, formula, terms, about, after)


def rule_formula(
    name: str, formula: str, values: Mapping[str, float], about: str, after: float | None = None
) -> Formula:
    """An optimizer's rule with numbers in it.

    Args:
        name, formula: of the optimizer.
        values: what its symbols stand for.
        about: whose step it is.
        after: the parameter as the engine has it after the step; as the numbers give it if left out.
    """
    lines = [
        FormulaLine(
            symbol=line.clause.symbol,
            formula=line.clause.expression,
            numbers=line.numbers,
            value=line.value,
            result=line.result,
        )
        for line in worked(formula, values, after)
    ]
    return Formula(subject="optimizer", name=name, about=about, lines=tuple(lines))


def calculation(symbol: str, formula: str, values: Mapping[str, float], value: float | None = None) -> FormulaLine:
    """A formula with its numbers, and what the engine made of them; by default what they give."""
    numbers, found, result = shown(formula, values, value)
    return FormulaLine(symbol=symbol, formula=formula, numbers=numbers, value=found, result=result)
