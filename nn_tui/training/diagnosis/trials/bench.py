"""Where variants are tried: within a budget of work, in as many processes as there are, with the same results."""

import json
import math
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from msgspec import structs
from threadpoolctl import threadpool_limits

from nn_tui.scenario import overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Change, Scenario
from nn_tui.training.diagnosis.trials.candidates import Changes, Facts
from nn_tui.training.run.parenthood import end_pool, end_with_parent, interrupts_held
from nn_tui.training.run.session import Stop
from nn_tui.training.run.variant import DataSets, Outcome, planned_seconds, run_variant

BUDGET = 10.0
"""Work of a visit, in seconds of one core that does nothing else."""


@dataclass(frozen=True)
class Asked:
    """A variant to be tried.

    Attributes:
        changes: to the scenario under the doctor.
        seed: to run it at.
        bar: what it has to promise half-way; see `run_variant`.
        from_step: steps the net has taken when it takes the changes; 0 for a variant from the start.
    """

    changes: Changes
    seed: int
    bar: float | None = None
    from_step: int = 0

    @property
    def key(self) -> tuple[str, int, int]:
        """The same for the same variant."""
        return key_of(self.changes), self.seed, self.from_step

    def variant(self, scenario: Scenario) -> Scenario:
        """The scenario of the variant.

        Raises:
            ScenarioError: for an impossible combination.
        """
        seed = {"training.seed": self.seed}
        if not self.from_step:
            return overrides.apply(scenario, self.changes | seed)
        own = overrides.apply(scenario, seed)
        made = [change for change in own.timeline if change.step is None or change.step <= self.from_step]
        change = Change(step=self.from_step + 1, set=self.changes)
        rest = [change for change in own.timeline if change not in made]
        return structs.replace(own, timeline=(*made, change, *rest))


def key_of(changes: Changes) -> str:
    """The same for the same changes."""
    return json.dumps(changes, sort_keys=True)


@dataclass(frozen=True)
class Trial:
    """A variant that was tried."""

    asked: Asked
    outcome: Outcome


