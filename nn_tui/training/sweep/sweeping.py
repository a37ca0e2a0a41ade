"""A sweep in motion: its trials run by workers, kept as they are done, and put in order."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import msgspec
from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.extent import beginning
from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.sweep.dispatch import Dispatch
from nn_tui.training.sweep.plan import Plan, SweepTrial
from nn_tui.training.sweep.progress import Progress
from nn_tui.training.sweep.ranking import Leader, Ranked, importance, ranked
from nn_tui.training.sweep.result import FAILED, TrialResult, failure_of, metrics_in, result_of
from nn_tui.training.sweep.sickness import PREFIX, survivors
from nn_tui.training.sweep.work import Done, Task
from nn_tui.training.sweep.workers import Workers
from nn_tui.version import __version__
from nn_tui.wording import quoted, suggestion


class SweepResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a sweep came to.

    Attributes:
        scenario: its title.
        metric: by which the best was chosen.
        seeds: each combination ran with.
        vary: the values that each key had, by dotted path; of a range that was drawn from, its two ends.
        trials: in their order.
        planned: how many there are to be.
        ranking: of the combinations, the best first.
        best: the first of them that ran to its end; None without one.
        importance: of each key: how much of the differences it accounts for, 0 to 1.
        steps: taken, by trials given up early and their first looks too.
        seconds: of all trials together.
        hash: of the sweep.
    """

    scenario: str
    metric: str
    seeds: tuple[int, ...]
    vary: dict[str, list[object]]
    trials: tuple[TrialResult, ...]
    planned: int
    ranking: tuple[Ranked, ...]
    best: Ranked | None
    importance: dict[str, float]
    steps: int
    seconds: float
    hash: str


@dataclass(frozen=True)
class SweepMoment:
    """How far a sweep has come.

    Attributes:
        done, planned: trials.
        left: seconds it will go on, as far as can be told; None at first.
        best: so far.
    """

    done: int
    planned: int
    left: float | None
    best: Ranked | None


def settled(plan: Plan) -> Plan:
    """A sweep with its metric and what it reads: made ready once, so that what cannot be run is refused here.

    Raises:
        ScenarioError: for a scenario that cannot be run, or a metric it has not got.
    """
    plan.check()
    plan = structs.replace(plan.noted(), distinct=sum(1 for _ in plan.changes()) if plan.random else 0)
    first = beginning(plan.scenario)
    if not plan.metric:
        return structs.replace(plan, metric=first.trained.chosen_by)
    known = metrics_in(msgspec.json.decode(msgspec.json.encode(first.summary)))
    if plan.metric not in known:
        near = suggestion(plan.metric, known)
        raise ScenarioError(f"--metric: this run has no {quoted(plan.metric)}{near} (there are {', '.join(known)})")
    return plan


