"""The search for a cure: single changes first, then combinations, pruned to the fewest keys.

What is found follows from the scenario and the budget alone. Every change is tried at the run's own seed; those that
promise something are tried at the other seeds too, in pairs with the run left alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.diagnosis.bench import Asked, Bench
from nn_tui.training.diagnosis.candidates import Candidate, Changes, is_live, parts
from nn_tui.training.diagnosis.scale import HARM, Scale, helps

_CONFIRMED = 4
"""Changes tried at the other seeds, of each lot."""
_LOT = 10
"""Single changes tried before what came of them is looked at."""
_ENOUGH = 2
"""Lots after which a cure is no longer bettered."""
_OF_A_FAMILY = 2
_COMBINED = 8
"""Changes tried on top of the best so far."""
_MOST_JOINED = 3
_LOOKING_WELL = 0.3
"""The share of the budget spent on single changes where nothing seems wrong."""
_SEARCHING = 0.6


@dataclass(frozen=True)
class Tried:
    """A change that was tried at every seed.

    Attributes:
        families: what it is about.
        changes: keys and values.
        before, after: values at the seeds, the run's own first.
        train: the metric on the training set, at the run's own seed.
        rank: its place in the order of suspicion.
    """

    families: frozenset[str]
    changes: Changes
    before: tuple[float, ...]
    after: tuple[float, ...]
    train: float
    rank: int

    @property
    def sure(self) -> float:
        """What can be counted on: its value at the run's own seed, or its mean where that is lower."""
        return min(self.after[0], sum(self.after) / len(self.after))


