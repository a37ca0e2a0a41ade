"""What a diagnosis rests on: the recorded history and a look at the weights, as plain arrays."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.network import Network
from nn_tui.engine.probes import layer_names
from nn_tui.floats import Floats
from nn_tui.numerals import fixed_point, numeral
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.baselines import Baseline, baselines
from nn_tui.training.diagnosis.finding import LEAST_ROWS
from nn_tui.training.run.choosing import choice_of, only_answer, quality
from nn_tui.training.run.history import History, Overview
from nn_tui.training.run.problems.network_lane import NetworkLane
from nn_tui.training.run.session import Session
from nn_tui.training.run.state import DivergedError
from nn_tui.wording import metric_name

FLAT = 0.005

_MOST_STRETCHES = 200

LEARNED = 0.85
"""The share of what the best simple method learns from which on a net has learned its task, and what would be alarming
before is not."""


@dataclass(frozen=True)
class LayerFacts:
    """A layer: "layer 1", …, "output"; its activation is the output function for the last one."""

    name: str
    units: int
    activation: str
    symmetric: bool


@dataclass(frozen=True)
class Balance:
    """How a net stands with rare classes.

    Attributes:
        train, test: balanced accuracy as it is now; NaN on a test set that there is not.
        only: the class it takes every training example for; "" where it tells several apart.
        share: of the training examples that are of this class.
    """

    train: float
    test: float
    only: str = ""
    share: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """A run as far as it went.

    Attributes:
        scenario: as changed so far.
        loss, output: in force, with `auto` settled.
        status: "running", "finished", "diverged" or "interrupted".
        divergence: what ended a diverged run.
        quality_name: "accuracy" or "r2".
        ignorant, allowed: what the largest class or the mean reaches, and the best simple method, by the metric that
            chooses.
        balance: of the net as it stands, where rare classes call for it; else None.
        layers: hidden layers and the output layer.
        recent: the rows still kept exactly, column by column.
        whole: rows evenly spread over the whole run, the first and the last among them, column by column.
        low, high: the extremes of what was recorded since the one before each, column by column.
        lowest_test: the step and the value of the lowest test loss of all that was recorded; NaN without a test set.
    """

    scenario: Scenario
    loss: str
    output: str
    status: str
    divergence: DivergedError | None
    quality_name: str
    ignorant: float
    allowed: float
    balance: Balance | None
    layers: tuple[LayerFacts, ...]
    recent: Mapping[str, Floats]
    whole: Mapping[str, Floats]
    low: Mapping[str, Floats]
    high: Mapping[str, Floats]
    lowest_test: tuple[float, float]

    @property
    def hidden(self) -> tuple[LayerFacts, ...]:
        """The hidden layers."""
        return self.layers[:-1]

    @property
    def rows(self) -> int:
        """How many points the whole-run columns have."""
        return len(self.whole["step"])

    @property
    def last_step(self) -> int:
        """The last recorded step."""
        return int(self.recent["step"][-1])

    def late(self, column: str) -> Floats:
        """The last quarter of a column over the whole run, at least five rows where there are as many, finite ones."""
        values = self.whole[column]
        values = values[-max(5, len(values) // 4) :]
        return values[np.isfinite(values)]

    def typical(self, column: str) -> float:
        """The median of `late`; NaN where nothing finite was recorded."""
        values = self.late(column)
        return float(np.median(values)) if len(values) else float("nan")

    def since(self, condition: NDArray[np.bool_]) -> int:
        """The step from which on a condition, one entry a whole-run row, has held without a break; else the last."""
        return _since(self.whole["step"], condition)

    def since_at_least(self, column: str, least: float) -> int:
        """The step from which on a column has been at least so much: of all rows, while all are kept exactly."""
        rows = self.recent if self.recent["step"][0] == self.whole["step"][0] else self.whole
        return _since(rows["step"], rows[column] >= least)

    @property
    def quality(self) -> float:
        """Accuracy or R² on the training set, typical of the last quarter; balanced accuracy as it is now."""
        return self.typical(f"train.{self.quality_name}") if self.balance is None else self.balance.train

    @property
    def tested_quality(self) -> float:
        """The same on the test set."""
        return self.typical(f"test.{self.quality_name}") if self.balance is None else self.balance.test

    @property
    def said_quality(self) -> str:
        """`quality` in words."""
        name = self.quality_name if self.balance is None else "balanced_accuracy"
        if not math.isfinite(self.quality):
            return f"{metric_name(name)} cannot be told"
        value = fixed_point(self.quality, 2) if abs(self.quality) < 100.0 else numeral(self.quality, 2)
        return f"{metric_name(name)} is {value}"

    @property
    def blocked(self) -> bool:
        """Whether all units of a hidden layer are dead, so that no gradient passes it."""
        return any(self.recent[f"{layer.name}.dead_units"][-1] >= layer.units for layer in self.hidden)

    @property
    def learned(self) -> bool:
        """Whether the net has learned about as much of the training set as simple methods do of these data."""
        if self.ignorant == self.allowed:
            return self.quality > self.ignorant
        return self.quality >= self.ignorant + LEARNED * (self.allowed - self.ignorant)

    @property
    def first_loss(self) -> float:
        """Training loss of the first row."""
        return float(self.whole["train.loss"][0])

    @property
    def untrained_loss(self) -> float:
        """The training loss of a net that knows nothing, or of the first row where that is lower."""
        ignorant = float("inf")
        if self.quality_name == "r2" and self.loss == "mse" and self.quality < 1.0:
            # R² = 1 − loss / loss of the mean
            ignorant = self.typical("train.loss") / (1.0 - self.quality)
        elif LOSSES[self.loss].of_classes:
            ignorant = LOSSES[self.loss].of_guessing(self.layers[-1].units)
        return min(self.first_loss, ignorant)

    @property
    def enough(self) -> bool:
        """Whether there is enough of a run to judge its course."""
        return self.rows >= LEAST_ROWS

    @property
    def well_under_way(self) -> bool:
        """Whether a tenth of the run's epochs is behind it, or it has ended."""
        return self.status != "running" or float(self.whole["epoch"][-1]) >= 0.1 * self.scenario.training.epochs

    @property
    def flat(self) -> bool:
        """Whether the training loss has stopped moving: the last quarter's halves differ by less than `FLAT`."""
        late = self.late("train.loss")
        if not self.enough or not self.well_under_way or len(late) < 4:
            return False
        half = len(late) // 2
        before, after = float(np.median(late[:half])), float(np.median(late[half:]))
        return abs(after - before) <= FLAT * max(abs(before), 1e-12)


