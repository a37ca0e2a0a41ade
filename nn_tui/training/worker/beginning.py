"""What a run in the lab begins with."""

from dataclasses import dataclass

from nn_tui.scenario.schema import Scenario


@dataclass(frozen=True)
class Beginning:
    """What a run is, before anything is done to it.

    Attributes:
        scenario: as it began.
        model: the file of the saved model that it goes on from; None for a run from its first step.
    """

    scenario: Scenario
    model: str | None = None
