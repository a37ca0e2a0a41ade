"""A point on a surface, going down in its optimizer's way. There are no examples, so that every step is an epoch."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nn_tui.engine.modes import MODES
from nn_tui.engine.surfaces import Surface, SurfaceObjective
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.lanes import LaneEntry
from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.row_plan import RowPlan, surface_plan
from nn_tui.training.run.rows import POINT_COLUMNS, SurfacePoint
from nn_tui.training.run.state import DivergedError
from nn_tui.training.run.work import Work, surface_work


class WatchedStep(NamedTuple):
    """The symbols of the optimizer's formula before a step, for x and for y, and the coordinates then."""

    terms: tuple[dict[str, float], dict[str, float]]
    before: tuple[float, float]


class SurfaceLane(Lane):
    """A variant of a scenario whose problem is a surface.

    Attributes:
        surface: where it stands.
        start: where it set out.
        objective: the point on the surface, with the gradient of its last step.
        watched: its last watched step, or None.
    """

    objective: SurfaceObjective

    def __init__(self, entry: LaneEntry, scenario: Scenario, surface: Surface) -> None:
        training = scenario.training
        self.surface = surface
        self.start = scenario.data.start or surface.start
        self.watched: WatchedStep | None = None
        super().__init__(
            entry, scenario, SurfaceObjective(surface, self.start, dtype=training.dtype, seed=training.seed)
        )

    # -- steps ---------------------------------------------------------------------------------------------------

    def _open_pass(self) -> None:
        self.steps_per_epoch = 1

    def _batch(self) -> int:
        return self.steps

    def _diverged(self, batch: int, loss: float) -> DivergedError:  # noqa: ARG002
        return DivergedError(self.steps + 1, "the surface", "gradient" if math.isfinite(loss) else "height")

    def _forget_watched(self) -> None:
        pass

    def _watch(self) -> None:
        pass

    def _explain(self) -> None:
        rate = self.learning_rate
        x, y = self.objective.parameters.tolist()
        self.watched = WatchedStep((self.optimizer.terms(0, rate), self.optimizer.terms(1, rate)), (x, y))

    # -- looking -------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what a row holds: `train.loss` is the height."""
        return POINT_COLUMNS

    @property
    def course_columns(self) -> tuple[str, ...]:
        """None: where it is stands among its scores."""
        return ()

    @property
    def score_names(self) -> tuple[str, ...]:
        """The height, the coordinates, and the norm of the exact gradient."""
        return ("loss", "x", "y", "gradient_norm")

    def row(self, quick: bool) -> SurfacePoint:  # noqa: ARG002
        """Where the point is."""
        return SurfacePoint(self.steps, self.learning_rate, self.scores()["loss"])

    def recalled(self, values: Sequence[float]) -> SurfacePoint:
        """The row whose numbers, in the order of the columns, these are."""
        return SurfacePoint(int(values[0]), values[2], values[3])

    def scores(self, quick: bool = False) -> dict[str, float]:  # noqa: ARG002
        """Where it is, and how high and steep it is there."""
        x, y = self.objective.parameters.astype(np.float64)
        with np.errstate(all="ignore"):
            height, slope = self.surface.function(x, y), self.surface.gradient(x, y)
            return {"loss": float(height), "x": float(x), "y": float(y), "gradient_norm": float(np.hypot(*slope))}

    def loss_on(self, part: str) -> float:  # noqa: ARG002
        """The height."""
        return self.scores()["loss"]

    def results(self) -> dict[str, dict[str, float]]:
        """The height."""
        return {"train": {"loss": self.scores()["loss"]}}

    def reached(self) -> dict[str, float]:
        """Height, coordinates, and the distance to the lowest minimum."""
        here = self.scores()
        goal_x, goal_y = self.surface.minima[0]
        distance = math.hypot(here["x"] - goal_x, here["y"] - goal_y)
        return {"loss": here["loss"], "x": here["x"], "y": here["y"], "distance": distance}

    @property
    def work(self) -> Work:
        """What steps and rows cost."""
        return surface_work()

    @property
    def row_plan(self) -> RowPlan:
        """After which steps rows are due: at first after every one."""
        return surface_plan(self.work)

    # -- changing ------------------------------------------------------------------------------------------------

    def check(self, scenario: Scenario) -> None:
        """Refuses what only a new run can take.

        Raises:
            ScenarioError: for such a change.
        """
        old, new = self.scenario, scenario
        if (new.data, new.training.seed, new.training.dtype) != (old.data, old.training.seed, old.training.dtype):
            raise ScenarioError("data, seed and dtype apply on reset, not to a running descent")

    def change(self, scenario: Scenario) -> None:
        """Applies what differs from the present scenario in its live fields."""
        if scenario.training.optimizer.name != self.scenario.training.optimizer.name:
            self.watched = None
        super().change(scenario)

    def check_weights(self, weights: Sequence[HandWeight]) -> None:
        """Refuses any: a point has no weights.

        Raises:
            ScenarioError: if there are any.
        """
        if weights:
            raise ScenarioError("a surface has no weights")

    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """There are none."""

    def _configure(self) -> None:
        super()._configure()
        training = self.scenario.training
        mode, noise = MODES[training.mode], self.scenario.data.noise or 0.0
        # A mean over n samples spreads √n times less than one sample does, and over all of them not at all.
        samples = mode.size(training.batch_size, training.batch_size)
        self.objective.noise = noise / math.sqrt(samples) if mode.shuffles else 0.0
