"""A sensible start with a bare table: its target, what is left out, how it is read and divided, and a net for it."""

import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.splitting import Parts
from nn_tui.data.tables.delimited import Format
from nn_tui.data.tables.inputs import Codings, check_width
from nn_tui.data.tables.selection import place_of, places_of
from nn_tui.data.tables.sheet import TextSheet
from nn_tui.data.tables.table import Table, table_of
from nn_tui.data.underway import Watcher, watched_by
from nn_tui.scenario import overrides
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.shown import shown
from nn_tui.training.run.table_loading import choice_of, divided, filled_in, targets_of
from nn_tui.training.tables.first_sight import is_mixed, likely_target, read_detected, set_aside
from nn_tui.wording import counted, listed

_SHARE = 0.2
_WISH = "as you wish"
_MADE_OF = ("data.target", "data.task", "data.ignore", "data.coding")
_STEPS, _BATCH = 4_000, 32
_PATIENCE = 30


@dataclass(frozen=True)
class Suggestion:
    """What would be made of a table.

    Attributes:
        sheet: what the file holds.
        table: its examples.
        scenario: what it amounts to.
        ignored: columns left aside, each with the reason.
        split: how examples are divided: "how", and how many for "train", "validation" and "test".
        notes: what was decided, for people.
    """

    sheet: TextSheet
    table: Table
    scenario: Scenario
    ignored: dict[str, str]
    split: dict[str, Any]
    notes: tuple[str, ...]


def suggested(
    path: Path,
    targets: Sequence[str | int] = (),
    task: str = "auto",
    asks: str = "--set",
    changes: Mapping[str, object] | None = None,
) -> Suggestion:
    """What would be made of a bare table.

    Args:
        path: the file.
        targets: the columns to predict; without any, the one column called target, label, class or y.
        task: as in `ColumnChoice`.
        asks: by which option a target that is not plain is to be named; the last column is taken if it is empty.
        changes: what is wanted otherwise, as `overrides.apply` takes it.

    Raises:
        ScenarioError: for a file that is no table, a target that is not there or cannot be learned, or where it has to
            be named.
    """
    return Start.read(path, targets, changes).suggestion(targets, task, asks)


@dataclass(frozen=True)
class Start:
    """A table that has been read, before anything is chosen.

    Attributes:
        path: its file.
        sheet: what it holds.
        how: how it is written.
        notes: what was decided in reading it.
        wanted: what a person has said of it.
        said: the keys of `wanted` that are theirs.
        changes: what they want otherwise in the scenario, beyond what a suggestion is made of.
    """

    path: Path
    sheet: TextSheet
    how: Format
    notes: tuple[str, ...]
    wanted: Data
    said: frozenset[str]
    changes: Mapping[str, object]

    @classmethod
    def read(
        cls,
        path: Path,
        targets: Sequence[str | int] = (),
        changes: Mapping[str, object] | None = None,
        watcher: Watcher | None = None,
    ) -> "Start":
        """Reads a file; arguments as of `suggested`, and who sees how far it is.

        Raises:
            ScenarioError: for one that is no table, or a change that is not valid.
        """
        wanted, said = _wanted(path, targets, changes or {})
        try:
            with nullcontext() if watcher is None else watched_by(watcher):
                sheet, how, notes = read_detected(
                    path, targets_of(wanted) if targets or "target" in said else (), wanted, said
                )
        except DataError as error:
            raise _advised(error) from error
        # What is left aside and how texts are coded are in a suggestion, beside what it adds of its own.
        rest = {key: value for key, value in (changes or {}).items() if overrides.resolved(key) not in _MADE_OF}
        return cls(path, sheet, how, tuple(notes), wanted, said, rest)

    def suggestion(
        self,
        targets: Sequence[str | int] = (),
        task: str = "auto",
        asks: str = "",
        ignored: Sequence[str] | None = None,
        coding: Codings | None = None,
    ) -> Suggestion:
        """What would be made of it.

        Args:
            targets, task, asks: as of `suggested`.
            ignored: names of columns to leave aside; those that only number the rows and the like, if left out.
            coding: how columns are coded; those that hold numbers and texts by one-hot, if left out.

        Raises:
            ScenarioError: as `table_scenario`.
        """
        try:
            check_width(self.sheet)
            chosen = tuple(targets) or (
                targets_of(self.wanted) if "target" in self.said else likely_target(self.sheet, asks)
            )
            places = [place_of(self.sheet, target, "target") for target in chosen]
            own = choice_of(self.wanted)
            given = places_of(self.sheet, (*own.columns, *own.coding), "columns")
            aside, codes = set_aside(self.sheet, {*places, *given})
            if ignored is not None:
                aside = {name: aside.get(name, _WISH) for name in ignored}
            names = [self.sheet.names[place] for place in sorted(places_of(self.sheet, own.ignore, "ignore"))]
            aside |= dict.fromkeys(names, _WISH)
            codes = {**codes, **own.coding} if coding is None else dict(coding)
            task = own.task if task == "auto" else task
            codes = {name: how for name, how in codes.items() if name not in aside}
            found = _made(self, chosen, task, aside, codes)
        except DataError as error:
            raise _advised(error) from error
        return replace(found, scenario=overrides.apply(found.scenario, self.changes)) if self.changes else found


def _wanted(path: Path, targets: Sequence[str | int], changes: Mapping[str, object]) -> tuple[Data, frozenset[str]]:
    """What a person has said of the data, and which keys that are."""
    data = {"kind": "csv", "path": str(path.absolute()), "target": list(targets) or 0}
    plain = from_mapping({"title": "table", "data": data}, shown(path))
    own = {key: value for key, value in changes.items() if overrides.resolved(key).startswith("data.")}
    keys = frozenset(overrides.resolved(key).split(".")[1] for key in own)
    wanted = (overrides.apply(plain, own) if own else plain).data
    if (wanted.kind, wanted.path) != (plain.data.kind, plain.data.path):
        key = "kind" if wanted.kind != plain.data.kind else "path"
        raise ScenarioError("is that of the table that is named", source="--set", key=f"data.{key}")
    return wanted, keys


