"""What a lesson says to try, step by step: fields to set, in the words of the forms, and scenarios to open."""

import re
import tomllib
from dataclasses import dataclass

from nn_tui.scenario import catalogue, fields
from nn_tui.scenario.schema import Scenario

_ASSIGNMENT = re.compile(
    r"\b((?:data|network|training)(?:\.\w+)+) = (\"[^\"\n]*\"|\[[^\]\n]*\]|-?[\d.]+(?:e-?\d+)?|true|false)"
)
_ESCAPED = re.compile(r'\\"')
_NAMED = re.compile(r"`([a-z0-9-]+)`")


@dataclass(frozen=True)
class LessonStep:
    """Something a lesson says to try.

    Attributes:
        toml: as one writes it in a file: `training.optimizer.lr = 0.1`; empty for a scenario to open.
        key, value: what is set to what; the key is empty for a scenario to open.
        scenario: the name of the scenario to open; empty for a field to set.
    """

    toml: str = ""
    key: str = ""
    value: object = None
    scenario: str = ""


def lesson_steps(scenario: Scenario) -> list[LessonStep]:
    """Each thing once, in the order of the lesson; what is no field, no value or no scenario is left out."""
    text = " ".join(_ESCAPED.sub('"', scenario.lesson).split())
    known = set(catalogue.names())
    found: dict[int, LessonStep] = {}
    for match in _ASSIGNMENT.finditer(text):
        key, written = match[1], match[2].rstrip(".")
        field = fields.find(key)
        try:
            value = tomllib.loads(f"value = {written}")["value"]
        except tomllib.TOMLDecodeError:
            continue
        if field is not None:
            found[match.start()] = LessonStep(toml=f"{key} = {written}", key=key, value=value)
    for match in _NAMED.finditer(text):
        if match[1] in known:
            found[match.start()] = LessonStep(scenario=match[1])
    steps = {(step.toml, step.scenario): step for step in (found[place] for place in sorted(found, reverse=True))}
    return list(steps.values())[::-1]
