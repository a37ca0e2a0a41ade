"""A run made ready: its data, its session, and what the app is told about it once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from msgspec import structs

from nn_tui.data.dataset import Dataset, Examples
from nn_tui.engine.network import Network
from nn_tui.engine.probes import layer_names
from nn_tui.scenario.kinds import DEFAULT_FEATURES, KINDS
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.loading import load_dataset
from nn_tui.training.messages import LayerShape, Opened, Points
from nn_tui.training.observing.packing import floats
from nn_tui.training.observing.plane import Plane
from nn_tui.training.recording import Row
from nn_tui.training.session import Session
from nn_tui.training.trainer import Trainer

MOST_TRAIN_POINTS = 1_000
MOST_TEST_POINTS = 500


@dataclass(frozen=True)
class RawExamples:
    """Examples of one or two raw inputs, before feature map and scaling: inputs (n, 1 or 2), targets (n,)."""

    train: Examples
    test: Examples

    def plane(self, dataset: Dataset) -> Plane:
        """Where they lie."""
        inputs = np.concatenate((self.train.inputs, self.test.inputs))
        return Plane(dataset, inputs, np.concatenate((self.train.targets, self.test.targets)))

    def points(self) -> Points:
        """Those that are drawn."""
        train = Examples(self.train.inputs[:MOST_TRAIN_POINTS], self.train.targets[:MOST_TRAIN_POINTS])
        test = Examples(self.test.inputs[:MOST_TEST_POINTS], self.test.targets[:MOST_TEST_POINTS])
        return Points(
            dimensions=train.inputs.shape[1],
            coordinates=floats(np.concatenate((train.inputs, test.inputs))),
            targets=floats(np.concatenate((train.targets, test.targets))),
            train=len(train),
        )


def raw_examples(scenario: Scenario, dataset: Dataset) -> RawExamples | None:
    """The examples before feature map and scaling, in the data set's order; None for more than two raw inputs."""
    if dataset.features is not None:
        # A feature map cannot be undone, but the same data can be made once more without one.
        coordinates = DEFAULT_FEATURES[KINDS[scenario.data.kind].inputs]
        data = structs.replace(scenario.data, features=coordinates, scaling="none")
        plain = load_dataset(structs.replace(scenario, data=data))
        return RawExamples(plain.train, plain.test)
    if len(dataset.feature_names) > 2:
        return None
    return RawExamples(_raw(dataset, dataset.train), _raw(dataset, dataset.test))


def _raw(dataset: Dataset, part: Examples) -> Examples:
    targets = dataset.target_scaling.undo(part.targets[:, np.newaxis])[:, 0]
    return Examples(dataset.input_scaling.undo(part.inputs), targets)


@dataclass(frozen=True)
class Run:
    """A run the worker has open.

    Attributes:
        number: the app's number for it.
        session: the run itself, rewindable.
        plane: where data of one or two raw inputs lie; None for others.
        opened: what the app is told.
    """

    number: int
    session: Session
    plane: Plane | None
    opened: Opened


def open_run(number: int, scenario: Scenario, on_row: Callable[[Row], None]) -> Run:
    """A run at its first step.

    Args:
        number: the app's number for it.
        scenario: checked here once more, since it came from another process.
        on_row: as in `Session`.

    Raises:
        ScenarioError: for a scenario that cannot be run.
    """
    scenario = from_mapping(to_mapping(scenario))
    dataset = load_dataset(scenario)
    session = Session(Trainer(scenario, dataset), on_row=on_row, rewindable=True)
    raw = raw_examples(scenario, dataset)
    return Run(number, session, raw.plane(dataset) if raw else None, _opened(number, session, raw))


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
        target_name=dataset.target_name,
        train_samples=len(dataset.train),
        test_samples=len(dataset.test),
        columns=session.history.columns,
        points=raw.points() if raw else None,
    )


def _settled(scenario: Scenario, network: Network) -> Scenario:
    """With what `auto` stands for."""
    return structs.replace(
        scenario,
        network=structs.replace(scenario.network, output=network.output.name),
        training=structs.replace(scenario.training, loss=network.loss.name),
    )
