"""A doctor's visit: suspicions from checks and rules, made findings by experiment."""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.scenario import overrides
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis import names
from nn_tui.training.diagnosis.baselines import Baseline, baselines
from nn_tui.training.diagnosis.bench import BUDGET, Bench, Trial
from nn_tui.training.diagnosis.candidates import Candidate, Facts, candidates, is_live, recipes, text_of
from nn_tui.training.diagnosis.checks import CERTAIN, check, is_certain
from nn_tui.training.diagnosis.diagnose import diagnose
from nn_tui.training.diagnosis.evidence import gather
from nn_tui.training.diagnosis.finding import Finding, Remedy
from nn_tui.training.diagnosis.prescribing import command_of
from nn_tui.training.diagnosis.report import Attainable, Prescription, Report, ReportedScore, TriedVariant
from nn_tui.training.diagnosis.scale import Scale
from nn_tui.training.diagnosis.search import Search, Tried
from nn_tui.training.diagnosis.sharing import Share, share_of, whole_run
from nn_tui.training.diagnosis.surface_visit import visit_surface
from nn_tui.training.given import given_scenario
from nn_tui.training.run.choosing import choice_of
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.architecture import resolve_head
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.session import Session
from nn_tui.training.run.trainer import Trainer

SEEDS = 3
MOST_REMEDIES = 3
MOST_FINDINGS = 4
LEARNED = 0.9
"""The share of a perfect score from which on a run that cannot be bettered is healthy, and not limited by its data."""


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
) -> Report:
    """Examines a scenario; of a race of networks, its first lane.

    Args:
        scenario: as it is to be run.
        file: what stands for it on a command line.
        budget: work to be done at most, in seconds of a free core.
        seeds: how many seeds a remedy is tried at, the scenario's own first.
        processes: trials run side by side; what is found does not depend on it.
        timeout: seconds after which nothing more is tried.
        on_trial: called with each trial.
        on_report: called with what is known after each lot of them.

    Raises:
        ScenarioError: for a scenario that does not suit its data.
    """
    started = time.perf_counter()
    if scenario.data.function is not None:
        report = visit_surface(scenario, file)
        return msgspec.structs.replace(report, seconds=time.perf_counter() - started)
    patient = _Patient(scenario, budget)
    with Bench(
        patient.scenario,
        patient.facts,
        budget=budget - (patient.whole.work if patient.whole else 0.0),
        stop=patient.share.stop,
        processes=processes,
        timeout=timeout,
        on_trial=on_trial,
    ) as bench:
        search = patient.search(bench, seeds)
        search.run((lambda: on_report(patient.report(search, bench, file))) if on_report else None)
        report = patient.report(search, bench, file)
    return msgspec.structs.replace(report, seconds=time.perf_counter() - started)


