"""Models as safetensors files that serve three readers.

- PyTorch: the tensors, and nothing beside them, are those of a `Sequential` of Linear, activation and, where any,
  Dropout, by name and shape; `load_state_dict` takes them as they are.
- `nn-tui predict`: the header says what layers, activations, classes, feature map and scaling there are.
- `nn-tui replay --resume`: the header also has the whole scenario, how far it came, and the optimizer's running means.
  As tensors those would be unexpected keys to PyTorch, in a second file they would get lost; so they are base64 text.

The header may hold 100 MB, which is enough for Adam on nine million parameters. The model of a larger net is written
without them: it predicts, but cannot be resumed.
"""

import base64
import hashlib
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np

from nn_tui.data.preparation import prepared
from nn_tui.data.scaling import Scaling, unscaled
from nn_tui.data.splitting import Hashes
from nn_tui.data.tables.coding import Coding
from nn_tui.engine.arrays import Array
from nn_tui.engine.network import LayerSpec, Network
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.scenario.lanes import lane_entries
from nn_tui.scenario.reading import loads
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.timeline import followed
from nn_tui.scenario.writing import dumps
from nn_tui.shown import shown
from nn_tui.training.arguments import path_of
from nn_tui.training.files import tensor_file
from nn_tui.training.files.model import Model
from nn_tui.training.files.model_header import (
    BestRecord,
    Description,
    LayerRecord,
    ProgressRecord,
    ScalingRecord,
    Version,
)
from nn_tui.training.files.tensor_file import ModelError, TensorFile
from nn_tui.training.run.early_stop import Best
from nn_tui.training.run.snapshots import Snapshot
from nn_tui.training.run.state import LaneState, TrainerState

FORMAT_VERSION = 1
_MODEL, _SCENARIO, _SNAPSHOT, _CHECKSUM = "nn_tui", "nn_tui.scenario", "nn_tui.snapshot", "nn_tui.checksum"

_MOST_STATE = 90_000_000
"""Characters of base64; the rest of the header is left for names, scaling and scenario."""

_MOST_HASHES = 1_000_000
"""Bytes of hashes of test rows."""

_Struct = TypeVar("_Struct", bound=msgspec.Struct)


def _tensors(network: Network) -> dict[str, Array]:
    """Every tensor of a `Sequential` by its name in PyTorch: views of the network's own arrays."""
    tensors: dict[str, Array] = {}
    index = 0
    for layer in network.layers:
        tensors |= {f"{index}.weight": layer.weight, f"{index}.bias": layer.bias}
        if (normalized := layer.normalization) is not None:
            index += 1
            tensors |= {f"{index}.{name}": array[:, 0] for name, array in normalized.tensors().items()}
        # Its activation and its dropout are modules, too.
        index += 3 if layer.dropout else 2
    return tensors


# -- writing ---------------------------------------------------------------------------------------------------------


class Shortage(NamedTuple):
    """Why a file does not hold all it takes to resume: what it is then, and what its run is, in words."""

    file: str
    run: str


TOO_LARGE = Shortage(
    "too large a network to be resumed: the optimizer's state is left out",
    "without its optimizer's state, which its file had no room for: it predicts only",
)


def shortage(model: Model) -> Shortage | None:
    """What the file of a model has no room for; None where it holds all it takes to resume."""
    first, state = lane_entries(model.scenario.training)[0], model.snapshot.state.lead
    if first.title:
        return Shortage(
            f"holds the network of {first.name}, the first of the race; a race cannot be resumed",
            "a race, of which the file holds the first network only: it predicts",
        )
    return None if sum(vector.nbytes for vector in state.vectors[1:]) * 4 // 3 <= _MOST_STATE else TOO_LARGE


def encode_model(model: Model) -> bytes:
    """The file's bytes: the same for the same model."""
    network = model.network
    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in _tensors(network).items()}
    metadata = {
        "format": "pt",
        _MODEL: _text(_description(model)),
        _SCENARIO: dumps(model.scenario),
        _SNAPSHOT: _text(_progress(model)),
    }
    metadata[_CHECKSUM] = _checksum(TensorFile(tensors, metadata))
    return tensor_file.encode(tensors, metadata)


