"""One trial run, in whatever process it is asked for: a pure function of its task."""

import hashlib
import os
import tempfile
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import structs

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import Scenario
from nn_tui.training.extent import beginning, length
from nn_tui.training.keeping import kept_of
from nn_tui.training.kept.files import Fingerprint
from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.replay import replay
from nn_tui.training.run.session import Stop
from nn_tui.version import __version__


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """All it takes to run a trial.

    Attributes:
        scenario: with the trial's values and seed.
        share: of its steps, after which it is stopped; None for its own end.
        version: of the program that asks.
        files: what it reads.
        tables: contents of them, compressed, by SHA-256, where they had to be sent along.
    """

    scenario: Scenario
    share: float | None
    version: str
    files: tuple[Fingerprint, ...] = ()
    tables: dict[str, bytes] = {}


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a task.

    Attributes:
        kept: the run; None if there was none.
        error: why not, for people; empty otherwise.
        missing: SHA-256 of a table that is not here and has to be sent along; empty for none.
        refused: whether no task of this sweep can be run here.
    """

    kept: KeptRun | None = None
    error: str = ""
    missing: str = ""
    refused: bool = False


class NotHereError(Exception):
    """A table that this machine has not got; its text is the table's SHA-256."""


def run_task(task: Task) -> Done:
    """Runs a trial, or says why that cannot be done here."""
    if task.version != __version__:
        where = f"{os.uname().nodename if hasattr(os, 'uname') else 'a worker'}, process {os.getpid()}"
        return Done(error=f"a worker ({where}) has nn-tui {__version__}, this is {task.version}", refused=True)
    started = time.time()
    try:
        scenario = _with_tables(task)
        stop = None if task.share is None else Stop(steps=max(1, round(task.share * length(beginning(scenario)))))
        run = replay(scenario, stop=stop)
    except NotHereError as error:
        return Done(missing=str(error))
    except ScenarioError as error:
        # The copy it was about to read may have gone with another sweep that has ended.
        return Done(error=str(error), missing=_gone(task))
    except MemoryError:
        return Done(error="needs more memory than there is")
    kept = kept_of(run, origin="sweep", started=started, files=task.files)
    # Wherever it was run, it is kept as if here.
    return Done(kept=structs.replace(kept, scenario=structs.replace(kept.scenario, data=task.scenario.data)))


def _with_tables(task: Task) -> Scenario:
    """The task's scenario, reading the tables where they are on this machine."""
    scenario = task.scenario
    for file in task.files:
        if not file.role.startswith("data."):
            continue
        place = _place(file, task.tables)
        if place != Path(file.path):
            data = structs.replace(scenario.data, **{file.role.removeprefix("data."): str(place)})
            scenario = structs.replace(scenario, data=data)
    return scenario


def _gone(task: Task) -> str:
    """The SHA-256 of a table that is not here any more; empty for none."""
    try:
        _with_tables(structs.replace(task, tables={}))
    except NotHereError as error:
        return str(error)
    return ""


def forget_tables(hashes: Sequence[str]) -> None:
    """Removes copies of tables that were sent to this machine, by SHA-256: the sweep that sent them has ended."""
    folder = _copies()
    for sha256 in hashes:
        for copy in folder.glob(f"{sha256}*"):
            copy.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


def _copies() -> Path:
    return Path(tempfile.gettempdir()) / f"nn-tui-tables-{_user()}"


def _place(file: Fingerprint, sent: dict[str, bytes]) -> Path:
    """Where a table is: at its path, or in this machine's temporary folder, put there if it was sent along."""
    here = Path(file.path)
    if _is(here, file):
        return here
    copy = _copies() / f"{file.sha256}{here.suffix}"
    if _is(copy, file):
        return copy
    if file.sha256 not in sent:
        raise NotHereError(file.sha256)
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=copy.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(zlib.decompress(sent[file.sha256]))
    Path(name).replace(copy)
    return copy


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "0"


def _is(path: Path, file: Fingerprint) -> bool:
    try:
        if path.stat().st_size != file.size:
            return False
        return hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
    except (OSError, ValueError):
        return False
