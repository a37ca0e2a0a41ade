"""Weights trained elsewhere, PyTorch above all, as a network's parameters to start from.

The file is safetensors and holds the weights and biases of Linear layers, one after the other: a `Sequential`
(`0.weight`, `0.bias`, `2.weight`, …), one inside a module (`linear_relu_stack.0.weight`), or attributes of one
(`fc1.weight`). Activations and Dropout have no tensors, so their numbers may be missing. Names are put in order by
their numbers: `10.weight` comes after `9.weight`. BatchNorm1d and LayerNorm bring γ, β and running means with them.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Network
from nn_tui.engine.probes import layer_names
from nn_tui.shown import shown
from nn_tui.training.files import tensor_file
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.wording import quoted

_TRANSPOSED = "the weights lie inputs × units, as Keras has them; save them transposed (weight.T)"
_DIGITS = re.compile(r"([0-9]+)")


class _Linear(NamedTuple):
    """A layer in the file: the weight's name, shape (units, inputs), and the bias, if it has one, (units,)."""

    name: str
    weight: Array
    bias: Array | None


class _Norm(NamedTuple):
    """A normalization in the file.

    Attributes:
        name: its module's.
        way: "batch" or "layer", as the registry calls it.
        parts: what there is of weight, bias, running_mean and running_var, each (units,).
    """

    name: str
    way: str
    parts: dict[str, Array]

    @property
    def units(self) -> int:
        return next(iter(self.parts.values())).size


def load_weights(path: Path, network: Network) -> None:
    """Sets a network's parameters to those in a file, rounded to the network's precision.

    A layer without bias in the file gets one of 0, which computes the same; what normalizations the file has none for
    start as they do anyway.

    Raises:
        ModelError: for a file that cannot be read, or whose layers are not the network's; the network is unchanged.
    """
    tensors = tensor_file.read(path).tensors
    try:
        norms = _norms(tensors)
        prefixes = {norm.name for norm in norms}
        found = _linear_layers({name: own for name, own in tensors.items() if name.rpartition(".")[0] not in prefixes})
        _check_shapes(found, network)
        _check_norms(norms, network)
        _check_finite(tensors, network)
    except ModelError as error:
        raise ModelError(f"{shown(path)}: {error}") from None
    for linear, layer in zip(found, network.layers, strict=True):
        layer.weight[:] = linear.weight
        layer.bias[:] = 0.0 if linear.bias is None else linear.bias
    normalizations = [layer.normalization for layer in network.layers if layer.normalization is not None]
    for norm, own in zip(norms, normalizations, strict=False):
        for name, array in own.tensors().items():
            if name in norm.parts:
                array[:, 0] = norm.parts[name]


def _norms(tensors: Mapping[str, Array]) -> list[_Norm]:
    """The file's normalizations, in order: modules whose tensors have one axis, and running means or a weight."""
    modules: dict[str, dict[str, Array]] = {}
    for name in sorted(tensors, key=_place):
        module, _, kind = name.rpartition(".")
        modules.setdefault(module, {})[kind] = tensors[name]
    return [
        _Norm(module, "batch" if "running_mean" in parts else "layer", parts)
        for module, parts in modules.items()
        if parts.keys() & {"weight", "running_mean"}
        and parts.keys() <= {"weight", "bias", "running_mean", "running_var"}
        and all(part.ndim == 1 and part.size for part in parts.values())
        and len({part.size for part in parts.values()}) == 1
        and ("running_mean" in parts) == ("running_var" in parts)
    ]


def _check_norms(norms: Sequence[_Norm], network: Network) -> None:
    """That the file's normalizations are the network's, and no variance is below 0."""
    for norm in norms:
        if (norm.parts.get("running_var", 0.0) < np.zeros(1)).any():
            raise ModelError(f"{quoted(f'{norm.name}.running_var')} has a variance below 0")
    if not norms:
        return
    there = [(norm.way, norm.units) for norm in norms]
    here = [(layer.normalization.way.name, layer.units) for layer in network.layers if layer.normalization is not None]
    if there == here:
        return
    told = ", ".join(f"{quoted(norm.name)} by {norm.way} over {norm.units} units" for norm in norms)
    ways = {norm.way for norm in norms}
    every = [norm.units for norm in norms] == [layer.units for layer in network.layers[:-1]]
    remedy = f"\nthe network fits with --set network.normalization={ways.pop()}" if every and len(ways) == 1 else ""
    raise ModelError(f"its normalizations are not those of the network: {told}{remedy}")