_ADVICE = re.compile(
    r"\b(encoding|header|missing|coding|ignore|task|decimal|thousands) = "
    r"""("[^"]*"|true|\{[^}]*\}|\[[^\]]*\])"""
)


def _advised(error: DataError) -> ScenarioError:
    """The error, with how a key is given where there is no scenario to write it in."""
    told = str(error)
    advice = _ADVICE.search(told)
    key, value = (advice[1], advice[2]) if advice else ("delimiter", '":"') if "give delimiter" in told else ("", "")
    how = f" (at the shell: --set 'data.{key}={value}')" if key else ""
    return ScenarioError(told + how)


def _made(
    start: Start,
    chosen: tuple[str | int, ...],
    task: str,
    ignored: dict[str, str],
    coding: Codings,
) -> Suggestion:
    path, sheet, how, notes = start.path, start.sheet, start.how, list(start.notes)
    choice = replace(
        choice_of(start.wanted), targets=chosen, task=task, ignore=tuple(ignored), coding=coding, reasons=ignored
    )
    try:
        table = table_of(sheet, choice)
    except DataError as error:
        if error.key != "missing" or "missing" in start.said:
            raise
        choice = replace(choice, missing="median")
        table = table_of(sheet, choice)
        notes.append(filled_in(table.coding.missing(table.inputs), choice.missing))
    notes += _left_out(table)
    mixed = [column.name for column in sheet.columns if coding.get(column.name) == "one-hot" and is_mixed(column)]
    notes += [f"{name} holds numbers and texts: an input for each" for name in mixed]
    notes += [f"left out: {counted(count, 'row')}: {reason}" for reason, count in table.left_out_rows.items()]
    notes += table.notes
    data: dict[str, Any] = {
        "kind": "csv",
        "path": str(path.absolute()),
        "target": chosen[0] if len(chosen) == 1 else list(chosen),
        "task": _task(task, table),
        "scaling": "standard",
        "missing": choice.missing,
    }
    data |= {"ignore": list(ignored)} if ignored else {}
    data |= {"coding": dict(coding)} if coding else {}
    data |= {"columns": list(choice.columns)} if choice.columns else {}
    data |= {"decimal": how.writing.decimal, "thousands": how.writing.thousands} if not how.writing.is_plain else {}
    split, shares = _split(path, data, table)
    scenario = _scenario(path, {**data, **shares}, table, split["train"])
    return Suggestion(sheet, table, scenario, ignored, split, tuple(notes))


def _left_out(table: Table) -> list[str]:
    """A note on each reason why columns are left out, that a person has not given."""
    names: dict[str, list[str]] = {}
    for left in table.left_out_columns:
        if left.reason != _WISH:
            names.setdefault(left.reason, []).append(left.name)
    return [
        f"{own[0]} is left out: {reason}" if len(own) == 1 else f"{listed(own)} are left out, each because {reason}"
        for reason, own in names.items()
    ]


def _task(wanted: str, table: Table) -> str:
    """The task to write down: left open where it is doubtful, so that every run says so."""
    if table.task != "regression":
        return "classification"
    return "auto" if wanted == "auto" and table.notes else "regression"


def _split(path: Path, data: dict[str, Any], table: Table) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first way of dividing the examples that leaves none of the parts without any, nor without any of a class.

    Where no way does, the first that can be trained on.
    """
    possible: list[tuple[dict[str, Any], dict[str, Any]]] = []
    shares = [
        {"split": how, "test_share": _SHARE, "validation_share": validation}
        for how, validation in (("content", _SHARE), ("share", _SHARE), ("share", 0.0))
    ]
    for keys in [*shares, {"split": "share", "test_share": 0.0, "validation_share": 0.0}]:
        scenario = from_mapping({"title": "t", "data": {**data, **keys}}, shown(path))
        try:
            parts: Parts = divided(scenario.data, 0, table)[2]
        except DataError:
            continue
        counts = {name: len(getattr(parts, name)) for name in ("train", "validation", "test")}
        possible.append(({"how": keys["split"], **counts}, keys))
        kept = [rows for rows in (parts.train, parts.validation, parts.test) if len(rows)]
        if not table.class_names or all(len(np.unique(table.targets[rows])) == len(table.class_names) for rows in kept):
            return possible[-1]
    if possible:
        return possible[0]
    raise DataError(f"{shown(path)}: {counted(table.rows, 'row')} are too few to learn from")


def _scenario(path: Path, data: dict[str, Any], table: Table, examples: int) -> Scenario:
    wide = len(table.coding.features) > 32 or len(table.class_names) > 10
    learned = "a regression" if table.task == "regression" else f"{len(table.class_names)} classes"
    training: dict[str, Any] = {
        "epochs": int(np.clip(_STEPS * _BATCH // max(1, examples), 5, 300)),
        "batch_size": _BATCH,
        "optimizer": {"name": "adam", "lr": 0.005},
    }
    if data["validation_share"]:
        training["early_stop"] = {"patience": _PATIENCE}
    return from_mapping(
        {
            "title": shown(path.name)[:100],
            "summary": f"{listed(table.target_names)} of {shown(path.name)}, {learned}"[:300],
            "data": data,
            "network": {"hidden": [64, 32] if wide else [16, 16], "activation": "relu", "init": "he"},
            "training": training,
        },
        shown(path),
    )