class _Patient:
    """A scenario with what is known of it before anything is tried."""

    def __init__(self, scenario: Scenario, budget: float) -> None:
        alone = overrides.apply(scenario, {"training.race": []}) if scenario.training.race else scenario
        dataset = load_dataset(alone)
        self.share: Share = share_of(alone, _facts(alone, dataset), budget)
        self.scenario = self.share.scenario
        self.whole = whole_run(alone, _facts(alone, dataset), budget) if self.share.said else None
        if self.share.scenario is not alone:
            dataset = load_dataset(self.scenario)
        self.facts = _facts(self.scenario, dataset)
        self.scale = _scale(dataset)
        self.seed = self.scenario.training.seed
        self.baselines = baselines(dataset, self.seed)
        lane = Trainer(self.scenario, NetworkProblem(dataset)).lead
        self.certain = is_certain(lane)
        self.checked = check(lane)
        self.suspects = _suspects(self.scenario, dataset, self.share, self.checked)

    @property
    def best(self) -> Baseline:
        """The simple method that does best."""
        return max(self.baselines, key=lambda entry: entry.value)

    def search(self, bench: Bench, seeds: int) -> Search:
        """The search for what helps, the suspected first."""
        return Search(
            bench,
            self.scale,
            range(self.seed, self.seed + seeds),
            baseline=self.best.value,
            certain=CERTAIN if self.certain else {},
            ordered=_ordered(candidates(self.scenario, self.facts), self.suspects),
            recipes=recipes(self.scenario, self.facts),
            whole=None if self.whole is None else self.scale.value(self.whole),
        )

    # -- what is said ------------------------------------------------------------------------------------------------

    def report(self, search: Search, bench: Bench, file: str) -> Report:
        """What the visit came to."""
        ill = self._is_ill(search, bench)
        metric = f"{self.scale.choice.part}.{self.scale.choice.metric}"
        best = search.helpful[0] if search.helpful and ill else None
        return Report(
            file=file,
            scenario=self.scenario.title,
            verdict="ill" if ill else self._well(search),
            score=ReportedScore(
                metric=metric, value=self._shown(bench, {}) if self.whole is None else _finite(self.whole.chosen)
            ),
            attainable=self._attainable(search),
            share=self.share.said,
            findings=self._findings(search, bench, ill),
            prescription=None if best is None else self._prescription(best, bench, file),
            trials=tuple(_variant(trial) for trial in bench.trials),
            work=bench.spent,
            cut=bench.cut,
            seconds=0.0,
        )

    def _is_ill(self, search: Search, bench: Bench) -> bool:
        if search.is_ill:
            return True
        outcome = bench.known({}, self.seed)
        if outcome is None or outcome.status == "diverged":
            return outcome is not None
        # What is plain to see, and cured by what treats it, is an illness however little it costs.
        plain = {kind for kind in self._kinds() if kind in _PLAIN}
        gain = self.scale.equal(search.reach)
        return any(
            entry.families & set(names.TREATS[kind]) and entry.sure > search.alone + gain
            for entry in search.helpful
            for kind in plain
        )

    def _kinds(self) -> list[str]:
        return [finding.kind for finding in self.suspects if finding.ill]

    def _well(self, search: Search) -> str:
        perfect = (search.alone - self.scale.ignorant) / max(1.0 - self.scale.ignorant, 1e-9)
        return "healthy" if perfect >= LEARNED else "data-limited"

    def _shown(self, bench: Bench, changes: dict[str, Any]) -> float | None:
        outcome = bench.known(changes, self.seed)
        return None if outcome is None or not math.isfinite(outcome.chosen) else outcome.chosen

    def _attainable(self, search: Search) -> Attainable:
        reach, best = search.reach, search.best
        if self.best.value >= reach:
            return Attainable(value=self.best.value, how=self.best.name)
        if best is not None and best.sure >= reach:
            return Attainable(value=reach, how=f"with {text_of(self.scenario, best.changes)}")
        return Attainable(value=reach, how="the run as it is")

    def _prescription(self, best: Tried, bench: Bench, file: str) -> Prescription:
        return Prescription(
            changes=best.changes,
            before=self._shown(bench, {}),
            after=self._shown(bench, best.changes),
            command=command_of(file, best.changes),
        )

    def _findings(self, search: Search, bench: Bench, ill: bool) -> tuple[Finding, ...]:
        notes = tuple(_tried(finding) for finding in (*self.checked, *self.suspects) if not finding.ill)
        if not ill:
            return (*self._good(search, bench), *notes)
        found = self._named(search, bench)
        if not found:
            found = [self._by_cure(search, bench) if search.helpful else self._below(search)]
        return (*found[:MOST_FINDINGS], *notes)

    def _named(self, search: Search, bench: Bench) -> list[Finding]:
        """The suspects that something treats, those first whose remedy is the best of all."""
        found: list[tuple[int, int, Finding]] = []
        for place, finding in enumerate(self.suspects):
            treats = names.TREATS.get(finding.kind, ())
            helpful = [entry for entry in search.helpful if entry.families & set(treats)]
            if finding.ill and helpful:
                remedies = tuple(self._remedy(entry, bench) for entry in helpful[:MOST_REMEDIES])
                told = msgspec.structs.replace(finding, tried=True, remedies=remedies)
                found.append((search.helpful.index(helpful[0]), place, told))
            elif finding.ill and finding.kind in _PLAIN:
                found.append((len(search.helpful), place, msgspec.structs.replace(finding, tried=True, remedies=())))
        # Of what has the same remedy, what is plain to see comes first.
        found.sort(key=lambda entry: (entry[0], entry[2].kind not in _PLAIN, entry[1]))
        named = [finding for *_, finding in found]
        if search.helpful:
            by_cure = self._by_cure(search, bench)
            # What was suspected and has the best cure keeps its evidence.
            alike = [finding for finding in named if finding.kind == by_cure.kind]
            named = [finding for finding in named if finding.kind != by_cure.kind]
            leads = bool(found) and found[0][0] == 0 and found[0][2] not in alike
            first = alike[0] if alike and alike[0].remedies[:1] == by_cure.remedies[:1] else by_cure
            named.insert(1 if leads else 0, first)
        return named

    def _by_cure(self, search: Search, bench: Bench) -> Finding:
        """What nothing has pointed to, called by what cured it."""
        best = search.helpful[0]
        family = next((name for name in names.BY_CURE if name in best.families), "optimizer")
        if "rate" in best.families and "optimizer" not in best.families:
            before, after = self.scenario.training.optimizer.lr, best.changes["training.optimizer.lr"]
            family = "rate-up" if after > before else "rate-down"
        rule, title = names.BY_CURE[family]
        alike = [entry for entry in search.helpful if entry.families & best.families]
        value = f"{self._said_metric} {search.alone:.3g}"
        return msgspec.structs.replace(
            rule.finding(
                title=title,
                step=0,
                evidence=f"Left alone the run comes to {value}, with {text_of(self.scenario, best.changes)} to "
                f"{best.after[0]:.3g}.",
                numbers={"before": search.alone, "after": best.after[0], "attainable": search.reach},
                remedies=tuple(self._remedy(entry, bench) for entry in alike[:MOST_REMEDIES]),
            ),
            tried=True,
        )

    def _below(self, search: Search) -> Finding:
        finding = names.BELOW.finding(
            title="Worse than a simple method, and nothing that was tried helps",
            step=0,
            evidence=f"{self.best.name[0].upper()}{self.best.name[1:]} reaches {self._said_metric} "
            f"{self.best.value:.3g}, the run {search.alone:.3g}.",
            numbers={"baseline": self.best.value, "score": search.alone},
        )
        return msgspec.structs.replace(finding, tried=True)

    def _good(self, search: Search, bench: Bench) -> tuple[Finding, ...]:
        worth = [entry for entry in search.helpful if entry.sure > search.alone + self.scale.equal(search.reach)]
        said = f"{search.alone:.3g} of {max(search.reach, search.alone):.3g}"
        numbers = {"score": search.alone, "attainable": search.reach}
        if not worth:
            finding = names.AS_GOOD.finding(
                title=f"As good as these data allow: {said}",
                step=0,
                evidence=f"The run comes to {self._said_metric} {search.alone:.3g}; {self.best.name} to "
                f"{self.best.value:.3g}, and nothing that was tried is better beyond what seeds move.",
                numbers=numbers,
            )
            return (_tried(finding),)
        best = worth[0]
        finding = names.COULD_GAIN.finding(
            title=f"Well, and could gain a little: {said}",
            step=0,
            evidence=f"The run comes to {self._said_metric} {search.alone:.3g}, with "
            f"{text_of(self.scenario, best.changes)} to {best.after[0]:.3g}.",
            numbers=numbers,
            remedies=tuple(self._remedy(entry, bench) for entry in worth[:MOST_REMEDIES]),
        )
        return (_tried(finding),)

    @property
    def _said_metric(self) -> str:
        name = {"r2": "R²", "balanced_accuracy": "balanced accuracy"}.get(self.scale.choice.metric, "accuracy")
        return f"{self.scale.choice.part if self.scale.choice.held_out else 'training'} {name}"

    def _remedy(self, tried: Tried, bench: Bench) -> Remedy:
        gains = np.subtract(tried.after, tried.before)
        return Remedy(
            text=text_of(self.scenario, tried.changes),
            changes=tried.changes,
            live=is_live(tried.changes),
            metric=f"{self.scale.choice.part}.{self.scale.choice.metric}",
            before=self._shown(bench, {}),
            after=self._shown(bench, tried.changes),
            spread=float(gains.std()),
            seeds=len(tried.after),
        )


