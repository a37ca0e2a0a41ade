"""A scenario run headless to its end: what `nn-tui replay` and `nn_tui.replay` share."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from nn_tui.data.dataset import Dataset
from nn_tui.engine.network import Network
from nn_tui.scenario import overrides
from nn_tui.scenario.errors import ScenarioError, named
from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.schema import Expectation, Scenario
from nn_tui.scenario.writing import dumps
from nn_tui.shown import shown
from nn_tui.training.arguments import (
    check_called,
    check_changes,
    check_scenario,
    check_type,
    path_of,
    plain,
    whole_number,
)
from nn_tui.training.files.atomic import OutputError, write_atomically
from nn_tui.training.files.endings import check_metrics_ending, check_model_ending
from nn_tui.training.files.metrics_file import metrics_file
from nn_tui.training.files.model import Model
from nn_tui.training.files.model_file import encode_model, load_model
from nn_tui.training.files.overwriting import check_outputs, input_files
from nn_tui.training.files.resuming import Resumption
from nn_tui.training.files.weights_file import load_weights
from nn_tui.training.given import given_file, given_scenario
from nn_tui.training.run.history import History
from nn_tui.training.run.session import Session, Status, Stop
from nn_tui.training.run.start import begin
from nn_tui.training.summary import Summary, summarize
from nn_tui.training.trained import Trained, trained_of

MOST_THREADS = 1024
"""Of the linear-algebra library, which takes more for a mistake, or none at all."""


@dataclass(frozen=True)
class Outputs:
    """Files a replay writes.

    Attributes:
        metrics: the rows recorded, .jsonl or .csv.
        model: the parameters at the end, as safetensors.
        record: the run as a scenario that replays to the same digest.

    Raises:
        TypeError: for what is no path.
    """

    metrics: Path | None = None
    model: Path | None = None
    record: Path | None = None

    def __post_init__(self) -> None:
        for name in ("metrics", "model", "record"):
            if (path := getattr(self, name)) is not None:
                object.__setattr__(self, name, path_of(name, path))

    def check(self, inputs: Mapping[Path, str], start: str = "") -> None:
        """Refuses paths that cannot be written, before anything is trained.

        Args:
            inputs: the files the run reads, and what each one is.
            start: the file the initial parameters come from, or none.

        Raises:
            OutputError: for the first such path.
        """
        if self.record is not None and start:
            raise OutputError(
                f"{self.record}: a scenario cannot hold the weights of {start}, with which the run began; "
                "save the model instead"
            )
        check_outputs([path for path in (self.metrics, self.model, self.record) if path is not None], inputs)
        if self.metrics is not None:
            check_metrics_ending(self.metrics)
        if self.model is not None:
            check_model_ending(self.model)


@dataclass(frozen=True)
class Run:
    """A run that has ended.

    Attributes:
        scenario: as it was run, overrides applied.
        history: what was recorded along the way, the rows that `every` asked for among it.
        own_history: the scenario's own rows alone, which summary, diagnosis and plots rest on.
        summary: what it came to.
        whole: the scenario to its own end, with the changes made along the way in its timeline.
        steps_per_epoch: of a pass, in the mode it ended with.
        cut_short: whether the run ended before it does.
        trained: what it left: the network and its data, or a point on a surface.
    """

    scenario: Scenario
    history: History
    own_history: History
    summary: Summary
    whole: Scenario
    steps_per_epoch: int
    cut_short: bool
    trained: Trained = field(repr=False)

    @property
    def network(self) -> Network:
        """The network at its last parameters; `network.predict(inputs)` takes inputs as the network reads them.

        Raises:
            ValueError: of a run on a surface, as `dataset`, `model`, `predict` and `save` do.
        """
        return self.model.network

    @property
    def dataset(self) -> Dataset:
        """The examples, and how raw inputs become the network's."""
        return self.trained.dataset

    @property
    def model(self) -> Model:
        """The network with all it takes to use it, and to go on training."""
        return self.trained.model

    def predict(self, inputs: ArrayLike) -> NDArray[np.floating[Any]]:
        """Predictions for raw inputs (n, columns); see `Model.predict`."""
        return self.model.predict(inputs)

    def save(self, path: str | Path) -> None:
        """Writes the model as safetensors: `nn_tui.load` and PyTorch read it, `replay(resume=path)` goes on from it.

        Raises:
            OutputError: when it cannot be written; what was at `path` is then still there.
            TypeError: for what is no path.
        """
        path = path_of("path", path)
        check_outputs([path], input_files(self.scenario))
        check_model_ending(path)
        write_atomically(path, encode_model(self.model))


