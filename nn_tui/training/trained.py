"""What a run leaves besides its record: a network and its data, or a point on a surface, which is neither."""

from abc import ABC, abstractmethod
from functools import singledispatch
from typing import Any

from nn_tui.data.dataset import Dataset
from nn_tui.engine.modes import MODES
from nn_tui.training.files.model import Model, model_of
from nn_tui.training.run.choosing import choice_of
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.session import Session

_ONLY_A_POINT = "a surface has no network and no data: a point moves on it"


class Trained(ABC):
    """What was trained.

    Attributes:
        chosen_by: the metric that runs of this kind are compared by.
        work_of_a_step: how many steps of a small network one of this run takes.
    """

    chosen_by: str = "train.loss"
    work_of_a_step: float = 1.0

    @property
    @abstractmethod
    def model(self) -> Model:
        """The network with all it takes to use it, and to go on training.

        Raises:
            ValueError: of a point on a surface.
        """

    @property
    @abstractmethod
    def dataset(self) -> Dataset:
        """The examples, and how raw inputs become the network's.

        Raises:
            ValueError: of a point on a surface.
        """


class TrainedPoint(Trained):
    """A point on a surface, at its place."""

    @property
    def model(self) -> Model:
        """There is none."""
        raise ValueError(_ONLY_A_POINT)

    @property
    def dataset(self) -> Dataset:
        """There is none."""
        raise ValueError(_ONLY_A_POINT)


class TrainedNetwork(Trained):
    """A network, at its last parameters."""

    def __init__(self, model: Model, dataset: Dataset) -> None:
        self._model, self._dataset = model, dataset
        choice, training = choice_of(dataset), model.scenario.training
        batch = MODES[training.mode].size(training.batch_size, len(dataset.train))
        self.chosen_by = f"{choice.part}.{choice.metric}"
        self.work_of_a_step = 1.0 + model.network.parameters.size * (3.0 * batch + 75.0) / 1.2e6

    @property
    def model(self) -> Model:
        """The network with all it takes to use it, and to go on training."""
        return self._model

    @property
    def dataset(self) -> Dataset:
        """The examples, and how raw inputs become the network's."""
        return self._dataset


def trained_of(session: Session[Any], start: str) -> Trained:
    """What a run has trained.

    Args:
        session: of the run, at its end.
        start: as in `Model`.
    """
    return _trained_of(session.trainer.lead, session, start)


@singledispatch
def _trained_of(_lane: Lane, _session: Session[Any], _start: str) -> Trained:
    return TrainedPoint()


@_trained_of.register
def _(lane: NetworkLane, session: Session[Any], start: str) -> Trained:
    return TrainedNetwork(model_of(session, start), lane.dataset)
