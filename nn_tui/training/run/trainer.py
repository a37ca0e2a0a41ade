"""A problem with its lanes, which take every step together: one lane is an ordinary run, several are a race."""

from collections.abc import Sequence
from typing import Generic

from nn_tui.engine.arrays import Array
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.lanes import lane_entries, told_lanes
from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.scenario.variants import lane_scenarios
from nn_tui.training.run.problems.problem import LaneT, Problem
from nn_tui.training.run.row_plan import RowPlan
from nn_tui.training.run.rows import NAN, HistoryRow, LaneScores
from nn_tui.training.run.state import DivergedError, StateError, TrainerState
from nn_tui.training.run.work import Work


class Trainer(Generic[LaneT]):
    """Takes steps, in every lane. Knows no clock, records nothing; `Session` does.

    A lane that diverges stays where it last was finite while the others go on; the run diverges with the last of them.
    One that has come to its own end stands there, too. The run goes as far as its first lane does. Live changes apply
    to every lane, but where a lane differs by what makes it a variant.

    Attributes:
        problem: what is trained on.
        scenario: the first lane's, as changed so far.
        lanes: the first is the run's own.
        lead: the first lane.
    """

    def __init__(self, scenario: Scenario, problem: Problem[LaneT]) -> None:
        """
        Raises:
            ScenarioError: when loss or output do not suit the data.
        """
        self.problem = problem
        self.scenario = scenario
        entries, scenarios = lane_entries(scenario.training), lane_scenarios(scenario)
        self.lanes = tuple(problem.lane(entry, own) for entry, own in zip(entries, scenarios, strict=True))
        self.lead = self.lanes[0]
        self._told = self.lanes[: len(told_lanes(scenario))]

    # -- steps ---------------------------------------------------------------------------------------------------

    def step(self, watch: bool = False) -> float:
        """Takes one step in every lane that can.

        Args:
            watch: keep what the next row needs to tell the step's gradient and update.

        Returns:
            The first lane's loss before the step, NaN once it has diverged.

        Raises:
            DivergedError: when loss or gradient of the last lane left are not finite; nothing has changed then.
        """
        first, lead, lost = NAN, self.lead, False
        for lane in self.lanes:
            if lane.divergence is not None:
                lost = True
                continue
            if lane is not lead and lane.is_over:
                continue
            try:
                loss = lane.step(watch)
            except DivergedError as error:
                lane.divergence, lost = error, True
                continue
            if lane is lead:
                first = loss
        if lost:
            self._stand_by()
        return first

    def _stand_by(self) -> None:
        """Has lanes that have diverged stand where they are.

        Raises:
            DivergedError: the last one's, where all have.
        """
        lost = [lane.divergence for lane in self.lanes if lane.divergence is not None]
        if len(lost) == len(self.lanes):
            raise max(lost, key=lambda error: error.step)
        for lane in self.lanes:
            if lane.divergence is not None:
                lane.stand_by()

    @property
    def steps(self) -> int:
        """Steps taken."""
        return self.lead.steps

    @property
    def epoch(self) -> int:
        """Passes completed."""
        return self.lead.epoch

    @property
    def position(self) -> int:
        """Steps taken in the present pass."""
        return self.lead.position

    @property
    def steps_per_epoch(self) -> int:
        """Steps of a pass, in the present mode."""
        return self.lead.steps_per_epoch

    @property
    def progress(self) -> float:
        """Passes completed, with the share of the present one."""
        return self.lead.progress

    @property
    def learning_rate(self) -> float:
        """The first lane's rate of the next step."""
        return self.lead.learning_rate

    # -- looking -------------------------------------------------------------------------------------------------

    @property
    def told_lanes(self) -> tuple[LaneT, ...]:
        """The lanes that rows and results name: of a race all, of a surface its point in any case."""
        return self._told

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what a row holds, the step first: the first lane's, and `race.adam.loss` and the like of each."""
        own = [f"race.{lane.name}.{score}" for lane in self._told for score in lane.score_names]
        return (*self.lead.columns, *own)

    def row(self, quick: bool = False) -> HistoryRow:
        """What is to be seen after this step.

        Args:
            quick: where examples are scored, a few of them instead of all.
        """
        scores = tuple(LaneScores(lane.name, lane.scores(quick), lane.diverged_at) for lane in self._told)
        return HistoryRow(self.lead.row(quick), scores)

    def recalled(self, values: Sequence[float]) -> HistoryRow:
        """The row whose numbers, in the order of the columns, these are."""
        place = len(self.lead.columns)
        first, lanes = self.lead.recalled(values[:place]), list[LaneScores]()
        for lane in self._told:
            names = lane.score_names
            scores = dict(zip(names, values[place : place + len(names)], strict=True))
            lanes.append(LaneScores(lane.name, scores, lane.diverged_at))
            place += len(names)
        return HistoryRow(first, tuple(lanes))

    @property
    def vectors(self) -> tuple[Array, ...]:
        """The parameters that a digest is of, of every lane."""
        return tuple(vector for lane in self.lanes for vector in lane.vectors)

    @property
    def work(self) -> Work:
        """What steps and rows cost under the scenario in force."""
        total = self.lead.work
        for lane in self.lanes[1:]:
            total += lane.work
        return total

    @property
    def row_plan(self) -> RowPlan:
        """After which steps rows are due under the scenario in force: as in a run of the first lane by itself."""
        return self.lead.row_plan

    # -- changing, going back ------------------------------------------------------------------------------------

    def change(self, scenario: Scenario) -> None:
        """Applies what differs from the present scenario in its live fields, in every lane.

        Raises:
            ScenarioError: for a change that only a new run can take; nothing has changed then.
        """
        if scenario.training.race[1:] != self.scenario.training.race[1:]:
            raise ScenarioError("the race's other lanes apply on reset, not to a running one", key="training.race")
        own = lane_scenarios(scenario)
        for lane, variant in zip(self.lanes, own, strict=True):
            lane.check(variant)
        self.scenario = scenario
        for lane, variant in zip(self.lanes, own, strict=True):
            stood = lane.is_over
            lane.change(variant)
            if lane.is_over and not stood and lane is not self.lead:
                # It takes no step more; the first lane takes the one that ends the run.
                lane.finish()

    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """Sets weights and biases to values chosen by hand, in every lane; the optimizers' states stay.

        Raises:
            ScenarioError: for one there is not; nothing has changed then.
        """
        for lane in self.lanes:
            lane.check_weights(weights)
        for lane in self.lanes:
            lane.set_weights(weights)

    def state(self) -> TrainerState:
        """A copy of all it takes to go on from here."""
        return TrainerState(self.scenario, tuple(lane.state() for lane in self.lanes))

    def restore(self, state: TrainerState) -> None:
        """Goes to a state of this run, or of another with the same structure.

        Raises:
            StateError: for one of another structure; the trainer is of no use then.
        """
        if len(state.lanes) != len(self.lanes):
            raise StateError(f"{len(state.lanes)} lanes, where the race has {len(self.lanes)}")
        self.scenario = state.scenario
        for lane, own, saved in zip(self.lanes, lane_scenarios(state.scenario), state.lanes, strict=True):
            lane.restore(own, saved)


class Unrecorded(Trainer[LaneT]):
    """A trainer whose run has no rows but the first and the last: most of the time that a short run takes is theirs."""

    @property
    def row_plan(self) -> RowPlan:
        """No rows, however long the run is."""
        return RowPlan(first=0, epochs=10**15, per_epoch=1, whole=False)
