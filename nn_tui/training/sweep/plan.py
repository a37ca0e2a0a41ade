"""Which trials a sweep makes: known before the first of them runs, and the same wherever they run."""

import hashlib
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import structs

from nn_tui.engine.randomness import generator
from nn_tui.scenario import overrides
from nn_tui.scenario.data_table import FILES
from nn_tui.scenario.errors import ScenarioError, named
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import dumps
from nn_tui.training.kept.files import Fingerprint, fingerprints, of_scenario
from nn_tui.training.sweep.sobol import MOST_DIMENSIONS, sobol
from nn_tui.training.sweep.space import Axis
from nn_tui.version import __version__

SEED_KEY = "training.seed"
MOST_TRIALS = 1_000_000
_NAME_FILES = {"data.kind", *(f"data.{name}" for name in FILES)}
"""Keys that say which files are read."""


class SweepTrial(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a sweep.

    Attributes:
        number: its place, from 0.
        combination: which values it has, from 0; trials of one differ in their seeds only.
        changes: to the scenario, by dotted key, besides the seed.
        seed: it runs with.
    """

    number: int
    combination: int
    changes: dict[str, Any]
    seed: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep, before anything has run.

    Attributes:
        scenario: what is varied.
        axes: the keys and their values.
        seeds: each combination runs with.
        random: combinations drawn evenly over ranges and lists; None for all of the grid.
        metric: what is best, such as "test.accuracy"; empty for the one that chooses.
        stop_sick: whether hopeless combinations are given up.
        files: what its trials read.
        distinct: of the combinations drawn, how many differ; 0 where that has not been counted.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    seeds: tuple[int, ...]
    random: int | None = None
    metric: str = ""
    stop_sick: bool = False
    files: tuple[Fingerprint, ...] = ()
    distinct: int = 0

    @property
    def combinations(self) -> int:
        """How many there are, whether or not they can be made; at most so many where drawn ones are not counted."""
        return self.distinct or self.random or math.prod(len(axis.values) for axis in self.axes)

    @property
    def trials(self) -> int:
        """How many runs it takes."""
        return self.combinations * len(self.seeds)

    @property
    def vary(self) -> dict[str, list[Any]]:
        """The values that each key has, by dotted path; of a range that is drawn from, its two ends."""
        drawn = self.random is not None
        return {axis.key: [axis.low, axis.high] if drawn and axis.is_range else list(axis.values) for axis in self.axes}

    def noted(self) -> "Plan":
        """With the files that its trials read, as they are now: the scenario's, and those that a key brings in."""
        found = {(file.role, file.path): file for file in fingerprints(self.scenario)}
        for axis in self.axes:
            if axis.is_range or not axis.paths() & _NAME_FILES:
                continue
            for value in axis.values:
                brought = overrides.apply(self.scenario, {axis.key: value}, source="--vary")
                found |= {(file.role, file.path): file for file in fingerprints(brought)}
        return structs.replace(self, files=tuple(found.values()))

    def files_of(self, scenario: Scenario) -> tuple[Fingerprint, ...]:
        """Those that one of its trials reads."""
        return of_scenario(self.files, scenario)

    def hash(self) -> str:
        """Of all that decides what the trials are."""
        content = msgspec.json.encode(
            (
                __version__,
                dumps(self.scenario),
                self.axes,
                self.seeds,
                self.random,
                self.metric,
                self.stop_sick,
                [file.sha256 for file in self.files],
            )
        )
        return hashlib.sha256(content).hexdigest()[:16]

    def check(self) -> None:
        """Refuses what cannot be run, before anything is.

        Raises:
            ScenarioError: for a value or a seed that cannot be, for a key that is varied twice or is the seed's, for
                too many trials.
        """
        if not self.axes:
            raise ScenarioError("nothing is varied; name a key, such as --vary lr=1e-4..1:log")
        keys = [key for axis in self.axes for key in axis.paths()]
        for key in keys:
            if keys.count(key) > 1:
                raise ScenarioError("is varied twice", key=key)
        if SEED_KEY in keys:
            raise ScenarioError(
                "seeds are not varied but repeated: say how many, or which (at the shell: --seeds)", key=SEED_KEY
            )
        if self.trials > MOST_TRIALS:
            raise ScenarioError(f"these are {self.trials:,} trials; at most {MOST_TRIALS:,} can be made in one sweep")
        if self.random is not None and len(self.axes) > MOST_DIMENSIONS:
            raise ScenarioError(f"at most {MOST_DIMENSIONS} keys can be varied at random, found {len(self.axes)}")
        for seed in {min(self.seeds), max(self.seeds)}:
            overrides.apply(self.scenario, {SEED_KEY: seed}, source="--seeds")
        for axis in self.axes:
            # What lies between two ends that a key may have, it may have too.
            for value in (axis.values[0], axis.values[-1]) if axis.is_range else axis.values:
                with named("--vary"):
                    overrides.apply(self.scenario, {axis.key: value}, source="--vary")

    def changes(self) -> Iterator[dict[str, Any]]:
        """The values of every combination, by key; of the grid the last key turns fastest, equal draws count once."""
        if self.random is None:
            for values in itertools.product(*(axis.values for axis in self.axes)):
                yield {axis.key: value for axis, value in zip(self.axes, values, strict=True)}
            return
        drawn = sobol(self.random, len(self.axes), generator(self.scenario.training.seed, "sweep"))
        seen: set[str] = set()
        for shares in drawn.tolist():
            changes = {axis.key: axis.at(share) for axis, share in zip(self.axes, shares, strict=True)}
            told = repr(changes)
            if told not in seen:
                seen.add(told)
                yield changes

    def each_trial(self) -> Iterator[SweepTrial]:
        """Every trial, seed by seed within each combination, made as it is asked for: there may be a million."""
        numbers = itertools.count()
        for combination, changes in enumerate(self.changes()):
            for seed in self.seeds:
                yield SweepTrial(number=next(numbers), combination=combination, changes=changes, seed=seed)

    def of(self, trial: SweepTrial) -> Scenario:
        """The scenario that a trial runs.

        Raises:
            ScenarioError: for values that do not go together.
        """
        return overrides.apply(self.scenario, trial.changes | {SEED_KEY: trial.seed}, source="--vary")


def seeds_of(given: int | Sequence[int] | None, scenario: Scenario) -> tuple[int, ...]:
    """Seeds as they are asked for: how many from the scenario's on, or which.

    Raises:
        ScenarioError: for none, or one that stands there twice.
    """
    if given is None:
        given = 1
    if isinstance(given, int):
        if not 1 <= given <= MOST_TRIALS:
            raise ScenarioError(f"expected 1 to {MOST_TRIALS:,} seeds, found {given:,}", key="seeds")
        return tuple(scenario.training.seed + number for number in range(given))
    if not given or len(set(given)) < len(given):
        raise ScenarioError("expected seeds, each once", key="seeds")
    return tuple(given)
