"""A saved model opened in the lab: its run goes on at the step it was saved at."""

from collections.abc import Callable
from typing import Any

from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Change, Scenario
from nn_tui.scenario.timeline import followed
from nn_tui.training.files.model_file import load_model
from nn_tui.training.files.resuming import Resumption
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.training.look.parts import Mark
from nn_tui.training.run.session import Session
from nn_tui.training.run.trainer import Trainer
from nn_tui.training.worker.marks import mark


class SavedRun:
    """A run out of a model's file.

    Attributes:
        scenario: as it began.
        start: the name of the file that its very first parameters came from; empty where the scenario drew them.
    """

    def __init__(self, path: str, scenario: Scenario) -> None:
        """
        Args:
            path: of the model.
            scenario: the model's own; live fields in which it differs are changed where the run goes on.

        Raises:
            ScenarioError: for a file that is not a model, or one that cannot go on with this scenario.
        """
        try:
            self._model = load_model(path)
            self._resumption = Resumption(self._model, scenario, None)
        except ModelError as error:
            raise ScenarioError(str(error)) from None
        self.scenario = self._resumption.scenario
        self.start = self._model.start

    def session(self, trainer: Trainer[Any], on_change: Callable[[Change, Scenario], None]) -> Session[Any]:
        """The run at the model's step, with no way back beyond it.

        Raises:
            ScenarioError: if the data are not those it began with.
        """
        try:
            return self._resumption.session(trainer, on_change=on_change, rewindable=True)
        except ModelError as error:
            raise ScenarioError(str(error)) from None

    def marks(self) -> list[Mark]:
        """Of the changes that were made before it was saved."""
        marks, present = [], structs.replace(self._model.scenario, timeline=(), expect=())
        for change in self._model.snapshot.applied:
            marks.append(mark(change, present, change.step or 1))
            present = followed(present, change)
        return marks
