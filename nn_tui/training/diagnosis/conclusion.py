"""What a visit has come to: verdict, findings with what helps, and a prescription."""

import math

import msgspec
import numpy as np

from nn_tui.numerals import numeral
from nn_tui.training.diagnosis import names, pace
from nn_tui.training.diagnosis.finding import Finding, Remedy
from nn_tui.training.diagnosis.patient import Patient
from nn_tui.training.diagnosis.prescribing import command_of, text_of
from nn_tui.training.diagnosis.report import Attainable, Prescription, Report, ReportedScore, TriedVariant
from nn_tui.training.diagnosis.trials.bench import Bench, Trial
from nn_tui.training.diagnosis.trials.candidates import Changes, is_live
from nn_tui.training.diagnosis.trials.search import Search
from nn_tui.training.diagnosis.trials.tried import Tried
from nn_tui.wording import metric_name

MOST_REMEDIES = 3
MOST_FINDINGS = 4
LEARNED = 0.9
"""The share of a perfect score from which on a run that cannot be bettered is healthy, and not limited by its data."""
_PLAIN = ("diverged", "symmetry")
"""What is plain to see, and an illness however little it costs."""


class Conclusion:
    """What is said of a patient once its trials are made, or as far as they are."""

    def __init__(self, patient: Patient, search: Search, bench: Bench, file: str) -> None:
        """
        Args:
            patient: that was examined.
            search: what helps it, as far as is known.
            bench: what was tried.
            file: what the patient goes by in commands.
        """
        self._patient, self._search, self._bench, self._file = patient, search, bench, file
        self._scenario, self._scale = patient.scenario, patient.scale
        self._metric = f"{patient.scale.choice.part}.{patient.scale.choice.metric}"

    def report(self) -> Report:
        """All of it."""
        patient, search, ill = self._patient, self._search, self._is_ill()
        best = search.helpful[0] if search.helpful and ill else None
        return Report(
            file=self._file,
            scenario=self._scenario.title,
            verdict="ill" if ill else self._well(),
            score=ReportedScore(metric=self._metric, value=self._score),
            attainable=self._attainable(),
            share=patient.share.said,
            findings=self._findings(ill),
            prescription=None if best is None else self._prescription(best),
            trials=tuple(_variant(trial) for trial in self._bench.trials),
            work=patient.work + self._bench.spent,
            cut=self._bench.cut,
            seconds=0.0,
        )

    # -- verdict -----------------------------------------------------------------------------------------------------

    def _is_ill(self) -> bool:
        search = self._search
        if search.is_ill:
            return True
        outcome = self._bench.known({}, self._patient.seed)
        if outcome is None or outcome.status == "diverged":
            return outcome is not None
        # What is plain to see, and cured by what treats it, is an illness however little it costs.
        plain = {finding.kind for finding in self._patient.suspects if finding.kind in _PLAIN}
        gain = self._scale.equal(search.reach)
        return any(
            entry.families & set(names.TREATS[kind]) and entry.sure > search.alone + gain
            for entry in search.helpful
            for kind in plain
        )

    def _well(self) -> str:
        """Of a run that is not ill: data-limited where it is not perfect, and nothing that was tried is better."""
        if self._is_in_vain:
            return "data-limited"
        scale = self._scale
        perfect = (self._search.alone - scale.ignorant) / max(1.0 - scale.ignorant, 1e-9)
        known = perfect >= LEARNED or self._worth or self._is_bettered or not self._has_tried
        return "healthy" if known else "data-limited"

    @property
    def _is_in_vain(self) -> bool:
        """Whether a run that nothing is far ahead of is itself no better than guessing."""
        return self._has_tried and not self._scale.is_better_than_guessing(max(self._search.alone, self._search.at_end))

    @property
    def _has_tried(self) -> bool:
        """Whether there was budget and time for more than the run left alone."""
        return any(trial.asked.changes for trial in self._bench.trials)

    @property
    def _score(self) -> float | None:
        """What the run by itself comes to; None where it diverged."""
        whole = self._patient.whole
        return self._shown({}) if whole is None else _finite(whole.chosen)

    @property
    def _worth(self) -> list[Tried]:
        """What helps a run that is well by more than counts as equal."""
        search = self._search
        return [entry for entry in search.helpful if entry.sure > search.alone + self._scale.equal(search.reach)]

    @property
    def _is_bettered(self) -> bool:
        """Whether a simple method does better."""
        return self._patient.best.value > self._search.alone + self._scale.margin(self._search.reach)

    def _attainable(self) -> Attainable:
        reach, best, simple, score = self._search.reach, self._search.best, self._patient.best, self._score
        # What few rows choose by is not what the run is weighed by.
        if self._search.at_end >= reach or (score is not None and score >= max(reach, simple.value)):
            return Attainable(value=self._search.at_end if score is None else score, how="the run as it is")
        if simple.value >= reach:
            return Attainable(value=simple.value, how=simple.name)
        assert best is not None
        return Attainable(value=reach, how=f"with {text_of(self._scenario, best.changes)}")

    # -- findings ----------------------------------------------------------------------------------------------------

    def _findings(self, ill: bool) -> tuple[Finding, ...]:
        patient = self._patient
        notes = tuple(_tried(finding) for finding in (*patient.checked, *patient.suspects) if not finding.ill)
        if not ill:
            harmless = (_harmless(finding) for finding in patient.suspects if finding.ill)
            return (*self._good(), *harmless, *notes)
        found = self._named()
        if not found:
            found = [self._by_cure() if self._search.helpful else self._below()]
        return (*_each_once(found)[:MOST_FINDINGS], *notes)

    def _named(self) -> list[Finding]:
        """The suspects that something treats, those first whose remedy is the best of all."""
        helpful = self._search.helpful
        found: list[tuple[int, int, Finding]] = []
        for place, finding in enumerate(self._patient.suspects):
            treats = set(names.TREATS.get(finding.kind, ()))
            treating = [entry for entry in helpful if entry.families & treats]
            if finding.ill and (treating or finding.kind in _PLAIN):
                told = msgspec.structs.replace(self._ranged(finding), tried=True, remedies=self._remedies(treating))
                found.append((helpful.index(treating[0]) if treating else len(helpful), place, told))
        # Of what has the same remedy, what is plain to see comes first.
        found.sort(key=lambda entry: (entry[0], entry[2].kind not in _PLAIN, entry[1]))
        named = [finding for *_, finding in found]
        if not helpful:
            return named
        by_cure = self._by_cure()
        # What was suspected and has the best cure keeps its evidence.
        alike = [finding for finding in named if finding.kind == by_cure.kind]
        named = [finding for finding in named if finding.kind != by_cure.kind]
        leads = bool(found) and found[0][0] == 0 and found[0][2] not in alike
        first = alike[0] if alike and alike[0].remedies[:1] == by_cure.remedies[:1] else by_cure
        named.insert(1 if leads else 0, first)
        return named

    def _by_cure(self) -> Finding:
        """What nothing has pointed to, called by what cured it."""
        search, best = self._search, self._search.helpful[0]
        family = next((name for name in names.BY_CURE if name in best.families), "optimizer")
        rule, title = names.BY_CURE[family]
        alone, cured = self._told({}), self._told(best.changes) or 0.0
        numbers = {"before": math.nan if alone is None else alone, "after": cured, "attainable": search.reach}
        text = text_of(self._scenario, best.changes)
        came = "diverges" if alone is None else f"comes to {self._said(alone)}"
        went = f"it comes to {self._said(cured)}" if alone is None else f"to {numeral(cured)}"
        finding = rule.finding(
            title=title,
            since=0,
            evidence=f"Left alone the run {came}{self._on_share}, with {text} {went}.",
            numbers=numbers,
            remedies=self._remedies([entry for entry in search.helpful if entry.families & best.families]),
        )
        return _tried(self._ranged(finding))

    def _ranged(self, finding: Finding) -> Finding:
        """A finding about the rate, with what a range test says of rates."""
        rates = self._patient.ranged.rates
        if finding.kind not in (pace.TOO_HIGH.kind, pace.TOO_LOW.kind) or not rates:
            return finding
        low, high = numeral(min(rates), 2), numeral(max(rates), 2)
        tested = f"A run whose rate rises step by step points to rates from {low} to {high}."
        return msgspec.structs.replace(finding, evidence=f"{finding.evidence} {tested}")

    def _below(self) -> Finding:
        alone, simple = self._shown({}), self._patient.best
        came = "diverges" if alone is None else f"comes to {numeral(alone)}"
        tried = "nothing that was tried helps" if self._has_tried else "there was no room to try anything"
        finding = names.BELOW.finding(
            title=f"Worse than a simple method, and {tried}",
            since=0,
            evidence=f"With {simple.name} {metric_name(self._metric)} is {numeral(simple.value)}; "
            f"the run {came}{self._on_share}.",
            numbers={"baseline": simple.value, "score": math.nan if alone is None else alone},
        )
        return _tried(finding)

    def _good(self) -> tuple[Finding, ...]:
        if self._is_in_vain:
            return (self._nothing(),)
        simple, worth, whole = self._patient.best, self._worth, self._patient.whole
        alone = self._told({}) or 0.0
        score = alone if whole is None else self._scale.told(whole) or 0.0
        reach = max(self._search.reach, score)
        came = f"The run comes to {self._said(score)}"
        came += self._on_share if whole is None else f" ({numeral(alone)}{self._on_share})"
        known = numeral(score) if numeral(score) == numeral(reach) else f"{numeral(score)}; best seen {numeral(reach)}"
        could_gain = bool(worth) or self._is_bettered
        title = "Well, and could gain a little" if could_gain else "As good as these data allow"
        if worth:
            better = worth[0].changes
            more = f"{came}, with {text_of(self._scenario, better)} to {numeral(self._told(better) or 0.0)}."
        elif self._has_tried:
            more = (
                f"{came}; {simple.name} to {numeral(simple.value)}, and nothing that was tried is better beyond what "
            )
            more += "seeds move."
        else:
            title, more = "No room to try anything", f"{came}; {simple.name} to {numeral(simple.value)}."
        well = not could_gain and self._has_tried
        finding = (names.AS_GOOD if well else names.COULD_GAIN).finding(
            title=f"{title}: {known}",
            since=0,
            evidence=more,
            numbers={"score": score, "attainable": reach},
            remedies=self._remedies(worth),
        )
        return (_tried(finding),)

    def _nothing(self) -> Finding:
        """What to say where inputs and targets seem to have nothing to do with each other."""
        guess, score, reach = self._patient.baselines[0], self._score or 0.0, self._attainable().value
        finding = names.NOTHING.finding(
            title="Nothing was found that could be learned from these inputs",
            since=0,
            evidence=f"With {guess.name} alone {metric_name(self._metric)} is {numeral(guess.value)}; the run comes "
            f"to {numeral(score)}, and the best of what was tried and of simple methods to {numeral(reach)}: no more "
            "than the choice of examples moves. Are target and inputs the right columns, of the same rows?",
            numbers={"score": score, "guessing": guess.value, "attainable": reach},
        )
        return _tried(finding)

    @property
    def _on_share(self) -> str:
        """What trials are made on, where it is not the whole run."""
        return f" on {self._patient.share.said}" if self._patient.share.said else ""

    def _told(self, changes: Changes) -> float | None:
        """What a variant came to, at the run's own seed; None where it diverged."""
        outcome = self._bench.known(changes, self._patient.seed)
        return None if outcome is None else self._scale.told(outcome)

    def _said(self, value: float) -> str:
        choice = self._scale.choice
        if self._scale.pools:
            return f"{metric_name(choice.metric)} {numeral(value)} ({choice.part} and training rows together)"
        return f"{choice.part if choice.held_out else 'training'} {metric_name(choice.metric)} {numeral(value)}"

    # -- remedies ----------------------------------------------------------------------------------------------------

    def _remedies(self, helpful: list[Tried]) -> tuple[Remedy, ...]:
        return tuple(self._remedy(self._search.in_force.get(entry.key, entry)) for entry in helpful)

    def _remedy(self, tried: Tried) -> Remedy:
        return Remedy(
            text=text_of(self._scenario, tried.changes),
            changes=tried.changes,
            live=is_live(tried.changes),
            metric=self._metric,
            before=self._shown({}),
            after=self._shown(tried.changes, tried.from_step),
            spread=float(np.subtract(tried.after, tried.before).std()),
            seeds=len(tried.after),
            from_step=tried.from_step or None,
        )

    def _prescription(self, best: Tried) -> Prescription:
        return Prescription(
            changes=best.changes,
            before=self._shown({}),
            after=self._shown(best.changes),
            command=command_of(self._file, best.changes),
        )

    def _shown(self, changes: Changes, from_step: int = 0) -> float | None:
        outcome = self._bench.known(changes, self._patient.seed, from_step)
        return None if outcome is None else _finite(outcome.chosen)


