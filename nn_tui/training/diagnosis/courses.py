"""What the diagnosis of a descent rests on: where a point has been, and where it would have come with a change."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nn_tui.engine.surfaces import Point, Surface
from nn_tui.floats import Floats
from nn_tui.scenario import overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import OptimizerTable, Scenario
from nn_tui.scenario.variants import lanes_alone
from nn_tui.training.range_test import range_test
from nn_tui.training.run.problems.surface_lane import SurfaceLane
from nn_tui.training.run.problems.surface_problem import SurfaceProblem
from nn_tui.training.run.session import Session, Stop
from nn_tui.training.run.trainer import Trainer

ARRIVED = 0.01
"""The share of the height at the start that is left where a point is as good as down."""
MOST_TRIED = 4_000
"""Steps beyond which trying what would have been takes too long, where nobody asked for it."""
_NEAR = 0.02
"""How near to the bottom of a hollow a point rests there, as a share of the region's diagonal."""
_SPACING = 1e-4
"""Between the places whose slopes give a curvature."""


@dataclass(frozen=True)
class LaneCourse:
    """One lane as far as it went.

    Attributes:
        name: of the lane.
        number: its place among the lanes, from 0.
        key: what the keys of its optimizer begin with.
        rule: its optimizer.
        scenario: as the run began.
        surface, outset: what it goes down, and from where.
        steps: the run has taken.
        diverged_at: the step it could not take, or None.
        at: the steps of the rows that are kept exactly; the following are of these rows.
        places: (n, 2).
        heights, slopes: (n,); a slope is the exact gradient's norm.
        steepest: the largest slope of the whole way.
        most_tried: steps beyond which trying what would have been takes too long.
    """

    name: str
    number: int
    key: str
    rule: OptimizerTable
    scenario: Scenario
    surface: Surface
    outset: Point
    steps: int
    diverged_at: int | None
    at: Floats
    places: Floats
    heights: Floats
    slopes: Floats
    steepest: float
    most_tried: int

    @property
    def lowest(self) -> float:
        """The height of the surface's lowest point."""
        return min(self._height(point) for point in self.surface.minima)

    @property
    def start(self) -> float:
        """The height at the start."""
        return self._height(self.outset)

    def _height(self, point: Point) -> float:
        # NumPy's numbers overflow to infinity, where Python's would raise.
        with np.errstate(all="ignore"):
            return float(self.surface.function(*np.array(point, float)))

    @property
    def end(self) -> float:
        """The last height."""
        return float(self.heights[-1])

    def left(self, height: float) -> float:
        """What is left of the way down at a height, as a share of all of it."""
        return (height - self.lowest) / max(self.start - self.lowest, 1e-12)

    @cached_property
    def last(self) -> slice:
        """The last quarter of the rows recorded step by step; between others a point may have gone anywhere."""
        single = np.flatnonzero(np.diff(self.at) == 1.0)
        end = int(single[-1]) + 2 if len(single) else len(self.at)
        return slice(max(0, end - max(9, end // 4)), end)

    @property
    def last_steps(self) -> str:
        """These steps in words."""
        end = self.last.stop
        return "its last steps" if end == len(self.at) else f"its steps up to {int(self.at[end - 1]):,}"

    @property
    def turns(self) -> float:
        """The share of the moves of these that lead back rather than on."""
        moves = np.diff(self.places[self.last], axis=0)
        along = (moves[1:] * moves[:-1]).sum(axis=1)
        lengths = np.hypot(*moves.T)
        return float(np.mean(along < -0.5 * lengths[1:] * lengths[:-1]))

    @property
    def climbs(self) -> float:
        """The share of the moves of these that lead up."""
        return float(np.mean(np.diff(self.heights[self.last]) > 0.0))

    @cached_property
    def curvatures(self) -> tuple[float, float]:
        """The smallest and the largest curvature where it is: the eigenvalues of the second derivatives."""
        place, second = self.places[-1], np.empty((2, 2))
        for row, aside in zip(second, _SPACING * np.eye(2), strict=True):
            ahead, behind = (np.array(self.surface.gradient(*(place + way * aside))) for way in (1.0, -1.0))
            row[:] = (ahead - behind) / (2.0 * _SPACING)
        low, high = np.linalg.eigvalsh(0.5 * (second + second.T)).tolist()
        return low, high

    @property
    def rests(self) -> bool:
        """Whether it is at the bottom of a hollow: by slope and curvature, next to no way is left to go."""
        (left, right), (bottom, top) = self.surface.x_range, self.surface.y_range
        near = _NEAR * math.hypot(right - left, top - bottom)
        return self.curvatures[0] > 0.0 and float(self.slopes[-1]) <= near * self.curvatures[0]

    @cached_property
    def rates(self) -> tuple[float, ...]:
        """Those to try, by a range test of the lane."""
        return range_test(lanes_alone(self.scenario)[self.number]).rates

    @property
    def is_tried(self) -> bool:
        """Whether what would have been is tried: not of a way that it would take too long to go again."""
        return self.steps <= self.most_tried

    def tried(self, changes: Mapping[str, object]) -> float | None:
        """The height at which the lane would be now had the run begun with these changes.

        Returns:
            None where it would have diverged, or where the run was too long to try.
        """
        if not self.is_tried:
            return None
        try:
            changed = overrides.apply(self.scenario, changes)
        except ScenarioError:
            # Beyond the bounds of a rate.
            return None
        number = self.number
        if not changed.timeline:
            # Lanes know nothing of each other. A timeline speaks to the first one only, which has to be there then.
            changed, number = lanes_alone(changed)[number], 0
        trainer = Trainer(changed, SurfaceProblem(self.surface.name))
        Session(trainer, stop=Stop(steps=self.steps)).run()
        lane = trainer.lanes[number]
        return None if lane.diverged_at is not None or trainer.steps < self.steps else lane.scores()["loss"]


def courses(session: Session[SurfaceLane], most_tried: int) -> list[LaneCourse]:
    """The course of every lane of a session as it stands; for the steps see `LaneCourse`."""
    history, trainer = session.history, session.trainer
    # With the changes made by hand.
    scenario = session.whole_scenario()
    return [
        LaneCourse(
            name=lane.name,
            number=number,
            key=lane.key,
            rule=lane.scenario.training.optimizer,
            scenario=scenario,
            surface=lane.surface,
            outset=lane.start,
            steps=trainer.steps,
            # Where all have diverged, the run says when the last of them did.
            diverged_at=lane.diverged_at or (session.divergence.step if session.divergence else None),
            at=history["step"],
            places=np.column_stack([history[f"race.{lane.name}.{axis}"] for axis in ("x", "y")]),
            heights=history[f"race.{lane.name}.loss"],
            slopes=history[f"race.{lane.name}.gradient_norm"],
            steepest=float(np.nanmax(history.overview(f"race.{lane.name}.gradient_norm").maximum)),
            most_tried=most_tried,
        )
        for number, lane in enumerate(trainer.lanes)
    ]
