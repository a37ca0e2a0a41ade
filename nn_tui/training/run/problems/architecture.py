"""From a scenario's words to a network: what follows from the task is settled here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.engine.arrays import Array
from nn_tui.engine.network import LayerSpec, Network
from nn_tui.scenario import schema
from nn_tui.scenario.tasks import loss_of, output_of, output_units


@dataclass(frozen=True)
class Head:
    """The network's end: loss, output function, how many output units they want, and whether targets are of classes."""

    loss: str
    output: str
    units: int
    one_hot: bool


def resolve_head(scenario: schema.Scenario, task: str, answers: int) -> Head:
    """What `auto` stands for, given the data.

    Args:
        scenario: names the loss and the output, or leaves them to follow.
        task: "regression", "binary" or "multiclass".
        answers: number of classes, or of a regression's targets.
    """
    loss, output = loss_of(scenario, task), output_of(scenario, task)
    assert loss is not None
    assert output is not None
    regression = task == "regression"
    return Head(loss, output, answers if regression else output_units(loss, answers), one_hot=not regression)


def layer_specs(network: schema.NetworkTable) -> list[LayerSpec]:
    """The hidden layers, each with its own activation or the network's."""
    return [
        LayerSpec(
            layer.units,
            layer.activation or network.activation,
            layer.dropout,
            layer.normalization or network.normalization,
        )
        for layer in network.hidden
    ]


def build_network(scenario: schema.Scenario, head: Head, inputs: int) -> Network:
    """The scenario's network at its initial parameters."""
    network = Network(
        inputs,
        layer_specs(scenario.network),
        head.units,
        loss=head.loss,
        output=head.output,
        one_hot=head.one_hot,
        dtype=scenario.training.dtype,
    )
    init = scenario.network.init
    network.initialize(init.name, scenario.training.seed, init.settings)
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