def _each_once(findings: list[Finding]) -> list[Finding]:
    """Each remedy under the first finding that it treats, and so many of each; no finding by its cure alone that is the
    cure of another."""
    said: list[Changes] = []
    told = []
    for finding in findings:
        remedies = [remedy for remedy in finding.remedies if remedy.changes not in said][:MOST_REMEDIES]
        if finding.kind in names.BY_CURE_ALONE and not remedies:
            continue
        said += [remedy.changes for remedy in remedies]
        told.append(msgspec.structs.replace(finding, remedies=tuple(remedies)))
    return told


def _harmless(finding: Finding) -> Finding:
    """What was suspected of a run that is well."""
    evidence = f"{finding.evidence} Nothing that was tried against it gains enough to call the run ill."
    return msgspec.structs.replace(finding, tried=True, ill=False, evidence=evidence)


def _tried(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, tried=True, remedies=finding.remedies[:MOST_REMEDIES])


def _variant(trial: Trial) -> TriedVariant:
    asked, outcome = trial.asked, trial.outcome
    return TriedVariant(
        changes=asked.changes,
        seed=asked.seed,
        from_step=asked.from_step or None,
        status=outcome.status,
        value=_finite(outcome.chosen),
        train=_finite(outcome.train),
        steps=outcome.steps,
        curve=tuple((look.step, _finite(look.chosen)) for look in outcome.looks),
        losses=tuple((_finite(look.train_loss), _finite(look.chosen_loss)) for look in outcome.looks),
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
