"""A run made ready: its data, its session, and what the app is told about it once."""

from dataclasses import dataclass

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset
from nn_tui.engine.network import Network
from nn_tui.engine.probes import layer_names
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.look.packing import floats
from nn_tui.training.look.parts import LayerShape, Mark, Points
from nn_tui.training.look.plane import Plane
from nn_tui.training.run.descent import Descent, SurfaceSession, is_on_surface
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.racing import RacingTrainer, trainer_of
from nn_tui.training.run.session import Session
from nn_tui.training.worker.marks import mark
from nn_tui.training.worker.messages import Opened
from nn_tui.training.worker.pacing import Budget

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
    if len(dataset.columns) > 2:
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
class Run:
    """A run the worker has open.

    Attributes:
        number: the app's number for it.
        session: the run itself, rewindable.
        plane: where data of one or two raw inputs lie; None for others.
        marks: of each change in `session.applied`.
        budget: for the rows of a moving run that are looked at and not recorded.
        opened: what the app is told.
    """

    number: int
    session: Session | SurfaceSession
    plane: Plane | None
    marks: list[Mark]
    budget: Budget
    opened: Opened


def open_run(number: int, scenario: Scenario) -> Run:
    """A run at its first step.

    Args:
        number: the app's number for it.
        scenario: checked here once more, since it came from another process.

    Raises:
        ScenarioError: for a scenario that cannot be run.
    """
    scenario = from_mapping(to_mapping(scenario))
    if is_on_surface(scenario):
        return _open_descent(number, scenario)
    dataset = load_dataset(scenario)
    trainer = trainer_of(scenario, dataset)
    marks: list[Mark] = []
    session = Session(
        trainer,
        on_change=lambda change, before: marks.append(mark(change, before, trainer.steps + 1)),
        rewindable=True,
    )
    raw = raw_examples(scenario, dataset)
    plane = Plane(dataset, raw.coordinates, raw.targets) if raw else None
    return Run(number, session, plane, marks, Budget(_ROW_SHARE), _opened(number, session, raw))


def _open_descent(number: int, scenario: Scenario) -> Run:
    descent = Descent(scenario)
    marks: list[Mark] = []
    session = SurfaceSession(
        descent,
        on_change=lambda change, before: marks.append(mark(change, before, descent.steps + 1)),
        rewindable=True,
    )
    opened = Opened(
        run=number,
        scenario=scenario,
        task="none",
        quality="",
        layers=(),
        parameters=0,
        feature_names=(),
        class_names=(),
        target_names=(),
        train_samples=0,
        test_samples=0,
        columns=session.history.columns,
        lanes=tuple(lane.name for lane in descent.lanes),
    )
    return Run(number, session, None, marks, Budget(_ROW_SHARE), opened)


def _opened(number: int, session: Session, raw: RawExamples | None) -> Opened:
    trainer = session.trainer
    dataset, network = trainer.dataset, trainer.network
    names = layer_names(len(network.layers))
    return Opened(
        run=number,
        scenario=_settled(session.initial, network),
        task=dataset.task,
        quality=trainer.quality_name,
        layers=tuple(
            LayerShape(
                name=name,
                inputs=layer.inputs,
                units=layer.units,
                activation=(layer.activation or network.output).name,
                can_die=layer.activation is not None and layer.activation.can_die,
            )
            for name, layer in zip(names, network.layers, strict=True)
        ),
        parameters=network.parameters.size,
        feature_names=dataset.feature_names,
        class_names=dataset.class_names,
        target_names=dataset.target_names,
        train_samples=len(dataset.train),
        test_samples=len(dataset.test),
        columns=session.history.columns,
        points=raw.points() if raw else None,
        image_shape=dataset.image_shape,
        lanes=trainer.lane_names if isinstance(trainer, RacingTrainer) else (),
    )


def _settled(scenario: Scenario, network: Network) -> Scenario:
    """With what `auto` stands for."""
    return structs.replace(
        scenario,
        network=structs.replace(scenario.network, output=network.output.name),
        training=structs.replace(scenario.training, loss=network.loss.name),
    )
