"""Texts made ready for the screen."""

import re

from textual.app import App
from textual.content import Content

from nn_tui.scenario.schema import Scenario
from nn_tui.tui.palette import palette_of

_CODE = re.compile(r"`([^`\n]+)`")


def lesson_text(scenario: Scenario, app: App[object]) -> Content:
    """A lesson, its summary first, what stands in backticks set off."""
    text = paragraphs(scenario.lesson) or "This scenario has no lesson."
    parts: list[str | tuple[str, str]] = []
    if scenario.summary:
        parts.append((f"{scenario.summary}\n\n", "bold"))
    for number, piece in enumerate(_CODE.split(text)):
        parts.append((piece, palette_of(app).accent.hex) if number % 2 else piece)
    return Content.assemble(*parts)


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
