"""A trace as people read it: from one unit forward to the loss, back to its δ, and on to the update of one weight."""

from typing import NamedTuple

import numpy as np

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.arrays import Array
from nn_tui.engine.formulas import clauses, evaluate, renamed, written
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.surfaces import SURFACES
from nn_tui.training.look.formulas import DIGITS, calculation, clipped, normalizing, of_target, rule_formula
from nn_tui.training.look.parts import Formula, FormulaLine
from nn_tui.training.trace.record import Gradients, LayerTrace, NormalizationTrace, SurfaceTrace, Trace

MOST_TERMS = 5
"""Of longer sums one term stands for itself and all others together."""

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class TracedWeight(NamedTuple):
    """A parameter of a network: layer, unit and what it reads, each counted from 0; the bias has no input."""

    layer: int
    unit: int
    input: int | None

    def within(self, trace: Trace) -> "TracedWeight":
        """The nearest place that there is."""
        number = max(0, min(self.layer, len(trace.layers) - 1))
        units, inputs = trace.layers[number].weight.shape
        place = None if self.input is None else max(0, min(self.input, inputs - 1))
        return TracedWeight(number, max(0, min(self.unit, units - 1)), place)


def strongest(trace: Trace) -> TracedWeight:
    """The weight of the first layer that this sample pulls at most."""
    shares = np.nan_to_num(np.abs(trace.layers[0].weight_gradient))
    unit, below = divmod(int(shares.argmax()), shares.shape[1])
    return TracedWeight(0, unit, below)


def walk(trace: Trace, place: TracedWeight, loss: str) -> tuple[Formula, ...]:
    """The steps that concern one weight or bias, each with its formula, its numbers, and what it gives.

    Args:
        trace: of one sample.
        place: which parameter.
        loss: the loss function's name.
    """
    place = place.within(trace)
    is_last = place.layer == len(trace.layers) - 1
    return (
        _forward(trace, place),
        *([] if is_last else [_output(trace)]),
        _loss(trace, loss, place.unit, "d = ∂L/∂ŷ") if is_last else _loss(trace, loss, _told(trace)),
        _delta(trace, place, loss),
        _gradient(trace, place),
        _step(trace, place),
    )


def walk_surface(trace: SurfaceTrace) -> tuple[Formula, ...]:
    """The height, both partial derivatives, and the step along x and along y."""
    x, y = trace.inputs.tolist()
    surface = SURFACES[trace.surface]
    at = {"x": x, "y": y}
    height = calculation("f(x, y)", surface.formula, at, trace.loss)
    slopes = [
        calculation(f"∂f/∂{axis}", formula, at, float(value))
        for axis, formula, value in zip("xy", surface.gradient_formulas, trace.loss_gradient, strict=True)
    ]
    found = [
        Formula(
            subject="forward",
            name=surface.name,
            about=f"{trace.lane} at x = {written(x, DIGITS)}, y = {written(y, DIGITS)}",
            lines=(height,),
        ),
        Formula(subject="backward", name="gradient", about="the two partial derivatives", lines=tuple(slopes)),
    ]
    rule, terms = OPTIMIZERS[trace.optimizer["name"]], trace.optimizer["terms"]
    for number, axis in enumerate("xy"):
        values = {name: value[number] if isinstance(value, list) else value for name, value in terms.items()}
        after = values["θ"] + float(trace.optimizer["update"][number])
        found.append(rule_formula(rule.name, rule.formula, values, f"along {axis}", after))
    return tuple(found)


# -- forward ---------------------------------------------------------------------------------------------------------


def _forward(trace: Trace, place: TracedWeight) -> Formula:
    layer = trace.layers[place.layer]
    symbol = "a" if place.layer else "x"
    formula, values = _sum("w", symbol, layer.weight[place.unit], layer.input, place.input)
    bias = float(layer.bias[place.unit])
    lines = [calculation("z", f"{formula} + b", {**values, "b": bias}, float(layer.pre_activation[place.unit]))]
    name = "ŷ" if place.layer == len(trace.layers) - 1 else "a"
    lines += _function(layer, place.unit, name)
    return Formula(subject="forward", name=layer.name, about=f"unit {place.unit + 1}", lines=tuple(lines))


def _output(trace: Trace) -> Formula:
    layer, unit = trace.layers[-1], _told(trace)
    formula, values = _sum("w", "a", layer.weight[unit], layer.input, None)
    total = calculation(
        "z", f"{formula} + b", {**values, "b": float(layer.bias[unit])}, float(layer.pre_activation[unit])
    )
    lines = (total, *_function(layer, unit, "ŷ"))
    return Formula(subject="forward", name="output", about=f"unit {unit + 1}", lines=lines)