class Bench:
    """Tries variants of one scenario. Which are tried follows from the budget and from what came of earlier ones alone.

    Attributes:
        scenario: whose variants are tried, without a race.
        left: what is left of the budget.
        spent: the work done.
        trials: every one, in the order they were asked for.
        cut: whether the time ran out before the budget.
    """

    def __init__(
        self,
        scenario: Scenario,
        facts: Facts,
        *,
        budget: float = BUDGET,
        stop: Stop | None = None,
        processes: int = 1,
        timeout: float | None = None,
        on_begin: Callable[[Asked], None] | None = None,
    ) -> None:
        """
        Args:
            scenario: without a race.
            facts: of its data.
            budget: work to be done at most.
            stop: ends every variant before the scenario does.
            processes: how many variants run side by side.
            timeout: seconds after which nothing more is tried.
            on_begin: called with each variant before it is run, or waited for, in the order asked for.
        """
        self.scenario = scenario
        self._facts = facts
        self.left = budget
        self.spent = 0.0
        self.trials: list[Trial] = []
        self.cut = False
        self._stop = stop
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._ends = None if timeout is None or timeout == math.inf else time.monotonic() + timeout
        self._on_begin = on_begin
        self._known: dict[tuple[str, int, int], Outcome | None] = {}
        self._work = _Work(scenario, stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is None:
            return
        try:
            if kind is None:
                self._pool.shutdown(wait=True, cancel_futures=True)
                self._pool = None
        finally:
            if self._pool is not None:
                end_pool(self._pool)

    def planned(self, changes: Changes, seed: int) -> float:
        """The most a variant costs.

        Raises:
            ScenarioError: for an impossible combination.
        """
        return self._planned(Asked(changes, seed))

    def _planned(self, asked: Asked) -> float:
        # What a running net takes on the way costs no more than what it takes from the start.
        variant, facts = overrides.apply(self.scenario, asked.changes), self._facts
        return planned_seconds(variant, facts.rows, facts.inputs, facts.outputs, self._stop)

    def known(self, changes: Changes, seed: int, from_step: int = 0) -> Outcome | None:
        """What came of a variant that was tried; None of one that was not, or could not be."""
        return self._known.get(Asked(changes, seed, from_step=from_step).key)

    def run(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        """Tries variants as far as the budget goes, in the order given.

        Returns:
            What came of each: None where it is impossible, or where no budget was left.
        """
        admitted = self._admitted(asked)
        for entry, outcome in zip(admitted, self._outcomes(admitted), strict=False):
            self._keep(entry, outcome)
        return [self._known.get(entry.key) for entry in asked]

    def _admitted(self, asked: Sequence[Asked]) -> list[Asked]:
        admitted: list[Asked] = []
        keys, planned = set(self._known), 0.0
        for entry in asked:
            if entry.key in keys:
                continue
            try:
                work = self._planned(entry)
            except ScenarioError:
                self._known[entry.key] = None
                continue
            # However small the budget, the first is the run left alone: without it nothing can be said.
            if planned + work <= self.left or not keys:
                planned += work
                admitted.append(entry)
                keys.add(entry.key)
        return admitted

    def _outcomes(self, admitted: list[Asked]) -> Iterator[Outcome | None]:
        if self._ends is not None and not self.trials and admitted:
            # However short the time, too.
            self._say(admitted[0])
            yield self._work(admitted[0])
            admitted = admitted[1:]
        if self._is_over():
            return
        if self._processes > 1 and len(admitted) > 1:
            yield from self._side_by_side(admitted)
            return
        yield from self._here(admitted)

    def _side_by_side(self, admitted: list[Asked]) -> Iterator[Outcome | None]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(self.scenario, self._stop),
            )
        pool = self._pool
        try:
            with interrupts_held():
                futures = [pool.submit(_elsewhere, entry) for entry in admitted]
        except BrokenExecutor:
            self._give_up_the_pool()
            yield from self._here(admitted)
            return
        for place, future in enumerate(futures):
            left = None if self._ends is None else max(0.0, self._ends - time.monotonic())
            self._say(admitted[place])
            try:
                yield future.result(left)
            except BrokenExecutor:
                self._give_up_the_pool()
                yield from self._here(admitted[place:])
                return
            except TimeoutError:
                self.cut = True
                for rest in futures:
                    rest.cancel()
                return

    def _give_up_the_pool(self) -> None:
        """One of its processes was killed, and the others with it: what is left is tried in this one."""
        assert self._pool is not None
        self._pool.shutdown(wait=False)
        self._pool, self._processes = None, 1

    def _here(self, admitted: Sequence[Asked]) -> Iterator[Outcome | None]:
        for entry in admitted:
            if self._is_over():
                return
            self._say(entry)
            yield self._work(entry)

    def _say(self, entry: Asked) -> None:
        if self._on_begin is not None:
            self._on_begin(entry)

    def _is_over(self) -> bool:
        self.cut = self.cut or (self._ends is not None and time.monotonic() > self._ends)
        return self.cut

    def _keep(self, asked: Asked, outcome: Outcome | None) -> None:
        self._known[asked.key] = outcome
        if outcome is None:
            return
        self.left -= outcome.work
        self.spent += outcome.work
        self.trials.append(Trial(asked, outcome))


class _Work:
    """Runs variants in this process."""

    def __init__(self, scenario: Scenario, stop: Stop | None) -> None:
        self._scenario, self._stop = scenario, stop
        self._data_sets = DataSets()

    def __call__(self, asked: Asked) -> Outcome | None:
        try:
            variant = asked.variant(self._scenario)
            with threadpool_limits(1):
                return run_variant(variant, data_sets=self._data_sets, stop=self._stop, bar=asked.bar)
        except ScenarioError:
            return None


_WORK: list[_Work] = []
"""Of a process that the bench has started, its one worker."""


def _begin(scenario: Scenario, stop: Stop | None) -> None:
    end_with_parent()
    _WORK[:] = [_Work(scenario, stop)]


def _elsewhere(asked: Asked) -> Outcome | None:
    return _WORK[0](asked)
