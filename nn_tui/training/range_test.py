"""A range test: one short run of a scenario whose rate rises, rung by rung, from far too low to far too high.

Smith's test (Smith 2017, "Cyclical learning rates for training neural networks") on the run itself, with its start, its
batches and its optimizer. It costs no more than a run, and tells where the loss begins to fall and where it rises
again. Which rate in between ends best is another question, since a rung goes on from where the one before has led:
that is for whole runs to say. So it gives rates to try, and where a ladder of runs may begin and end.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import structs
from threadpoolctl import threadpool_limits

from nn_tui.data.dataset import Dataset
from nn_tui.scenario.schema import EarlyStop, Scenario, ScheduleTable
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.start import begin
from nn_tui.training.run.state import DivergedError
from nn_tui.training.run.trainer import Trainer

PLACES = 12
"""Rates are tried at powers of ten in twelfths; a whole number of them is a rate's place."""

_APART = PLACES // 4
"""How far rungs are apart: a quarter of a decade."""
_FROM, _TO = -7 * PLACES, 2 * PLACES
_FIRST, _LOWER, _LOWEST = 4, 4 * PLACES, -15 * PLACES
"""A test that is over on its first rungs begins again so much further down, but no lower."""
_ENDLESS = 10**9
"""Epochs, so that no step of the test is the run's last."""
_STEPS = 8
"""Steps of a rung, or fewer in a run so short that the test would take longer than it does."""
_OVER = 4.0
"""A loss so many times that before the first step does not come back."""
_NOTHING = 1e-6
"""A fall by less than this share is none."""
_BELOW, _ABOVE = PLACES // 2, PLACES // 4
"""A run's best rate is looked for from so far below the one that has taken the loss half-way down, since a run takes
more steps than a test, to so far above the one at the lowest, since the test comes there late."""
_MOST = 5


def rate_at(place: float) -> float:
    """The rate of a place, to three digits."""
    return float(f"{10 ** (place / PLACES):.3g}")


@dataclass(frozen=True)
class RangeTest:
    """What a range test came to.

    Attributes:
        start: the loss before the first step, on a sample of the training set.
        places: rungs, ascending, as far as the loss stayed finite.
        losses: the same after each of them.
        work: what it cost, in seconds of a free core.
    """

    start: float
    places: tuple[int, ...]
    losses: tuple[float, ...]
    work: float

    @property
    def interval(self) -> tuple[int, int] | None:
        """The places between which a run's best rate is to be looked for; None where the loss falls at no rate."""
        best = min(range(len(self.losses)), key=self.losses.__getitem__, default=None)
        if best is None or self.losses[best] >= self.start * (1.0 - _NOTHING):
            return None
        half = 0.5 * (self.start + self.losses[best])
        halved = next(place for place, loss in zip(self.places, self.losses, strict=True) if loss <= half)
        return halved - _BELOW, self.places[best] + _ABOVE

    @property
    def rates(self) -> tuple[float, ...]:
        """A few rates to try, evenly over the interval, the middle one first; none where there is none."""
        if self.interval is None:
            return ()
        low, high = self.interval
        count = min(_MOST, 1 + (high - low) // _APART)
        places = [low + number * (high - low) / (count - 1) for number in range(count)]
        places.sort(key=lambda place: (round(abs(2 * place - low - high), 6), -place))
        return tuple(map(rate_at, places))


def range_test(scenario: Scenario, dataset: Dataset | None = None) -> RangeTest:
    """Makes the test.

    Args:
        scenario: without a race. What its timeline, its schedule and an early stop would do comes later than the test.
        dataset: its examples, where they are at hand.

    Raises:
        ScenarioError: for a scenario that cannot be run.
    """
    training = structs.replace(
        scenario.training,
        schedule=ScheduleTable(name="constant", settings={}),
        early_stop=EarlyStop(),
        steps=None,
        epochs=_ENDLESS,
    )
    endless = structs.replace(scenario, training=training, timeline=(), expect=())
    first, work = _FROM, 0.0
    with threadpool_limits(1):
        while True:
            lane = (begin(endless) if dataset is None else Trainer(endless, NetworkProblem(dataset))).lead
            found = _climbed(lane, range(first, _TO + 1, _APART), _steps_of_a_rung(scenario, lane))
            work += found.work
            if len(found.places) > _FIRST or first <= _LOWEST:
                return replace(found, work=work)
            first -= _LOWER


def _steps_of_a_rung(scenario: Scenario, lane: Lane) -> int:
    steps = min(scenario.training.epochs * lane.steps_per_epoch, scenario.training.steps or math.inf)
    return max(1, min(_STEPS, int(steps // len(range(_FROM, _TO + 1, _APART)))))


def _climbed(lane: Lane, places: Sequence[int], steps: int) -> RangeTest:
    """Takes so many steps at the rate of each place, until the loss does not come back."""
    start, losses = lane.scores(quick=True)["loss"], list[float]()
    for place in places:
        lane.change(_at(lane.scenario, rate_at(place)))
        try:
            for _ in range(steps):
                lane.step()
        except DivergedError:
            break
        loss = lane.scores(quick=True)["loss"]
        if not math.isfinite(loss):
            break
        losses.append(loss)
        if loss > _OVER * start:
            break
    work = lane.steps * lane.work.step + (len(losses) + 1) * lane.work.row
    return RangeTest(start, tuple(places[: len(losses)]), tuple(losses), work)


def _at(scenario: Scenario, rate: float) -> Scenario:
    optimizer = structs.replace(scenario.training.optimizer, lr=rate)
    return structs.replace(scenario, training=structs.replace(scenario.training, optimizer=optimizer))
