"""The formulas in use with this step's numbers: the engine's own, read from its registries."""

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.formulas import evaluate, substituted, worked
from nn_tui.engine.modes import MODES
from nn_tui.engine.probes import layer_names
from nn_tui.training.look.parts import Formula, FormulaLine
from nn_tui.training.run.network_lane import NetworkLane
from nn_tui.training.run.surface_lane import SurfaceLane


def network_formulas(trainer: NetworkLane, layer: int) -> tuple[Formula, ...]:
    """Activation, loss, mode and optimizer of a network in training.

    Args:
        trainer: at its present step.
        layer: the layer (from 0) whose activation is shown; the last hidden one for the output layer.
    """
    first, targets = trainer.probe_inputs[:1], trainer.probe_targets[:, :1]
    with np.errstate(all="ignore"):
        trainer.network.forward(first)
    found = [_activation(trainer, layer)] if len(trainer.network.layers) > 1 else []
    return (*found, _loss(trainer, targets), _mode(trainer), *_optimizer(trainer))


def _activation(trainer: NetworkLane, layer: int) -> Formula:
    network = trainer.network
    number = min(layer, len(network.layers) - 2)
    activation = network.layers[number].activation
    assert activation is not None
    x = float(network.pre_activations(1)[number][0, 0])
    return Formula(
        subject="activation",
        name=activation.name,
        about=f"{layer_names(len(network.layers))[number]}, unit 1, first sample: x = {x:.3g}",
        lines=(
            _line("f(x)", activation.formula, {"x": x}),
            _line("f′(x)", activation.derivative_formula, {"x": x}),
        ),
    )


def _loss(trainer: NetworkLane, targets: Array) -> Formula:
    network = trainer.network
    prediction = network.layer_outputs(1)[-1]
    # Of several outputs the true class's: the others' terms are 0 under cross-entropy.
    place = int(targets[:, 0].argmax()) if targets.shape[0] > 1 else 0
    y, predicted = float(targets[place, 0]), float(prediction[place, 0])
    which = f", class {place}" if targets.shape[0] > 1 else ""
    return Formula(
        subject="loss",
        name=network.loss.name,
        about=f"first sample{which}: y = {y:.3g}, ŷ = {predicted:.3g}",
        lines=(
            _line("ℓ", network.loss.term, {"y": y, "ŷ": predicted}),
            FormulaLine(symbol="", formula=network.loss.formula),
        ),
    )


def _mode(trainer: NetworkLane) -> Formula:
    training, samples = trainer.scenario.training, len(trainer.train)
    size = {"batch": samples, "mini-batch": min(training.batch_size, samples), "stochastic": 1}[training.mode]
    return Formula(
        subject="mode",
        name=training.mode,
        about=f"n = {size:,}, N = {samples:,}: {trainer.steps_per_epoch:,} steps an epoch",
        lines=(FormulaLine(symbol="", formula=MODES[training.mode].formula),),
    )


def _optimizer(trainer: NetworkLane) -> tuple[Formula, ...]:
    watched = trainer.watched_terms
    if watched is None:
        return ()
    name, place = _parameter(trainer, watched.parameter)
    return (_steps(trainer.optimizer.name, trainer.optimizer.formula, watched.values, f"{name} of {place}"),)


def _parameter(trainer: NetworkLane, index: int) -> tuple[str, str]:
    """What a place in the flat vector is: `w₂₃` of a layer as `weight 3 of unit 2`."""
    layers = trainer.network.layers
    for layer, name in zip(layers, layer_names(len(layers)), strict=True):
        if index < layer.augmented.size:
            unit, place = divmod(index, layer.inputs + 1)
            what = "bias" if place == layer.inputs else f"weight {place + 1}"
            return f"{what} of unit {unit + 1}", name
        index -= layer.augmented.size
    raise IndexError(index)


def point_formulas(chosen: SurfaceLane) -> tuple[Formula, ...]:
    """A lane's optimizer on a surface, along x and along y."""
    if chosen.watched is None:
        return ()
    optimizer = chosen.optimizer
    return tuple(
        _steps(optimizer.name, optimizer.formula, terms, f"{chosen.name}, along {axis}")
        for axis, terms in zip("xy", chosen.watched.terms, strict=True)
    )


def _steps(name: str, formula: str, terms: dict[str, float], about: str) -> Formula:
    return Formula(
        subject="optimizer",
        name=name,
        about=f"{about}: g = {terms['g']:.3g}, θ = {terms['θ']:.3g}",
        lines=tuple(
            FormulaLine(
                symbol=line.clause.symbol, formula=line.clause.expression, numbers=line.numbers, value=line.value
            )
            for line in worked(formula, terms)
        ),
    )


def _line(symbol: str, formula: str, values: dict[str, float]) -> FormulaLine:
    return FormulaLine(
        symbol=symbol, formula=formula, numbers=substituted(formula, values), value=evaluate(formula, values)
    )
