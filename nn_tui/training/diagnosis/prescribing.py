"""How what was found is put to use: as a command, and as a cured scenario."""

import shlex
from typing import Any

import msgspec

from nn_tui.scenario import overrides
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.candidates import Changes
from nn_tui.training.diagnosis.report import Report


def command_of(file: str, changes: Changes) -> str:
    """What replays a scenario with these changes.

    Args:
        file: what stands for the scenario on a command line, quoted where that is needed.
        changes: keys and values.
    """
    sets = " ".join(f"--set {shlex.quote(f'{key}={_toml(value)}')}" for key, value in changes.items())
    return f"nn-tui replay {file} {sets}"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_nested(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_nested, value)) + "]"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _nested(value: Any) -> str:
    return msgspec.json.encode(value).decode() if isinstance(value, str) else _toml(value)


def cured(scenario: Scenario, report: Report) -> Scenario:
    """The scenario with what was prescribed.

    Raises:
        ValueError: where nothing was.
    """
    if report.prescription is None:
        raise ValueError("nothing was prescribed")
    return overrides.apply(scenario, report.prescription.changes)
