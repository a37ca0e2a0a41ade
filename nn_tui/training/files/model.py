"""A trained network with all it takes to use it: how raw inputs become its own, and what its outputs mean."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_tui.data.dataset import Dataset, Task
from nn_tui.data.preparation import prepared
from nn_tui.data.samples import coded_rows, named_columns, number_rows
from nn_tui.data.scaling import Scaling
from nn_tui.data.splitting import Hashes
from nn_tui.data.tables.coding import Coding
from nn_tui.engine.arrays import Array
from nn_tui.engine.network import Network
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.floats import Floats
from nn_tui.scenario.lanes import lane_entries
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.class_weights import class_weights
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.session import Session
from nn_tui.training.run.snapshots import Snapshot


@dataclass(frozen=True)
class Model:
    """What `nn_tui.load` gives, and what `Run.save` writes.

    Attributes:
        network: at its trained parameters; its inputs are mapped and scaled ones.
        task: "binary", "multiclass" or "regression".
        class_names: in the order of class numbers; empty in a regression.
        columns: names of the raw inputs that `predict` takes.
        coding: of a table's columns: what makes numbers of texts, and what stands for missing values; else None.
        target_names: what is predicted: one name, or several of a regression.
        features: the feature map; None where raw inputs are taken as they are.
        input_scaling, target_scaling: fitted on the training set; targets of classes are not scaled.
        train_samples: how many examples it was trained on.
        scenario: the run as it stands, with the changes made to it, to its own end.
        steps: steps taken.
        snapshot: all it takes to train on from here; without the optimizer's vectors where a file had no room for them.
        image_shape: rows and columns, where the raw inputs are an image's pixels, from 0 to 1.
        start: the name of the file its initial parameters came from; empty where the scenario drew them.
        data_digest: a hash of the training set, if that came from files; else empty.
        class_weights: how much samples of each class count, in the order of class numbers; empty where all count alike.
        test_hashes: of a table, the test rows' contents; None where they are too many to keep, or there are none.
    """

    network: Network
    task: Task
    class_names: tuple[str, ...]
    columns: tuple[str, ...]
    target_names: tuple[str, ...]
    features: tuple[str, ...] | None
    input_scaling: Scaling
    target_scaling: Scaling
    train_samples: int
    scenario: Scenario
    steps: int
    snapshot: Snapshot
    image_shape: tuple[int, int] | None = None
    start: str = ""
    data_digest: str = ""
    coding: Coding | None = None
    class_weights: tuple[float, ...] = ()
    test_hashes: Hashes | None = None

    def predict(self, inputs: ArrayLike) -> NDArray[np.floating[Any]]:
        """Predictions for raw inputs: feature map and scaling applied, a scaled target scaled back.

        Args:
            inputs: shape (n, columns), in the order of `columns`; or a data frame, whose columns go by name.

        Returns:
            Shape (n, outputs): class probabilities (for two classes with one output, that of the second), or values
            in the target's own units.

        Raises:
            DataError: for another number of columns, what is no number where one is due, a number larger than single
                precision holds, a category never seen, or a value that is missing where none was.
        """
        return self.predict_prepared(self.prepare(inputs))

    def prepare(self, inputs: ArrayLike) -> Floats:
        """Raw inputs (n, columns) as the network takes them, (n, features).

        Raises:
            DataError: as `predict`.
        """
        frame: Any = inputs
        if hasattr(frame, "columns") and hasattr(frame, "to_numpy"):
            inputs = named_columns(frame, self.columns)
        if self.coding is None or self.coding.is_plain:
            return self.prepare_coded(number_rows(inputs, self.columns))
        return self.prepare_coded(coded_rows(np.asarray(inputs, dtype=object), self.coding))

    def prepare_coded(self, inputs: Floats) -> Floats:
        """As `prepare`, for inputs that are coded already, shape (n, inputs)."""
        names = self.coding.features if self.coding else self.columns
        return prepared(inputs, names, self.features, self.input_scaling)

    def predict_prepared(self, inputs: Array) -> NDArray[np.floating[Any]]:
        """As `predict`, for inputs that are mapped and scaled already, shape (n, features)."""
        prediction = self.network.predict(inputs)
        if self.task == "regression":
            values: NDArray[np.floating[Any]] = self.target_scaling.undo(prediction.astype(np.float64))
            return values
        return prediction

    @property
    def present(self) -> Scenario:
        """The scenario in force now, after the changes made so far."""
        return self.snapshot.state.scenario

    @property
    def resumable(self) -> bool:
        """Whether its run can go on."""
        state = self.snapshot.state
        if len(state.lanes) < len(lane_entries(self.scenario.training)):
            return False
        return state.lead.optimizer_state.keys() >= set(OPTIMIZERS[state.scenario.training.optimizer.name].state_names)

    def classify(self, inputs: ArrayLike) -> list[str]:
        """The name of the likeliest class of each raw input (n, columns).

        Raises:
            DataError: as `predict`.
            ValueError: for a regression, which has no classes.
        """
        if self.task == "regression":
            raise ValueError("a regression has no classes; use predict")
        return [self.class_names[number] for number in self.class_scores(self.predict(inputs)).argmax(axis=1)]

    def class_scores(self, prediction: Array) -> Array:
        """Every class's score, shape (n, classes), the largest of which wins; from predictions (n, outputs)."""
        return np.hstack((1.0 - prediction, prediction)) if prediction.shape[1] == 1 else prediction

    @property
    def gives_probabilities(self) -> bool:
        """Whether the scores of classes are probabilities; other outputs may give any number."""
        return self.task != "regression" and self.network.output.probabilities


def model_of(session: Session[NetworkLane], start: str = "") -> Model:
    """The model as it stands in a run.

    Args:
        session: of the run; its network is shared, not copied.
        start: as in `Model`.
    """
    lane = session.trainer.lead
    data = lane.dataset
    weights = class_weights(lane.scenario.training.class_weight, data)
    return Model(
        network=lane.network,
        task=data.task,
        class_names=data.class_names,
        columns=data.columns,
        target_names=data.target_names,
        features=data.features,
        input_scaling=data.input_scaling,
        target_scaling=data.target_scaling,
        train_samples=len(data.train),
        scenario=session.whole_scenario(),
        steps=lane.steps,
        snapshot=session.snapshot(),
        image_shape=data.image_shape,
        start=start,
        data_digest=data_digest(data),
        coding=data.coding,
        class_weights=() if weights is None else tuple(weights.tolist()),
        test_hashes=data.test_hashes,
    )


def data_digest(data: Dataset) -> str:
    """SHA-256 of a training set that came from files; empty for one that the scenario makes."""
    if data.name not in ("csv", "fashion-mnist"):
        return ""
    total = hashlib.sha256()
    for array in (data.train.inputs, data.train.targets):
        total.update(np.ascontiguousarray(array).data)
    return "sha256:" + total.hexdigest()