class Sweeping:
    """Runs what is left of a sweep."""

    def __init__(
        self,
        plan: Plan,
        workers: Workers,
        progress: Progress,
        *,
        should_stop: Callable[[], bool] = lambda: False,
        on_trial: Callable[[TrialResult, SweepMoment], None] | None = None,
    ) -> None:
        """
        Args:
            plan: with its metric.
            workers: who runs the trials.
            progress: where they are kept.
            should_stop: asked now and then.
            on_trial: told of each trial as it is done.
        """
        self._plan, self._workers, self._progress = plan, workers, progress
        self._should_stop, self._on_trial = should_stop, on_trial
        self._dispatch = Dispatch(workers, should_stop)
        self._results: dict[int, TrialResult] = {}
        self._looked: dict[int, TrialResult] = {}
        self._looked_at: dict[int, KeptRun] = {}
        self._leader = Leader(plan.metric)
        self._new = 0
        self._began = time.monotonic()

    def run(self) -> SweepResult:
        """Runs the trials that are not done yet, and gives what the sweep came to so far.

        Raises:
            WorkerError: for workers that cannot be used.
            KeptError, OutputError: where a trial cannot be kept.
        """
        for result in self._progress.done():
            (self._looked if result.provisional else self._results)[result.number] = result
            if not result.provisional:
                self._leader.add(result)
        for trial, done in self._dispatch.run(
            self._tasks(self._without_sick() if self._plan.stop_sick else self._left())
        ):
            self._keep(trial, done)
        so_far = result_so_far(self._plan, self._results.values())
        return structs.replace(so_far, steps=so_far.steps + self._looked_in_vain())

    def _looked_in_vain(self) -> int:
        """Steps of the first looks at trials that went on, and were run again from their beginning."""
        looks = (look for look in self._looked.values() if look.provisional and look.number in self._results)
        return sum(look.steps for look in looks if not self._results[look.number].stopped)

    def _left(self) -> Iterator[SweepTrial]:
        return (trial for trial in self._plan.each_trial() if trial.number not in self._results)

    def _without_sick(self) -> list[SweepTrial]:
        """Looks at every trial half-way; keeps those that are given up, and gives the others that are left."""
        if len(self._results) >= self._plan.trials:
            return []
        for number, result in self._results.items():
            if result.stopped or result.status == FAILED:
                self._looked[number] = result
        # In a sweep that is gone on with also at what has run to its end: all are compared as they were half-way.
        unseen = (trial for trial in self._plan.each_trial() if trial.number not in self._looked)
        for trial, done in self._dispatch.run(self._tasks(unseen, PREFIX)):
            if done.kept is None:
                if trial.number not in self._results:
                    self._keep(trial, done)
                continue
            result = result_of(trial, done.kept, self._plan.metric, stopped=True)
            self._looked[trial.number] = structs.replace(result, provisional=True)
            self._looked_at[trial.number] = done.kept
            if trial.number not in self._results:
                self._progress.note(self._looked[trial.number])
        if self._should_stop():
            return []
        by_combination: dict[int, list[TrialResult]] = {}
        for trial in self._plan.each_trial():
            if (seen := self._looked.get(trial.number) or self._results.get(trial.number)) is not None:
                by_combination.setdefault(trial.combination, []).append(seen)
        well = survivors(by_combination, self._plan.metric)
        going_on = []
        for trial in self._left():
            if trial.combination in well:
                going_on.append(trial)
            elif trial.number in self._looked:
                given_up = structs.replace(self._looked[trial.number], provisional=False)
                self._done(given_up, self._looked_at.get(trial.number))
        return going_on

    def _tasks(self, trials: Iterable[SweepTrial], share: float | None = None) -> Iterator[tuple[SweepTrial, Task]]:
        """Each trial's task, made when it is its turn; values that do not go together fail by themselves."""
        for trial in trials:
            if self._should_stop():
                return
            try:
                scenario = self._plan.of(trial)
            except ScenarioError as error:
                self._done(failure_of(trial, str(error)), None)
                continue
            files = self._plan.files_of(scenario)
            yield trial, Task(scenario=scenario, share=share, version=__version__, files=files)

    def _keep(self, trial: SweepTrial, done: Done) -> None:
        if done.kept is None:
            self._done(failure_of(trial, done.error), None)
        else:
            self._done(result_of(trial, done.kept, self._plan.metric), done.kept)

    def _done(self, result: TrialResult, kept: KeptRun | None) -> None:
        self._results[result.number] = self._progress.add(result, kept)
        self._new += 1
        if self._on_trial is None:
            return
        planned = self._plan.trials
        left = planned - len(self._results)
        seconds = (time.monotonic() - self._began) / self._new * left
        self._leader.add(self._results[result.number])
        self._on_trial(result, SweepMoment(len(self._results), planned, seconds, self._leader.best))


def result_so_far(plan: Plan, results: Iterable[TrialResult]) -> SweepResult:
    """What a sweep came to by these trials."""
    return result_of_trials(results, plan.scenario.title, plan.metric, plan.seeds, plan.vary, plan.trials, plan.hash())


def result_of_trials(
    results: Iterable[TrialResult],
    scenario: str,
    metric: str,
    seeds: tuple[int, ...],
    vary: dict[str, list[object]],
    planned: int,
    hash: str,
) -> SweepResult:
    """What trials came to; the arguments are as in `SweepResult`."""
    trials = tuple(sorted(results, key=lambda result: result.number))
    ranking = tuple(ranked(trials, metric))
    return SweepResult(
        scenario=scenario,
        metric=metric,
        seeds=seeds,
        vary=vary,
        trials=trials,
        planned=planned,
        ranking=ranking,
        best=next((one for one in ranking if one.mean is not None and not one.stopped), None),
        importance=importance(trials, list(vary), metric),
        steps=sum(trial.steps for trial in trials),
        seconds=sum(trial.seconds for trial in trials),
        hash=hash,
    )
