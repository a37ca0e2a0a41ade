"""A run made ready: its data, its session, and what the app is told about it once."""

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset
from nn_tui.engine.network import Network
from nn_tui.engine.probes import layer_names
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Change, Scenario
from nn_tui.training.look.packing import floats
from nn_tui.training.look.parts import LayerShape, Mark, Points
from nn_tui.training.look.plane import Plane
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.session import Session
from nn_tui.training.run.start import begin
from nn_tui.training.worker.beginning import Beginning
from nn_tui.training.worker.marks import mark
from nn_tui.training.worker.messages import Opened
from nn_tui.training.worker.pacing import Budget

if TYPE_CHECKING:
    from nn_tui.training.worker.saved_run import SavedRun

Values = NDArray[np.float64]

_ROW_SHARE = 0.04
"""Of the time of a run that moves, for rows that are only looked at."""

MOST_TRAIN_POINTS = 1_000
MOST_TEST_POINTS = 500


@dataclass(frozen=True)
class RawExamples:
    """Examples of one or two raw inputs, before feature map and scaling.

    Attributes:
        coordinates: of the training set, then of the test set, shape (n, 1) or (n, 2).
        targets: shape (n,): class numbers, or values in the target's own units; of several targets the first.
        train: how many come from the training set.
    """

    coordinates: Values
    targets: Values
    train: int

    def points(self) -> Points:
        """Those that are drawn."""
        train = min(self.train, MOST_TRAIN_POINTS)
        drawn = np.r_[0:train, self.train : min(len(self.targets), self.train + MOST_TEST_POINTS)]
        return Points(
            dimensions=self.coordinates.shape[1],
            coordinates=floats(self.coordinates[drawn]),
            targets=floats(self.targets[drawn]),
            train=train,
        )


def raw_examples(scenario: Scenario, dataset: Dataset) -> RawExamples | None:
    """The examples before feature map and scaling, in the data set's order; None for more than two raw inputs."""
    if len(dataset.columns) > 2 or not dataset.is_plain:
        return None
    if dataset.features is not None:
        # A feature map cannot be undone, but the same data can be made once more without one.
        data = structs.replace(scenario.data, features=dataset.columns, scaling="none")
        dataset = load_dataset(structs.replace(scenario, data=data))
    parts = (dataset.train, dataset.test)
    inputs = np.concatenate([part.inputs[:, :-1] for part in parts]).astype(np.float64)
    targets = np.concatenate([part.targets for part in parts])
    return RawExamples(
        dataset.input_scaling.undo(inputs),
        dataset.own_units(targets.reshape(len(targets), -1))[:, 0],
        len(dataset.train),
    )


@dataclass(frozen=True)
class OpenRun:
    """A run the worker has open.

    Attributes:
        number: the app's number for it.
        session: the run itself, rewindable.
        plane: where data of one or two raw inputs lie; None for others.
        marks: of each change in `session.applied`.
        budget: for the rows of a moving run that are looked at and not recorded.
        opened: what the app is told.
        beginning: where it began.
        start: the name of the file that its very first parameters came from; empty where the scenario drew them.
    """

    number: int
    session: Session[Any]
    plane: Plane | None
    marks: list[Mark]
    budget: Budget
    opened: Opened
    beginning: Beginning
    start: str = ""


def open_run(number: int, scenario: Scenario, model: str | None = None) -> OpenRun:
    """A run at its first step, or where a saved model left it.

    Args:
        number: the app's number for it.
        scenario: checked here once more, since it came from another process.
        model: the file of a model whose run goes on; None for a run from its beginning.

    Raises:
        ScenarioError: for a scenario that cannot be run, or a model that is none or cannot go on with it.
    """
    scenario = from_mapping(to_mapping(scenario))
    saved = _saved_run(model, scenario)
    trainer = begin(scenario if saved is None else saved.scenario)
    marks: list[Mark] = [] if saved is None else saved.marks()

    def note(change: Change, before: Scenario) -> None:
        marks.append(mark(change, before, trainer.steps + 1))

    session: Session[Any] = (
        Session(trainer, on_change=note, rewindable=True) if saved is None else saved.session(trainer, note)
    )
    opened = Opened(
        run=number,
        scenario=session.initial,
        columns=session.history.columns,
        lanes=tuple(lane.name for lane in trainer.told_lanes),
        singles=tuple(lane.name for lane in trainer.told_lanes),
    )
    told, plane = _told_of(trainer.lead, session.initial)
    opened = structs.replace(opened, **told)
    start = "" if saved is None else saved.start
    beginning = Beginning(session.initial, model)
    return OpenRun(number, session, plane, marks, Budget(_ROW_SHARE), opened, beginning, start)


def _saved_run(model: str | None, scenario: Scenario) -> "SavedRun | None":
    if model is None:
        return None
    # Imported when it is wanted: the first frame of other runs comes sooner.
    from nn_tui.training.worker.saved_run import SavedRun

    return SavedRun(model, scenario)


@singledispatch
def _told_of(_lane: Lane, _scenario: Scenario) -> tuple[dict[str, Any], Plane | None]:
    """What the app is told of a network and its data, and the plane they are drawn in; nothing of a surface's lane."""
    return {}, None


@_told_of.register
def _(lane: NetworkLane, scenario: Scenario) -> tuple[dict[str, Any], Plane | None]:
    dataset, network = lane.dataset, lane.network
    raw = raw_examples(scenario, dataset)
    told = {
        "scenario": _settled(scenario, network),
        "task": dataset.task,
        "quality": lane.quality_name,
        "layers": tuple(
            LayerShape(
                name=name,
                inputs=layer.inputs,
                units=layer.units,
                activation=(layer.activation or network.output).name,
                can_die=layer.activation is not None and layer.activation.can_die,
            )
            for name, layer in zip(layer_names(len(network.layers)), network.layers, strict=True)
        ),
        "singles": tuple(layer_names(len(network.layers))),
        "parameters": network.parameters.size,
        "feature_names": dataset.feature_names,
        "class_names": dataset.class_names,
        "target_names": dataset.target_names,
        "train_samples": len(dataset.train),
        "test_samples": len(dataset.test),
        "points": raw.points() if raw else None,
        "image_shape": dataset.image_shape,
        "data": lane.data_summary(),
    }
    return told, Plane(dataset, raw.coordinates, raw.targets) if raw else None


def _settled(scenario: Scenario, network: Network) -> Scenario:
    """With what `auto` stands for."""
    return structs.replace(
        scenario,
        network=structs.replace(scenario.network, output=network.output.name),
        training=structs.replace(scenario.training, loss=network.loss.name),
    )