def _function(layer: LayerTrace, unit: int, symbol: str) -> list[FormulaLine]:
    read, z = _read_by_function(layer, unit)
    output = float(layer.output[unit])
    if layer.function == "softmax":
        rest = float(np.exp(np.delete(layer.pre_activation, unit).astype(np.float64)).sum())
        return [calculation(symbol, "e^z / (e^z + rest)", {"z": z, "rest": rest}, output)]
    if layer.function not in ACTIVATIONS:
        return [calculation(symbol, clauses(OUTPUTS[layer.function].formula)[-1].expression, {"z": z}, output)]
    lines: list[FormulaLine] = []
    if (found := layer.normalization) is not None:
        mean, variance, gamma, beta = (
            float(part[unit]) for part in (found.mean, found.variance, found.gamma, found.beta)
        )
        lines += normalizing(float(layer.pre_activation[unit]), mean, variance, gamma, beta)
    formula = renamed(ACTIVATIONS[layer.function].formula, "x", read)
    if layer.mask is None:
        return [*lines, calculation(symbol, formula, {read: z}, output)]
    before, mask = evaluate(formula, {read: z}), float(layer.mask[unit])
    return [
        *lines,
        calculation(f"f({read})", formula, {read: z}, before),
        calculation(symbol, "f·mask", {"f": before, "mask": mask}, output),
    ]


def _read_by_function(layer: LayerTrace, unit: int) -> tuple[str, float]:
    """What goes into a layer's function at one unit, z or, behind a normalization, h; by its symbol."""
    if layer.normalized is None:
        return "z", float(layer.pre_activation[unit])
    return "h", float(layer.normalized[unit])


def _loss(trace: Trace, loss: str, unit: int, pulled: str = "∂L/∂ŷ") -> Formula:
    rule = LOSSES[loss]
    target, output = float(trace.target[unit]), float(trace.layers[-1].output[unit])
    values = {"y": target, "ŷ": output}
    lines: list[FormulaLine] = []
    term = rule.term
    if rule.of_classes and not trace.fused:
        parts, values["p"] = clipped(rule, output, float(trace.layers[-1].output.sum()))
        lines, term = [*parts], renamed(term, "ŷ", "p")
    lines.append(calculation("ℓ", of_target(rule, term, target), values))
    if trace.loss_gradient.size > 1:
        lines.append(_told_as("loss of all outputs", rule.formula, trace.loss))
    if rule.of_classes and not trace.fused:
        slope = float(trace.loss_gradient[unit])
        lines.append(_told_as(pulled, f"{rule.gradient_formula}, 0 where clipped", slope))
    elif not trace.fused:
        lines.append(
            calculation(
                pulled,
                rule.gradient_formula,
                {
                    **values,
                    "n": _averaged(trace, loss),
                    "RMSE": trace.loss if trace.batch.place is None else trace.batch.loss,
                },
                float(trace.loss_gradient[unit]),
            )
        )
    return Formula(
        subject="loss", name=loss, about=f"output {unit + 1}: y = {written(target, DIGITS)}", lines=tuple(lines)
    )


def _averaged(trace: Trace, loss: str) -> float:
    """How many terms L is the mean of."""
    samples = 1.0 if trace.batch.place is None else trace.batch.counted
    return samples if LOSSES[loss].unit_for_each_class else samples * trace.target.size


def _told(trace: Trace) -> int:
    """The output that the loss is told by: the true class's, or the only one."""
    return int(trace.target.argmax()) if trace.target.size > 1 else 0


# -- backward --------------------------------------------------------------------------------------------------------


def _delta(trace: Trace, place: TracedWeight, loss: str) -> Formula:
    layer, unit = trace.layers[place.layer], place.unit
    lines = _output_delta(trace, unit, loss) if layer.slope is None else _hidden_delta(trace, place)
    return Formula(subject="backward", name=layer.name, about=f"δ = ∂L/∂z of unit {unit + 1}", lines=tuple(lines))


def _output_delta(trace: Trace, unit: int, loss: str) -> list[FormulaLine]:
    layer, delta = trace.layers[-1], float(trace.layers[-1].delta[unit])
    output, slope = float(layer.output[unit]), float(trace.loss_gradient[unit])
    if trace.fused:
        values = {"n": _averaged(trace, loss), "ŷ": output, "y": float(trace.target[unit])}
        return [calculation("δ", "1/n·(ŷ − y)", values, delta)]
    if layer.function == "softmax":
        weighed = float(layer.output @ trace.loss_gradient)
        lines = [_told_as("s", "Σ ∂L/∂ŷ·ŷ over all outputs", weighed)]
        return [*lines, calculation("δ", "ŷ·(d − s)", {"ŷ": output, "d": slope, "s": weighed}, delta)]
    if layer.function not in ACTIVATIONS:
        return [_told_as("δ", f"∂L/∂ŷ, back through {layer.function}", delta)]
    z = float(layer.pre_activation[unit])
    formula = renamed(ACTIVATIONS[layer.function].derivative_formula, "x", "z")
    steep = evaluate(formula, {"z": z})
    return [calculation("f′(z)", formula, {"z": z}, steep), calculation("δ", "d·f′", {"d": slope, "f′": steep}, delta)]


