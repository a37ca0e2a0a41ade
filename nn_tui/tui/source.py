"""A scenario and what it is called."""

from dataclasses import dataclass
from pathlib import Path

from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario


@dataclass(frozen=True)
class Source:
    """A scenario as it stands in its file.

    Attributes:
        name: in the catalogue, or the absolute path of its file.
        scenario: what it says.
    """

    name: str
    scenario: Scenario

    @classmethod
    def find(cls, name_or_path: str) -> "Source":
        """Reads a scenario of the catalogue or a file.

        Raises:
            ScenarioError: if there is none, or it is not valid.
        """
        path = catalogue.find(name_or_path)
        known = path.parent == catalogue.folder()
        return cls(path.stem if known else str(path.absolute()), load(path))

    @property
    def short_name(self) -> str:
        """What files that come from it are called."""
        return Path(self.name).stem
