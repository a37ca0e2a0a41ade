"""An activation function, and where a layer's pre-activations lie under it: saturation to look at."""

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.formulas import renamed
from nn_tui.engine.network import Network
from nn_tui.engine.probes import saturated_share
from nn_tui.training.look.histograms import histogram
from nn_tui.training.look.packing import floats
from nn_tui.training.look.parts import ActivationView

POINTS = 200
BINS = 50
_SAMPLES = 256
_REACHES = (4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)
"""How far to both sides of 0 the function is shown: few sizes, so that the axis seldom jumps."""

_FAR_OUT = 0.005
"""The share of pre-activations that may lie beyond what is shown; they count in the outermost bins."""


def activation_view(network: Network, samples: Array, layer: int) -> ActivationView:
    """A layer's function (of the output layer: its output function) over its pre-activations.

    Args:
        network: at its present parameters.
        samples: (n, features + 1), as in `Batch`; the first 256 are looked at.
        layer: its number, from 0.
    """
    some = samples[:_SAMPLES]
    with np.errstate(all="ignore"):
        network.forward(some)
    passed = network.last_pass(some.shape[0])
    pre_activations, outputs = passed.pre_activations[layer], passed.outputs[layer]
    # A softmax has no derivative of its own: of one logit against the others it is a sigmoid.
    hidden = network.layers[layer].activation
    source = hidden or network.output
    shape = hidden or network.output.shape
    reach = _reach(pre_activations)
    x = np.linspace(-reach, reach, POINTS)
    value = shape(x)
    return ActivationView(
        layer=layer,
        name=source.name,
        formula=renamed(source.formula, "x", "z"),
        derivative_formula=renamed(shape.derivative_formula, "x", "z"),
        x=floats(x),
        value=floats(value),
        derivative=floats(shape.derivative(x)),
        pre_activations=histogram(pre_activations, BINS, (-reach, reach)),
        saturated_share=saturated_share(outputs, source),
        saturated_below=_edge(x, value, source.saturates_below, below=True),
        saturated_above=_edge(x, value, source.saturates_above, below=False),
    )


def _edge(x: Array, value: Array, threshold: float | None, below: bool) -> float | None:
    """The innermost x shown whose value is at or beyond a threshold of a rising function."""
    if threshold is None:
        return None
    beyond = x[value <= threshold] if below else x[value >= threshold]
    if not beyond.size:
        return None
    return float(beyond.max() if below else beyond.min())


def _reach(pre_activations: Array) -> float:
    sizes = np.abs(pre_activations[np.isfinite(pre_activations)])
    if not sizes.size:
        return _REACHES[0]
    far = float(np.quantile(sizes, 1.0 - _FAR_OUT))
    return next((reach for reach in _REACHES if reach >= far), _REACHES[-1])