def _since(steps: Floats, condition: NDArray[np.bool_]) -> int:
    broken = np.flatnonzero(~condition)
    first = int(broken[-1]) + 1 if len(broken) else 0
    return int(steps[min(first, len(steps) - 1)])


def gather(session: Session[NetworkLane], number: int = 0) -> Evidence:
    """The evidence of a session as it stands.

    Args:
        session: with the rows of every lane.
        number: which lane, counted from 0.
    """
    lane, history = session.trainer.lanes[number], (session.history, *session.history.beside)[number]
    network = lane.network
    rows, overviews = _own_way(lane, history)
    starts = _stretches(overviews["step"])
    last = np.append(starts[1:], len(overviews["step"].step)) - 1
    lowest, best = _simple_methods(lane)
    return Evidence(
        scenario=lane.scenario,
        loss=network.loss.name,
        output=network.output.name,
        status="diverged" if lane.divergence else str(session.status),
        divergence=lane.divergence or session.divergence,
        quality_name=lane.quality_name,
        ignorant=lowest.value,
        allowed=max(lowest.value, best.value),
        balance=_balance(lane) if choice_of(lane.dataset).metric == "balanced_accuracy" else None,
        layers=_facts(network),
        recent={name: rows[:, number] for number, name in enumerate(history.columns)},
        whole={name: np.append(view.first[:1], view.last[last[1:]]) for name, view in overviews.items()},
        low={name: np.fmin.reduceat(view.minimum, starts) for name, view in overviews.items()},
        high={name: np.fmax.reduceat(view.maximum, starts) for name, view in overviews.items()},
        lowest_test=_lowest(overviews["test.loss"]),
    )


def _lowest(column: Overview) -> tuple[float, float]:
    """The step and the value of a column's minimum, the first where it came more than once."""
    if np.isnan(column.minimum).all():
        return math.nan, math.nan
    at = np.nanargmin(column.minimum)
    return float(column.minimum_step[at]), float(column.minimum[at])


def _own_way(lane: NetworkLane, history: History) -> tuple[Floats, dict[str, Overview]]:
    """The rows as far as the lane came itself: of the first of a race there are more once it has diverged."""
    rows, steps = history.recent(), history.overview("step").step
    own = int(np.searchsorted(steps, lane.taken, side="right"))
    views = {column: history.overview(column).first_buckets(own) for column in history.columns}
    return rows[rows[:, 0] <= lane.taken], views


def _balance(lane: NetworkLane) -> Balance:
    network, dataset = lane.network, lane.dataset
    only = only_answer(network, dataset, "train")
    return Balance(
        train=quality(network, dataset, "train", "balanced_accuracy"),
        test=quality(network, dataset, "test", "balanced_accuracy") if len(dataset.test) else math.nan,
        only="" if only is None else dataset.class_names[only],
        share=0.0 if only is None else float(np.mean(dataset.train.targets == only)),
    )


_SIMPLE: WeakKeyDictionary[Dataset, tuple[Baseline, Baseline]] = WeakKeyDictionary()
"""What simple methods make of each run's data, worked out once; equal data of several runs are one and the same."""


def _simple_methods(lane: NetworkLane) -> tuple[Baseline, Baseline]:
    """The one that knows nothing, and the best."""
    dataset = lane.dataset
    if dataset not in _SIMPLE:
        found = baselines(dataset, lane.scenario.training.seed)
        _SIMPLE[dataset] = found[0], max(found, key=lambda entry: entry.value)
    return _SIMPLE[dataset]


def _stretches(steps: Overview) -> NDArray[np.intp]:
    """Where stretches of equal length begin among the buckets: the first row by itself, then each with a row at least.

    Rows come thick at the start of a run; what is judged by its course needs them evenly.
    """
    taken = steps.last_step
    if len(taken) < 2:
        return np.zeros(len(taken), np.intp)
    length = max(float(np.diff(taken).max()), (taken[-1] - taken[0]) / _MOST_STRETCHES)
    stretch = np.ceil((taken - taken[0]) / length)
    return np.flatnonzero(np.append(True, np.diff(stretch) > 0))


def _facts(network: Network) -> tuple[LayerFacts, ...]:
    return tuple(
        LayerFacts(
            name=name,
            units=layer.units,
            activation=layer.activation.name if layer.activation else network.output.name,
            symmetric=layer.units > 1 and bool((layer.augmented == layer.augmented[0]).all()),
        )
        for name, layer in zip(layer_names(len(network.layers)), network.layers, strict=True)
    )