_PLAIN = ("diverged", "symmetry")


def _tried(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, tried=True)


def _facts(scenario: Scenario, dataset: Dataset) -> Facts:
    classes = len(dataset.class_names)
    return Facts(
        classes=classes,
        rows=len(dataset.train),
        inputs=len(dataset.feature_names),
        outputs=resolve_head(scenario, dataset.task, dataset.answers).units,
        judged_by=choice_of(dataset).part if choice_of(dataset).held_out else "",
        imbalanced=choice_of(dataset).metric == "balanced_accuracy",
        scalable=scenario.data.scaling == "none",
    )


def _scale(dataset: Dataset) -> Scale:
    choice = choice_of(dataset)
    ignorant = 0.0
    if choice.metric == "balanced_accuracy":
        ignorant = 1.0 / len(dataset.class_names)
    elif choice.metric == "accuracy":
        ignorant = float(np.bincount(dataset.train.targets.astype(np.intp)).max()) / len(dataset.train)
    return Scale(choice, len(getattr(dataset, choice.part)), len(dataset.train), ignorant)


def _suspects(scenario: Scenario, dataset: Dataset, share: Share, checked: Sequence[Finding]) -> tuple[Finding, ...]:
    """What checks and rules suspect, of the run as `replay` records it."""
    trainer = Trainer(scenario, NetworkProblem(dataset))
    trainer.lead.explains = False
    session = Session(trainer, stop=share.stop)
    session.run()
    ruled = [finding for finding in diagnose(gather(session)) if finding.ill]
    first = [finding for finding in checked if finding.ill and finding.kind not in {entry.kind for entry in ruled}]
    return (*first, *ruled)


def _ordered(choices: Iterable[Candidate], suspects: Sequence[Finding]) -> list[Candidate]:
    """Candidates in the order of suspicion; those of a family in the vocabulary's."""
    families = [family for finding in suspects for family in names.TREATS.get(finding.kind, ())]
    places = {family: place for place, family in reversed(list(enumerate(families)))}
    return sorted(choices, key=lambda entry: places.get(entry.family, len(places) + len(families)))


def _variant(trial: Trial) -> TriedVariant:
    outcome = trial.outcome
    return TriedVariant(
        changes=trial.asked.changes,
        seed=trial.asked.seed,
        status=outcome.status,
        value=_finite(outcome.chosen),
        train=_finite(outcome.train),
        steps=outcome.steps,
        curve=tuple((look.step, _finite(look.chosen)) for look in outcome.looks),
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


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
