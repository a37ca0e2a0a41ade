"""Files written on request: the model, the run so far as a scenario, the recorded rows."""

from pathlib import Path
from typing import Any

from msgspec import structs

from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.schema import Expectation, Scenario
from nn_tui.scenario.writing import dumps
from nn_tui.training.files.atomic import OutputError, write_atomically
from nn_tui.training.files.endings import check_metrics_ending
from nn_tui.training.files.metrics_file import write_metrics
from nn_tui.training.files.model import model_of
from nn_tui.training.files.model_file import encode_model
from nn_tui.training.files.overwriting import check_outputs, input_files
from nn_tui.training.run.session import Session, Status
from nn_tui.training.summary import digest
from nn_tui.training.worker.messages import Save, Saved
from nn_tui.training.worker.opening import OpenRun
from nn_tui.user_path import user_path
from nn_tui.wording import counted


def save(run: OpenRun, command: Save) -> Saved:
    """Writes what was asked for, whole or not at all.

    Raises:
        OutputError: when it cannot be written; what was at the path is then still there.
    """
    session = run.session
    path = _path(command.path)
    check_outputs([path], input_files(session.initial))
    match command.what:
        case "model":
            detail = _save_model(run, path)
        case "scenario":
            detail = _save_scenario(run, path)
        case "metrics":
            detail = _save_metrics(session, path)
    return Saved(run=run.number, what=command.what, path=str(path), step=session.trainer.steps, detail=detail)


def _path(text: str) -> Path:
    if not text.strip():
        raise OutputError("name a file to write")
    return user_path(text)


def _save_model(run: OpenRun, path: Path) -> str:
    session, lane = run.session, run.session.trainer.lead
    refusal = OutputError("a surface has no model to save, only a point; save the scenario")
    KINDS[session.initial.data.kind].require("network", refusal)
    write_atomically(path, encode_model(model_of(session, run.start)))
    return f"{lane.objective.parameters.size:,} parameters after step {session.trainer.steps:,}"


def _save_scenario(run: OpenRun, path: Path) -> str:
    session = run.session
    if run.start:
        raise OutputError(
            f"a scenario cannot hold the weights of {run.start}, with which the run began; save the model"
        )
    write_atomically(path, dumps(scenario_to_here(session)).encode())
    changes = len(session.whole_scenario().timeline)
    return f"replays to step {session.trainer.steps:,}" + (f", with {counted(changes, 'change')}" if changes else "")


def scenario_to_here(session: Session[Any]) -> Scenario:
    """The run so far as a scenario that expects to reach the same parameters.

    What else it expected was said of its end, and stays only if the run has come there.
    """
    kept: tuple[Expectation, ...] = ()
    if session.status is not Status.RUNNING:
        kept = tuple(expectation for expectation in session.initial.expect if expectation.metric != "digest")
    reached = Expectation(metric="digest", equals=digest(session.trainer.vectors))
    return structs.replace(session.scenario_so_far(), expect=(*kept, reached))


def _save_metrics(session: Session[Any], path: Path) -> str:
    check_metrics_ending(path)
    rows = session.history.recent().tolist()
    write_metrics(path, session.trainer.columns, map(session.trainer.recalled, rows))
    if len(rows) == len(session.history):
        return f"{counted(len(rows), 'row')}, all that were recorded"
    return f"the latest {len(rows):,} of {len(session.history):,} rows; earlier ones are kept only as an overview"