class Search:
    """One scenario's search.

    Attributes:
        reach: the most that is known to be possible, by baselines and trials.
        helpful: changes that help, best first; of equals the fewest keys, then what a running net can take, then the
            most suspected.
    """

    def __init__(
        self,
        bench: Bench,
        scale: Scale,
        seeds: Sequence[int],
        *,
        baseline: float,
        certain: Changes,
        ordered: Sequence[Candidate],
        recipes: Sequence[Changes],
        whole: float | None = None,
    ) -> None:
        """
        Args:
            bench: where variants are tried.
            scale: weighs their outcomes.
            seeds: the run's own first.
            baseline: what the best simple method reaches.
            certain: what is mended in every trial, or nothing.
            ordered: single changes, the most suspected first.
            recipes: whole set-ups by the book.
            whole: the value of the run at its own end, where trials are made on a part of it.
        """
        self._bench, self._scale, self._seeds = bench, scale, tuple(seeds)
        self._certain = certain
        self._layers = len(bench.scenario.network.hidden)
        self._ordered = [Candidate(entry.family, certain | entry.changes) for entry in ordered]
        self._recipes = [certain | recipe for recipe in recipes]
        self._families: dict[str, frozenset[str]] = {}
        self._baseline, self._whole = baseline, whole
        self._tried: list[Tried] = []
        self._on_lot: Callable[[], None] | None = None
        self.helpful: list[Tried] = []

    @property
    def alone(self) -> float:
        """The value of the run left alone, at its own seed."""
        return self._at({}, self._seeds[0]) or 0.0

    @property
    def reach(self) -> float:
        """See the class."""
        least = max(self.alone, self._baseline)
        if not self._trials_count:
            return least
        return max([least, *(entry.sure for entry in self._tried)])

    @property
    def best(self) -> Tried | None:
        """What reached the most, whether or not it is offered."""
        return max(self._tried, key=lambda entry: entry.sure, default=None)

    @property
    def _trials_count(self) -> bool:
        # Without held-out examples what a larger or longer trained net reaches may be learned by heart.
        if self._scale.choice.held_out:
            return True
        learnable = self._scale.learnable(self._baseline)
        return self.alone < self._baseline - 0.25 * learnable or self.alone < self._scale.ignorant + 0.25

    @property
    def is_ill(self) -> bool:
        """Whether the run is far behind what is known to be possible."""
        # A run that is cut short is not ill for what it would still have learned.
        at_end = self.alone if self._whole is None else max(self._whole, self.alone)
        return self._scale.is_far_behind(at_end, self.reach)

    def run(self, on_lot: Callable[[], None] | None = None) -> None:
        """Tries what the budget allows.

        Args:
            on_lot: called after each lot of trials, when `helpful` says what helps so far.
        """
        self._on_lot = on_lot
        own, *others = self._seeds
        first = [{}, *([self._certain] if self._certain else []), *self._recipes]
        self._ask(first, own)
        for seed in others:
            self._ask([{}], seed)
        if self._certain:
            self._families[_key(self._certain)] = frozenset(["output"])
        self._confirm(self._recipes, 1, always=True)
        self._confirm([self._certain] * bool(self._certain), 1)
        self._singles()
        if self.is_ill:
            self._combine()
            self._rank()

    # -- single changes ----------------------------------------------------------------------------------------------

    def _singles(self) -> None:
        own = self._seeds[0]
        allowed = (_SEARCHING if self.is_ill else _LOOKING_WELL) * self._bench.left
        for number in range(0, len(self._ordered), _LOT):
            lot = self._ordered[number : number + _LOT]
            chosen = []
            for entry in lot:
                self._families.setdefault(_key(entry.changes), self._certain_families | {entry.family})
                try:
                    planned = self._bench.planned(entry.changes, own)
                except ScenarioError:
                    continue
                if planned <= allowed:
                    allowed -= planned
                    chosen.append(entry.changes)
            self._ask(chosen, own, bar=self.alone + HARM)
            self._confirm(chosen, _CONFIRMED)
            self._rank()
            if self._on_lot is not None:
                self._on_lot()
            done = number // _LOT + 1
            if done >= _ENOUGH and (not self.is_ill or self._is_cured):
                return

    @property
    def _is_cured(self) -> bool:
        return bool(self.helpful) and self.helpful[0].sure >= self.reach - self._scale.equal(self.reach)

    @property
    def _certain_families(self) -> frozenset[str]:
        return frozenset(["output"]) if self._certain else frozenset()

    def _confirm(self, choices: Iterable[Changes], most: int, always: bool = False) -> None:
        """Tries the most promising at the other seeds, a few of each family."""
        own, *others = self._seeds
        margin = self._scale.margin(self.reach)
        promising = []
        for changes in choices:
            value = self._at(changes, own)
            if value is not None and (always or value > self.alone + margin) and not self._harms(changes):
                promising.append((value, changes))
        promising.sort(key=lambda entry: -entry[0])
        taken: list[Changes] = []
        for _, changes in promising:
            family = self._families.get(_key(changes), frozenset())
            alike = sum(self._families.get(_key(other), frozenset()) == family for other in taken)
            if len(taken) < most and (alike < _OF_A_FAMILY or not family):
                taken.append(changes)
        for seed in others:
            self._ask(taken, seed)
        for changes in taken:
            self._note(changes)

    def _note(self, changes: Changes) -> None:
        pairs = [(self._at({}, seed), self._at(changes, seed)) for seed in self._seeds]
        known = [(before, after) for before, after in pairs if before is not None and after is not None]
        if not known or pairs[0][1] is None or any(entry.changes == changes for entry in self._tried):
            return
        before, after = zip(*known, strict=True)
        family = self._families.get(_key(changes), frozenset())
        rank = next(
            (place for place, entry in enumerate(self._ordered) if entry.changes == changes), len(self._ordered)
        )
        outcome = self._bench.known(changes, self._seeds[0])
        assert outcome is not None
        self._tried.append(Tried(family, changes, before, after, outcome.train, rank))

    def _rank(self) -> None:
        margin, equal = self._scale.margin(self.reach), self._scale.equal(self.reach)
        helping = [entry for entry in self._tried if entry.families and helps(entry.before, entry.after, margin)]
        best = max(helping, key=lambda entry: entry.sure, default=None)

        def is_as_good(entry: Tried) -> bool:
            assert best is not None
            return entry.sure >= best.sure - equal and entry.train >= best.train - 2.0 * equal

        self.helpful = sorted(
            helping,
            key=lambda entry: _ease(entry) if is_as_good(entry) else (1.0, -entry.sure, 0.0, entry.rank, 0.0),
        )

    # -- combinations ------------------------------------------------------------------------------------------------

    def _combine(self) -> None:
        if self._is_cured:
            return
        joined = self._join()
        if joined is not None:
            self._settle(joined)
            self._rank()
        if not self._is_cured:
            whole = self._best(self._recipes)
            if whole is not None:
                self._settle(whole)

    def _join(self) -> Changes | None:
        """Adds change after change to the best so far, as long as each adds beyond equals."""
        own = self._seeds[0]
        current: Changes = dict(self._certain)
        reached = self.alone if not current else (self._at(current, own) or self.alone)
        start = reached
        for _ in range(_MOST_JOINED):
            pool = self._pool(current)
            self._ask([current | entry.changes for entry in pool], own, bar=reached)
            options = [(self._at(current | entry.changes, own), place, entry) for place, entry in enumerate(pool)]
            known = [(value, -place, entry) for value, place, entry in options if value is not None]
            if not known:
                break
            value, _, entry = max(known, key=lambda option: option[:2])
            if value <= reached + self._scale.equal(self.reach):
                break
            joined = current | entry.changes
            self._families[_key(joined)] = self._families.get(_key(current), frozenset()) | {entry.family}
            current, reached = joined, value
        return current if reached > start and len(current) > 1 else None

    def _pool(self, current: Changes) -> list[Candidate]:
        """The best change of each family that is not in yet."""
        own, best = self._seeds[0], dict[str, tuple[float, Candidate]]()
        for entry in self._ordered:
            value = self._at(entry.changes, own)
            if value is None or any(key in current and current[key] != new for key, new in entry.changes.items()):
                continue
            if entry.changes.items() <= current.items():
                continue
            if entry.family not in best or value > best[entry.family][0]:
                best[entry.family] = value, entry
        return [entry for _, entry in sorted(best.values(), key=lambda pair: -pair[0])][:_COMBINED]

    def _settle(self, changes: Changes) -> None:
        """Prunes a combination, and tries both at the other seeds."""
        pruned = self._prune(changes)
        for choice in (pruned, changes):
            self._families[_key(choice)] = families_of(choice, self._layers)
            self._confirm([choice], 1, always=True)
            margin = self._scale.margin(self.reach)
            if any(entry.changes == choice and helps(entry.before, entry.after, margin) for entry in self._tried):
                return

    def _prune(self, changes: Changes) -> Changes:
        """Takes out every part whose removal loses nothing."""
        for split in (parts, _keys):
            changes = self._without_needless(changes, split(changes))
        return changes

    def _without_needless(self, changes: Changes, pieces: Sequence[Changes]) -> Changes:
        own = self._seeds[0]
        target = (self._at(changes, own) or 0.0) - self._scale.equal(self.reach)
        optional = [piece for piece in pieces if not piece.items() <= self._certain.items()]
        if len(pieces) < 2:
            return changes
        rests = [_less(changes, piece) for piece in optional]
        self._ask(rests, own)
        values = [self._at(rest, own) for rest in rests]
        needless = [(value, place) for place, value in enumerate(values) if value is not None and value >= target]
        for _, place in sorted(needless, key=lambda entry: (-entry[0], entry[1])):
            rest = _less(changes, optional[place])
            if not rest:
                continue
            self._ask([rest], own)
            value = self._at(rest, own)
            if value is not None and value >= target:
                changes = rest
        return changes

    def _best(self, choices: Iterable[Changes]) -> Changes | None:
        own = self._seeds[0]
        known = [(value, changes) for changes in choices if (value := self._at(changes, own)) is not None]
        return max(known, key=lambda entry: entry[0])[1] if known else None

    # -- asking ------------------------------------------------------------------------------------------------------

    def _ask(self, choices: Iterable[Changes], seed: int, bar: float | None = None) -> None:
        self._bench.run([Asked(changes, seed, bar) for changes in choices])

    def _at(self, changes: Changes, seed: int) -> float | None:
        outcome = self._bench.known(changes, seed)
        return None if outcome is None else self._scale.value(outcome)

    def _harms(self, changes: Changes) -> bool:
        """Whether the training metric falls while the one that chooses does not gain."""
        alone, after = (self._bench.known(entry, self._seeds[0]) for entry in ({}, changes))
        if alone is None or after is None or alone.status == "diverged":
            return False
        return after.train < alone.train - HARM and not after.chosen > alone.chosen + HARM


