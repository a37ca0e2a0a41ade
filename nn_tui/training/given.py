"""A scenario as a person names it: in the catalog, by its file, or as a kept run."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nn_tui.data.tables import endings
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.shown import shown
from nn_tui.user_path import user_path


def is_table(name: str) -> bool:
    """Whether a name is that of a table, by its ending."""
    return endings.is_table(name)


def is_model(name: str) -> bool:
    """Whether a name is that of a saved model, by its ending."""
    return Path(name).suffix.lower() == ".safetensors"


def given_file(text: str) -> Path | None:
    """The file that some text stands for, as `given_scenario` takes it; None for a kept run, which has none."""
    if is_table(text) or is_model(text):
        return user_path(text)
    return None if text.startswith("@") else catalogue.find(text)


def given_scenario(
    text: str,
    targets: Sequence[str | int] | None = None,
    changes: Mapping[str, object] | None = None,
    tell: Callable[[str], None] | None = None,
    source: str = "--set",
) -> Scenario:
    """The scenario that some text stands for.

    Args:
        text: a name of the catalog, a path to a TOML file or to a table; `@12` for the kept run 12, or a saved model,
            which stand for the scenario that replays to their digest, from its first step.
        targets: of a table, the columns to predict; see `suggested`. None where there is no --target to name them.
        changes: to it, as `overrides.apply` takes them; what they say of a table counts as it is read.
        tell: called with what was decided about a table, or is to be known of a model.
        source: what to call the changes in messages.

    Raises:
        ScenarioError: if there is none, or it or a change is not valid.
    """
    if is_table(text):
        from nn_tui.training.tables.suggesting import suggested

        asks = "--set" if targets is None else "--target"
        found = suggested(user_path(text), targets or (), asks=asks, changes=changes)
        if tell is not None:
            for note in found.notes:
                tell(note)
        return found.scenario
    if targets:
        raise ScenarioError("--target names the column of a table; a scenario has its own (--set data.target=…)")
    if is_model(text):
        stored = _of_model(text)
        if tell is not None:
            tell(f"{shown(text)}: its scenario, from its first step (nn-tui replay --resume goes on with it)")
    else:
        stored = _stored(text)
    return overrides.apply(stored, changes, source) if changes else stored


def _stored(text: str) -> Scenario:
    if text.startswith("@"):
        from nn_tui.training.kept.reference import kept_scenario, referred

        if (number := referred(text)) is not None:
            return kept_scenario(number)
    return load_file(catalogue.find(text))


def _of_model(text: str) -> Scenario:
    from nn_tui.training.files.model_file import load_model
    from nn_tui.training.files.tensor_file import ModelError

    try:
        model = load_model(path := user_path(text))
    except ModelError as error:
        raise ScenarioError(str(error).removeprefix(f"{shown(path)}: "), source=text) from None
    if model.start:
        raise ScenarioError(
            f"its run began with the weights of {shown(model.start)}, which no scenario holds; "
            f"nn-tui replay --resume {shown(text)} goes on with it",
            source=text,
        )
    return model.scenario


def load_file(path: Path) -> Scenario:
    """The scenario in a file.

    Raises:
        ScenarioError: as `load`; what may be a table is told so.
    """
    if other := endings.what_else(path.name):
        raise ScenarioError(other, source=shown(path))
    try:
        return load(path)
    except ScenarioError as error:
        if path.suffix.lower() == ".toml" or not error.problem.startswith("not "):
            raise
        hint = f"; if it is a table, rename it: tables end in {', '.join(endings.SUFFIXES[:3])} and the like"
        raise ScenarioError(error.problem + hint, source=error.source, key=error.key) from None
