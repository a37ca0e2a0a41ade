"""What a trace holds, as JSON has it: every number, and whatever it is computed from.

Arrays of a layer have the shape (units,) or (units, inputs), in the run's own dtype. L is the loss of the step's batch,
or, of a sample that is not in it, that sample's own.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.scenario.errors import ScenarioError
from nn_tui.wording import counted


@dataclass(frozen=True)
class NormalizationTrace:
    """What a layer's normalization does to one sample: ẑ = (z − μ) / √(σ² + ε), then h = γ·ẑ + β. Arrays are (units,).

    Attributes:
        name: "batch" or "layer".
        over: what μ and σ² are of: "batch", "layer", or "running means", which no gradient goes through.
        mean, variance: μ and σ².
        epsilon: ε.
        gamma, beta: γ and β.
        standard: ẑ.
        output_gradient: r = ∂L/∂h.
        pulled, pulled_along: the means u of γ·r and v of γ·r·ẑ over the batch or the layer, 0 under running means:
            δ = (γ·r − u − ẑ·v) / √(σ² + ε).
    """

    name: str
    over: str
    mean: Array
    variance: Array
    epsilon: float
    gamma: Array
    beta: Array
    standard: Array
    output_gradient: Array
    pulled: Array
    pulled_along: Array


@dataclass(frozen=True)
class LayerTrace:
    """A layer, for one sample.

    Attributes:
        name: "layer 1", …, "output".
        function: its activation; of the output layer the output function.
        input: a of the layer below, shape (inputs,); of the first layer the sample.
        weight, bias: W, shape (units, inputs), and b.
        pre_activation: z = W·a + b.
        normalized: what normalization makes of z; None without one.
        normalization: how it does; None without one.
        mask: what dropout multiplies by, 0 or 1 / (1 − dropout); None without dropout, and outside the batch.
        output: f(z), times the mask.
        slope: f′(z); None of the output layer, whose function may have no slope of its own.
        output_gradient: ∂L/∂output.
        delta: δ = ∂L/∂z.
        weight_gradient, bias_gradient: this sample's share of ∂L/∂W and ∂L/∂b: δ·aᵀ and δ.
    """

    name: str
    function: str
    input: Array
    weight: Array
    bias: Array
    pre_activation: Array
    normalized: Array | None
    normalization: NormalizationTrace | None
    mask: Array | None
    output: Array
    slope: Array | None
    output_gradient: Array
    delta: Array
    weight_gradient: Array
    bias_gradient: Array


@dataclass(frozen=True)
class Gradients:
    """One number for each of a layer's parameters: `weight` (units, inputs), `bias` (units,), and of its normalization,
    if it has one, `gamma` and `beta` (units,)."""

    weight: Array
    bias: Array
    gamma: Array | None = None
    beta: Array | None = None


@dataclass(frozen=True)
class BatchTrace:
    """The batch of the step to come, and what becomes of its gradient.

    Attributes:
        size: samples.
        counted: how many samples' mean the traced one's share is of: n, or Σ w / w with class weights.
        place: the sample's place in it, from 0; None where it is not in it.
        loss: the batch's, without penalties.
        gradient: ∂L/∂W and ∂L/∂b layer by layer: the sum of all samples' shares.
        penalty: what L1 and L2 add to it.
        whole: both together, as the network adds them up.
        norm: L2 norm of that, over all layers.
        clipped: what is left of it after clipping: the optimizer's g.
    """

    size: int
    counted: float
    place: int | None
    loss: float
    gradient: tuple[Gradients, ...]
    penalty: tuple[Gradients, ...]
    whole: tuple[Gradients, ...]
    norm: float
    clipped: tuple[Gradients, ...]


@dataclass(frozen=True)
class OptimizerTrace:
    """What the optimizer does in the step to come.

    Attributes:
        name: the rule's.
        lr: the rate of the step.
        terms: what the symbols of its formula stand for: a number, or one for each parameter, layer by layer.
        update: what is added to each parameter.
    """

    name: str
    lr: float
    terms: dict[str, float | tuple[Gradients, ...]]
    update: tuple[Gradients, ...]


@dataclass(frozen=True)
class Trace:
    """One sample's way through a network in the step to come.

    Attributes:
        step: steps taken.
        sample: the training example, counted from 0.
        inputs: its inputs as the network reads them.
        layers: first to last.
        target: what the output is compared with.
        loss: this sample's own.
        loss_gradient: ∂L/∂ŷ.
        fused: whether loss and δ of the output come straight from the logits.
        batch, optimizer: of the step to come.
    """

    step: int
    sample: int
    inputs: Array
    layers: tuple[LayerTrace, ...]
    target: Array
    loss: float
    loss_gradient: Array
    fused: bool
    batch: BatchTrace
    optimizer: OptimizerTrace

    def place(self, layer: int | None, unit: int | None, read: int | None) -> tuple[int, int, int | None] | None:
        """A parameter that is asked for, counted from 0; None where it is left to the trace.

        Args:
            layer, unit, read: counted from 1, an input of 0 being the bias; None for what is left open.

        Raises:
            ScenarioError: for one there is not.
        """
        if layer is None and unit is None and read is None:
            return None
        number = layer or 1
        if number > len(self.layers):
            raise ScenarioError(
                f"--layer {number}: the net has {counted(len(self.layers), 'layer')}, the last is the output"
            )
        units, inputs = self.layers[number - 1].weight.shape
        if (unit or 1) > units:
            raise ScenarioError(f"--unit {unit}: layer {number} has {counted(units, 'unit')}")
        if (read or 0) > inputs:
            raise ScenarioError(f"--input {read}: a unit of layer {number} reads {counted(inputs, 'input')}")
        return number - 1, (unit or 1) - 1, None if read == 0 else (read or 1) - 1


@dataclass(frozen=True)
class SurfaceTrace:
    """The step to come on a surface: a point's two partial derivatives, and where they move it.

    Attributes:
        step: steps taken.
        surface: its name.
        lane: the optimizer's, where several run side by side.
        inputs: x and y.
        loss: the surface's height there.
        loss_gradient: ∂f/∂x and ∂f/∂y.
        gradient: the same with the step's noise, clipped: the optimizer's g.
        optimizer: of the step to come, along x and y.
    """

    step: int
    surface: str
    lane: str
    inputs: Array
    loss: float
    loss_gradient: Array
    gradient: Array
    optimizer: dict[str, Any]

    def place(self, layer: int | None, unit: int | None, read: int | None) -> None:
        """There is no parameter to choose, as of `Trace.place`.

        Raises:
            ScenarioError: where one is asked for.
        """
        if any(one is not None for one in (layer, unit, read)):
            raise ScenarioError("a surface has no layers; leave --layer, --unit and --input out")


def as_object(part: Any) -> Any:
    """A trace as JSON objects, arrays as nested lists."""
    if isinstance(part, np.ndarray):
        return part.tolist()
    if isinstance(part, tuple | list):
        return [as_object(item) for item in part]
    if isinstance(part, dict):
        return {key: as_object(value) for key, value in part.items()}
    if hasattr(part, "__dataclass_fields__"):
        return {name: as_object(getattr(part, name)) for name in part.__dataclass_fields__}
    return part