def _hidden_delta(trace: Trace, place: TracedWeight) -> list[FormulaLine]:
    layer, above, unit = trace.layers[place.layer], trace.layers[place.layer + 1], place.unit
    assert layer.slope is not None
    formula, values = _sum("w", "δ", above.weight[:, unit], above.delta, None)
    read, z = _read_by_function(layer, unit)
    pulled, slope = float(layer.output_gradient[unit]), float(layer.slope[unit])
    steep = renamed(ACTIVATIONS[layer.function].derivative_formula, "x", read)
    lines = [
        calculation("d = ∂L/∂a", formula, values, pulled),
        calculation(f"f′({read})", steep, {read: z}, slope),
    ]
    factors = {"d": pulled, "f′": slope}
    product = "d·f′"
    if layer.mask is not None:
        factors["mask"], product = float(layer.mask[unit]), "d·mask·f′"
    if (found := layer.normalization) is not None:
        lines.append(calculation("r = ∂L/∂h", product, factors, float(found.output_gradient[unit])))
        return [*lines, *_through(found, unit, float(layer.delta[unit]))]
    return [*lines, calculation("δ", product, factors, float(layer.delta[unit]))]


def _through(found: NormalizationTrace, unit: int, delta: float) -> list[FormulaLine]:
    """The way back through a normalization, where the mean and what lies along ẑ of what pulls are lost."""
    parts = (found.output_gradient, found.gamma, found.variance, found.standard, found.pulled, found.pulled_along)
    values = dict(zip(("r", "γ", "σ²", "ẑ", "u", "v"), (float(part[unit]) for part in parts), strict=True))
    values["ε"] = found.epsilon
    if found.over == "running means":
        return [calculation("δ", "γ·r / √(σ² + ε)", values, delta)]
    over = {"batch": "the batch's samples", "layer": "the layer's units"}[found.over]
    return [
        _told_as("u", f"mean of γ·r over {over}", values["u"]),
        _told_as("v", f"mean of γ·r·ẑ over {over}", values["v"]),
        calculation("δ", "(γ·r − u − ẑ·v) / √(σ² + ε)", values, delta),
    ]


def _gradient(trace: Trace, place: TracedWeight) -> Formula:
    layer, batch = trace.layers[place.layer], trace.batch
    delta = float(layer.delta[place.unit])
    if place.input is None:
        lines = [calculation("∂L/∂b", "δ", {"δ": delta}, float(layer.bias_gradient[place.unit]))]
    else:
        read, share = float(layer.input[place.input]), float(layer.weight_gradient[place.unit, place.input])
        lines = [calculation("∂L/∂w", "δ·a" if place.layer else "δ·x", {"δ": delta, "a": read, "x": read}, share)]
    mean, penalty, whole, clipped = (
        _at(parts, place) for parts in (batch.gradient, batch.penalty, batch.whole, batch.clipped)
    )
    told = "what this example adds to it" if batch.place is not None else "this example is not in its batch"
    lines.append(_told_as("g", f"the same over all {batch.size} samples of the batch", mean))
    if penalty:
        lines.append(calculation("g", "g + penalty", {"g": mean, "penalty": penalty}, whole))
    if clipped != whole:
        lines.append(_told_as("g", f"clipped; the whole gradient's norm is {written(batch.norm, DIGITS)}", clipped))
    return Formula(subject="gradient", name=layer.name, about=told, lines=tuple(lines))


def _step(trace: Trace, place: TracedWeight) -> Formula:
    used = trace.optimizer
    values = {name: v if isinstance(v, float) else _at(v, place) for name, v in used.terms.items()}
    what = "bias" if place.input is None else f"weight {place.input + 1}"
    about = f"{what} of unit {place.unit + 1}, {trace.layers[place.layer].name}"
    rule = OPTIMIZERS[used.name]
    return rule_formula(used.name, rule.formula, values, about, values["θ"] + _at(used.update, place))


def _at(parts: tuple[Gradients, ...], place: TracedWeight) -> float:
    layer = parts[place.layer]
    return float(layer.bias[place.unit] if place.input is None else layer.weight[place.unit, place.input])


def _sum(left: str, right: str, lefts: Array, rights: Array, chosen: int | None) -> tuple[str, dict[str, float]]:
    """Σ left·right term by term, or one term (the chosen or the largest one) and the rest; with the symbols' values."""
    products = lefts * rights
    if lefts.size <= MOST_TERMS:
        shown = list(range(lefts.size))
    else:
        shown = [int(np.abs(np.nan_to_num(products)).argmax()) if chosen is None else chosen]
    names = [(f"{left}{_small(index)}", f"{right}{_small(index)}") for index in shown]
    values = {
        name: float(part)
        for pair, index in zip(names, shown, strict=True)
        for name, part in zip(pair, (lefts[index], rights[index]), strict=True)
    }
    formula = " + ".join(f"{a}·{b}" for a, b in names)
    if len(shown) < lefts.size:
        formula += " + rest"
        values["rest"] = float(np.delete(products, shown).sum())
    return formula, values


def _small(index: int) -> str:
    return str(index + 1).translate(_SUBSCRIPTS)


def _told_as(symbol: str, words: str, value: float) -> FormulaLine:
    """A number whose calculation is only told."""
    return FormulaLine(symbol=symbol, formula=words, value=value, result=written(value, DIGITS))
