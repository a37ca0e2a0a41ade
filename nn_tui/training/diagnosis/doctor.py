"""A doctor's visit: suspicions from checks and rules, made findings by experiment."""

import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import structs

from nn_tui.scenario import overrides
from nn_tui.scenario.lanes import lane_entries
from nn_tui.scenario.plain import differences, to_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.variants import lanes_alone
from nn_tui.training.arguments import check_changes, check_scenario, plain, positive, whole_number
from nn_tui.training.diagnosis.conclusion import Conclusion
from nn_tui.training.diagnosis.patient import Patient
from nn_tui.training.diagnosis.prescribing import options
from nn_tui.training.diagnosis.report import Report
from nn_tui.training.diagnosis.surface_visit import visit_surface
from nn_tui.training.diagnosis.trials.bench import BUDGET, Asked, Bench
from nn_tui.training.diagnosis.underway import Underway, underway
from nn_tui.training.given import given_scenario
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.problems.surface_problem import SurfaceProblem
from nn_tui.training.run.start import ProblemKind, problem_kind

SEEDS = 3
LIVE_SHARE = 0.2
"""What trying remedies on the running net may take besides, as a share of the budget."""


def visit(
    scenario: Scenario,
    *,
    file: str = "",
    budget: float = BUDGET,
    seeds: int = SEEDS,
    processes: int = 1,
    timeout: float | None = None,
    on_trial: Callable[[Underway], None] | None = None,
    on_report: Callable[[Report], None] | None = None,
    steps_by_now: Callable[[], int] | None = None,
) -> Report:
    """Examines a scenario; of a race of networks every lane, as a run of its own, with an even share of the budget.

    Args:
        scenario: as it is to be run.
        file: what stands for it on a command line.
        budget: work to be done at most, in seconds of a free core.
        seeds: how many seeds a remedy is tried at, the scenario's own first.
        processes: trials run side by side; what is found does not depend on it.
        timeout: seconds after which nothing more is tried.
        on_trial: told of each trial as it begins.
        on_report: called with what is known after each lot of them; of a race, with what is known of its first lane.
        steps_by_now: asked, once all is tried from the start, for the steps that a running net has taken; what helps
            and can be changed as it runs is tried from there too. It says 0 of a net that does not run.

    Raises:
        ScenarioError: for a scenario that does not suit its data.
    """
    started = time.perf_counter()
    order = _Order(file, budget, seeds, processes, timeout, on_trial, on_report, steps_by_now)
    report = _VISITS[problem_kind(scenario)](scenario, order)
    return structs.replace(report, seconds=time.perf_counter() - started)


@dataclass(frozen=True)
class _Order:
    """What a visit is to do, and who is told; see `visit`."""

    file: str
    budget: float
    seeds: int
    processes: int
    timeout: float | None
    on_trial: Callable[[Underway], None] | None
    on_report: Callable[[Report], None] | None
    steps_by_now: Callable[[], int] | None


def _visit_point(scenario: Scenario, order: _Order) -> Report:
    return visit_surface(scenario, order.file, order.budget)


def _visit_networks(scenario: Scenario, order: _Order) -> Report:
    """Every lane, each with an even share of the budget and of the time that is left."""
    started = time.perf_counter()
    lanes, budget = lanes_alone(scenario), order.budget
    order = replace(order, budget=budget / len(lanes))
    reports: list[Report] = []
    for entry, lane in zip(lane_entries(scenario.training), lanes, strict=True):
        left = None if order.timeout is None else max(1e-3, order.timeout - (time.perf_counter() - started))
        alone = _to_lane(scenario, lane)
        own = replace(order, file=" ".join([order.file, *options(alone)]), timeout=left)
        if order.on_trial is not None:
            own = replace(own, on_trial=partial(_tell_of_lane, order.on_trial, len(reports) / len(lanes), len(lanes)))
        reports.append(_examined(lane, own, partial(structs.replace, lane=entry.title, alone=alone)))
        # Who looks on, looks on at the first lane.
        order = replace(order, on_report=None, steps_by_now=None)
    return structs.replace(reports[0], others=tuple(reports[1:]))


def _tell_of_lane(tell: Callable[[Underway], None], done: float, lanes: int, trial: Underway) -> None:
    """Each lane has an even share of the work."""
    tell(structs.replace(trial, share=done + trial.share / lanes))


_VISITS: Mapping[ProblemKind, Callable[[Scenario, _Order], Report]] = {
    SurfaceProblem: _visit_point,
    NetworkProblem: _visit_networks,
}


def _examined(scenario: Scenario, order: _Order, named: Callable[[Report], Report]) -> Report:
    """What is found in one lane, every report saying whose it is."""
    patient, on_report, on_trial = Patient(scenario, order.budget), order.on_report, order.on_trial

    def begin(asked: Asked) -> None:
        if on_trial is not None:
            on_trial(underway(bench, asked))

    with Bench(
        patient.scenario,
        patient.facts,
        budget=order.budget - patient.work,
        stop=patient.share.stop,
        processes=order.processes,
        timeout=order.timeout,
        on_begin=begin,
    ) as bench:
        search = patient.search(bench, order.seeds)
        conclusion = Conclusion(patient, search, bench, order.file)
        search.run((lambda: on_report(named(conclusion.report()))) if on_report else None)
        if order.steps_by_now is not None and search.has_live:
            if on_report is not None:
                on_report(named(conclusion.report()))
            if step := order.steps_by_now():
                search.try_on_the_running_net(step, LIVE_SHARE * order.budget)
        return named(conclusion.report())


def _to_lane(scenario: Scenario, lane: Scenario) -> dict[str, Any]:
    """What makes a lane by itself of a scenario: nothing, where that is what it is."""
    changes = differences(to_mapping(structs.replace(scenario, expect=())), to_mapping(lane))
    return dict(sorted(changes.items(), key=lambda change: change[0] != "training.race"))


def doctor(
    scenario: str | Path | Scenario,
    changes: Mapping[str, Any] | None = None,
    *,
    budget: float = BUDGET,
    seeds: int = SEEDS,
    processes: int = 1,
    timeout: float | None = None,
) -> Report:
    """Finds out what keeps a scenario from learning, by trying what may help.

    Args:
        scenario: a name from the catalog, a path to a TOML file, `@12` for a kept run, or a scenario.
        changes: overrides by dotted key, such as {"training.optimizer.name": "adam"}.
        budget: work to be done at most, in seconds of a free core.
        seeds: how many seeds a remedy is tried at, the scenario's own first.
        processes: trials run side by side; what is found does not depend on it.
        timeout: seconds after which nothing more is tried.

    Raises:
        ScenarioError: for a scenario or an override that is not right; the message is for people.
        ValueError: for a budget, seeds, processes or a timeout that are not above 0.
        TypeError: for an argument of another type.
    """
    check_scenario(scenario)
    check_changes(changes)
    budget, seeds, processes = (
        positive("budget", budget),
        whole_number("seeds", seeds),
        whole_number("processes", processes),
    )
    timeout = None if timeout is None else positive("timeout", timeout)
    changes = plain(changes or {})
    if isinstance(scenario, Scenario):
        chosen = overrides.apply(scenario, changes, source="changes") if changes else scenario
    else:
        chosen = given_scenario(str(scenario), changes=changes, source="changes")
    named = "SCENARIO" if isinstance(scenario, Scenario) else shlex.quote(str(scenario))
    file = " ".join([named, *options(dict(changes))])
    return visit(chosen, file=file, budget=budget, seeds=seeds, processes=processes, timeout=timeout)