def replay(
    scenario: str | Path | Scenario | None = None,
    changes: Mapping[str, Any] | None = None,
    *,
    resume: str | Path | Model | None = None,
    init_from: str | Path | None = None,
    table: Any = None,
    stop: Stop | None = None,
    outputs: Outputs | None = None,
    every: int | None = None,
    threads: int = 1,
    should_stop: Callable[[], bool] | None = None,
    on_step: Callable[[Session[Any]], None] | None = None,
) -> Run:
    """Runs a scenario to its end.

    Args:
        scenario: a name from the catalog, a path to a TOML file, `@12` for a kept run, or a scenario. With `resume`
            it may be left out.
        changes: overrides by dotted key, such as {"training.optimizer.name": "adam"}.
        resume: a saved model whose run goes on where it stopped, to the parameters of a run that never did. The
            scenario is that run's own; if it differs in live fields, they change here and now.
        init_from: weights to start from, a safetensors file of a `Sequential` of Linear layers and activations.
        table: a data frame, or a pair of arrays (X, y), that stands for the content of the scenario's table.
        stop: ends the run before the scenario does.
        outputs: files to write.
        every: record a row every so many steps besides the scenario's own.
        threads: threads of the linear-algebra library.
        should_stop: asked before each step; the run is interrupted when it says so.
        on_step: called with the session before each step.

    Returns:
        The run, whatever its status.

    Raises:
        ScenarioError: for a scenario or an override that is not right; the message is for people.
        ModelError: for a file that is not a model, or not one of this run.
        OutputError: for a file that cannot be written.
        ValueError: without a scenario or a model to resume, with both `resume` and `init_from`, or for `every` or
            `threads` below 1 or beyond reason.
        TypeError: for an argument of another type.
    """
    _check_arguments(resume, init_from, stop, outputs)
    check_called(should_stop=should_stop, on_step=on_step)
    threads, every = (
        whole_number("threads", threads, most=MOST_THREADS),
        None if every is None else whole_number("every", every),
    )
    init_from = None if init_from is None else path_of("init_from", init_from)
    saved = load_model(resume) if isinstance(resume, str | Path) else resume
    chosen = _chosen(scenario, saved, changes)
    resumption = Resumption(saved, chosen, stop) if saved else None
    if resumption:
        chosen = resumption.scenario
    start = saved.start if saved else shown(init_from.name) if init_from is not None else ""
    outputs = outputs or Outputs()
    outputs.check(files_read(chosen, scenario, resume, init_from), start)
    with ExitStack() as stack:
        stack.enter_context(named(str(scenario) if isinstance(scenario, str | Path) else ""))
        stack.enter_context(threadpool_limits(threads))
        _check_applies(chosen, outputs, init_from)
        trainer = begin(chosen, table)
        for lane in trainer.lanes:
            lane.explains = False
            if init_from is not None:
                load_weights(init_from, lane.network)
        write = None
        if outputs.metrics is not None:
            write = stack.enter_context(metrics_file(outputs.metrics, trainer.columns, saved.steps if saved else None))
        begun: Callable[..., Session[Any]] = resumption.session if resumption else Session
        session = begun(trainer, every=every, on_row=write, stop=stop)
        started = time.perf_counter()
        session.run(should_stop, on_step)
        summary = summarize(session, time.perf_counter() - started)
    trained, whole, cut_short = trained_of(session, start), session.whole_scenario(), session.cut_short
    run = Run(chosen, session.rows, session.history, summary, whole, trainer.steps_per_epoch, cut_short, trained)
    if outputs.model is not None:
        run.save(outputs.model)
    _record(outputs, session, summary)
    return run


def _check_arguments(resume: object, init_from: object, stop: object, outputs: object) -> None:
    if resume is not None and init_from is not None:
        raise ValueError("a run that goes on has its parameters; give resume or init_from, not both")
    if resume is not None:
        check_type("resume", resume, (str, Path, Model), "a path or a Model")
    if stop is not None:
        check_type("stop", stop, Stop, "a Stop")
    if outputs is not None:
        check_type("outputs", outputs, Outputs, "Outputs")


def _check_applies(chosen: Scenario, outputs: Outputs, init_from: str | Path | None) -> None:
    """Refuses files that hold a network where there is none."""
    kind = KINDS[chosen.data.kind]
    if init_from is not None:
        kind.require(
            "network", ScenarioError("a surface has no weights to start from; set data.start", key="data.kind")
        )
    if outputs.model is not None:
        told = f"{outputs.model}: a surface has no model to save, only a point; --record keeps the run"
        kind.require("network", OutputError(told))


def _record(outputs: Outputs, session: Session[Any], summary: Summary) -> None:
    if outputs.record is not None:
        write_atomically(outputs.record, dumps(recorded(session, summary)).encode())


def files_read(
    chosen: Scenario,
    scenario: str | Path | Scenario | None = None,
    resume: str | Path | Model | None = None,
    init_from: str | Path | None = None,
) -> dict[Path, str]:
    """The files a run reads, and what each one is; `scenario`, `resume` and `init_from` as they were given."""
    source = given_file(str(scenario)) if isinstance(scenario, str | Path) else None
    files = input_files(chosen, source)
    if isinstance(resume, str | Path):
        files[Path(resume)] = "the run to go on with"
    if init_from is not None:
        files[Path(init_from)] = "the initial weights"
    return files


def _chosen(scenario: str | Path | Scenario | None, saved: Model | None, changes: Mapping[str, Any] | None) -> Scenario:
    if scenario is None and saved is None:
        raise ValueError("give a scenario, or a saved model to resume")
    check_changes(changes)
    if scenario is not None:
        check_scenario(scenario)
    changes = plain(changes or {})
    if isinstance(scenario, Scenario):
        chosen = scenario
    elif isinstance(scenario, str | Path):
        chosen = given_scenario(str(scenario), changes=changes, source="changes")
        changes = None
    else:
        assert saved is not None
        chosen = saved.scenario
    return overrides.apply(chosen, changes, source="changes") if changes else chosen


def recorded(session: Session[Any], summary: Summary) -> Scenario:
    """The run so far as a scenario that expects to reach the same parameters, and what of its own it has reached."""
    # A run cut short has seen none of its expectations.
    judged = zip(session.initial.expect, summary.expectations, strict=bool(summary.expectations))
    kept = [wanted for wanted, result in judged if result.met and wanted.metric != "digest"]
    if session.status is Status.DIVERGED and all(wanted.metric != "status" for wanted in kept):
        kept.append(Expectation(metric="status", equals=str(session.status)))
    kept.append(Expectation(metric="digest", equals=summary.digest))
    return msgspec.structs.replace(session.scenario_so_far(), expect=tuple(kept))