def _ease(tried: Tried) -> tuple[float, ...]:
    """The order of changes that are as good."""
    longer = 1.0 if "epochs" in tried.families else 0.0
    structural = 0.0 if is_live(tried.changes) else 0.5
    return 0.0, len(tried.changes), longer + structural, tried.rank, -tried.sure


def _key(changes: Changes) -> str:
    return Asked(changes, 0).key[0]


def _keys(changes: Changes) -> list[Changes]:
    return [{key: value} for key, value in changes.items()]


def _less(changes: Changes, piece: Changes) -> Changes:
    return {key: value for key, value in changes.items() if key not in piece}


_FAMILIES = {
    "network.hidden": "wider",
    "network.activation": "activation",
    "network.init": "initializer",
    "network.output": "output",
    "network.normalization": "normalization",
    "training.loss": "loss",
    "training.optimizer.name": "optimizer",
    "training.optimizer.lr": "rate",
    "training.mode": "batch-size",
    "training.batch_size": "batch-size",
    "training.epochs": "epochs",
    "training.steps": "epochs",
    "training.schedule.name": "schedule",
    "training.clip.norm": "clip",
    "training.clip.value": "clip",
    "training.regularization.l1": "regularize",
    "training.regularization.l2": "regularize",
    "training.class_weight": "class-weight",
    "data.scaling": "scaling",
    "data.target_scaling": "scaling",
}


def families_of(changes: Changes, layers: int) -> frozenset[str]:
    """What a combination is about, key by key; `layers` is how many hidden ones there were."""
    found = {_FAMILIES.get(key, "activation" if key.endswith("activation") else "other") for key in changes}
    if len(changes.get("network.hidden", ())) < layers and "network.hidden" in changes:
        found = found - {"wider"} | {"shallower"}
    return frozenset(found)
