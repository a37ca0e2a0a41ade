"""Runs beside each other: what differs in their settings, what each came to, and their curves."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.plain import dotted, to_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.shown import shown
from nn_tui.training.files.metrics_reading import is_metrics, read_metrics
from nn_tui.training.files.model_file import load_model
from nn_tui.training.given import given_scenario, is_model, is_table
from nn_tui.training.keeping import kept_of
from nn_tui.training.kept.kept_line import KeptLine
from nn_tui.training.kept.reference import referred
from nn_tui.training.kept.store import Store
from nn_tui.training.kept.thin_history import ThinHistory
from nn_tui.training.replay import replay
from nn_tui.training.run.session import Session, Stop

RECORDED = "recorded"
"""The status of a run that is known by its metrics file."""

_TABLES = ("data", "network", "training")
_NOT_SETTINGS = ("training.speed",)


@dataclass(frozen=True)
class Compared:
    """One run of a comparison.

    Attributes:
        label: as it was named.
        line: what it came to.
        scenario: what it was; None of a metrics file, which does not say.
        history: its curves; None of a saved model, which has none.
    """

    label: str
    line: KeptLine
    scenario: Scenario | None
    history: ThinHistory | None


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A key in which runs differ, and its value in each, None where a run has no such key or is known by its rows."""

    key: str
    values: tuple[Any, ...]


def compared(
    name: str,
    should_stop: Callable[[], bool] | None = None,
    on_step: Callable[[Session[Any]], None] | None = None,
) -> Compared:
    """A run to compare: a kept one as it was, a scenario by running it now.

    Args:
        name: `@12`, a name of the catalog, a scenario's file, a metrics file, or a saved model's, whose scenario is
            run to the model's last step.
        should_stop, on_step: as of `replay`, where one is run.

    Raises:
        ScenarioError: if there is no such run or scenario, or for a metrics file that cannot be read.
        ModelError: for a file that is not a model.
    """
    if (number := referred(name)) is not None:
        kept = Store().get(number)
        return Compared(name, kept.line, kept.scenario, kept.history)
    if is_model(name):
        return _of_model(name, should_stop)
    if is_metrics(name):
        return _of_metrics(name)
    run = replay(_given(name), should_stop=should_stop, on_step=on_step)
    kept = kept_of(run, origin="compare", started=0.0, files=(), name=name)
    return Compared(name, kept.line, kept.scenario, kept.history)


def _given(name: str) -> Scenario:
    try:
        return given_scenario(name)
    except ScenarioError as error:
        if not (is_table(name) and "--set" in error.problem):
            raise
        file = shown(Path(name).with_suffix(".toml").name)
        way = f"nn-tui show TABLE --set … > {file} writes a scenario that can be compared"
        raise ScenarioError(f"{error.problem}; {way}", source=error.source, key=error.key) from None


def _of_model(name: str, should_stop: Callable[[], bool] | None) -> Compared:
    """A saved model at its last step: scored there, without a course."""
    model = load_model(name)
    run = replay(resume=model, stop=Stop(steps=model.steps), should_stop=should_stop)
    kept = kept_of(run, origin="compare", started=0.0, files=(), name=name)
    return Compared(name, kept.line, model.scenario, None)


def _of_metrics(name: str) -> Compared:
    """The rows of a file: where they end, and their curves."""
    history = read_metrics(name)
    last = history.last()
    scores = {
        part: {key.partition(".")[2]: _known(value) for key, value in last.items() if key.startswith(f"{part}.")}
        for part in ("train", "test")
    }
    line = KeptLine(
        id=0,
        title=Path(name).stem,
        origin="compare",
        status=RECORDED,
        started=0.0,
        seconds=0.0,
        steps=int(last["step"]),
        epochs=int(last["epoch"]),
        train={key: value for key, value in scores["train"].items() if key != "samples"},
        test={key: value for key, value in scores["test"].items() if key != "samples"} or None,
        digest="",
        findings=(),
        name=name,
    )
    return Compared(name, line, None, ThinHistory.of(history))


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def differing(scenarios: Sequence[Scenario | None]) -> tuple[Setting, ...]:
    """The keys in which scenarios differ, in the order of the schema; what is not known differs from nothing."""
    leaves = [{} if scenario is None else _leaves(scenario) for scenario in scenarios]
    known = [one for one, scenario in zip(leaves, scenarios, strict=True) if scenario is not None]
    keys = list(dict.fromkeys(key for one in leaves for key in one))
    found = []
    for key in keys:
        values = tuple(one.get(key) for one in leaves)
        if any(one.get(key) != known[0].get(key) for one in known[1:]):
            found.append(Setting(key=key, values=values))
    return tuple(found)


def _leaves(scenario: Scenario) -> dict[str, Any]:
    mapping = to_mapping(scenario)
    leaves: dict[str, Any] = {}
    for table in _TABLES:
        leaves |= dotted(mapping.get(table, {}), table)
    leaves["timeline"] = mapping["timeline"]
    return {key: value for key, value in leaves.items() if key not in _NOT_SETTINGS}