def _text(struct: msgspec.Struct) -> str:
    return msgspec.json.encode(struct).decode()


def _description(model: Model) -> Description:
    network = model.network
    return Description(
        version=FORMAT_VERSION,
        inputs=network.inputs,
        hidden=tuple(
            LayerRecord(
                layer.units,
                layer.activation.name,
                layer.dropout,
                layer.normalization.way.name if layer.normalization else "none",
            )
            for layer in network.layers
            if layer.activation is not None
        ),
        outputs=network.outputs,
        output=network.output.name,
        loss=network.loss.name,
        task=model.task,
        class_names=model.class_names,
        columns=model.columns,
        features=model.features,
        target_names=model.target_names,
        input_scaling=_scaling_record(model.input_scaling),
        target_scaling=_scaling_record(model.target_scaling),
        train_samples=model.train_samples,
        image_shape=model.image_shape,
        steps=model.steps,
        start=model.start,
        data_digest=model.data_digest,
        coding=model.coding,
        class_weights=model.class_weights,
        test_hashes=_hashes_text(model.test_hashes),
    )


def _hashes_text(hashes: Hashes | None) -> str:
    if hashes is None or hashes.nbytes > _MOST_HASHES:
        return ""
    return base64.b64encode(hashes.astype("<u8").tobytes()).decode()


def _scaling_record(scaling: Scaling) -> ScalingRecord:
    if scaling.kind == "none":
        return ScalingRecord(scaling.kind)
    return ScalingRecord(scaling.kind, tuple(scaling.shift.tolist()), tuple(scaling.scale.tolist()))


def _progress(model: Model) -> ProgressRecord:
    """The snapshot beside a scenario whose timeline begins with the changes that a step has followed."""
    snapshot, state = model.snapshot, model.snapshot.state.lead
    # By identity: a person's change may look exactly like one that the timeline has made, or has yet to make.
    written = {id(change) for change in model.scenario.timeline}
    unfollowed = tuple(change for change in snapshot.applied if id(change) not in written)
    return ProgressRecord(
        epoch=state.epoch,
        position=state.position,
        pass_start=state.pass_start,
        optimizer_steps=state.optimizer_steps,
        followed=len(snapshot.applied) - len(unfollowed),
        unfollowed=unfollowed,
        vectors={} if shortage(model) else {name: _base64(one) for name, one in state.optimizer_state.items()},
        best=_best_record(state.best) if state.best else None,
    )


def _best_record(best: Best) -> BestRecord:
    arrays = {name: _base64(array) for name, array in best.arrays.items()} if best.arrays else None
    return BestRecord(value=best.value, epoch=best.epoch, steps=best.steps, waited=best.waited, arrays=arrays)


def _base64(array: Array) -> str:
    return base64.b64encode(_little_endian(array)).decode()


def _little_endian(array: Array) -> bytes:
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def _checksum(content: TensorFile) -> str:
    """Of everything in the file but itself."""
    total = hashlib.sha256()
    for key, text in sorted(content.metadata.items()):
        if key != _CHECKSUM:
            total.update(f"{key}\0{text}\0".encode())
    for name, tensor in sorted(content.tensors.items()):
        total.update(f"{name}\0{tensor.dtype}\0{tensor.shape}\0".encode())
        total.update(_little_endian(tensor))
    return "sha256:" + total.hexdigest()


# -- reading ---------------------------------------------------------------------------------------------------------


