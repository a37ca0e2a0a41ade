"""Model files: what is written is read back; what is not such a file is refused in one message."""

import contextlib
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

import nn_tui
from nn_tui import Run
from nn_tui.data.errors import DataError
from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.files import model_file, tensor_file
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.training.replay import Outputs
from nn_tui.training.run.session import Stop


def trained(kind: str = "moons", **network: Any) -> Run:
    scaling = {"scaling": "standard"}
    table = {
        "title": "small",
        "data": {"kind": kind, "samples": 60, **scaling},
        "network": {"hidden": [5, 3], **network},
    }
    return nn_tui.replay(from_mapping(table), stop=Stop(steps=20))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "m.safetensors"
    trained().save(path)
    return path


POINTS = np.array([[0.3, -0.2], [1.5, 0.9], [-1.0, 0.0]])


@pytest.mark.parametrize("kind", ["moons", "plane"])
def test_a_loaded_model_predicts_what_the_run_did(kind: str, tmp_path: Path) -> None:
    run = trained(kind)
    run.save(tmp_path / "m.safetensors")
    model = nn_tui.load(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(model.predict(POINTS), run.predict(POINTS))
    assert model.class_names == run.dataset.class_names
    assert model.scenario == run.scenario
    assert model.steps == 20


def test_classes_come_by_name(saved: Path) -> None:
    model = nn_tui.load(saved)
    scores = model.class_scores(model.predict(POINTS))
    assert scores.shape == (3, 2)
    assert model.classify(POINTS) == [model.class_names[int(second > first)] for first, second in scores]


def test_inputs_of_another_width_are_refused_with_the_names_of_the_right_ones(saved: Path) -> None:
    with pytest.raises(DataError, match=r"expected 2 inputs a sample \('x', 'y'\), found 3"):
        nn_tui.load(saved).predict([[1.0, 2.0, 3.0]])


def test_the_same_run_gives_the_same_file(saved: Path, tmp_path: Path) -> None:
    trained().save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == saved.read_bytes()


def test_other_programs_see_only_the_layers(saved: Path) -> None:
    tensors = load_file(saved)
    assert {name: tensor.shape for name, tensor in tensors.items()} == {
        "0.weight": (5, 2),
        "0.bias": (5,),
        "2.weight": (3, 5),
        "2.bias": (3,),
        "4.weight": (1, 3),
        "4.bias": (1,),
    }


def test_dropout_takes_a_place_in_the_numbering(tmp_path: Path) -> None:
    trained(hidden=[{"units": 4, "dropout": 0.5}, 3]).save(tmp_path / "m.safetensors")
    names = {name for name in load_file(tmp_path / "m.safetensors") if name.endswith("weight")}
    assert names == {"0.weight", "3.weight", "5.weight"}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_pytorch_loads_it_and_predicts_the_same(activation: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file as load_tensors

    run = trained(activation=activation, hidden=[{"units": 6, "dropout": 0.1}, 4])
    run.save(tmp_path / "m.safetensors")
    module = ACTIVATIONS[activation].pytorch
    if not module.startswith("nn."):
        pytest.skip("an expression, which the exported script makes a module of")
    nonlinear, linear = eval(module, {"nn": torch.nn}), torch.nn.Linear
    network = torch.nn.Sequential(
        linear(2, 6), nonlinear, torch.nn.Dropout(0.1), linear(6, 4), nonlinear, linear(4, 1), torch.nn.Sigmoid()
    )
    network.load_state_dict(load_tensors(tmp_path / "m.safetensors"))
    network.eval()
    inputs = run.dataset.transform(POINTS).astype(np.float32)
    with torch.no_grad():
        theirs = network(torch.from_numpy(inputs)).numpy()
    np.testing.assert_allclose(run.predict(POINTS), theirs, atol=1e-5)


# -- what is refused -------------------------------------------------------------------------------------------------


def refusal(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        nn_tui.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def test_what_is_not_there_or_no_file_is_said_to_be_so(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.safetensors") == "there is no such file"
    assert refusal(tmp_path).startswith("is not a file")
    (tmp_path / "empty").write_bytes(b"")
    assert refusal(tmp_path / "empty") == "the file is empty"
    (tmp_path / "text").write_text("title = 'a scenario'\n" * 9)
    assert refusal(tmp_path / "text") == "not a safetensors file"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_recognised_and_not_opened(protocol: int, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "sprung",)

    (tmp_path / "m.pt").write_bytes(pickle.dumps(Trap(), protocol))
    assert "pickle" in refusal(tmp_path / "m.pt")
    assert not (tmp_path / "sprung").exists()


def test_the_zip_archive_that_torch_saves_is_recognised(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.save({"0.weight": torch.zeros(2, 2)}, tmp_path / "m.pt")
    assert "safetensors.torch.save_file" in refusal(tmp_path / "m.pt")


def test_weights_without_a_description_are_something_to_start_from(tmp_path: Path) -> None:
    save_file({"0.weight": np.zeros((2, 2), np.float32)}, tmp_path / "w.safetensors")
    assert "--init-from" in refusal(tmp_path / "w.safetensors")


def rewritten(saved: Path, path: Path, key: str, **values: Any) -> Path:
    """The file with some values of one of its JSON texts changed, and a checksum that fits again."""
    content = tensor_file.read(saved)
    content.metadata[key] = json.dumps(json.loads(content.metadata[key]) | values)
    content.metadata["nn_tui.checksum"] = model_file._checksum(content)
    path.write_bytes(tensor_file.encode(content.tensors, content.metadata))
    return path


def test_a_newer_format_is_named_as_such(saved: Path, tmp_path: Path) -> None:
    newer = rewritten(saved, tmp_path / "m.safetensors", "nn_tui", version=2, layers="told otherwise")
    assert refusal(newer) == "written by a newer nn-tui (format 2, this one reads up to 1); update nn-tui"


def test_a_changed_weight_is_noticed(saved: Path, tmp_path: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[-3] ^= 1
    (tmp_path / "m.safetensors").write_bytes(content)
    assert refusal(tmp_path / "m.safetensors") == "is damaged: its content does not match its checksum"


@pytest.mark.parametrize("missing", [1, 4, 100, 1000])
def test_a_truncated_file_is_called_damaged(saved: Path, missing: int, tmp_path: Path) -> None:
    (tmp_path / "m.safetensors").write_bytes(saved.read_bytes()[:-missing])
    assert "damaged" in refusal(tmp_path / "m.safetensors")


@pytest.mark.parametrize(
    ("key", "values", "part"),
    [
        ("nn_tui", {"class_names": ["a\x1b[2J", "b"]}, "cannot be shown"),
        ("nn_tui", {"class_names": ["a"]}, "1 class names"),
        ("nn_tui", {"columns": ["x"]}, "no feature 'y'"),
        ("nn_tui", {"outputs": 3}, "outputs"),
        ("nn_tui", {"hidden": [{"units": 10**12, "activation": "tanh", "dropout": 0.0}]}, "tensors"),
        ("nn_tui", {"hidden": []}, "tensors"),
        ("nn_tui", {"loss": "bca"}, "bca"),
        ("nn_tui", {"output": "argmax"}, "argmax"),
        ("nn_tui", {"input_scaling": {"kind": "standard", "shift": [0.0], "scale": [1.0]}}, "scaling"),
        ("nn_tui", {"steps": -1}, "steps"),
        ("nn_tui", {"steps": 10**40}, "steps"),
        ("nn_tui.snapshot", {"vectors": {"G": "AAAA"}}, "another one's"),
        ("nn_tui.snapshot", {"vectors": {"m": "AAAA", "v": "AAAA"}}, "valid"),
        ("nn_tui.snapshot", {"vectors": {"m": "no base64", "v": ""}}, "valid"),
        ("nn_tui.snapshot", {"unfollowed": [{"step": 99, "set": {"data.kind": "xor"}}]}, "data.kind"),
        ("nn_tui.snapshot", {"position": "0"}, "position"),
    ],
)
def test_a_file_made_by_hand_that_does_not_fit_together_is_refused(
    saved: Path, tmp_path: Path, key: str, values: dict[str, Any], part: str
) -> None:
    assert part in refusal(rewritten(saved, tmp_path / "m.safetensors", key, **values))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_to_the_bytes_ends_in_a_traceback(saved: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(saved.read_bytes())
    header = int.from_bytes(content[:8], "little") + 8
    for _ in range(data.draw(st.integers(1, 4))):
        # Most of the file is a header of which most is base64: half of the changes go where there is more to break.
        place = data.draw(st.one_of(st.integers(0, len(content)), st.integers(0, min(400, header))))
        match data.draw(st.sampled_from(["replace", "insert", "remove", "truncate"])):
            case "replace":
                content[place : place + 1] = data.draw(st.binary(min_size=1, max_size=3))
            case "insert":
                content[place:place] = data.draw(
                    st.sampled_from([b"0", b'"', b"{", b"}", b"null", b"-", b"\x80", b"[" * 99])
                )
            case "remove":
                del content[place : place + data.draw(st.integers(1, 40))]
            case "truncate":
                del content[place:]
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    if bytes(content) == saved.read_bytes():
        nn_tui.load(path)
    else:
        refusal(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_to_the_description_ends_in_a_traceback(saved: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = tensor_file.read(saved)
    key = data.draw(st.sampled_from(["nn_tui", "nn_tui.snapshot"]))
    field = data.draw(st.sampled_from(sorted(json.loads(content.metadata[key]))))
    path = rewritten(saved, tmp_path / "m.safetensors", key, **{field: data.draw(JSON)})
    with contextlib.suppress(ModelError, ScenarioError):
        model = nn_tui.load(path)
        assert np.isfinite(model.predict(POINTS)).all()
        nn_tui.replay(resume=path, stop=Stop(steps=model.steps + 1))


def test_a_net_too_large_for_a_snapshot_predicts_but_is_not_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_file, "_MOST_STATE", 10)
    trained().save(tmp_path / "m.safetensors")
    assert nn_tui.load(tmp_path / "m.safetensors").predict(POINTS).shape == (3, 1)
    with pytest.raises(ModelError, match="no room"):
        nn_tui.replay(resume=tmp_path / "m.safetensors")


def test_a_recording_is_refused_where_weights_came_from_elsewhere(saved: Path, tmp_path: Path) -> None:
    from nn_tui.training.files.atomic import OutputError

    table = {"title": "small", "data": {"kind": "moons"}, "network": {"hidden": [5, 3]}, "training": {"epochs": 1}}
    outputs = Outputs(model=tmp_path / "m.safetensors")
    nn_tui.replay(from_mapping(table), init_from=saved, outputs=outputs)
    for origin in ({"scenario": from_mapping(table), "init_from": saved}, {"resume": tmp_path / "m.safetensors"}):
        with pytest.raises(OutputError, match=r"cannot hold the weights of m\.safetensors"):
            nn_tui.replay(**origin, outputs=Outputs(record=tmp_path / "r.toml"))
