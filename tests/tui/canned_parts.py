"""The optional parts of canned frames: made up, whole numbers where a machine could round otherwise."""

from typing import Any

import numpy as np

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.formulas import renamed
from nn_tui.training.look.parts import ActivationView, Curve, Histogram, LayerHistograms, NetworkWeights
from nn_tui.training.worker.messages import Opened


def bell(low: float, high: float, middle: float, spread: float, bins: int = 40, total: int = 2000) -> Histogram:
    """A histogram of one hump."""
    centers = low + (np.arange(bins) + 0.5) * (high - low) / bins
    heights = np.exp(-(((centers - middle) / spread) ** 2) / 2)
    counts = np.rint(total * heights / heights.sum()).astype(int)
    return Histogram(low=low, high=high, counts=tuple(counts.tolist()))


def _sum(one: Histogram, other: Histogram) -> Histogram:
    counts = tuple(a + b for a, b in zip(one.counts, other.counts, strict=True))
    return Histogram(low=one.low, high=one.high, counts=counts)


def histograms(opened: Opened) -> tuple[LayerHistograms, ...]:
    """Weights in a bell, gradients in a narrow one, activations heaped at both ends."""
    return tuple(
        LayerHistograms(
            weights=bell(-1.7, 2.1, 0.1 * number, 0.6),
            gradients=bell(-3e-3, 2.4e-3, 0.0, 2e-4 * (number + 1)),
            activations=_sum(bell(-1.0, 1.0, -0.9, 0.15 + 0.1 * number), bell(-1.0, 1.0, 0.9, 0.15)),
        )
        for number in range(len(opened.layers))
    )


def activation(opened: Opened, layer: int = 0) -> ActivationView:
    """A tanh with a third of what goes into it far out."""
    function = ACTIVATIONS["relu" if opened.layers[layer].can_die else "tanh"]
    x = np.linspace(-4.0, 4.0, 200)
    saturated = function.name == "tanh"
    return ActivationView(
        layer=layer,
        name=function.name,
        formula=renamed(function.formula, "x", "z"),
        derivative_formula=renamed(function.derivative_formula, "x", "z"),
        x=x.tobytes(),
        value=function(x).tobytes(),
        derivative=function.derivative(x).tobytes(),
        pre_activations=_sum(bell(-4.0, 4.0, -0.4, 0.8, 50), bell(-4.0, 4.0, 2.6, 0.5, 50, 900)),
        saturated_share=0.31,
        saturated_below=-1.832 if saturated else 0.0,
        saturated_above=1.832 if saturated else None,
    )


def schedule(opened: Opened) -> Curve:
    """A rate that falls in a few steps."""
    training = opened.scenario.training
    epochs = np.linspace(0.0, training.epochs, 200)
    rates = training.optimizer.lr * 0.5 ** np.floor(epochs / (training.epochs / 5.0))
    return Curve(x=epochs.tobytes(), y=rates.tobytes())


def network(opened: Opened) -> NetworkWeights:
    """Weights of all sizes and both signs."""
    generator = np.random.Generator(np.random.PCG64(3))
    widths = [(layer.units, layer.inputs) for layer in opened.layers]
    return NetworkWeights(
        weights=tuple((generator.integers(-200, 200, size) / 100).astype("<f4").tobytes() for size in widths),
        biases=tuple((generator.integers(-100, 100, units) / 100).astype("<f4").tobytes() for units, _ in widths),
        activity=tuple((generator.integers(0, 100, units) / 100).astype("<f4").tobytes() for units, _ in widths),
    )


def everything(opened: Opened, layer: int = 0) -> dict[str, Any]:
    """All of these parts, for `Run.frame`."""
    return {
        "histograms": histograms(opened),
        "activation": activation(opened, layer),
        "network": network(opened),
        "schedule": schedule(opened),
    }
