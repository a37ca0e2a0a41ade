"""One variant of a scenario on its problem: takes steps down an objective, changes, goes back."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from nn_tui.engine.arrays import Array
from nn_tui.engine.clipping import clip_norm, clip_value
from nn_tui.engine.objective import Objective
from nn_tui.engine.optimizers import OPTIMIZERS, Optimizer
from nn_tui.engine.probes import LayerProbe
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.scenario.lanes import LaneEntry
from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.training.run.data_summary import DataSummary
from nn_tui.training.run.row_plan import RowPlan
from nn_tui.training.run.rows import LeadRow
from nn_tui.training.run.state import DivergedError, LaneState, StateError
from nn_tui.training.run.work import Work


class Lane(ABC):
    """Takes steps. Knows no clock and no other lane, records nothing.

    Attributes:
        name: what its columns and results go by.
        title: what it is called beside other lanes; empty where it is the only one.
        key: what the keys of its optimizer begin with.
        scenario: its own, as changed so far.
        objective: what it goes down, at the present parameters.
        optimizer: what moves it.
        steps: steps taken.
        epoch: passes completed.
        position: steps taken in the present pass.
        steps_per_epoch: steps of a pass, in the present mode.
        divergence: why it goes no further, in a race that goes on without it; else None.
        has_stopped: whether it ended before its scenario did, for want of gain.
        explains: whether watched steps keep what the optimizer's formula was about.
    """

    def __init__(self, entry: LaneEntry, scenario: Scenario, objective: Objective[Any]) -> None:
        self.name, self.title, self.key, _ = entry
        self.scenario = scenario
        self.objective = objective
        self.steps = self.epoch = self.position = 0
        self.steps_per_epoch = 1
        self.divergence: DivergedError | None = None
        self.has_stopped = False
        self.explains = True
        self._pass_start = 0
        self.optimizer = self._fresh_optimizer()
        self._configure()
        self._begin_pass()

    # -- steps ---------------------------------------------------------------------------------------------------

    def step(self, watch: bool = False) -> float:
        """Takes one step.

        Args:
            watch: keep what a row needs to tell the step's gradient and update.

        Returns:
            The loss of the step's batch, before the step.

        Raises:
            DivergedError: when loss or gradient are not finite; nothing has changed then.
        """
        objective = self.objective
        self._forget_watched()
        with np.errstate(all="ignore"):
            batch = self._batch()
            if watch or self._clips:
                loss, pieces = objective.loss_and_gradient(batch), None
            else:
                loss, pieces = objective.loss_and_pieces(batch)
            if pieces is None:
                self._look_at_gradient(batch, loss, watch)
            self._settle(batch)
            self.optimizer.step(self.learning_rate, pieces)
        self.stand_by()
        return loss

    def _look_at_gradient(self, batch: Any, loss: float, watch: bool) -> None:
        """Refuses one that is not finite, keeps what is watched, clips; the whole gradient is there."""
        gradient = self.objective.gradient
        square = float(gradient.dot(gradient))
        if not (math.isfinite(loss) and math.isfinite(square)):
            raise self._diverged(batch, loss)
        if watch:
            self._watch()
        if self._clips:
            self._clip(math.sqrt(square))
        if watch and self.explains:
            self._explain()

    def _settle(self, batch: Any) -> None:  # noqa: B027
        """Moves what else moves with a step that is taken, but for the parameters."""

    @property
    def vectors(self) -> tuple[Array, ...]:
        """What a digest is of."""
        return (self.objective.parameters,)

    @property
    def diverged_at(self) -> int | None:
        """The step it could not take; None while it runs."""
        return self.divergence.step if self.divergence else None

    @property
    def taken(self) -> int:
        """The steps that its parameters are of: of a lane that has diverged, those before."""
        return self.divergence.step - 1 if self.divergence else self.steps

    def stand_by(self) -> None:
        """Counts a step, by itself without taking it: what a lane does that has diverged."""
        self.steps += 1
        self.position += 1
        if self.position == self.steps_per_epoch:
            self.epoch += 1
            self._end_pass()
            self._begin_pass()
        elif self.steps == self._last_step:
            self.finish()

    def _end_pass(self) -> None:  # noqa: B027
        """Does what is done at the end of every epoch."""

    def finish(self) -> None:  # noqa: B027
        """Does what is done where it ends within an epoch."""

    def _clip(self, norm: float) -> None:
        clip = self.scenario.training.clip
        if clip.norm:
            clip_norm(self.objective.gradient, clip.norm, norm)
        if clip.value:
            clip_value(self.objective.gradient, clip.value)

    def _begin_pass(self) -> None:
        self.position = 0
        self._pass_start = self.steps
        self._open_pass()

    @abstractmethod
    def _open_pass(self) -> None:
        """Makes the pass that began at `_pass_start` ready, and sets `steps_per_epoch`."""

    @abstractmethod
    def _batch(self) -> Any:
        """What the step to come is computed from."""

    @abstractmethod
    def _diverged(self, batch: Any, loss: float) -> DivergedError:
        """Why a step could not be taken."""

    @abstractmethod
    def _forget_watched(self) -> None:
        """A step that cannot be taken must not pass off as the one that was watched before."""

    @abstractmethod
    def _watch(self) -> None:
        """Keeps what a row needs of the step, before it is clipped."""

    @abstractmethod
    def _explain(self) -> None:
        """Keeps what the optimizer's formula is about."""

    @property
    def learning_rate(self) -> float:
        """The rate of the next step: the optimizer's, times the schedule's factor."""
        lr = self.scenario.training.optimizer.lr
        if self._schedule is None:
            return lr
        return lr * self._schedule.factor(self.progress, self.scenario.training.epochs)

    @property
    def progress(self) -> float:
        """Epochs done, with the share of the present one."""
        return self.epoch + self.position / self.steps_per_epoch

    @property
    def is_over(self) -> bool:
        """Whether its own scenario ends here, or it has stopped early."""
        return self.would_be_over(self.scenario)

    def would_be_over(self, scenario: Scenario) -> bool:
        """Whether another scenario in force would end here."""
        return ends(scenario, self.steps, self.epoch)

    # -- looking -------------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """Names of what a row holds of it where it is the first lane."""

    @property
    @abstractmethod
    def score_names(self) -> tuple[str, ...]:
        """Names of what a row holds of it as of any lane: `loss` and what else there is."""

    @property
    def course_columns(self) -> tuple[str, ...]:
        """Names of what is kept of it in a history of its own where it is not the first lane: all that a row holds.

        None where its scores, which are in every row, say as much.
        """
        return self.columns

    @abstractmethod
    def row(self, quick: bool) -> LeadRow:
        """What is to be seen of it as the first lane.

        Args:
            quick: where examples are scored, a few of them instead of all.
        """

    @abstractmethod
    def recalled(self, values: Sequence[float]) -> LeadRow:
        """The row whose numbers, in the order of the columns, these are."""

    @abstractmethod
    def scores(self, quick: bool = False) -> dict[str, float]:
        """Its `score_names` with their values on the training set."""

    @abstractmethod
    def loss_on(self, part: str) -> float:
        """The loss on all examples of a set that there is."""

    @abstractmethod
    def results(self) -> dict[str, dict[str, float]]:
        """What it has reached, by part of the data: "train", and "test" where there are such examples."""

    def reached(self) -> dict[str, float]:
        """What it has reached as a lane of a race."""
        return self.scores()

    def early_stop(self) -> dict[str, Any]:
        """`stopped_at`, `best_epoch` and `chosen_on` of a summary; None each where nothing stops it early."""
        return {"stopped_at": None, "best_epoch": None, "chosen_on": None}

    def data_summary(self) -> DataSummary | None:
        """What it learns from, in figures; None where there are no examples."""
        return None

    def probe(self) -> list[LayerProbe]:
        """A look at every layer; none where there are none."""
        return []

    @property
    @abstractmethod
    def work(self) -> Work:
        """What steps and rows cost under the scenario in force."""

    @property
    @abstractmethod
    def row_plan(self) -> RowPlan:
        """After which steps rows are due under the scenario in force."""

    # -- changing ------------------------------------------------------------------------------------------------

    @abstractmethod
    def check(self, scenario: Scenario) -> None:
        """Refuses what only a new run can take.

        Raises:
            ScenarioError: for such a change.
        """

    def change(self, scenario: Scenario) -> None:
        """Applies what differs from the present scenario in its live fields.

        A new optimizer starts with fresh state, a new mode or batch size a fresh pass.
        """
        before, after = self.scenario.training, scenario.training
        self.scenario = scenario
        if after.optimizer.name != before.optimizer.name:
            self.optimizer = self._fresh_optimizer()
            self._forget_watched()
        self._configure()
        if (after.mode, after.batch_size) != (before.mode, before.batch_size):
            self._begin_pass()
        self._foresee_end()

    def _foresee_end(self) -> None:
        """Where a change has moved the end to here or before, the step to come is the last."""
        if self.is_over:
            self._last_step = self.steps + 1

    @abstractmethod
    def check_weights(self, weights: Sequence[HandWeight]) -> None:
        """Refuses weights there are not.

        Raises:
            ScenarioError: for one.
        """

    @abstractmethod
    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """Sets weights and biases to values chosen by hand; the optimizer's state stays."""

    def _fresh_optimizer(self) -> Optimizer:
        chosen = self.scenario.training.optimizer
        return OPTIMIZERS[chosen.name](self.objective.parameters, self.objective.gradient, dict(chosen.settings))

    def _configure(self) -> None:
        """Brings optimizer, schedule and clipping in line with the scenario."""
        training = self.scenario.training
        self.optimizer.configure(dict(training.optimizer.settings))
        schedule = training.schedule
        self._schedule = None if schedule.name == "constant" else SCHEDULES[schedule.name](**schedule.settings)
        self._clips = bool(training.clip.norm or training.clip.value)
        self._last_step = training.steps or -1

    # -- going back ----------------------------------------------------------------------------------------------

    def state(self) -> LaneState:
        """A copy of all it takes to go on from here."""
        return LaneState(
            steps=self.steps,
            epoch=self.epoch,
            position=self.position,
            pass_start=self._pass_start,
            parameters=self.objective.parameters.copy(),
            optimizer_steps=self.optimizer.steps,
            optimizer_state={name: vector.copy() for name, vector in self.optimizer.state.items()},
            lost=self.divergence.told if self.divergence else None,
        )

    def restore(self, scenario: Scenario, state: LaneState) -> None:
        """Goes to a state of this lane, or of another with the same structure.

        Args:
            scenario: its own, in force there.
            state: where it stood.

        Raises:
            StateError: for one of another network, or at a step its pass does not have; the lane is of no use then.
        """
        parameters = self.objective.parameters
        if state.parameters.shape != parameters.shape:
            raise StateError(f"{state.parameters.size} parameters, where the network has {parameters.size}")
        self.scenario = scenario
        parameters[:] = state.parameters
        self.optimizer = self._fresh_optimizer()
        self.optimizer.steps = state.optimizer_steps
        for name, vector in state.optimizer_state.items():
            self.optimizer.state[name][:] = vector
        self._configure()
        self.steps, self.epoch = state.steps, state.epoch
        self.divergence = DivergedError(*state.lost) if state.lost else None
        self._pass_start = state.pass_start
        self._open_pass()
        if not 0 <= state.position < self.steps_per_epoch:
            raise StateError(f"step {state.position + 1} of a pass, which has {self.steps_per_epoch}")
        self.position = state.position
        self._foresee_end()
        self._forget_watched()


def ends(scenario: Scenario, steps: int, epoch: int) -> bool:
    """Whether a scenario's epochs or steps end here."""
    training = scenario.training
    return epoch >= training.epochs or (training.steps is not None and steps >= training.steps)
