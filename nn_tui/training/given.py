"""A scenario as a person names it: in the catalogue, by its file, or as a kept run."""

from collections.abc import Sequence
from pathlib import Path

from nn_tui.data.tables import endings
from nn_tui.scenario import catalogue
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario


def is_table(name: str) -> bool:
    """Whether a name is that of a table, by its ending."""
    return endings.is_table(name)


def is_model(name: str) -> bool:
    """Whether a name is that of a saved model, by its ending."""
    return Path(name).suffix.lower() == ".safetensors"


def given_file(text: str) -> Path | None:
    """The file that some text stands for, as `given_scenario` takes it; None for a kept run, which has none."""
    if is_table(text):
        return Path(text).expanduser()
    return None if text.startswith("@") else catalogue.find(text)


def given_scenario(text: str, targets: Sequence[str | int] = ()) -> Scenario:
    """The scenario that some text stands for.

    Args:
        text: a name of the catalogue, a path to a TOML file or to a table, or `@12` for the kept run 12, which is the
            scenario that replays to its digest.
        targets: of a table, the columns to predict; see `table_scenario`.

    Raises:
        ScenarioError: if there is none, or it is not valid.
    """
    if text.startswith("@"):
        from nn_tui.training.kept.reference import kept_scenario, referred

        if (number := referred(text)) is not None:
            return kept_scenario(number)
    if is_table(text):
        from nn_tui.training.tables.suggesting import table_scenario

        return table_scenario(Path(text).expanduser(), targets)
    if targets:
        raise ScenarioError("--target names the column of a table; a scenario has its own (--set data.target=…)")
    return load(catalogue.find(text))
