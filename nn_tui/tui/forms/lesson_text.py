"""A lesson made ready for the screen, in the words of the forms."""

import re

from textual.app import App
from textual.content import Content
from textual.style import Style

from nn_tui.scenario.lessons.lesson_steps import LessonStep, lesson_pieces, lesson_steps
from nn_tui.scenario.schema import Scenario
from nn_tui.tui.forms.entries import label
from nn_tui.tui.palette import palette_of

_CODE = re.compile(r"`([^`\n]+)`")


def lesson_text(scenario: Scenario, app: App[object], action: str = "") -> Content:
    """A lesson, its summary first, fields by their names in the forms, and what can be done set off.

    Args:
        scenario: whose lesson it is.
        app: it is shown in.
        action: what a click on a step does, given the step's number in `lesson_steps`, from 1; empty for nothing.
    """
    palette = palette_of(app)
    parts = [Content.styled(f"{scenario.summary}\n\n", "bold")] if scenario.summary else []
    steps = lesson_steps(scenario)
    for piece in lesson_pieces(paragraphs(scenario.lesson) or "This scenario has no lesson."):
        if isinstance(piece, str):
            for number, part in enumerate(_CODE.split(piece)):
                parts.append(Content.styled(part, palette.accent.hex) if number % 2 else Content(part))
            continue
        words = Content.styled(step_words(piece), palette.accent.hex)
        if action:
            words = words.stylize(Style.from_meta({"@click": f"{action}({steps.index(piece) + 1})"}))
        parts.append(words)
    return Content("").join(parts)


def step_words(step: LessonStep) -> str:
    """A step in the words of the lab: `rate 0.1`, `one hidden layer of 4 units`, `gradients panel`, `xor`."""
    if step.scenario or step.panel:
        return step.scenario or f"{step.panel} panel"
    value = step.value
    if step.key == "network.hidden" and isinstance(value, list):
        units = [str(layer) for layer in value]
        if len(units) < 2:
            return (
                f"one hidden layer of {units[0]} unit{'s' if units[0] != '1' else ''}" if units else "no hidden layer"
            )
        return f"hidden layers of {', '.join(units[:-1])} and {units[-1]} units"
    written = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{label(step.key)} {written}"


def paragraphs(text: str) -> str:
    """A text whose lines were broken for a file, ready to be broken for another width; lists keep their lines."""
    blocks = []
    for block in text.strip().split("\n\n"):
        lines = [line.strip() for line in block.splitlines()]
        joined = ""
        for line in lines:
            starts_item = line.startswith(("- ", "* ", "• "))
            joined += ("\n" if starts_item else " ") + line if joined else line
        blocks.append(joined)
    return "\n\n".join(block for block in blocks if block)
