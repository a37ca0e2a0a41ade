"""The scenarios that come with the program."""

from functools import cache
from pathlib import Path

import msgspec

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.families import in_order
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from nn_tui.wording import quoted, suggestion

# A wheel carries the scenarios inside the package; a checkout has them beside it.
_INSTALLED = Path(__file__).parents[1] / "scenarios"
_CHECKOUT = Path(__file__).parents[2] / "scenarios"


class CatalogueEntry(msgspec.Struct, frozen=True):
    """One line of the catalog.

    Attributes:
        name: what the scenario is called at the shell.
        title, summary: the scenario's own.
        kind: its kind of data.
        path: its file.
    """

    name: str
    title: str
    summary: str
    kind: str
    path: Path


def folder() -> Path:
    """Where the catalog's files are."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def names() -> list[str]:
    """The names of all scenarios, sorted."""
    return sorted(path.stem for path in folder().glob("*.toml"))


def entries() -> list[CatalogueEntry]:
    """All scenarios, sorted by name.

    Raises:
        ScenarioError: if one of them is not valid.
    """
    return [_entry(folder() / f"{name}.toml") for name in names()]


@cache
def scenarios() -> dict[str, Scenario]:
    """All scenarios by name, in the order one learns from them; read once.

    Raises:
        ScenarioError: if one of them is not valid.
    """
    return {name: load(folder() / f"{name}.toml") for name in in_order(names())}


def _entry(path: Path) -> CatalogueEntry:
    scenario = load(path)
    return CatalogueEntry(path.stem, scenario.title, scenario.summary, scenario.data.kind, path)


def find(name_or_path: str) -> Path:
    """The file of a scenario.

    Args:
        name_or_path: a name in the catalog, or a path (which ends in `.toml` or has a folder in it).

    Raises:
        ScenarioError: if there is no such scenario or file.
    """
    known = names()
    if name_or_path in known:
        return folder() / f"{name_or_path}.toml"
    path = Path(name_or_path)
    if path.suffix == ".toml" or path.name != name_or_path:
        return _existing(path)
    near = suggestion(name_or_path, known)
    raise ScenarioError(f"no scenario {quoted(name_or_path)} in the catalog{near} (nn-tui list shows all of them)")


def _existing(path: Path) -> Path:
    try:
        path.stat()
    except PermissionError:
        # It may well be there; whoever reads it says why that cannot be done.
        return path
    except (OSError, ValueError):
        missing = "no such file (nn-tui list shows the scenarios there are)"
        raise ScenarioError(missing, source=quoted(str(path))) from None
    return path