def _linear_layers(tensors: Mapping[str, Array]) -> list[_Linear]:
    """The file's layers, in order."""
    layers = []
    for name in sorted(tensors, key=_place):
        prefix, _, kind = name.rpartition(".")
        before = f"{prefix}." if prefix else ""
        weight = tensors.get(f"{before}weight")
        if kind not in ("weight", "bias") or weight is None or weight.ndim != 2 or 0 in weight.shape:
            # A bias may be as it should be, and its layer's weight not.
            wrong = name if kind != "bias" or weight is None else f"{before}weight"
            told = f"{quoted(wrong)} of shape {_shape(tensors[wrong])} is not of a Linear layer"
            raise ModelError(f"{told}; {_why_not(wrong, tensors)}")
        if kind == "bias" and tensors[name].shape != weight.shape[:1]:
            told = f"{quoted(name)} has the shape {_shape(tensors[name])}; expected {weight.shape[0]}"
            raise ModelError(told + (f"\n{_TRANSPOSED}" if tensors[name].shape == weight.shape[1:] else ""))
        if kind == "weight":
            layers.append(_Linear(name, weight, tensors.get(f"{before}bias")))
    if not layers:
        raise ModelError("holds no tensors")
    return layers


def _why_not(name: str, tensors: Mapping[str, Array]) -> str:
    if tensors[name].ndim == 4:
        return "it is of a convolution, which this program does not have"
    return "only Linear layers, BatchNorm1d, LayerNorm, activations and Dropout can be taken over"


def _place(name: str) -> list[str | tuple[int, str]]:
    """What puts `2.weight` before `10.weight`; numbers may be longer than an int is read from."""
    parts = _DIGITS.split(name)
    return [(len(part.lstrip("0")), part.lstrip("0")) if index % 2 else part for index, part in enumerate(parts)]


def _shape(tensor: Array) -> str:
    return "×".join(str(length) for length in tensor.shape) or "()"


def _check_shapes(found: Sequence[_Linear], network: Network) -> None:
    layers = network.layers
    if [linear.weight.shape for linear in found] == [layer.weight.shape for layer in layers]:
        return
    width = max(len(quoted(linear.name)) for linear in found)
    lines = []
    for name, linear, layer in zip_longest(_names(len(found), len(layers)), found, layers):
        there = f"{quoted(linear.name):{width}}  {_shape(linear.weight):>9}" if linear else f"{'–':{width}}  {'–':>9}"
        here = _shape(layer.weight) if layer else "–"
        fits = linear and layer and linear.weight.shape == layer.weight.shape
        lines.append(f"  {name:8}  {there}  {'as here' if fits else f'here {here}'}")
    table = "\n".join(lines)
    raise ModelError(f"its layers are not those of the network (units × inputs):\n{table}{_remedy(found, network)}")


def _names(there: int, here: int) -> list[str]:
    return list(layer_names(here)) if there <= here else [f"layer {number}" for number in range(1, there + 1)]


def _remedy(found: Sequence[_Linear], network: Network) -> str:
    """What would make the network fit, where options can."""
    transposed = [linear.weight.shape[::-1] for linear in found]
    if transposed == [layer.weight.shape for layer in network.layers]:
        return f"\n{_TRANSPOSED}"
    chained = all(after.weight.shape[1] == before.weight.shape[0] for before, after in pairwise(found))
    inputs, outputs = found[0].weight.shape[1], found[-1].weight.shape[0]
    if not chained or inputs != network.inputs:
        return ""
    options = []
    hidden = [linear.weight.shape[0] for linear in found[:-1]]
    if hidden != [layer.units for layer in network.layers[:-1]]:
        options.append(f"--set network.hidden='{hidden}'")
    if (network.outputs, outputs) == (1, 2):
        options.append("--set training.loss=ce")
    elif (network.outputs, outputs) == (2, 1):
        options.append("--set training.loss=bce")
    elif outputs != network.outputs:
        return ""
    return f"\nthe network fits with {' '.join(options)}"


def _check_finite(tensors: Mapping[str, Array], network: Network) -> None:
    for name, tensor in tensors.items():
        with np.errstate(over="ignore"):
            if not np.isfinite(tensor.astype(network.dtype)).all():
                raise ModelError(f"{quoted(name)} has numbers that are not finite in {network.dtype.name}")