def load_model(path: str | Path) -> Model:
    """Reads a model that `Run.save` or `nn-tui replay --save` wrote.

    Raises:
        ModelError: for a file that is not one, is damaged, or was written by a newer version.
        TypeError: for what is no path.
    """
    path = path_of("path", path)
    content = tensor_file.read(path)
    if _MODEL not in content.metadata:
        raise ModelError(
            f"{shown(path)}: has no description of a model by nn-tui; weights from elsewhere are something to start "
            f"from: nn-tui replay SCENARIO --init-from {shown(path)}"
        )
    try:
        version = _struct(content, _MODEL, Version).version
        if version > FORMAT_VERSION:
            raise ModelError(
                f"written by a newer nn-tui (format {version}, this one reads up to {FORMAT_VERSION}); update nn-tui"
            )
        if content.metadata.get(_CHECKSUM) != _checksum(content):
            raise ModelError("is damaged: its content does not match its checksum")
        return _model(content)
    except (ValueError, KeyError, RecursionError) as error:
        # Past the checksum nothing is wrong by accident; whoever made the file by hand gets the reason all the same.
        reason = str(error) if isinstance(error, ModelError) else f"is not a valid model: {error}"
        raise ModelError(f"{shown(path)}: {reason}") from None


def _struct(content: TensorFile, key: str, struct: type[_Struct]) -> _Struct:
    try:
        return msgspec.json.decode(content.metadata[key], type=struct)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ModelError(f"is damaged: {key} cannot be read ({error})") from None


def _model(content: TensorFile) -> Model:
    described = _struct(content, _MODEL, Description)
    _check_names(described)
    network = _network(content, described)
    scenario = loads(content.metadata[_SCENARIO], "the scenario in it")
    return Model(
        network=network,
        task=described.task,
        class_names=described.class_names,
        columns=described.columns,
        target_names=described.targets,
        features=described.features,
        input_scaling=_scaling(described.input_scaling, described.inputs),
        target_scaling=_scaling(described.target_scaling, len(described.targets)),
        train_samples=described.train_samples,
        scenario=scenario,
        steps=described.steps,
        snapshot=_snapshot(content, network, scenario, described.steps),
        image_shape=described.image_shape,
        start=described.start,
        data_digest=described.data_digest,
        coding=described.coding,
        class_weights=described.class_weights,
        test_hashes=_hashes(described.test_hashes),
    )


def _hashes(text: str) -> Hashes | None:
    return np.frombuffer(base64.b64decode(text, validate=True), "<u8").astype(np.uint64) if text else None


def _check_names(described: Description) -> None:
    """Numbers of names agree with widths, and no name can do anything to a terminal."""
    columns, classes = described.columns, described.class_names
    if not columns:
        raise ModelError("is not a valid model: it has no columns")
    if described.coding is not None:
        _check_coding(described.coding, columns)
    coded = columns if described.coding is None else described.coding.features
    mapped = prepared(np.zeros((1, len(coded))), coded, described.features, unscaled(1)).shape[1]
    if mapped != described.inputs:
        raise ModelError(f"is not a valid model: {described.inputs} inputs, made of {mapped}")
    if described.image_shape and described.image_shape[0] * described.image_shape[1] != len(columns):
        raise ModelError(f"is not a valid model: {len(columns)} pixels of a picture of {described.image_shape}")
    if described.task == "regression":
        fits = not classes and described.outputs == len(described.targets)
    else:
        few = 2 if described.task == "binary" else described.outputs
        fits = len(classes) == few and described.outputs in ((1, 2) if few == 2 else (few,))
        fits = fits and len(described.targets) == 1
    if not fits:
        told = f"{len(described.targets)} targets, {len(classes)} class names"
        raise ModelError(f"is not a valid model: {told} and {described.outputs} outputs")
    if described.class_weights and len(described.class_weights) != len(classes):
        raise ModelError(f"is not a valid model: {len(described.class_weights)} weights of {len(classes)} classes")
    names = (*columns, *classes, *described.targets, described.start)
    if odd := [name for name in names if not name.isprintable()]:
        raise ModelError(f"is not a valid model: the name {odd[0]!r} has a character that cannot be shown")


