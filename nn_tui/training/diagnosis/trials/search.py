"""The search for a cure: single changes first, then combinations, pruned to the fewest keys.

What is found follows from the scenario and the budget alone. Every change is tried at the run's own seed; those that
promise something are tried at the other seeds too, in pairs with the run left alone.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.diagnosis.trials.bench import Asked, Bench, key_of
from nn_tui.training.diagnosis.trials.candidates import Candidate, Changes, is_live
from nn_tui.training.diagnosis.trials.joining import Joining
from nn_tui.training.diagnosis.trials.scale import HARM, Scale, helps
from nn_tui.training.diagnosis.trials.tried import Tried, families_of, helpful

_CONFIRMED = 4
"""Changes tried at the other seeds, of each lot."""
_LOT = 10
"""Single changes tried before what came of them is looked at."""
_ENOUGH = 2
"""Lots after which a cure is no longer bettered."""
_OF_A_FAMILY = 2
_LOOKING_WELL = 0.3
"""The share of the budget spent on single changes where nothing seems wrong."""
_SEARCHING = 0.6
_LONG_SHARE = 0.1
"""The share of the budget that one long recipe may take."""
_MOST_LIVE = 4
"""Changes tried on the running net too."""


class Search:
    """One scenario's search.

    Attributes:
        reach: the most that is known to be possible, by baselines and trials.
        helpful: changes that help, best first; see `tried.helpful`.
        in_force: by their keys, those of them that help the running net as much, as they were tried on it.
    """

    def __init__(
        self,
        bench: Bench,
        scale: Scale,
        seeds: Sequence[int],
        *,
        baseline: float,
        certain: Changes,
        direct: frozenset[str],
        ordered: Sequence[Candidate],
        recipes: Sequence[Changes],
        long_recipe: Changes,
        whole: float | None = None,
    ) -> None:
        """
        Args:
            bench: where variants are tried.
            scale: weighs their outcomes.
            seeds: the run's own first.
            baseline: what the best simple method reaches.
            certain: what is mended in every trial, or nothing.
            direct: families of changes that mend what is wrong in the set-up itself.
            ordered: single changes, the most suspected first.
            recipes: whole set-ups by the book.
            long_recipe: another one, for data on which these do worse than a simple method.
            whole: the value of the run at its own end, where trials are made on a part of it.
        """
        self._bench, self._scale, self._seeds = bench, scale, tuple(seeds)
        self._certain, self._direct = certain, direct
        self._ordered = [Candidate(entry.family, certain | entry.changes) for entry in ordered]
        self._recipes = [certain | recipe for recipe in recipes]
        self._long_recipe = certain | long_recipe
        self._families: dict[str, frozenset[str]] = {}
        self._baseline, self._whole = baseline, whole
        self._tried: list[Tried] = []
        self._on_lot: Callable[[], None] | None = None
        self.helpful: list[Tried] = []
        self.in_force: dict[str, Tried] = {}

    @property
    def alone(self) -> float:
        """The value of the run left alone, at its own seed."""
        return self._at({}, self._seeds[0]) or 0.0

    @property
    def at_end(self) -> float:
        """The same at the run's own end, where trials are made on a part of it."""
        return self.alone if self._whole is None else max(self._whole, self.alone)

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
        if self._whole is not None:
            # A run that is cut short is not ill for what it would still have learned.
            return self._scale.is_far_behind(self.at_end, self.reach)
        # What bad luck with its seed has taken from it counts half; good luck is the run's own.
        values = [value for seed in self._seeds if (value := self._at({}, seed)) is not None]
        typical = sum(values) / len(values) if values else self.alone
        return self._scale.is_far_behind(max(self.alone, 0.5 * (self.alone + typical)), self.reach)

    @property
    def _is_cured(self) -> bool:
        return bool(self.helpful) and self.helpful[0].sure >= self.reach - self._equal

    @property
    def _margin(self) -> float:
        return self._scale.margin(self.reach)

    @property
    def _equal(self) -> float:
        return self._scale.equal(self.reach)

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
            self._families[key_of(self._certain)] = frozenset(["output"])
        self._try_longer()
        self._confirm(self._recipes, 1, always=True)
        self._confirm([self._certain] * bool(self._certain), 1)
        self._singles()
        if self.is_ill and not self._is_cured:
            self._combine()
            self._rank()

    def _try_longer(self) -> None:
        """Tries the long recipe where a simple method says that there is more to learn than the others have learned."""
        own, recipe = self._seeds[0], self._long_recipe
        best = max(
            (value for entry in ({}, *self._recipes) if (value := self._at(entry, own)) is not None), default=0.0
        )
        if self._baseline <= best + self._scale.margin(self._baseline):
            return
        if self._planned(recipe) <= _LONG_SHARE * self._bench.left:
            self._ask([recipe], own)
            self._recipes.append(recipe)

    @property
    def has_live(self) -> bool:
        """Whether a running net can take something that helps."""
        return bool(self._live)

    @property
    def _live(self) -> list[Tried]:
        return [entry for entry in self.helpful if is_live(entry.changes)]

    def try_on_the_running_net(self, step: int, budget: float) -> None:
        """Tries what helps and what a running net can take from a step on.

        Args:
            step: steps the net has taken.
            budget: work that may be done for it, besides.
        """
        self._bench.left = budget
        live = self._live[:_MOST_LIVE]
        for seed in self._seeds:
            self._bench.run([Asked(entry.changes, seed, from_step=step) for entry in live])
        for entry in live:
            now = self._of(entry.changes, step)
            as_good = now is not None and now.sure >= entry.sure - self._equal
            if now is not None and as_good and helps(now.before, now.after, self._margin):
                self.in_force[now.key] = now

    # -- single changes ----------------------------------------------------------------------------------------------

    def _singles(self) -> None:
        own = self._seeds[0]
        allowed = (_SEARCHING if self.is_ill else _LOOKING_WELL) * self._bench.left
        for number in range(0, len(self._ordered), _LOT):
            lot = self._ordered[number : number + _LOT]
            chosen = []
            for entry in lot:
                families = (frozenset(["output"]) if self._certain else frozenset()) | {entry.family}
                self._families.setdefault(key_of(entry.changes), families)
                planned = self._planned(entry.changes)
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

    def _confirm(self, choices: Iterable[Changes], most: int, always: bool = False) -> None:
        """Tries the most promising at the other seeds, a few of each family."""
        own, *others = self._seeds
        margin = self._margin
        promising = []
        for changes in choices:
            value = self._at(changes, own)
            if value is not None and (always or value > self.alone + margin) and not self._harms(changes):
                promising.append((value, changes))
        promising.sort(key=lambda entry: -entry[0])
        alike: Counter[frozenset[str]] = Counter()
        ranked: list[tuple[int, Changes]] = []
        for _, changes in promising:
            family = self._families.get(key_of(changes), frozenset())
            if alike[family] < _OF_A_FAMILY or not family:
                ranked.append((alike[family] if family else 0, changes))
            alike[family] += 1
        # The best of every family goes first, or one that is about the fault is crowded out by what helps with any.
        taken = [changes for _, changes in sorted(ranked, key=lambda entry: entry[0])[:most]]
        for seed in others:
            self._ask(taken, seed)
        for changes in taken:
            if (tried := self._of(changes)) is not None:
                # What was tried as a whole set-up may be offered later: then it is about something.
                self._tried = [entry for entry in self._tried if entry.changes != changes] + [tried]

    def _of(self, changes: Changes, from_step: int = 0) -> Tried | None:
        """What came of a change at every seed it was tried at; None where that is not the run's own."""
        pairs = [(self._at({}, seed), self._at(changes, seed, from_step)) for seed in self._seeds]
        known = [(before, after) for before, after in pairs if before is not None and after is not None]
        outcome = self._bench.known(changes, self._seeds[0], from_step)
        if not known or outcome is None:
            return None
        before, after = zip(*known, strict=True)
        families = self._families.get(key_of(changes), frozenset())
        ranks = (place for place, entry in enumerate(self._ordered) if entry.changes == changes)
        return Tried(
            families=families,
            changes=changes,
            before=before,
            after=after,
            train=outcome.train,
            rank=next(ranks, len(self._ordered)),
            direct=bool(families & self._direct),
            from_step=from_step,
        )

    def _rank(self) -> None:
        self.helpful = helpful(self._tried, self._margin, self._equal, self._scale.ignorant)

    # -- combinations ------------------------------------------------------------------------------------------------

    def _combine(self) -> None:
        joining = Joining(self._bench, self._scale, self._seeds[0], self._certain)
        joined = joining.joined(self._ordered, self.alone, self._equal)
        if joined is not None:
            self._settle(joining, joined)
            self._rank()
        own = self._seeds[0]
        known = [(value, recipe) for recipe in self._recipes if (value := self._at(recipe, own)) is not None]
        if known and not self._is_cured:
            self._settle(joining, max(known, key=lambda entry: entry[0])[1])

    def _settle(self, joining: Joining, changes: Changes) -> None:
        """Prunes a combination, and tries it at the other seeds; where it does not help, the whole of it."""
        for choice in (joining.pruned(changes, self._equal), changes):
            # What is pruned to a single change is about what that one is.
            self._families.setdefault(key_of(choice), families_of(choice, self._bench.scenario))
            self._confirm([choice], 1, always=True)
            if any(entry.changes == choice and helps(entry.before, entry.after, self._margin) for entry in self._tried):
                return

    # -- asking ------------------------------------------------------------------------------------------------------

    def _ask(self, choices: Iterable[Changes], seed: int, bar: float | None = None) -> None:
        self._bench.run([Asked(changes, seed, bar) for changes in choices])

    def _planned(self, changes: Changes) -> float:
        """The most a change costs at the run's own seed; infinite where it is impossible."""
        try:
            return self._bench.planned(changes, self._seeds[0])
        except ScenarioError:
            return math.inf

    def _at(self, changes: Changes, seed: int, from_step: int = 0) -> float | None:
        outcome = self._bench.known(changes, seed, from_step)
        return None if outcome is None else self._scale.value(outcome)

    def _harms(self, changes: Changes) -> bool:
        """Whether the training metric falls while the one that chooses does not gain."""
        alone, after = (self._bench.known(entry, self._seeds[0]) for entry in ({}, changes))
        if alone is None or after is None or alone.status == "diverged":
            return False
        return after.train < alone.train - HARM and not after.chosen > alone.chosen + HARM
