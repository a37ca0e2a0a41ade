"""What the header of a model's file says of it, as JSON: see `model_file`."""

from typing import Annotated, Literal

import msgspec

from nn_tui.data.tables.coding import Coding
from nn_tui.scenario.schema import Change

Count = Annotated[int, msgspec.Meta(ge=0, le=10**15)]


class Version(msgspec.Struct, frozen=True):
    """Of the format, to be read before anything else is."""

    version: Count


class LayerRecord(msgspec.Struct, frozen=True):
    """A hidden layer, as in `LayerSpec`."""

    units: Count
    activation: str
    dropout: float
    normalization: str = "none"


class ScalingRecord(msgspec.Struct, frozen=True):
    """Shift and scale are left out where they change nothing: an image has many columns."""

    kind: str
    shift: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What `predict` needs; names as in `Model`.

    Attributes:
        target_name: what stood for `target_names` where there could be one only.
        test_hashes: little-endian 64-bit numbers in base64; empty where they are too many, or there are none.
    """

    version: int
    inputs: Count
    hidden: tuple[LayerRecord, ...]
    outputs: Count
    output: str
    loss: str
    task: Literal["binary", "multiclass", "regression"]
    class_names: tuple[str, ...]
    columns: tuple[str, ...]
    features: tuple[str, ...] | None
    target_name: str = ""
    target_names: tuple[str, ...] = ()
    input_scaling: ScalingRecord
    target_scaling: ScalingRecord
    train_samples: Count
    image_shape: tuple[Count, Count] | None
    steps: Count
    start: str
    data_digest: str
    coding: Coding | None = None
    class_weights: tuple[float, ...] = ()
    test_hashes: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """What is predicted."""
        return self.target_names or (self.target_name,)


class BestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The best parameters of a run that stops early, base64; the rest as in `early_stop.Best`."""

    value: float | None
    epoch: Count
    steps: Count
    waited: Count
    arrays: dict[str, str] | None


class ProgressRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What `--resume` needs beyond model and scenario.

    Attributes:
        epoch, position, pass_start, optimizer_steps: as in `LaneState`.
        followed: how many of the scenario's changes have been made.
        unfollowed: changes made by hand that no step has followed yet.
        vectors: the optimizer's state, base64 of little-endian numbers; empty where the file has no room for it.
        best: of a run that stops early.
    """

    epoch: Count
    position: Count
    pass_start: Count
    optimizer_steps: Count
    followed: Count
    unfollowed: tuple[Change, ...]
    vectors: dict[str, str]
    best: BestRecord | None = None
