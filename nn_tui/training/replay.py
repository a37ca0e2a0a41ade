"""A scenario run headless to its end: what `nn-tui replay` and `nn_tui.replay` share."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from nn_tui.data.dataset import Dataset
from nn_tui.engine.network import Network
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Expectation, Scenario
from nn_tui.scenario.writing import dumps
from nn_tui.training.atomic import check_writable, write_atomically
from nn_tui.training.history import History
from nn_tui.training.loading import load_dataset
from nn_tui.training.metrics_file import check_suffix, metrics_file
from nn_tui.training.model_file import encode_model
from nn_tui.training.recording import Pace
from nn_tui.training.session import Session
from nn_tui.training.summary import Summary, summarize
from nn_tui.training.trainer import Trainer


@dataclass(frozen=True)
class Outputs:
    """Files a replay writes.

    Attributes:
        metrics: rows, .jsonl or .csv; a row every epoch.
        model: the parameters at the end, as safetensors.
        record: the run as a scenario that replays to the same digest.
    """

    metrics: Path | None = None
    model: Path | None = None
    record: Path | None = None

    def check(self) -> None:
        """Refuses paths that cannot be written, before anything is trained.

        Raises:
            OutputError: for the first such path.
        """
        for path in (self.metrics, self.model, self.record):
            if path is not None:
                check_writable(path)
        if self.metrics is not None:
            check_suffix(self.metrics)


@dataclass(frozen=True)
class Run:
    """A run that has ended.

    Attributes:
        scenario: as it was run, overrides applied.
        network: at its last parameters; `network.predict(inputs)` takes inputs as the network reads them.
        dataset: the examples, and how raw inputs become the network's.
        history: what was recorded along the way.
        summary: what it came to.
    """

    scenario: Scenario
    network: Network
    dataset: Dataset
    history: History
    summary: Summary

    def predict(self, inputs: ArrayLike) -> NDArray[np.floating[Any]]:
        """Predictions for raw inputs (n, columns): feature map and scaling applied, a scaled target scaled back.

        Returns:
            Shape (n, outputs): class probabilities, or values in the target's own units.
        """
        prediction = self.network.predict(self.dataset.transform(np.asarray(inputs, dtype=np.float64)))
        if self.dataset.task == "regression":
            values: NDArray[np.floating[Any]] = self.dataset.target_scaling.undo(prediction.astype(np.float64))
            return values
        return prediction


def replay(
    scenario: str | Path | Scenario,
    changes: Mapping[str, Any] | None = None,
    *,
    outputs: Outputs | None = None,
    every: int | None = None,
    threads: int = 1,
    should_stop: Callable[[], bool] | None = None,
    on_step: Callable[[Session], None] | None = None,
) -> Run:
    """Runs a scenario to its end.

    Args:
        scenario: a name from the catalogue, a path to a TOML file, or a scenario.
        changes: overrides by dotted key, such as {"training.optimizer.name": "adam"}.
        outputs: files to write.
        every: record a row every so many steps, besides those at the ends of epochs.
        threads: threads of the linear-algebra library.
        should_stop: asked before each step; the run is interrupted when it says so.
        on_step: called with the session before each step.

    Returns:
        The run, whatever its status.

    Raises:
        ScenarioError: for a scenario or an override that is not right; the message is for people.
        OutputError: for a file that cannot be written.
    """
    chosen = scenario if isinstance(scenario, Scenario) else load(catalogue.find(str(scenario)))
    if changes:
        chosen = overrides.apply(chosen, changes, source="override")
    outputs = outputs or Outputs()
    outputs.check()
    with ExitStack() as stack:
        stack.enter_context(threadpool_limits(threads))
        dataset = load_dataset(chosen)
        trainer = Trainer(chosen, dataset)
        write = None
        if outputs.metrics is not None:
            layers = len(trainer.network.layers)
            write = stack.enter_context(metrics_file(outputs.metrics, trainer.quality_name, layers))
        pace = Pace(each_epoch=outputs.metrics is not None, every=every)
        session = Session(trainer, pace=pace, on_row=write)
        started = time.perf_counter()
        session.run(should_stop, on_step)
        summary = summarize(session, time.perf_counter() - started)
    _write(outputs, session, summary)
    return Run(chosen, session.trainer.network, dataset, session.history, summary)


def _write(outputs: Outputs, session: Session, summary: Summary) -> None:
    trainer = session.trainer
    if outputs.model is not None:
        content = encode_model(trainer.network, session.scenario_so_far(), trainer.dataset, trainer.steps)
        write_atomically(outputs.model, content)
    if outputs.record is not None:
        write_atomically(outputs.record, dumps(recorded(session, summary)).encode())


def recorded(session: Session, summary: Summary) -> Scenario:
    """The run so far as a scenario that expects to reach the same parameters."""
    kept = tuple(expectation for expectation in session.initial.expect if expectation.metric != "digest")
    reached = Expectation(metric="digest", equals=summary.digest)
    return msgspec.structs.replace(session.scenario_so_far(), expect=(*kept, reached))
