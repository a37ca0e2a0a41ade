"""One variant of a scenario, run and scored: what trials and sweeps are made of."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from nn_tui.data.dataset import Dataset
from nn_tui.engine.modes import MODES
from nn_tui.scenario.schema import Scenario
from nn_tui.training.run.choosing import ChoosingMetric, choice_of, quality
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.session import Session, Status, Stop
from nn_tui.training.run.trainer import Unrecorded
from nn_tui.training.run.work import pass_work, step_work

LOOKS = 8
"""How often a variant is scored on its way."""

_MOST_KEPT = 8


class VariantLook(NamedTuple):
    """How good a variant was after a step.

    Attributes:
        step: steps taken.
        chosen, train: the metric that chooses, on the set that chooses and on the training set.
        chosen_loss, train_loss: the loss on either.
    """

    step: int
    chosen: float
    train: float
    chosen_loss: float
    train_loss: float


@dataclass(frozen=True)
class Outcome:
    """What a variant came to.

    Attributes:
        status: "finished", "diverged", or "stopped" where it was given up as hopeless.
        steps: taken.
        work: what it cost, in seconds of a free core.
        looks: on its way and at its end; after the last look of a run that diverged, nothing counts.
    """

    status: str
    steps: int
    work: float
    looks: tuple[VariantLook, ...]

    @property
    def chosen(self) -> float:
        """The metric that chooses at the end; -inf where it diverged."""
        return self.looks[-1].chosen if self.status != "diverged" else -math.inf

    @property
    def train(self) -> float:
        """The same metric on the training set; -inf where it diverged."""
        return self.looks[-1].train if self.status != "diverged" else -math.inf


class DataSets:
    """The data sets that were last asked for, so that many variants of one scenario read them once."""

    def __init__(self) -> None:
        self._kept: dict[object, Dataset] = {}

    def of(self, scenario: Scenario) -> Dataset:
        """The scenario's data set.

        Raises:
            ScenarioError: for data that cannot be read.
        """
        key = (repr(scenario.data), scenario.training.seed, scenario.training.dtype)
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = load_dataset(scenario)
        return self._kept[key]


def planned_seconds(scenario: Scenario, examples: int, inputs: int, outputs: int, stop: Stop | None = None) -> float:
    """The work of a whole run that does not diverge, so that the same budget holds the same trials everywhere.

    Args:
        scenario: trains a network.
        examples, inputs, outputs: sizes of the training set and of the network's ends.
        stop: ends it before the scenario does.
    """
    training, stop = scenario.training, stop or Stop()
    mode = MODES[training.mode]
    epochs = training.epochs if stop.epochs is None else min(training.epochs, stop.epochs)
    size, steps = mode.size(training.batch_size, examples), mode.steps(training.batch_size, examples) * epochs
    steps = min([steps, *(limit for limit in (training.steps, stop.steps) if limit is not None)])
    return steps * step_work([inputs, *(layer.units for layer in scenario.network.hidden), outputs], size, 2)


def run_variant(
    scenario: Scenario, *, data_sets: DataSets | None = None, stop: Stop | None = None, bar: float | None = None
) -> Outcome:
    """Runs a scenario of a network to its end, timeline included, without rows, and scores it on its way.

    Args:
        scenario: without a race.
        data_sets: to read data from; fresh ones if left out.
        stop: ends the run before the scenario does.
        bar: what the metric that chooses has to reach. A variant that is below it half-way and has gained next to
            nothing since a quarter of the way is given up.

    Raises:
        ScenarioError: where the scenario does not suit its data.
    """
    dataset = (data_sets or DataSets()).of(scenario)
    trainer = Unrecorded(scenario, NetworkProblem(dataset))
    lane = trainer.lead
    lane.explains = False
    choice = choice_of(dataset)
    session = Session(trainer, stop=stop)
    scored = len(lane.train) + (len(getattr(dataset, choice.part)) if choice.held_out else 0)
    look_work = pass_work(lane.sizes, scored)
    looks, work, hopeless = [_look(lane, choice)], look_work, False
    in_force, cost = trainer.scenario, lane.step_work
    while session.status is Status.RUNNING and not hopeless:
        work += cost
        session.advance()
        if trainer.scenario is not in_force:
            in_force, cost = trainer.scenario, lane.step_work
        if session.share_done * LOOKS >= len(looks) and session.status is Status.RUNNING:
            looks.append(_look(lane, choice))
            work += look_work
            hopeless = bar is not None and len(looks) == LOOKS // 2 + 1 and _is_hopeless(looks, bar)
    if not hopeless:
        looks.append(_look(lane, choice))
        work += look_work
    return Outcome("stopped" if hopeless else str(session.status), trainer.steps, work, tuple(looks))


_NEXT_TO_NOTHING = 0.02


def _is_hopeless(looks: list[VariantLook], bar: float) -> bool:
    half, quarter = looks[-1], looks[len(looks) // 2]
    gained = max(half.chosen - quarter.chosen, half.train - quarter.train)
    return half.chosen < bar and not gained > _NEXT_TO_NOTHING


def _look(lane: NetworkLane, choice: ChoosingMetric) -> VariantLook:
    train, train_loss = _scored(lane, "train", choice.metric)
    chosen, chosen_loss = _scored(lane, choice.part, choice.metric) if choice.held_out else (train, train_loss)
    return VariantLook(lane.steps, chosen, train, chosen_loss, train_loss)


def _scored(lane: NetworkLane, part: str, metric: str) -> tuple[float, float]:
    """The metric and the loss on a set."""
    score = lane.score(part)
    assert score is not None
    if not math.isfinite(score.loss):
        return math.nan, score.loss
    own = metric == lane.quality_name
    return score.quality if own else quality(lane.network, lane.dataset, part, metric), score.loss
