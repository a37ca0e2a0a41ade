"""What a sweep has done so far, kept so that the same sweep goes on where it stopped."""

import csv
import io
import itertools
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec import structs

from nn_tui.scenario.writing import dumps
from nn_tui.shown import shown
from nn_tui.training.files.atomic import OutputError, write_atomically
from nn_tui.training.files.overwriting import check_outputs, input_files
from nn_tui.training.kept.index import Index
from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.kept.store import Store
from nn_tui.training.sweep.plan import Plan, SweepTrial
from nn_tui.training.sweep.result import TrialResult


class Progress(Protocol):
    """Where trials go as they are done."""

    def done(self) -> list[TrialResult]:
        """What was done before."""
        ...

    def add(self, result: TrialResult, kept: KeptRun | None) -> TrialResult:
        """Keeps a trial, and returns it as it was kept."""
        ...

    def note(self, result: TrialResult) -> None:
        """Remembers a look at a trial half-way, where there is room for it."""
        ...


class InStore:
    """In the file of kept runs: each trial as a run of its own, and its result under the sweep's hash."""

    def __init__(self, plan: Plan, store: Store, name: str = "") -> None:
        """
        Args:
            plan: of the sweep.
            store: where.
            name: where its scenario comes from.

        Raises:
            KeptError: where it cannot be written.
        """
        self._store, self._hash, self._name = store, plan.hash(), name
        self._row = self._hash, time.time(), msgspec.json.encode(_described(plan, name)).decode()
        with store.transaction(writing=True) as connection:
            self._be_there(connection)

    def _be_there(self, connection: sqlite3.Connection) -> None:
        connection.execute("INSERT OR IGNORE INTO sweeps VALUES (?, ?, ?)", self._row)

    def done(self) -> list[TrialResult]:
        """What was done before."""
        return trials_of(self._store, self._hash)

    def add(self, result: TrialResult, kept: KeptRun | None) -> TrialResult:
        """Keeps a trial, as a run and as a result: both at once, or a kill in between would have it run again.

        Raises:
            KeptError: where it cannot be written.
        """
        if kept is None:
            self.note(result)
            return result
        line = structs.replace(kept.line, sweep=self._hash, name=self._name)
        number = self._store.add(
            structs.replace(kept, line=line),
            lambda connection, run: self._note(connection, structs.replace(result, run=run)),
        )
        return structs.replace(result, run=number)

    def note(self, result: TrialResult) -> None:
        """Keeps a trial's result alone.

        Raises:
            KeptError: where it cannot be written.
        """
        with self._store.transaction(writing=True) as connection:
            self._note(connection, result)

    def _note(self, connection: sqlite3.Connection, result: TrialResult) -> None:
        # The sweep goes with the last of its runs, if those are forgotten.
        self._be_there(connection)
        connection.execute(
            "INSERT OR REPLACE INTO trials VALUES (?, ?, ?)",
            (self._hash, result.number, msgspec.json.encode(result).decode()),
        )


def trials_of(index: Index, sweep: str) -> list[TrialResult]:
    """The results of a sweep that are kept, by number."""
    with index.transaction() as connection:
        rows = connection.execute("SELECT trial FROM trials WHERE sweep = ? ORDER BY number", (sweep,)).fetchall()
    found = []
    for row in rows:
        # One that cannot be read is run again.
        with suppress(ValueError, TypeError):
            found.append(msgspec.json.decode(row[0], type=TrialResult))
    return found


