"""A scenario under the doctor, with what is known of it before anything is tried."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from msgspec import structs

from nn_tui.data.dataset import Dataset
from nn_tui.scenario import overrides
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis import names
from nn_tui.training.diagnosis.baselines import Baseline, baselines
from nn_tui.training.diagnosis.checks import CERTAIN, check, is_certain
from nn_tui.training.diagnosis.diagnose import diagnose
from nn_tui.training.diagnosis.evidence import gather
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.trials.bench import Bench
from nn_tui.training.diagnosis.trials.candidates import Candidate, Facts, candidates
from nn_tui.training.diagnosis.trials.recipes import long_recipe, recipes
from nn_tui.training.diagnosis.trials.scale import Scale
from nn_tui.training.diagnosis.trials.search import Search
from nn_tui.training.diagnosis.trials.sharing import Share, share_of, whole_run
from nn_tui.training.range_test import range_test
from nn_tui.training.run.choosing import choice_of
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.architecture import resolve_head
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.session import Session
from nn_tui.training.run.trainer import Trainer


class Patient:
    """A scenario with what is known of it before anything is tried.

    Attributes:
        ranged: a range test of it, with what is certain mended.
        work: what it took to know that, in seconds of a free core: a range test, and the whole run where trials are
            made on a part.
    """

    def __init__(self, scenario: Scenario, budget: float) -> None:
        alone = overrides.apply(scenario, {"training.race": []})
        dataset = load_dataset(alone)
        self.share: Share = share_of(alone, _facts(alone, dataset), budget)
        self.scenario = self.share.scenario
        self.whole = whole_run(alone, _facts(alone, dataset), budget) if self.share.said else None
        if self.share.scenario is not alone:
            dataset = load_dataset(self.scenario)
        self.scale = scale_of(dataset)
        self.seed = self.scenario.training.seed
        self.baselines = baselines(dataset, self.seed)
        lane = Trainer(self.scenario, NetworkProblem(dataset)).lead
        self.certain = is_certain(lane)
        self.checked = check(lane)
        self.ranged = range_test(overrides.apply(self.scenario, CERTAIN if self.certain else {}), dataset)
        self.facts = replace(_facts(self.scenario, dataset), rates=self.ranged.rates)
        self.work = self.ranged.work + (self.whole.work if self.whole else 0.0)
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
            direct=names.direct(finding.kind for finding in self.suspects),
            ordered=_ordered(candidates(self.scenario, self.facts), self.suspects),
            recipes=recipes(self.scenario, self.facts),
            long_recipe=long_recipe(self.scenario, self.facts),
            whole=None if self.whole is None else self.scale.value(self.whole),
        )


def _facts(scenario: Scenario, dataset: Dataset) -> Facts:
    head = resolve_head(scenario, dataset.task, dataset.answers)
    network, training = (
        structs.replace(scenario.network, output="auto"),
        structs.replace(scenario.training, loss="auto"),
    )
    other_output, other_loss = (
        resolve_head(structs.replace(scenario, **{name: part}), dataset.task, dataset.answers)
        for name, part in (("network", network), ("training", training))
    )
    return Facts(
        rows=len(dataset.train),
        inputs=len(dataset.feature_names),
        outputs=head.units,
        usual_output=head.output == other_output.output,
        usual_loss=head.loss == other_loss.loss,
        judged_by=choice_of(dataset).part if choice_of(dataset).held_out else "",
        imbalanced=choice_of(dataset).metric == "balanced_accuracy",
        scalable=scenario.data.scaling == "none",
        targets_scalable=dataset.task == "regression" and scenario.data.target_scaling not in ("auto", "standard"),
    )


def scale_of(dataset: Dataset) -> Scale:
    """What runs on these data are weighed by."""
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
