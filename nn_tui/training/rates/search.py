"""Range tests, then exact runs at a ladder of rates, with several seeds.

A range test says where the loss begins to fall and where it rises again, and little of where a run at one rate ends.
Runs here are exact and cheap, so the question is put to them: each rung of a ladder is the run itself at that rate, to
its end or as far as the budget reaches, with its own batches and start for every seed. A coarse ladder, over what the
tests leave open, finds where there is anything to gain; a fine one goes over that part with more seeds.
"""

import math
import time
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import structs

from nn_tui.numerals import in_full
from nn_tui.scenario import overrides
from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.schema import Scenario
from nn_tui.training.extent import beginning, length
from nn_tui.training.range_test import PLACES, RangeTest, range_test, rate_at
from nn_tui.training.rates.attempt import Attempt, Attempts, End, one_by_one
from nn_tui.training.rates.choice import SHARED, Rung, interval, mean_at, proposal, rungs, score_at, scores_at
from nn_tui.training.replay import Run
from nn_tui.training.run.loading import remember_datasets

RATE_KEY, SEED_KEY = "training.optimizer.lr", "training.seed"

BUDGET = 200_000
"""Steps of a small network; some ten seconds of one core."""

SEEDS = 5

_COARSE, _FINE = PLACES // 2, PLACES // 4
"""How far rungs of either ladder are apart: half and quarter decades."""
_MARGIN = PLACES
"""How far the first ladder goes beyond the intervals of range tests, on the side of low rates."""
_LOWEST, _HIGHEST, _FURTHEST = -5 * PLACES, PLACES, 6 * PLACES
"""Where it begins and ends when there is none, and how far it goes on as long as its end is best."""
_PLANNED = 90
"""Runs that a search makes, or somewhat less: the budget is for as many."""
_WORTH = 0.35
"""How near to the best a coarse rung must come, of the way from the start on a log scale, for a closer look."""
_WIDEST = 3 * PLACES
_IN_VAIN = 0.98
"""Of the loss before the first step: as good as nothing gained."""
_FEWEST_STEPS = 20


class RateFound(msgspec.Struct, frozen=True, kw_only=True):
    """What a search came to.

    Attributes:
        scenario: its title.
        optimizer: by name.
        rate: the proposal; None where no rate makes the loss fall.
        interval: the lowest and the highest rate around it that train; None without one.
        curve: what was tried, by ascending rate.
        seeds: with which, the first two of them over the whole ladder.
        steps: after which each run was stopped, if it had not ended by itself.
        whole: whether that is where the scenario ends.
        total_steps: all runs took.
        chosen_on: "validation", "test" or "train".
        start: the loss before the first step.
        seconds: it took.
        chosen_by: what was compared, in people's words: a loss, or a surface's height.
    """

    scenario: str
    optimizer: str
    rate: float | None
    interval: tuple[float, float] | None
    curve: tuple[Rung, ...]
    seeds: tuple[int, ...]
    steps: int
    whole: bool
    total_steps: int
    chosen_on: str
    start: float
    seconds: float
    chosen_by: str

    @property
    def reach(self) -> str:
        """Which rates train, in words; "" where none does."""
        if self.interval is None:
            return ""
        low, high = self.interval
        # The proposal lies between rungs, or has fewer digits than the only one.
        return f"{in_full(low)} to {in_full(high)} train" if low < high else "only rates near it train"


def find_rate(
    scenario: Scenario,
    *,
    seeds: int = SEEDS,
    budget: int = BUDGET,
    attempts: Attempts = one_by_one,
    ranged: Callable[[Scenario], RangeTest] = range_test,
    on_share: Callable[[float], None] | None = None,
) -> RateFound:
    """Finds the rate for a scenario's optimizer.

    Args:
        scenario: any; of a race its first optimizer counts. Rates that its timeline sets stay as they are.
        seeds: how many, from the scenario's own on; at least 2.
        budget: work, in steps of a small network, that all runs together may take; short runs take less. Where it does
            not reach, runs are stopped before their end.
        attempts: makes the runs, here or in other processes.
        ranged: makes a range test.
        on_share: told what share of the work is done.

    Raises:
        ScenarioError: for a scenario that cannot be run.
    """
    began = time.perf_counter()
    training = structs.replace(scenario.training, race=())
    before = remember_datasets(True)
    try:
        search = _Search(structs.replace(scenario, training=training, expect=()), seeds, budget, attempts, on_share)
        search.climb_coarse(ranged)
        fine = search.climb_fine()
    finally:
        remember_datasets(before)
    found = rungs(search.ends())
    rate = proposal(fine, search.start)
    return RateFound(
        scenario=scenario.title,
        optimizer=training.optimizer.name,
        rate=rate,
        interval=None if rate is None else interval(found, rate, search.start),
        curve=tuple(found),
        seeds=tuple(training.seed + number for number in range(seeds)),
        steps=search.steps,
        whole=search.whole,
        total_steps=search.total_steps,
        chosen_on=search.part,
        start=search.start,
        seconds=time.perf_counter() - began,
        chosen_by=KINDS[scenario.data.kind].compared.format("training" if search.part == "train" else search.part),
    )