class SweepDescription(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep for whoever looks at it.

    Attributes:
        title, name: its scenario's title, and where that comes from.
        keys: what is varied.
        metric: what is best.
        seeds: each combination runs with.
        trials: how many there are to be.
        scenario: as TOML; empty in what older versions kept.
        vary: as in `Plan`.
    """

    title: str
    name: str
    keys: tuple[str, ...]
    metric: str
    seeds: tuple[int, ...]
    trials: int
    scenario: str = ""
    vary: dict[str, list[Any]] = {}


def _described(plan: Plan, name: str) -> SweepDescription:
    return SweepDescription(
        title=plan.scenario.title,
        name=shown(name),
        keys=tuple(axis.key for axis in plan.axes),
        metric=plan.metric,
        seeds=plan.seeds,
        trials=plan.trials,
        scenario=dumps(plan.scenario),
        vary=plan.vary,
    )


class TrialTable:
    """As CSV, a row a trial as it is done; read back where runs are not kept.

    Attributes:
        replaces_another: whether the file holds another sweep's trials, which go with the first row.
    """

    def __init__(self, path: Path, plan: Plan, *, reads_back: bool) -> None:
        """
        Args:
            path: of the file.
            plan: of the sweep.
            reads_back: whether a sweep goes on from the rows that are there.

        Raises:
            OutputError: for a path that cannot be written.
        """
        read = {Path(file.path): "a file that trials read" for file in plan.files}
        check_outputs([path], read | input_files(plan.scenario))
        self._path, self._plan, self._hash = path, plan, plan.hash()
        self._keys = [axis.key for axis in plan.axes]
        self.replaces_another = False
        self._before = self._read()
        if not reads_back:
            self._before = []
        self._begun = bool(self._before)
        if self._before:
            # Whole rows only: the next one would become a part of what is torn.
            write_atomically(path, self._lines(self._before, heading=True).encode())
        self._written = {result.number for result in self._before}
        self._found = self._state()

    def _state(self) -> tuple[int, int, int] | None:
        """What tells one content of the file from another; None where there is none."""
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def done(self) -> list[TrialResult]:
        """What was done before."""
        return self._before

    def add(self, result: TrialResult, kept: KeptRun | None) -> TrialResult:  # noqa: ARG002
        """Writes a row, unless it is there.

        Raises:
            OutputError: where it cannot be written.
        """
        if result.number in self._written:
            return result
        if not self._begun and self._state() != self._found:
            told = "has been written by another program since this sweep began; name another file for this one"
            raise OutputError(f"{shown(self._path)}: {told}")
        self._written.add(result.number)
        try:
            with self._path.open("a" if self._begun else "w", newline="", encoding="utf-8") as file:
                file.write(self._lines([result], heading=not self._begun))
        except OSError as error:
            raise OutputError(f"{shown(self._path)}: cannot be written ({error.strerror})") from error
        self._begun = True
        return result

    def note(self, result: TrialResult) -> None:
        """A table has whole trials only."""

    def _row(self, result: TrialResult) -> dict[str, Any]:
        row: dict[str, Any] = {"sweep": self._hash, "trial": result.number}
        row |= {key: json.dumps(result.changes[key]).strip('"') for key in self._keys}
        row |= {"seed": result.seed, "status": result.status, "value": result.value}
        for part in ("train", "validation", "test"):
            row[part] = json.dumps(getattr(result, part))
        return row | {
            "steps": result.steps,
            "digest": result.digest,
            "seconds": round(result.seconds, 6),
            "stopped": int(result.stopped),
            "run": result.run,
            "error": result.error,
            "changes": json.dumps(result.changes),
            "combination": result.combination,
        }

    def _lines(self, results: Sequence[TrialResult], *, heading: bool) -> str:
        rows = [self._row(result) for result in results]
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        if heading:
            writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    def _read(self) -> list[TrialResult]:
        """The rows of this sweep, each trial once; another's go."""
        results: dict[int, TrialResult] = {}
        # A spreadsheet may have put a mark before the first name, and something else anywhere.
        how: Any = {"newline": "", "encoding": "utf-8-sig", "errors": "replace"}
        with suppress(OSError, csv.Error), self._path.open(**how) as file:
            for row in csv.DictReader(file):
                # The last row of a program that was killed may be cut, anywhere.
                if (sweep := row.get("sweep") or "") != self._hash:
                    self.replaces_another |= len(sweep) == len(self._hash)
                    continue
                with suppress(ValueError, KeyError, TypeError, RecursionError):
                    result = _result(row)
                    results[result.number] = result
        return [result for trial in self._trials(results) if _is_of(result := results[trial.number], trial)]

    def _trials(self, results: Mapping[int, TrialResult]) -> Iterator[SweepTrial]:
        """Those of the plan that there is a result of."""
        last = max(results, default=-1)
        first = itertools.takewhile(lambda trial: trial.number <= last, self._plan.each_trial())
        return (trial for trial in first if trial.number in results)


def _is_of(result: TrialResult, trial: SweepTrial) -> bool:
    """Whether a result is that of a trial: its row may have been changed by hand."""
    same = (result.combination, result.seed) == (trial.combination, trial.seed)
    return same and json.dumps(result.changes) == json.dumps(trial.changes)


def _result(row: dict[str, str]) -> TrialResult:
    """The trial that a row of the table holds.

    Raises:
        ValueError, KeyError, TypeError: for a row that holds none.
    """
    told = {name: msgspec.json.decode(row[name]) for name in ("changes", "train", "validation", "test")}
    plain = {
        name: row[name] for name in ("seed", "status", "steps", "digest", "seconds", "run", "error", "combination")
    }
    others = {"number": row["trial"], "value": row["value"] or None, "stopped": row["stopped"] == "1"}
    return msgspec.convert(plain | told | others, TrialResult, strict=False)


class Everywhere:
    """Several places at once; the first that can says what was done before."""

    def __init__(self, places: Sequence[Progress]) -> None:
        self._places = places

    def done(self) -> list[TrialResult]:
        """What was done before, in the first place; the others are told."""
        found = self._places[0].done() if self._places else []
        for place in self._places[1:]:
            for result in found:
                if not result.provisional:
                    place.add(result, None)
        return found

    def note(self, result: TrialResult) -> None:
        """Remembers a look at a trial half-way, everywhere."""
        for place in self._places:
            place.note(result)

    def add(self, result: TrialResult, kept: KeptRun | None) -> TrialResult:
        """Keeps a trial everywhere."""
        for place in self._places:
            result = place.add(result, kept)
        return result
