"""A race: the same initial network trained by several optimizers side by side, on the same batches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from nn_tui.data.dataset import Dataset
from nn_tui.engine.arrays import Array
from nn_tui.scenario.lanes import lane_names, lane_scenarios
from nn_tui.scenario.schema import HandWeight, Scenario
from nn_tui.training.run.recording import NAN, NetworkRow, Row
from nn_tui.training.run.state import DivergedError, LaneState, StateError, TrainerState
from nn_tui.training.run.trainer import Trainer
from nn_tui.training.run.work import Work, score_work


@dataclass(frozen=True)
class LaneScore:
    """How far one optimizer has brought its network.

    Attributes:
        name: of the lane.
        loss, quality: on the training set, as in `Score`.
        diverged_at: the step it could not take; None while it runs.
    """

    name: str
    loss: float
    quality: float
    diverged_at: int | None


@dataclass(frozen=True)
class RaceRow:
    """What was seen of a race after a step: the first lane in full, of every lane the scores."""

    first: NetworkRow
    lanes: Sequence[LaneScore]

    def flat(self) -> list[float]:
        """Its numbers in the order of the columns."""
        return [*self.first.flat(), *(value for lane in self.lanes for value in (lane.loss, lane.quality))]

    def nested(self) -> dict[str, Any]:
        """As JSON objects."""
        lanes = [
            {"name": lane.name, "loss": lane.loss, self.first.quality: lane.quality, "diverged_at": lane.diverged_at}
            for lane in self.lanes
        ]
        return self.first.nested() | {"race": lanes}


class RacingTrainer(Trainer):
    """A trainer whose rivals take every step with it, each with an optimizer of its own.

    A lane that diverges stays where it last was finite while the others go on; the race diverges with the last of them.
    Live changes apply to every lane, but those of the optimizer to the first alone.

    Attributes:
        lane_names: the first lane's is the trainer's own.
    """

    def __init__(self, scenario: Scenario, dataset: Dataset) -> None:
        super().__init__(scenario, dataset)
        self.lane_names = lane_names(scenario.training)
        self._rivals = [Trainer(other, dataset) for other in lane_scenarios(scenario)]

    @property
    def lanes(self) -> tuple[Trainer, ...]:
        """Every lane's trainer, this one first."""
        return (self, *self._rivals)

    def step(self, watch: bool = False) -> float:
        """Takes one step in every lane that has not diverged; returns the first lane's loss, NaN once it has."""
        losses: list[float] = []
        last_error: DivergedError | None = None
        for lane in self.lanes:
            try:
                losses.append(Trainer.step(lane, watch and lane is self) if lane.diverged_at is None else NAN)
                continue
            except DivergedError as error:
                last_error = error
            if all(other.diverged_at is not None for other in self.lanes if other is not lane):
                raise last_error
            lane.diverged_at = last_error.step
            losses.append(NAN)
        for lane in self.lanes:
            if lane.diverged_at is not None:
                lane.stand_by()
        return losses[0]

    @property
    def work(self) -> Work:
        """What steps and rows of all lanes cost."""
        total = super().work
        for rival in self._rivals:
            weights, trained = rival.network.parameters.size, len(rival.train)
            scores = (score_work(weights, trained, whole) for whole in (False, True))
            total += Work(rival.work.step, *scores)
        return total

    # -- looking -------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what a row holds: `race.adam.loss` and the like behind the first lane's."""
        own = [f"race.{name}.{score}" for name in self.lane_names for score in ("loss", self.quality_name)]
        return (*super().columns, *own)

    def row(self, quick: bool = False) -> Row:
        """What is to be seen after this step."""
        return RaceRow(self.network_row(quick), self.lane_scores(quick))

    def lane_scores(self, quick: bool = False) -> tuple[LaneScore, ...]:
        """Every lane's scores on the training set."""
        scores = []
        for name, lane in zip(self.lane_names, self.lanes, strict=True):
            score = lane.score("train", quick)
            assert score is not None
            scores.append(LaneScore(name, score.loss, score.quality, lane.diverged_at))
        return tuple(scores)

    def recalled(self, values: Sequence[float]) -> Row:
        """The row whose numbers, in the order of the columns, these are."""
        own = len(super().columns)
        pairs = zip(values[own::2], values[own + 1 :: 2], strict=True)
        lanes = [
            LaneScore(name, loss, quality, lane.diverged_at)
            for name, lane, (loss, quality) in zip(self.lane_names, self.lanes, pairs, strict=True)
        ]
        return RaceRow(self.recalled_network(values[:own]), lanes)

    @property
    def vectors(self) -> tuple[Array, ...]:
        """The parameters of every lane."""
        return tuple(lane.network.parameters for lane in self.lanes)

    # -- changing, going back ------------------------------------------------------------------------------------

    def change(self, scenario: Scenario) -> None:
        """Applies what differs from the present scenario in its live fields."""
        super().change(scenario)
        for rival in self._rivals:
            own = rival.scenario.training.optimizer
            rival.change(structs.replace(scenario, training=structs.replace(scenario.training, optimizer=own, race=())))

    def set_weights(self, weights: Sequence[HandWeight]) -> None:
        """Sets the same weights in every lane."""
        super().set_weights(weights)
        for rival in self._rivals:
            rival.set_weights(weights)

    def state(self) -> TrainerState:
        """A copy of all it takes to go on from here."""
        rivals = []
        for rival in self._rivals:
            state = rival.state()
            rivals.append(LaneState(state.parameters, state.optimizer_steps, state.optimizer_state, rival.diverged_at))
        return replace(super().state(), rivals=tuple(rivals))

    def restore(self, state: TrainerState) -> None:
        """Goes to a state of this race."""
        if len(state.rivals) != len(self._rivals):
            raise StateError(f"{len(state.rivals) + 1} lanes, where the race has {len(self.lanes)}")
        super().restore(state)
        for rival, lane in zip(self._rivals, state.rivals, strict=True):
            own = rival.scenario.training.optimizer
            training = structs.replace(state.scenario.training, optimizer=own, race=())
            rival.restore(
                TrainerState(
                    scenario=structs.replace(state.scenario, training=training),
                    steps=state.steps,
                    epoch=state.epoch,
                    position=state.position,
                    pass_start=state.pass_start,
                    parameters=lane.parameters,
                    optimizer_steps=lane.optimizer_steps,
                    optimizer_state=lane.optimizer_state,
                    diverged_at=lane.diverged_at,
                )
            )


def trainer_of(scenario: Scenario, dataset: Dataset) -> Trainer:
    """The trainer a scenario asks for: a race, where it names one.

    Raises:
        ScenarioError: when loss or output do not suit the data.
    """
    return (RacingTrainer if scenario.training.race else Trainer)(scenario, dataset)
