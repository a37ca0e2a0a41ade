"""Points on a surface, one an optimizer, each going down in its own way from the same start.

What a network is to `Trainer` a point is to a descent: the same optimizers, schedule, clipping, timeline and history
serve both. A surface has no examples, so that every step is an epoch.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.clipping import clip_norm, clip_value
from nn_tui.engine.optimizers import OPTIMIZERS, Optimizer
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.engine.surfaces import SURFACES, SurfaceObjective
from nn_tui.scenario import schema
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.lanes import lane_names
from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.training.run.recording import NAN, Row
from nn_tui.training.run.row_plan import RowPlan, surface_plan
from nn_tui.training.run.session import Course
from nn_tui.training.run.state import DivergedError, LaneState, StateError, TrainerState
from nn_tui.training.run.work import surface_work

LANE_COLUMNS = ("loss", "x", "y", "gradient_norm")


@dataclass(frozen=True)
class LanePoint:
    """Where one optimizer's point is.

    Attributes:
        name: of the lane.
        loss: the surface's height there.
        x, y: its coordinates.
        gradient_norm: of the exact gradient there.
    """

    name: str
    loss: float
    x: float
    y: float
    gradient_norm: float


@dataclass(frozen=True)
class DescentRow:
    """Where every point is after a step.

    Attributes:
        step: steps taken, which are the epochs, too.
        lr: the first lane's rate of the step to come.
        lanes: every lane's point.
    """

    step: int
    lr: float
    lanes: Sequence[LanePoint]

    def flat(self) -> list[float]:
        """Its numbers in the order of the columns."""
        row = [float(self.step), float(self.step), self.lr, self.lanes[0].loss]
        return row + [getattr(lane, name) for lane in self.lanes for name in LANE_COLUMNS]

    def nested(self) -> dict[str, Any]:
        """As JSON objects."""
        lanes = [{"name": lane.name, **{name: getattr(lane, name) for name in LANE_COLUMNS}} for lane in self.lanes]
        return {"step": self.step, "epoch": self.step, "lr": self.lr, "race": lanes}


class WatchedStep(NamedTuple):
    """The symbols of the optimizer's formula before a step, for x and for y, and the coordinates then."""

    terms: tuple[dict[str, float], dict[str, float]]
    before: tuple[float, float]


class Lane:
    """One point and its optimizer.

    Attributes:
        name: of the lane.
        rule: the optimizer as the scenario has it.
        objective: the point on the surface, with the gradient of its last step.
        optimizer: what moves it.
        diverged_at: the step it could not take; None while it runs.
        watched: its last watched step, or None.
    """

    def __init__(self, name: str, rule: schema.Optimizer, objective: SurfaceObjective) -> None:
        self.name = name
        self.objective = objective
        self.diverged_at: int | None = None
        self.follow(rule)

    def follow(self, rule: schema.Optimizer) -> None:
        """Goes on by this rule, with fresh state."""
        self.rule = rule
        self.watched: WatchedStep | None = None
        self.optimizer: Optimizer = OPTIMIZERS[rule.name](
            self.objective.parameters, self.objective.gradient, dict(rule.settings)
        )

    def point(self) -> LanePoint:
        """Where it is."""
        surface = self.objective.surface
        x, y = self.objective.parameters.astype(np.float64)
        height, slope = surface.function(x, y), surface.gradient(x, y)
        return LanePoint(self.name, float(height), float(x), float(y), float(np.hypot(*slope)))


