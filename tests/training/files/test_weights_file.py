"""Weights from PyTorch as initial parameters: taken in any numbering, refused layer by layer."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from nn_tui import Run, replay
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.training.run.session import Stop

RNG = np.random.default_rng(5)
LAYERS = [(4, 2), (3, 4), (1, 3)]
ARRAYS = [(RNG.normal(size=shape).astype(np.float32), RNG.normal(size=shape[0]).astype(np.float32)) for shape in LAYERS]


def begun(path: Path, hidden: Any = (4, 3), **training: Any) -> Run:
    table = {"title": "small", "data": {"kind": "xor"}, "network": {"hidden": list(hidden)}, "training": training}
    return replay(from_mapping(table), init_from=path, stop=Stop(steps=0))


def written(path: Path, names: list[str], dtype: type = np.float32) -> Path:
    tensors = {}
    for name, (weight, bias) in zip(names, ARRAYS, strict=True):
        tensors |= {f"{name}weight": weight.astype(dtype), f"{name}bias": bias.astype(dtype)}
    save_file(tensors, path)
    return path


@pytest.mark.parametrize(
    "names",
    [
        ["0.", "2.", "4."],
        ["0.", "3.", "5."],
        ["8.", "9.", "10."],
        ["linear_relu_stack.0.", "linear_relu_stack.2.", "linear_relu_stack.10."],
        ["fc1.", "fc2.", "fc3."],
    ],
)
def test_linear_layers_are_taken_in_any_numbering(names: list[str], tmp_path: Path) -> None:
    network = begun(written(tmp_path / "w.safetensors", names)).network
    for layer, (weight, bias) in zip(network.layers, ARRAYS, strict=True):
        np.testing.assert_array_equal(layer.weight, weight)
        np.testing.assert_array_equal(layer.bias, bias)


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_other_precisions_are_rounded_to_the_networks(dtype: type, tmp_path: Path) -> None:
    network = begun(written(tmp_path / "w.safetensors", ["0.", "2.", "4."], dtype)).network
    np.testing.assert_array_equal(network.layers[0].weight, ARRAYS[0][0].astype(dtype).astype(np.float32))


def test_pytorchs_half_precision_is_read(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file as save_tensors

    stack = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).to(torch.bfloat16)
    save_tensors(stack.state_dict(), tmp_path / "w.safetensors")
    network = begun(tmp_path / "w.safetensors", hidden=[4]).network
    np.testing.assert_array_equal(network.layers[0].weight, stack[0].weight.float().detach().numpy())


def test_a_layer_without_bias_starts_with_none(tmp_path: Path) -> None:
    save_file({"weight": np.ones((1, 2), np.float32)}, tmp_path / "w.safetensors")
    network = begun(tmp_path / "w.safetensors", hidden=[]).network
    np.testing.assert_array_equal(network.parameters, [1.0, 1.0, 0.0])


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(ModelError) as caught:
        begun(path, **options)
    return str(caught.value).removeprefix(f"{path}: ")


def test_other_widths_are_shown_layer_by_layer_with_the_option_that_helps(tmp_path: Path) -> None:
    path = written(tmp_path / "w.safetensors", ["0.", "2.", "4."])
    assert refusal(path, hidden=[4, 6, 2]).splitlines() == [
        "its layers are not those of the network (units × inputs):",
        "  layer 1   '0.weight'        4×2  as here",
        "  layer 2   '2.weight'        3×4  here 6×4",
        "  layer 3   '4.weight'        1×3  here 2×6",
        "  output    –                   –  here 1×2",
        "the network fits with --set network.hidden='[4, 3]'",
    ]
    assert "--set training.loss=ce" not in refusal(path, hidden=[4])


def test_two_outputs_for_two_classes_ask_for_cross_entropy(tmp_path: Path) -> None:
    save_file({"0.weight": np.ones((2, 2), np.float32)}, tmp_path / "w.safetensors")
    assert refusal(tmp_path / "w.safetensors", hidden=[]).endswith("the network fits with --set training.loss=ce")
    assert begun(tmp_path / "w.safetensors", hidden=[], loss="ce").network.outputs == 2


@pytest.mark.parametrize(
    ("tensors", "part"),
    [
        ({"0.weight": np.ones((4, 2)), "1.running_mean": np.ones(4)}, "'1.running_mean' of shape 4 is not of a Linear"),
        ({"0.weight": np.ones((1, 2)), "1.weight": np.ones(1)}, "its normalizations are not those of the network"),
        ({"0.weight": np.ones((4, 2, 3, 3))}, "'0.weight' of shape 4×2×3×3 is not of a Linear layer"),
        (
            {"0.weight": np.ones((4, 2, 1)), "0.bias": np.ones(4)},
            "'0.weight' of shape 4×2×1 is not of a Linear layer",
        ),
        ({"0.bias": np.ones(4)}, "'0.bias' of shape 4 is not of a Linear layer"),
        ({"0.weight": np.ones((4, 2)), "0.bias": np.ones(3)}, "'0.bias' has the shape 3; expected 4"),
        ({"0.weight": np.ones((4, 2)), "0.bias": np.ones(2)}, "save them transposed (weight.T)"),
        ({"0.weight": np.ones((1, 2), np.int64)}, "'0.weight' holds I64; expected floats"),
        ({"0.weight": np.array([[1.0, np.nan]])}, "'0.weight' has numbers that are not finite in float32"),
        ({"0.weight": np.array([[1.0, 1e300]])}, "'0.weight' has numbers that are not finite in float32"),
        (
            {"0.weight": np.ones((1, 2)), "1.running_mean": np.ones(1), "1.running_var": -np.ones(1)},
            "'1.running_var' has a variance below 0",
        ),
        ({}, "holds no tensors"),
    ],
)
def test_what_is_not_of_a_linear_layer_is_refused_by_name(tensors: Any, part: str, tmp_path: Path) -> None:
    save_file(tensors, tmp_path / "w.safetensors")
    assert part in refusal(tmp_path / "w.safetensors", hidden=[])


@pytest.mark.parametrize("way", ["batch", "layer"])
def test_normalizations_start_where_they_were_saved(way: str, tmp_path: Path) -> None:
    table = {
        "title": "small",
        "data": {"kind": "xor"},
        "network": {"hidden": [4, 3], "normalization": way},
        "training": {"epochs": 2},
    }
    run = replay(from_mapping(table))
    run.save(tmp_path / "w.safetensors")
    again = replay(from_mapping(table), init_from=tmp_path / "w.safetensors", stop=Stop(steps=0)).network
    np.testing.assert_array_equal(again.parameters, run.network.parameters)
    np.testing.assert_array_equal(again.statistics, run.network.statistics)
    assert (again.layers[0].normalization.gamma != 1.0).any()
    with pytest.raises(ModelError, match=f"the network fits with --set network.normalization={way}"):
        begun(tmp_path / "w.safetensors")


def test_a_batch_norm_of_pytorch_is_taken_with_its_running_means(tmp_path: Path) -> None:
    tensors = {
        "fc1.weight": np.ones((4, 2), np.float32),
        "bn1.weight": np.full(4, 2.0, np.float32),
        "bn1.running_mean": np.full(4, 3.0, np.float32),
        "bn1.running_var": np.full(4, 5.0, np.float32),
        "bn1.num_batches_tracked": np.array(7),
        "fc2.weight": np.ones((1, 4), np.float32),
    }
    save_file(tensors, tmp_path / "w.safetensors")
    network = begun(tmp_path / "w.safetensors", hidden=[{"units": 4, "normalization": "batch"}]).network
    own = network.layers[0].normalization
    assert {name: set(array.ravel()) for name, array in own.tensors().items()} == {
        "weight": {2.0},
        "bias": {0.0},
        "running_mean": {3.0},
        "running_var": {5.0},
    }
