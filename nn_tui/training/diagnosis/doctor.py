"""A doctor's visit: suspicions from checks and rules, made findings by experiment."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from nn_tui.scenario import overrides
from nn_tui.scenario.lanes import lane_names
from nn_tui.scenario.plain import differences, to_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.variants import lane_scenarios
from nn_tui.training.diagnosis.conclusion import Conclusion
from nn_tui.training.diagnosis.patient import Patient
from nn_tui.training.diagnosis.prescribing import sets
from nn_tui.training.diagnosis.report import Report
from nn_tui.training.diagnosis.surface_visit import visit_surface
from nn_tui.training.diagnosis.trials.bench import BUDGET, Bench, Trial
from nn_tui.training.given import given_scenario

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
    on_trial: Callable[[Trial], None] | None = None,
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
        on_trial: called with each trial.
        on_report: called with what is known after each lot of them; of a race, with what is known of its first lane.
        steps_by_now: asked, once all is tried from the start, for the steps that a running net has taken; what helps
            and can be changed as it runs is tried from there too. It says 0 of a net that does not run.

    Raises:
        ScenarioError: for a scenario that does not suit its data.
    """
    started = time.perf_counter()
    if scenario.data.function is not None:
        report = visit_surface(scenario, file)
        return msgspec.structs.replace(report, seconds=time.perf_counter() - started)
    lanes = _lanes(scenario, file)
    reports: list[Report] = []
    for lane, name in lanes:
        is_first = not reports
        reports.append(
            _examined(
                lane,
                name,
                budget / len(lanes),
                seeds,
                processes,
                None if timeout is None else max(1e-3, timeout - (time.perf_counter() - started)),
                on_trial,
                on_report if is_first else None,
                steps_by_now if is_first else None,
            )
        )
    if len(lanes) > 1:
        names = lane_names(scenario.training)
        reports = [msgspec.structs.replace(one, lane=name) for one, name in zip(reports, names, strict=True)]
    seconds = time.perf_counter() - started
    return msgspec.structs.replace(reports[0], others=tuple(reports[1:]), seconds=seconds)


def _examined(
    scenario: Scenario,
    file: str,
    budget: float,
    seeds: int,
    processes: int,
    timeout: float | None,
    on_trial: Callable[[Trial], None] | None,
    on_report: Callable[[Report], None] | None,
    steps_by_now: Callable[[], int] | None,
) -> Report:
    """What is found in one lane; see `visit`."""
    patient = Patient(scenario, budget)
    with Bench(
        patient.scenario,
        patient.facts,
        budget=budget - patient.work,
        stop=patient.share.stop,
        processes=processes,
        timeout=timeout,
        on_trial=on_trial,
    ) as bench:
        search = patient.search(bench, seeds)
        conclusion = Conclusion(patient, search, bench, file)
        search.run((lambda: on_report(conclusion.report())) if on_report else None)
        if steps_by_now is not None and search.has_live:
            if on_report is not None:
                on_report(conclusion.report())
            if step := steps_by_now():
                search.try_on_the_running_net(step, LIVE_SHARE * budget)
        return conclusion.report()


def _lanes(scenario: Scenario, file: str) -> list[tuple[Scenario, str]]:
    """Each lane as a scenario of its own, with what stands for it on a command line."""
    if not scenario.training.race:
        return [(scenario, file)]
    alone = overrides.apply(scenario, {"training.race": []})
    found = []
    for lane in lane_scenarios(scenario):
        training = msgspec.structs.replace(lane.training, race=())
        # What is expected of the race is no lane's business.
        own = msgspec.structs.replace(lane, training=training, expect=())
        changes: dict[str, Any] = {"training.race": []} | differences(to_mapping(alone), to_mapping(own))
        found.append((own, f"{file} {sets(changes)}"))
    return found


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
        scenario: a name from the catalogue, a path to a TOML file, `@12` for a kept run, or a scenario.
        changes: overrides by dotted key, such as {"training.optimizer.name": "adam"}.
        budget: work to be done at most, in seconds of a free core.
        seeds: how many seeds a remedy is tried at, the scenario's own first.
        processes: trials run side by side; what is found does not depend on it.
        timeout: seconds after which nothing more is tried.

    Raises:
        ScenarioError: for a scenario or an override that is not right; the message is for people.
        ValueError: for a budget, seeds, processes or a timeout that are not above 0.
    """
    for name, value in (("budget", budget), ("seeds", seeds), ("processes", processes), ("timeout", timeout)):
        if value is not None and not value > 0:
            raise ValueError(f"{name}: expected a number above 0, found {value}")
    chosen = scenario if isinstance(scenario, Scenario) else given_scenario(str(scenario))
    if changes:
        chosen = overrides.apply(chosen, changes, source="changes")
    file = chosen.title if isinstance(scenario, Scenario) else str(scenario)
    return visit(chosen, file=file, budget=budget, seeds=seeds, processes=processes, timeout=timeout)
