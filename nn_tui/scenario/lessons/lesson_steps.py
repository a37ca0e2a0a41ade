"""What a lesson says to try, step by step: fields to set, panels to look at, and scenarios to open."""

import re
import tomllib
from collections.abc import Iterator

import msgspec

from nn_tui.scenario import catalogue, fields
from nn_tui.scenario.schema import Scenario

_STEP = re.compile(
    r"\b(?P<key>(?:data|network|training)(?:\.\w+)+)\s=\s"
    r"(?P<value>\"[^\"\n]*\"|\[[^\]\n]*\]|-?\d+(?:\.\d+)?(?:e-?\d+)?|true|false)"
    r"|`(?P<panel>[a-z-]+) panel`|`(?P<scenario>[a-z0-9-]+)`"
)


class LessonStep(msgspec.Struct, frozen=True):
    """Something a lesson says to do.

    Attributes:
        toml: as one writes it in a file: `training.optimizer.lr = 0.1`; empty for what is no field to set.
        key, value: what is set to what; the key is empty likewise.
        scenario: the name of the scenario to open, if it is that.
        panel: the name of the panel to look at, if it is that.
    """

    toml: str = ""
    key: str = ""
    value: object = None
    scenario: str = ""
    panel: str = ""


def lesson_pieces(text: str) -> Iterator[str | LessonStep]:
    """A text whose paragraphs are a line each, and the steps in it, in their order; what is no step stays text."""
    end = 0
    for match in _STEP.finditer(text):
        step = _step(match)
        if step is not None:
            yield text[end : match.start()]
            yield step
            end = match.end()
    yield text[end:]


def lesson_steps(scenario: Scenario) -> list[LessonStep]:
    """Each step of a lesson once, in their order."""
    pieces = lesson_pieces(" ".join(scenario.lesson.split()))
    steps = [piece for piece in pieces if isinstance(piece, LessonStep)]
    return list({(step.toml, step.scenario, step.panel): step for step in steps}.values())


def _step(match: re.Match[str]) -> LessonStep | None:
    if match["panel"]:
        return LessonStep(panel=match["panel"])
    if match["scenario"]:
        return LessonStep(scenario=match["scenario"]) if match["scenario"] in catalogue.names() else None
    toml = f"{match['key']} = {match['value']}"
    if fields.find(match["key"]) is None:
        return None
    return LessonStep(toml, match["key"], tomllib.loads(f"value = {match['value']}")["value"])