class Descent:
    """A runner on a surface; see `Runner`.

    Attributes:
        scenario: as changed so far.
        lanes: every optimizer's point, the first of them the run's own.
        steps, epoch: steps taken.
        position: 0.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        data, seed = scenario.data, scenario.training.seed
        assert data.function is not None
        assert data.start is not None
        self.surface = SURFACES[data.function]
        rules = scenario.training.race or (scenario.training.optimizer,)
        self.lanes = [
            Lane(
                name,
                rule,
                SurfaceObjective(
                    self.surface, data.start, dtype=scenario.training.dtype, noise=data.noise or 0.0, seed=seed
                ),
            )
            for name, rule in zip(lane_names(scenario.training), rules, strict=True)
        ]
        self.steps = self.epoch = self.position = 0
        self._configure()

    def step(self, watch: bool = False) -> float:
        """Takes one step in every lane that has not diverged; returns the first lane's height before it.

        Raises:
            DivergedError: when no lane is left that can go on.
        """
        heights: list[float] = []
        lost: dict[int, DivergedError] = {}
        with np.errstate(all="ignore"):
            for number, lane in enumerate(self.lanes):
                if lane.diverged_at is not None:
                    heights.append(NAN)
                    continue
                height = lane.objective.loss_and_gradient(self.steps)
                heights.append(height)
                norm = math.sqrt(float(lane.objective.gradient.dot(lane.objective.gradient)))
                if not (math.isfinite(height) and math.isfinite(norm)):
                    quantity = "gradient" if math.isfinite(height) else "height"
                    lost[number] = DivergedError(self.steps + 1, "the surface", quantity)
                    continue
                self._move(lane, norm, watch)
        if len(lost) and all(number in lost or lane.diverged_at is not None for number, lane in enumerate(self.lanes)):
            raise next(iter(lost.values()))
        for number in lost:
            self.lanes[number].diverged_at = self.steps + 1
        self.steps += 1
        self.epoch += 1
        return heights[0]

    def _move(self, lane: Lane, norm: float, watch: bool) -> None:
        clip, gradient = self.scenario.training.clip, lane.objective.gradient
        if clip.norm:
            clip_norm(gradient, clip.norm, norm)
        if clip.value:
            clip_value(gradient, clip.value)
        rate = self.rate(lane)
        if watch:
            x, y = lane.objective.parameters.tolist()
            lane.watched = WatchedStep((lane.optimizer.terms(0, rate), lane.optimizer.terms(1, rate)), (x, y))
        lane.optimizer.step(rate)

    def rate(self, lane: Lane) -> float:
        """A lane's rate of the next step."""
        if self._schedule is None:
            return lane.rule.lr
        return lane.rule.lr * self._schedule.factor(self.epoch, self.scenario.training.epochs)

    @property
    def row_plan(self) -> RowPlan:
        """After which steps rows are due: at first after every one."""
        return surface_plan(surface_work())

    # -- looking -------------------------------------------------------------------------------------------------

    @property
    def learning_rate(self) -> float:
        """The first lane's rate of the next step."""
        return self.rate(self.lanes[0])

    @property
    def steps_per_epoch(self) -> int:
        """One: a surface has no examples to go through."""
        return 1

    @property
    def progress(self) -> float:
        """Epochs done."""
        return float(self.epoch)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what a row holds: `train.loss` is the first lane's height, `race.adam.x` a lane's coordinate."""
        own = [f"race.{lane.name}.{name}" for lane in self.lanes for name in LANE_COLUMNS]
        return ("step", "epoch", "lr", "train.loss", *own)

    @property
    def vectors(self) -> tuple[Array, ...]:
        """Every lane's coordinates."""
        return tuple(lane.objective.parameters for lane in self.lanes)

    def row(self, quick: bool = False) -> Row:  # noqa: ARG002
        """Where every point is."""
        with np.errstate(all="ignore"):
            return DescentRow(self.steps, self.learning_rate, [lane.point() for lane in self.lanes])

    def recalled(self, values: Sequence[float]) -> Row:
        """The row whose numbers, in the order of the columns, these are."""
        size = len(LANE_COLUMNS)
        points = [
            LanePoint(lane.name, *values[4 + size * number : 4 + size * (number + 1)])
            for number, lane in enumerate(self.lanes)
        ]
        return DescentRow(int(values[0]), values[2], points)

    # -- changing, going back ------------------------------------------------------------------------------------

    def change(self, scenario: Scenario) -> None:
        """Applies what differs from the present scenario in its live fields; the optimizer's, to the first lane.

        Raises:
            ScenarioError: for a change that only a new run can take; nothing has changed then.
        """
        old, new = self.scenario, scenario
        fixed = (new.data, new.training.seed, new.training.dtype, new.training.race[1:])
        if fixed != (old.data, old.training.seed, old.training.dtype, old.training.race[1:]):
            raise ScenarioError(
                "data, seed, dtype and the race's other optimizers apply on reset, not to a running one"
            )
        self.scenario = scenario
        first, rule = self.lanes[0], scenario.training.optimizer
        if rule.name != first.rule.name:
            first.follow(rule)
        first.rule = rule
        self._configure()

    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """Refuses: a point on a surface has no weights.

        Raises:
            ScenarioError: if there are any.
        """
        if weights:
            raise ScenarioError("a surface has no weights")

    def _configure(self) -> None:
        training = self.scenario.training
        schedule = training.schedule
        self._schedule = None if schedule.name == "constant" else SCHEDULES[schedule.name](**schedule.settings)
        samples = {"batch": math.inf, "mini-batch": float(training.batch_size), "stochastic": 1.0}[training.mode]
        for lane in self.lanes:
            lane.optimizer.configure(dict(lane.rule.settings))
            # A mean over n samples spreads √n times less than one sample does.
            lane.objective.noise = (self.scenario.data.noise or 0.0) / math.sqrt(samples)

    def state(self) -> TrainerState:
        """A copy of all it takes to go on from here."""
        first, *rest = (
            LaneState(
                lane.objective.parameters.copy(),
                lane.optimizer.steps,
                {name: vector.copy() for name, vector in lane.optimizer.state.items()},
                lane.diverged_at,
            )
            for lane in self.lanes
        )
        return TrainerState(
            scenario=self.scenario,
            steps=self.steps,
            epoch=self.epoch,
            position=0,
            pass_start=self.steps,
            parameters=first.parameters,
            optimizer_steps=first.optimizer_steps,
            optimizer_state=first.optimizer_state,
            diverged_at=first.diverged_at,
            rivals=tuple(rest),
        )

    def restore(self, state: TrainerState) -> None:
        """Goes to a state of this run.

        Raises:
            StateError: for one of another race.
        """
        if len(state.rivals) + 1 != len(self.lanes):
            raise StateError(f"{len(state.rivals) + 1} lanes, where the race has {len(self.lanes)}")
        self.scenario = state.scenario
        self.steps, self.epoch = state.steps, state.epoch
        first = LaneState(state.parameters, state.optimizer_steps, state.optimizer_state, state.diverged_at)
        rules = (state.scenario.training.optimizer, *state.scenario.training.race[1:])
        for lane, rule, saved in zip(self.lanes, rules, (first, *state.rivals), strict=True):
            lane.objective.parameters[:] = saved.parameters
            lane.follow(rule)
            lane.optimizer.steps = saved.optimizer_steps
            for name, vector in saved.optimizer_state.items():
                lane.optimizer.state[name][:] = vector
            lane.diverged_at = saved.diverged_at
        self._configure()


class SurfaceSession(Course[Descent]):
    """Drives points over a surface, through a scenario."""


def is_on_surface(scenario: Scenario) -> bool:
    """Whether a scenario is a descent instead of a network's training."""
    return scenario.data.function is not None
