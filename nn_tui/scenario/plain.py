"""From a `Scenario` back to the plain mapping that TOML would give for it."""

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from nn_tui.scenario import fields
from nn_tui.scenario.data_table import Data
from nn_tui.scenario.kinds import KINDS, DataKind
from nn_tui.scenario.schema import (
    Change,
    Clip,
    InitializerTable,
    Layer,
    NetworkTable,
    OptimizerTable,
    Scenario,
    ScheduleTable,
    Training,
)

Plain = dict[str, Any]


def to_mapping(scenario: Scenario) -> Plain:
    """The mapping, keys in the schema's order, every default filled in.

    Left out: what does not apply to the kind of data, optimizer or schedule, and what has no value.
    """
    plain = {
        "title": scenario.title,
        "summary": scenario.summary,
        "lesson": scenario.lesson,
        "data": _data(scenario.data),
        "network": _network(scenario.network),
        "training": _training(scenario.training),
        "timeline": [_change(change) for change in scenario.timeline],
        "expect": [_given(structs.asdict(expectation)) for expectation in scenario.expect],
    }
    if scenario.sweep:
        plain["sweep"] = dict(scenario.sweep)
    drop_lacking(plain, KINDS[scenario.data.kind])
    return plain


def drop_lacking(plain: Plain, kind: DataKind) -> None:
    """Takes out of a scenario's mapping what does not apply to its kind of data."""
    for key in kind.lacks:
        table, _, name = key.rpartition(".")
        (plain[table] if table else plain).pop(name, None)


def _change(change: Change) -> Plain:
    plain = _given(structs.asdict(change)) | {"weights": [_given(structs.asdict(one)) for one in change.weights]}
    return {key: value for key, value in plain.items() if value or key not in ("set", "weights")}


def _given(plain: Plain) -> Plain:
    return {key: value for key, value in plain.items() if value is not None}


def _data(data: Data) -> Plain:
    applies = fields.data_table(data.kind)
    plain = {key: value for key, value in _given(structs.asdict(data)).items() if key in applies}
    return {key: _listed(value) for key, value in plain.items()}


def _listed(value: Any) -> Any:
    """With lists for tuples, as TOML has them."""
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _network(network: NetworkTable) -> Plain:
    init = network.init
    return structs.asdict(network) | {
        "hidden": [layer_to_plain(layer) for layer in network.hidden],
        "init": _rule(init) if init.settings else init.name,
    }


def layer_to_plain(layer: Layer) -> int | Plain:
    """A hidden layer as it is written: its number of units, or a table if there is more to say."""
    if layer == Layer(units=layer.units):
        return layer.units
    return _given(structs.asdict(layer))


def _training(training: Training) -> Plain:
    return _given(structs.asdict(training)) | {
        "optimizer": _rule(training.optimizer),
        "schedule": _rule(training.schedule),
        "regularization": structs.asdict(training.regularization),
        "clip": _clip(training.clip),
        "early_stop": structs.asdict(training.early_stop),
        "race": [_rule(racer) | racer.variant for racer in training.race],
    }


def _rule(rule: InitializerTable | OptimizerTable | ScheduleTable) -> Plain:
    plain = structs.asdict(rule)
    settings: Plain = plain.pop("settings")
    plain.pop("variant", None)
    return plain | settings


def _clip(clip: Clip) -> Plain:
    return {key: limit or 0.0 for key, limit in structs.asdict(clip).items()}


def lookup(plain: object, key: str) -> Any:
    """The value under a dotted path of a scenario's mapping; None where there is none.

    A layer written as a bare number of units has that under `units`, an initializer written as a name has it under
    `name`.
    """
    found: Any = plain
    for part in key.split("."):
        if isinstance(found, list):
            found = found[int(part) - 1] if int(part) <= len(found) else None
            if isinstance(found, int):
                found = {"units": found}
        elif isinstance(found, str):
            found = found if part == "name" else None
        else:
            found = found.get(part) if isinstance(found, dict) else None
    return found


def dotted(table: Mapping[str, Any], prefix: str) -> Plain:
    """The values of a table and of the tables in it, by dotted path; the path of the table itself is `prefix`."""
    found: Plain = {}
    for key, value in table.items():
        found |= dotted(value, f"{prefix}.{key}") if isinstance(value, Mapping) else {f"{prefix}.{key}": value}
    return found


def differences(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = "") -> Plain:
    """What is new or another in a mapping than in the one before, by dotted path."""
    found: Plain = {}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            found |= differences(old, value, f"{prefix}{key}.")
        elif value != old:
            found[f"{prefix}{key}"] = value
    return found