def _check_coding(coding: Coding, columns: tuple[str, ...]) -> None:
    """A coding is of these columns, and each column's own says all it takes."""
    fits = coding.names == columns and coding.width >= len(columns)
    for column in coding.columns:
        fewest = {"one-hot": 1, "flag": 2, "order": 1}.get(column.kind, 0)
        fits = fits and len(column.categories) >= fewest and 0 <= column.place < coding.width
        fits = fits and (column.fill is None or np.isfinite(column.fill)) and bool(column.kind != "date" or column.form)
        names = (*column.categories, column.form)
        if odd := [name for name in names if not name.isprintable()]:
            raise ModelError(f"is not a valid model: the name {odd[0]!r} has a character that cannot be shown")
    if not fits:
        raise ModelError("is not a valid model: the coding of its columns is not theirs")


def _network(content: TensorFile, described: Description) -> Network:
    dtypes = {tensor.dtype.name for tensor in content.tensors.values()}
    widths = [described.inputs, *(layer.units for layer in described.hidden), described.outputs]
    # No network is built that is larger than the file.
    needed = sum((n_in + 1) * n_out for n_in, n_out in pairwise(widths))
    if len(dtypes) != 1 or needed > sum(tensor.size for tensor in content.tensors.values()):
        raise ModelError("is not a valid model: its tensors are not those of the layers it describes")
    if not all(np.isfinite(tensor).all() for tensor in content.tensors.values()):
        raise ModelError("is not a valid model: a weight is not finite")
    network = Network(
        described.inputs,
        [LayerSpec(layer.units, layer.activation, layer.dropout, layer.normalization) for layer in described.hidden],
        described.outputs,
        loss=described.loss,
        output=described.output,
        one_hot=described.task != "regression",
        dtype=dtypes.pop(),
    )
    tensors = _tensors(network)
    shapes, wanted = ({name: tensor.shape for name, tensor in one.items()} for one in (content.tensors, tensors))
    if shapes != wanted:
        raise ModelError("is not a valid model: its tensors are not those of the layers it describes")
    for name, tensor in tensors.items():
        tensor[:] = content.tensors[name]
    return network


def _scaling(record: ScalingRecord, columns: int) -> Scaling:
    if record.kind == "none":
        return unscaled(columns)
    shift, scale = np.array(record.shift), np.array(record.scale)
    if shift.shape != (columns,) or scale.shape != (columns,) or not (np.isfinite(shift).all() and (scale > 0).all()):
        raise ModelError("is not a valid model: its scaling does not fit its inputs")
    return Scaling(record.kind, shift, scale)


def _snapshot(content: TensorFile, network: Network, scenario: Scenario, steps: int) -> Snapshot:
    progress = _struct(content, _SNAPSHOT, ProgressRecord)
    applied = (*scenario.timeline[: progress.followed], *progress.unfollowed)
    present = scenario
    for change in applied:
        present = followed(present, change)
    names = OPTIMIZERS[present.training.optimizer.name].state_names
    if progress.vectors.keys() - names:
        raise ModelError("is not a valid model: the optimizer's state is another one's")
    state = LaneState(
        steps=steps,
        epoch=progress.epoch,
        position=progress.position,
        pass_start=progress.pass_start,
        parameters=network.parameters.copy(),
        optimizer_steps=progress.optimizer_steps,
        optimizer_state={name: _vector(text, network) for name, text in progress.vectors.items()},
        best=_best(progress.best, network) if progress.best else None,
        more={"statistics": network.statistics.copy()} if network.statistics.size else {},
    )
    return Snapshot(TrainerState(present, (state,)), applied, scenario.timeline[progress.followed :])


def _best(record: BestRecord, network: Network) -> Best:
    shapes = {"parameters": network.parameters.shape, "statistics": network.statistics.shape}
    arrays = None
    if record.arrays:
        arrays = {name: _vector(text, network, shapes.get(name)) for name, text in record.arrays.items()}
    return Best(record.value, record.epoch, record.steps, record.waited, arrays)


def _vector(text: str, network: Network, shape: tuple[int, ...] | None = None) -> Array:
    vector: Array = np.frombuffer(base64.b64decode(text, validate=True), network.dtype.newbyteorder("<"))
    if vector.shape != (shape or network.parameters.shape):
        raise ModelError("is not a valid model: the optimizer's state does not fit the network")
    return vector.astype(network.dtype)
