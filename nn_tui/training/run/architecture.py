"""From a scenario's words to a network: what follows from the task is settled here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.arrays import Array
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.network import LayerSpec, Network
from nn_tui.scenario import schema
from nn_tui.scenario.errors import ScenarioError

_DEFAULT_LOSS = {"regression": "mse", "binary": "bce", "multiclass": "ce"}
_DEFAULT_OUTPUT = {"regression": "identity", "binary": "sigmoid", "multiclass": "softmax"}


@dataclass(frozen=True)
class Head:
    """The network's end: loss, output function, and how many output units they want."""

    loss: str
    output: str
    units: int


def resolve_head(scenario: schema.Scenario, task: str, answers: int) -> Head:
    """What `auto` stands for, given the data.

    Args:
        scenario: names the loss and the output, or leaves them to follow.
        task: "regression", "binary" or "multiclass".
        answers: number of classes, or of a regression's targets.

    Raises:
        ScenarioError: when the loss suits neither the task nor the output.
    """
    loss = scenario.training.loss
    if loss == "auto":
        loss = "ce" if task == "binary" and scenario.network.output == "softmax" else _DEFAULT_LOSS[task]
    if task == "regression" and loss in ("bce", "ce"):
        fitting = ", ".join(name for name, entry in LOSSES.items() if "identity" in entry.outputs)
        raise ScenarioError(
            f"{loss} compares probabilities of classes, but the data are a regression; use one of: {fitting}",
            key="training.loss",
        )
    allowed = LOSSES[loss].outputs
    output = scenario.network.output
    if output == "auto":
        output = _DEFAULT_OUTPUT[task] if _DEFAULT_OUTPUT[task] in allowed else allowed[0]
    if output not in allowed:
        raise ScenarioError(f"{loss} needs the output {' or '.join(allowed)}, not {output}", key="network.output")
    if task == "regression" and output == "softmax":
        raise ScenarioError("a softmax over one number is always 1; use identity or sigmoid", key="network.output")
    return Head(loss, output, 1 if task == "binary" and output != "softmax" else answers)


def layer_specs(network: schema.Network) -> list[LayerSpec]:
    """The hidden layers, each with its own activation or the network's."""
    return [LayerSpec(layer.units, layer.activation or network.activation, layer.dropout) for layer in network.hidden]


def build_network(scenario: schema.Scenario, head: Head, inputs: int) -> Network:
    """The scenario's network at its initial parameters."""
    network = Network(
        inputs,
        layer_specs(scenario.network),
        head.units,
        loss=head.loss,
        output=head.output,
        dtype=scenario.training.dtype,
    )
    network.initialize(scenario.network.init, scenario.training.seed)
    return network


def target_rows(targets: NDArray[np.float64], head: Head, dtype: np.dtype[np.floating]) -> Array:
    """Targets as the network compares them, (units, n).

    Args:
        targets: values (n,) or (n, units), or class numbers (n,), which are one-hot for several units.
        head: says how many units there are.
        dtype: of the result.
    """
    if targets.ndim == 2:
        return np.ascontiguousarray(targets.T, dtype)
    if head.units == 1:
        return targets.astype(dtype)[np.newaxis, :]
    rows = np.zeros((head.units, targets.size), dtype)
    rows[targets.astype(np.intp), np.arange(targets.size)] = 1.0
    return rows
