"""A scenario and what it is called."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.training.given import is_model, is_table, load_file
from nn_tui.user_path import user_path

if TYPE_CHECKING:
    from nn_tui.training.sweep.result import TrialResult
    from nn_tui.training.sweep.watching import WatchedSweep


class Source(msgspec.Struct, frozen=True):
    """A scenario, and the file it comes from.

    Attributes:
        name: in the catalog, or the absolute path of its file.
        stored: as it stands there.
        scenario: as it is opened: the same, but for what was changed at the shell.
        step: where it is taken to; of a kept run, its last.
        model: the file of the saved model whose run goes on; None for a run from its beginning.
        sweep: the hash of the sweep that is looked at first; empty for none.
        changes: of a bare table, what was asked for at the shell; it counts as the table is read again.
    """

    name: str
    stored: Scenario
    scenario: Scenario
    step: int = 0
    model: str | None = None
    sweep: str = ""
    changes: Mapping[str, object] = msgspec.field(default_factory=dict)

    @classmethod
    def find(
        cls, name_or_path: str, changes: Mapping[str, object] | None = None, targets: Sequence[str | int] = ()
    ) -> "Source":
        """Reads what is named: a scenario by name or file, a kept run `@12`, a sweep `sweep:1a2b`, a model, a table.

        Args:
            name_or_path: which.
            targets: of a table, the columns to predict; the likeliest one if left out.
            changes: to what stands there, as `overrides.apply` takes them.

        Raises:
            ScenarioError: if there is none, or it or a change is not valid; for a model that cannot go on.
        """
        if is_model(name_or_path):
            return cls._of_model(user_path(name_or_path).absolute(), changes)
        if is_table(name_or_path):
            return cls._of_table(user_path(name_or_path).absolute(), targets, changes)
        if name_or_path.startswith("@"):
            from nn_tui.training.kept.reference import kept_course, referred

            if (number := referred(name_or_path)) is not None:
                whole, step = kept_course(number)
                return cls(name_or_path, whole, overrides.apply(whole, changes) if changes else whole, step)
        if name_or_path.startswith("sweep:"):
            from nn_tui.training.sweep.watching import WatchedSweep, referred_sweep

            if (start := referred_sweep(name_or_path)) is not None:
                watched = WatchedSweep(start)
                scenario = watched.scenario
                opened = overrides.apply(scenario, changes) if changes else scenario
                return cls(f"sweep:{watched.hash}", scenario, opened, sweep=watched.hash)
        path = catalogue.find(name_or_path)
        known = path.parent == catalogue.folder()
        stored = load_file(path)
        opened = overrides.apply(stored, changes) if changes else stored
        return cls(path.stem if known else str(path.absolute()), stored, opened)

    @classmethod
    def of_trial(cls, watched: "WatchedSweep", trial: "TrialResult") -> "Source":
        """A trial of a sweep, at its end.

        Raises:
            ScenarioError: for one that cannot be run.
        """
        scenario = watched.scenario
        opened = overrides.apply(scenario, trial.changes | {"training.seed": trial.seed})
        # What was swept without a name of its own has one for every trial that was kept as a run.
        name = watched.description.name or (f"@{trial.run}" if trial.run else f"sweep:{watched.hash}")
        return cls(name, scenario, opened, trial.steps)

    @classmethod
    def _of_table(cls, path: Path, targets: Sequence[str | int], changes: Mapping[str, object] | None) -> "Source":
        from nn_tui.training.tables.suggesting import suggested

        made = suggested(path, targets, asks="", changes=changes).scenario
        return cls(str(path), made, made, changes=changes or {})

    @classmethod
    def _of_model(cls, path: Path, changes: Mapping[str, object] | None) -> "Source":
        from nn_tui.training.files.model_file import load_model
        from nn_tui.training.files.resuming import Resumption
        from nn_tui.training.files.tensor_file import ModelError

        try:
            model = load_model(path)
            opened = overrides.apply(model.scenario, changes) if changes else model.scenario
            # What cannot go on is refused here, before the screen changes.
            Resumption(model, opened, None)
        except ModelError as error:
            raise ScenarioError(str(error)) from None
        return cls(str(path), model.scenario, opened, model=str(path))

    @property
    def file(self) -> Path | None:
        """The scenario's file, or the model's, if there still is one; a table is none."""
        if is_table(self.name):
            return None
        if self.model is not None:
            return Path(self.model)
        try:
            return catalogue.find(self.name)
        except ScenarioError:
            return None

    @property
    def is_table(self) -> bool:
        """Whether it was made of a bare table."""
        return is_table(self.name)

    @property
    def short_name(self) -> str:
        """What files that come from it are called."""
        return Path(self.name).stem
