"""How changes are said to people, and put to use: as a command, and as a cured scenario."""

import shlex
from typing import Any

import msgspec

from nn_tui.numerals import in_full
from nn_tui.scenario import overrides
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.report import Report
from nn_tui.training.diagnosis.trials.candidates import Changes


def command_of(file: str, changes: Changes) -> str:
    """What replays a scenario with these changes.

    Args:
        file: what stands for the scenario on a command line, quoted where that is needed.
        changes: keys and values.
    """
    return f"nn-tui replay {file} {sets(changes)}"


def sets(changes: Changes) -> str:
    """Changes as options of a command."""
    return " ".join(options(changes))


def options(changes: Changes) -> list[str]:
    """Each change as an option of a command."""
    return [f"--set {shlex.quote(f'{key}={_toml(value)}')}" for key, value in changes.items()]


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_nested(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_nested, value)) + "]"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _nested(value: Any) -> str:
    return msgspec.json.encode(value).decode() if isinstance(value, str) else _toml(value)


def cured(scenario: Scenario, report: Report) -> Scenario:
    """The scenario with what was prescribed; of a race its first lane alone.

    Raises:
        ValueError: where nothing was.
    """
    if report.prescription is None:
        raise ValueError("nothing was prescribed")
    return overrides.apply(scenario, report.alone | report.prescription.changes)


# -- words ---------------------------------------------------------------------------------------------------------


def text_of(scenario: Scenario, changes: Changes) -> str:
    """Changes for people: "adam at a rate of 0.01, tanh as activation"."""
    said, left = [], dict(changes)
    rate = left.pop("training.optimizer.lr", None)
    name = left.pop("training.optimizer.name", None)
    if name is not None:
        said.append(name if rate is None else f"{name} at a rate of {in_full(rate)}")
    elif rate is not None:
        said.append(f"a rate of {in_full(rate)} instead of {in_full(scenario.training.optimizer.lr)}")
    own = [key for key in left if key.startswith("network.hidden.") and key.endswith(".activation")]
    activation = left.pop("network.activation", None) or (left[own[0]] if own else None)
    for key in own:
        left.pop(key)
    if activation is not None:
        said.append(f"{activation} as activation")
    layers = left.get("network.hidden")
    if layers and [_units(layer) for layer in layers] == [layer.units for layer in scenario.network.hidden]:
        said.append(_said_dropped(left.pop("network.hidden")) or "no dropout")
    said += [_said(key, value) for key, value in left.items()]
    return ", ".join(dict.fromkeys(said))


_WORDS = {
    "network.init": "{} weights to start from",
    "network.output": "the output function that suits the loss",
    "network.normalization": "{} normalization",
    "network.hidden": "hidden layers of {}",
    "training.loss": "the loss that suits the task",
    "training.mode": "{}",
    "training.batch_size": "batches of {}",
    "training.epochs": "{} epochs",
    "training.steps": "{} steps",
    "training.schedule.name": "a {} rate",
    "training.regularization.l1": "an L1 penalty of {}",
    "training.regularization.l2": "an L2 penalty of {}",
    "training.class_weight": "{} class weights",
    "training.clip.norm": "the gradient clipped to norm {}",
    "training.clip.value": "the gradient clipped to {}",
    "training.early_stop.metric": "an early stop by {}",
    "training.early_stop.patience": "patience of {} epochs",
    "data.scaling": "inputs scaled ({})",
    "data.target_scaling": "targets scaled ({})",
}


_GONE = {
    "training.regularization": "no penalty on the weights",
    "training.clip": "no limit on the gradient",
    "training.early_stop": "no early stop",
    "training.class_weight": "no class weights",
    "network.normalization": "no normalization",
}
"""What to say where something is taken out."""


def _said(key: str, value: Any) -> str:
    if key == "network.hidden":
        return _said_layers(value)
    if key == "data.features":
        return f"{', '.join(value)} as inputs"
    if key.startswith("training.optimizer."):
        return f"{key.rpartition('.')[2]} {in_full(value)}"
    if value in (0, "none"):
        place = "network.normalization" if key.endswith(".normalization") else key
        gone = next((words for begin, words in _GONE.items() if place.startswith(begin)), None)
        if gone is not None:
            return gone
    if key in ("network.output", "training.loss") and value != "auto":
        return f"{value} as {key.partition('.')[2]}"
    words = _WORDS.get(key)
    return words.format(in_full(value) if isinstance(value, float) else value) if words else f"{key} = {value}"


def _said_layers(layers: list[Any]) -> str:
    if not layers:
        return "no hidden layer"
    units, rest = ", ".join(str(_units(layer)) for layer in layers), _said_dropped(layers)
    said = f"hidden layers of {units}" if len(layers) > 1 else f"a hidden layer of {units}"
    return f"{said} with {rest}" if rest else said


def _units(layer: Any) -> int:
    return int(layer["units"] if isinstance(layer, dict) else layer)


def _said_dropped(layers: list[Any]) -> str:
    dropped = max(layer.get("dropout", 0.0) if isinstance(layer, dict) else 0.0 for layer in layers)
    return f"{dropped:.0%} dropped" if dropped else ""
