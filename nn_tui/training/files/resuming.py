"""Going on with a saved run, so that it ends with the parameters of one that never stopped.

A scenario given beside the file must be the run's own. It may differ in live fields: what differs is a change made at
the step the run goes on from, exactly as if a timeline had said so. And it may differ in title, lesson, expectations
and in where its data are, as long as the data are the same.
"""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import structs

from nn_tui.data.dataset import Dataset
from nn_tui.scenario import fields
from nn_tui.scenario.data_table import FILES
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.plain import dotted, to_mapping
from nn_tui.scenario.schema import Change, Scenario
from nn_tui.scenario.wording import found
from nn_tui.training.files.model import Model, data_digest
from nn_tui.training.files.model_file import TOO_LARGE, shortage
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.training.run.rows import HistoryRow
from nn_tui.training.run.session import Session, Stop
from nn_tui.training.run.state import StateError
from nn_tui.training.run.trainer import Trainer
from nn_tui.wording import counted, listed

_IRRELEVANT = {"training.speed", *(f"data.{key}" for key in FILES)}
"""Keys that decide nothing: the data themselves are compared."""


class Resumption:
    """A saved run about to go on.

    Attributes:
        scenario: as the run began, with what a given scenario may freely change.
    """

    def __init__(self, model: Model, given: Scenario, stop: Stop | None) -> None:
        """
        Args:
            model: the saved run.
            given: the scenario to follow from here.
            stop: where the run is to stop again.

        Raises:
            ModelError: for a model saved without a snapshot, one out of a race, or one that is past the stop.
            ScenarioError: if the scenario differs in what only a new run can take.
        """
        if not model.resumable:
            raise ModelError(f"the saved run is {(shortage(model) or TOO_LARGE).run}")
        refusal = ScenarioError("a surface has no network that could go on; leave the scenario out", key="data.kind")
        KINDS[given.data.kind].require("network", refusal)
        state = model.snapshot.state.lead
        if stop is not None and stop.passed(state.steps, state.epoch):
            taken = f"{counted(state.steps, 'step')}, {counted(state.epoch, 'whole epoch')}"
            raise ModelError(f"the saved run has already taken {taken}")
        self._model = model
        self._snapshot = model.snapshot
        _check_timeline(model.scenario.timeline, given.timeline, model.snapshot.pending)
        self._changes = live_changes(model.scenario, given)
        data = model.scenario.data
        for key in FILES:
            old, new = getattr(data, key), getattr(given.data, key)
            if (old is None) != (new is None):
                raise ScenarioError(_refusal(old, new), key=f"data.{key}")
            data = structs.replace(data, **{key: new})
        self.scenario = structs.replace(
            model.scenario,
            title=given.title,
            summary=given.summary,
            lesson=given.lesson,
            data=data,
            expect=given.expect,
        )

    def session(
        self,
        trainer: Trainer[Any],
        *,
        every: int | None = None,
        on_row: Callable[[HistoryRow], None] | None = None,
        on_change: Callable[[Change, Scenario], None] | None = None,
        rewindable: bool = False,
        stop: Stop | None = None,
    ) -> Session[Any]:
        """The run at the step it goes on from; arguments as of `Session`.

        Raises:
            ModelError: if the data are not those it began with.
        """
        check_data(self._model, trainer.lead.dataset)
        try:
            session: Session[Any] = Session(
                trainer,
                every=every,
                on_row=on_row,
                on_change=on_change,
                rewindable=rewindable,
                stop=stop,
                start=self._snapshot,
            )
        except StateError as error:
            raise ModelError(f"the saved run is not one of this scenario: {error}") from error
        if self._changes:
            session.change(self._changes)
        return session


def live_changes(saved: Scenario, given: Scenario) -> dict[str, object]:
    """The live fields, by dotted key, in which a scenario differs from a saved run's.

    Raises:
        ScenarioError: if it also differs in what only a new run can take.
    """
    before, after = _leaves(saved), _leaves(given)
    changes: dict[str, object] = {}
    for key in before | after:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if new is None and key.startswith(("training.optimizer.", "training.schedule.")):
            # A setting of the rule before, which goes with it.
            continue
        if new is None and key.startswith("network.hidden.") and key.endswith(".activation"):
            new = given.network.activation
        if new is None and fields.is_live(key):
            raise ScenarioError(
                f"{found(old)} in the saved run, nothing asked for; a run that goes on can change it, not take it "
                "away: give another value",
                key=key,
            )
        if new is None or not fields.is_live(key):
            raise ScenarioError(_refusal(old, new), key=key)
        changes[key] = new
    return changes


def _refusal(old: object, new: object) -> str:
    return f"{found(old)} in the saved run, {found(new)} asked for; a run that goes on can change live fields only"


def _check_timeline(saved: Sequence[Change], given: Sequence[Change], pending: Sequence[Change]) -> None:
    """A saved timeline may have more than the given one: changes made by hand, or when the run was resumed before."""
    if any(change not in saved for change in given) or any(change not in given for change in pending):
        raise ScenarioError(
            "is not the saved run's (leave the scenario out to go on with the run's own)", key="timeline"
        )


def _leaves(scenario: Scenario) -> dict[str, object]:
    """What decides the parameters, by dotted key."""
    mapping = to_mapping(scenario)
    del mapping["network"]["hidden"]
    # By class it is a table, and one value all the same.
    class_weight = mapping["training"].pop("class_weight")
    leaves = {
        key: value
        for table in ("data", "network", "training")
        for key, value in dotted(mapping[table], table).items()
        if key not in _IRRELEVANT
    }
    for number, layer in enumerate(scenario.network.hidden, 1):
        leaves |= {f"network.hidden.{number}.{key}": value for key, value in structs.asdict(layer).items()}
    return leaves | {"training.class_weight": class_weight}


def check_data(model: Model, data: Dataset) -> None:
    """Refuses to go on with other data than the run began with.

    Raises:
        ModelError: if the training set is another one.
    """
    what = _difference(model, data)
    if what or (model.data_digest and model.data_digest != data_digest(data)):
        what = what or "as many rows, but not the same ones in the same order"
        raise ModelError(
            f"the training data have changed since the run was saved ({what}); a run goes on with the file as it was "
            "(a copy of it is named by --set data.path=FILE); a new run takes over what was learned by --init-from"
        )


def _difference(model: Model, data: Dataset) -> str:
    """What training sets differ in that can be named; empty for nothing."""
    for noun, before, after in (
        ("column", model.columns, data.columns),
        ("class", model.class_names, data.class_names),
    ):
        gone = [name for name in before if name not in after]
        come = [name for name in after if name not in before]
        if gone or come:
            told = [f"no {noun} {listed(gone)} any more"] if gone else []
            return ", ".join([*told, *([f"a new {noun} {listed(come)}"] if come else [])])
        if before != after:
            return f"its {noun} names stand in another order"
    if model.train_samples != len(data.train):
        return f"{len(data.train):,} rows to train on, then {model.train_samples:,}"
    return "" if model.features == data.features else "another feature map"
