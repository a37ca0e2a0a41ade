"""A sweep as Python and the shell ask for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.wording import found
from nn_tui.training.arguments import (
    check_called,
    check_mapping,
    check_scenario,
    check_type,
    path_of,
    plain,
    whole_number,
)
from nn_tui.training.files.kept_file import store_path
from nn_tui.training.given import given_scenario
from nn_tui.training.kept.store import Store
from nn_tui.training.sweep.plan import Plan, seeds_of
from nn_tui.training.sweep.progress import Everywhere, InStore, Progress, TrialTable
from nn_tui.training.sweep.result import TrialResult
from nn_tui.training.sweep.space import MOST_VALUES, Axis, make_axis, parse_axis
from nn_tui.training.sweep.sweeping import Sweeping, SweepMoment, SweepResult, settled
from nn_tui.training.sweep.workers import MOST_WORKERS, ClusterWorkers, LocalWorkers


class SweepRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep that another process is to run.

    Attributes:
        plan: with its metric.
        name: where its scenario comes from.
    """

    plan: Plan
    name: str


def sweep(
    scenario: str | Path | Scenario,
    vary: Mapping[str, Any] | None = None,
    *,
    seeds: int | Sequence[int] | None = None,
    points: int | None = None,
    random: int | None = None,
    metric: str = "",
    stop_sick: bool | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    on_trial: Callable[[TrialResult, SweepMoment], None] | None = None,
) -> SweepResult:
    """Runs a scenario with many values of some keys.

    A script that calls this needs `if __name__ == "__main__":` around the call, as all do that start processes.

    Args:
        scenario: a name from the catalog, a path, `@12`, or a scenario.
        vary: by key, a list of values, a table {"from": …, "to": …, "scale": "log", "points": 5}, or both as text, as
            `--vary` takes them; if not given, what the scenario's table `[sweep]` says, as of all that follows.
        seeds: how many, from the scenario's on, or which.
        points: of a range that does not say.
        random: so many combinations, drawn evenly, instead of the grid.
        metric: what is best; by default accuracy or R² on the set that chooses.
        stop_sick: give up what is hopeless beside the others; see `sickness`.
        workers: processes; as many as there are processors if not given.
        cluster: the address of a Dask scheduler, whose workers are used instead.
        out: a CSV file for the trials.
        on_trial: told of each trial as it is done.

    Returns:
        Its trials and their ranking. The same sweep, asked for again, goes on where it stopped.

    Raises:
        ScenarioError: for what cannot be run; the message is for people.
        OutputError: for a file that cannot be written.
        TypeError, ValueError: for an argument of another type, or a number that is out of reach.
    """
    check_scenario(scenario)
    check_mapping("vary", vary, '{"lr": [0.01, 0.1]}')
    check_type("metric", "" if metric is None else metric, str, "the name of a metric")
    check_type("stop_sick", bool(stop_sick) if stop_sick is None else stop_sick, bool, "True or False")
    check_type("cluster", "" if cluster is None else cluster, str, "the address of a scheduler")
    check_called(on_trial=on_trial)
    out = None if out is None else path_of("out", out)
    points = None if points is None else whole_number("points", points, 2, MOST_VALUES)
    random = None if random is None else whole_number("random", random)
    workers = None if workers is None else whole_number("workers", workers, most=MOST_WORKERS)
    seeds = _seeds(seeds)
    chosen = scenario if isinstance(scenario, Scenario) else given_scenario(str(scenario))
    axes = None if vary is None else tuple(axis_of(key, values, points) for key, values in vary.items())
    plan = asked(chosen, axes, seeds=seeds, points=points, random=random, metric=metric or None, stop_sick=stop_sick)
    name = "" if isinstance(scenario, Scenario) else str(scenario)
    progress = progress_of(plan, out, name)
    with ClusterWorkers(cluster) if cluster is not None else LocalWorkers(workers) as crew:
        return Sweeping(plan, crew, progress, on_trial=on_trial).run()


def _seeds(given: Any) -> int | list[int] | None:
    """How many, or which, as `sweep` takes them."""
    given = plain(given)
    if given is None or (isinstance(given, int) and not isinstance(given, bool)):
        return given
    if isinstance(given, str | bytes | bool | Mapping) or not isinstance(given, Iterable):
        raise TypeError(f"seeds: expected how many, or a list of which, found {found(given)}")
    return [whole_number("seeds", plain(seed), 0) for seed in given]


def axis_of(key: str, given: object, points: int | None) -> Axis:
    """An axis from what Python or TOML has for it; see `sweep`."""
    if not isinstance(key, str):
        raise ScenarioError(f"keys are text, found {found(key)}", source="vary")
    if isinstance(given, str):
        return parse_axis(f"{key}={given}", points, "vary")
    return make_axis(key, plain(given), points, "vary")


def asked(
    scenario: Scenario,
    axes: tuple[Axis, ...] | None,
    *,
    seeds: int | Sequence[int] | None,
    points: int | None,
    random: int | None,
    metric: str | None,
    stop_sick: bool | None,
    settle: bool = True,
) -> Plan:
    """A sweep of what is asked for, and of what the scenario's own table says where nothing is.

    Args:
        scenario: what is varied.
        axes: the keys and their values; None, or none, for the table's, as of all that follows.
        seeds, points, random, metric, stop_sick: as in `sweep`.
        settle: whether the scenario is made ready once, as `settled` does, which may take a while.

    Raises:
        ScenarioError: for one that cannot be run.
    """
    table = scenario.sweep
    if not axes:
        points = points or table.get("points")
        axes = tuple(axis_of(key, values, points) for key, values in table.get("vary", {}).items())
    return planned(
        scenario,
        axes,
        seeds=table.get("seeds") if seeds is None else seeds,
        random=table.get("random") if random is None else random,
        metric=table.get("metric", "") if metric is None else metric,
        stop_sick=table.get("stop_sick", False) if stop_sick is None else stop_sick,
        settle=settle,
    )


def planned(
    scenario: Scenario,
    axes: tuple[Axis, ...],
    *,
    seeds: int | Sequence[int] | None,
    random: int | None,
    metric: str,
    stop_sick: bool,
    settle: bool = True,
) -> Plan:
    """A sweep that can be run.

    Raises:
        ScenarioError: for one that cannot be.
    """
    if random is not None and random < 1:
        raise ScenarioError(f"expected at least one combination, found {random}", key="random")
    plan = Plan(
        scenario=scenario,
        axes=axes,
        seeds=seeds_of(seeds, scenario),
        random=random,
        metric=metric,
        stop_sick=stop_sick,
    )
    if settle:
        return settled(plan)
    plan.check()
    return plan


def progress_of(plan: Plan, out: Path | None, name: str, tell: Callable[[str], None] = lambda _: None) -> Progress:
    """Where a sweep's trials are kept: in the file of kept runs, and in a table if there is to be one.

    Args:
        plan: of the sweep.
        out: the table, or None.
        name: where its scenario comes from.
        tell: told where it goes on from, and whose trials the table held before.

    Raises:
        KeptError, OutputError: where that cannot be written.
    """
    places: list[Progress] = []
    keeps = store_path() is not None
    if keeps:
        places.append(InStore(plan, Store(), name))
    if out is not None:
        table = TrialTable(out, plan, reads_back=not keeps)
        if table.replaces_another:
            tell(f"{out}: holds the trials of another sweep, whose place this one's take")
        places.append(table)
    progress = Everywhere(places)
    if done := sum(not result.provisional for result in progress.done()):
        tell(f"{done:,} of {plan.trials:,} trials were done before and are not run again")
    return progress