class _Search:
    """The ladder so far."""

    def __init__(
        self,
        scenario: Scenario,
        seeds: int,
        budget: int,
        attempts: Attempts,
        on_share: Callable[[float], None] | None,
    ) -> None:
        self._scenario, self._seeds, self._attempts, self._on_share = scenario, seeds, attempts, on_share
        self._ends: dict[int, list[End]] = {}
        self._made = 0
        self.total_steps = 0
        first = beginning(scenario)
        self.part = _choosing(first)
        others = (beginning(self._of({SEED_KEY: self._seed(number)})) for number in range(1, seeds))
        self._starts = [float(one.history[f"{self.part}.loss"][0]) for one in (first, *others)]
        self.start = math.fsum(self._starts) / seeds
        whole = length(first)
        self.steps = min(whole, max(_FEWEST_STEPS, int(budget / (_PLANNED * first.trained.work_of_a_step))))
        self.whole = self.steps == whole

    def ends(self) -> dict[int, list[End]]:
        """By place."""
        return self._ends

    def climb_coarse(self, ranged: Callable[[Scenario], RangeTest]) -> None:
        """Makes the first ladder, and goes beyond an end of it as long as that is best, or nothing was any good."""
        tests = [ranged(self._of({SEED_KEY: self._seed(number)})) for number in range(SHARED)]
        found = [test.interval for test in tests if test.interval is not None]
        low = min((low - _MARGIN for low, _ in found), default=_LOWEST)
        high = max((high for _, high in found), default=_HIGHEST)
        self._make(range(low // _COARSE * _COARSE, high + _COARSE, _COARSE), SHARED)
        while (beyond := self._beyond(min(self._ends), max(self._ends))) is not None:
            self._make([beyond], SHARED)

    def _beyond(self, low: int, high: int) -> int | None:
        """The next rung of the first ladder beyond its lowest and highest; None where there is nothing to look for."""
        best = self._best()
        in_vain = self._mean(best) > _IN_VAIN * self.start and not any(end.diverged for end in self._ends[high])
        if (best == high or in_vain) and high < _FURTHEST:
            return high + _COARSE
        return low - _COARSE if best == low and low > -_FURTHEST else None

    def climb_fine(self) -> dict[int, list[End]]:
        """Makes the second over the part that is worth it, and on until the best of all rungs is well within.

        Returns:
            Its rungs, beside each other.
        """
        best = self._best()
        worth = [best, *(place for place in self._ends if self._is_worth(place, best))]
        low, high = min(worth) - _COARSE, max(worth) + _COARSE
        while True:
            ladder = range(max(low, -_FURTHEST), min(high, _FURTHEST) + 1, _FINE)
            self._make(ladder, self._seeds)
            best = self._best()
            if (low <= best - _COARSE and best + _COARSE <= high) or not -_FURTHEST < best < _FURTHEST:
                return {place: self._ends[place] for place in ladder}
            low, high = min(low, best - _COARSE), max(high, best + _COARSE)

    def _is_worth(self, place: int, best: int) -> bool:
        """Whether one seed, at least, came near to what it reached at the best: another may have been stuck."""
        here, there = (scores_at(self._ends[one], self.start) for one in (place, best))
        starts = (math.log(max(start, 1e-30)) for start in self._starts)
        ways = zip(here, there, starts, strict=False)
        near = any(score <= reached + _WORTH * max(0.0, start - reached) for score, reached, start in ways)
        return near and abs(place - best) <= _WIDEST

    def _best(self) -> int:
        return min(self._ends, key=self._score)

    def _score(self, place: int) -> float:
        return score_at(self._ends[place], self.start)

    def _mean(self, place: int) -> float:
        return mean_at(self._ends[place], self.start)

    def _make(self, places: Iterable[int], seeds: int) -> None:
        wanted = [(place, number) for place in places for number in range(len(self._ends.setdefault(place, [])), seeds)]
        attempts = [self._attempt(place, number) for place, number in wanted]
        for (place, _), end in zip(wanted, self._attempts(attempts), strict=True):
            self._ends[place].append(end)
            self._made += 1
            self.total_steps += end.steps
            if self._on_share is not None:
                self._on_share(min(1.0, self._made / _PLANNED))

    def _attempt(self, place: int, number: int) -> Attempt:
        scenario = self._of({RATE_KEY: rate_at(place), SEED_KEY: self._seed(number)})
        return Attempt(scenario, self.steps, self.part)

    def _seed(self, number: int) -> int:
        return self._scenario.training.seed + number

    def _of(self, changes: dict[str, Any]) -> Scenario:
        return overrides.apply(self._scenario, changes)


def _choosing(run: Run) -> str:
    last = run.history.last()
    return next((part for part in ("validation", "test") if math.isfinite(last.get(f"{part}.loss", math.nan))), "train")
