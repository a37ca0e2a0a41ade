"""Models as safetensors: tensors a PyTorch `Sequential` takes, the network's description in the header."""

import json
from typing import Any

import numpy as np
from safetensors.numpy import save

from nn_tui.data.dataset import Dataset
from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Network
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import dumps

FORMAT_VERSION = 1


def tensor_names(network: Network) -> list[tuple[str, str]]:
    """Names of each layer's weight and bias in a `Sequential` of Linear, activation and, where any, Dropout."""
    names, index = [], 0
    for layer in network.layers:
        names.append((f"{index}.weight", f"{index}.bias"))
        index += 3 if layer.dropout else 2
    return names


def encode_model(network: Network, scenario: Scenario, dataset: Dataset, steps: int) -> bytes:
    """The file's bytes.

    Args:
        network: whose parameters are saved.
        scenario: as it stands, kept in full.
        dataset: gives classes, features and scaling, so that new inputs can be treated alike.
        steps: steps taken.
    """
    tensors: dict[str, Array] = {}
    for (weight, bias), layer in zip(tensor_names(network), network.layers, strict=True):
        tensors[weight] = np.ascontiguousarray(layer.weight)
        tensors[bias] = np.ascontiguousarray(layer.bias)
    description: dict[str, Any] = {
        "version": FORMAT_VERSION,
        "inputs": network.inputs,
        "hidden": [
            {"units": layer.units, "activation": layer.activation.name, "dropout": layer.dropout}
            for layer in network.layers
            if layer.activation is not None
        ],
        "outputs": network.outputs,
        "output": network.output.name,
        "loss": network.loss.name,
        "task": dataset.task,
        "class_names": list(dataset.class_names),
        "feature_names": list(dataset.feature_names),
        "target_name": dataset.target_name,
        "input_scaling": _scaling(dataset.input_scaling),
        "target_scaling": _scaling(dataset.target_scaling),
        "steps": steps,
    }
    metadata = {
        "format": "pt",
        "nn_tui": json.dumps(description, ensure_ascii=False),
        "nn_tui.scenario": dumps(scenario),
    }
    return save(tensors, metadata)


def _scaling(scaling: Any) -> dict[str, Any]:
    return {"kind": scaling.kind, "shift": scaling.shift.tolist(), "scale": scaling.scale.tolist()}
