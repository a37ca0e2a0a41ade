"""The formulas in use, and below each the same with this step's numbers."""

import re

from textual.content import Content
from textual.geometry import Size

from nn_tui.charts.palette import Palette
from nn_tui.training.look.parts import Formula, FormulaLine
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.layers import layer_option
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.tables.text import TextLine, TextPanel, in_columns, wrapped

_INDENT = 2
_BREAKS = re.compile(r"(?= [+−/=] )|(?<=,)(?= )|(?=·)")
"""Where a formula may go on in the next line: before an operator, which then says that it goes on."""


class FormulasPanel(TextPanel[tuple[Formula, ...]]):
    """Activation, loss, mode and optimizer; on a surface the chosen optimizer along both axes."""

    TITLE = "Formulas"
    LEGEND = (
        "How what is in use computes: the activation, the loss, the mode and the optimizer. Below each formula stands "
        "the same with the numbers of the last step, and what that gives. The numbers are those of one unit, one "
        "sample and one weight, which the line above names; . and , go to another layer, or on a surface to another "
        "optimizer."
    )
    EMPTY = "The formulas in use appear here, with this step's numbers in them."
    PARTS = ("formulas",)

    def see(self, opened: Opened, frame: Frame) -> tuple[Formula, ...] | None:  # noqa: ARG002
        return frame.formulas if frame.step and frame.formulas else None

    def options(self) -> tuple[Option, ...]:
        return (layer_option(self.opened, self.layer_shown), *self.scroll_option())

    def lines(self, seen: tuple[Formula, ...], palette: Palette, size: Size) -> list[TextLine]:
        return in_columns(lambda width: [block(formula, palette, width) for formula in seen], size)


def block(formula: Formula, palette: Palette, width: int) -> list[TextLine]:
    """A formula with its clauses, each with its numbers and what they give."""
    heading = Content.assemble((f"{formula.subject} ", palette.muted.hex), (formula.name, f"bold {palette.accent.hex}"))
    lines = [heading, *wrapped(Content.styled(formula.about, palette.muted.hex), width)]
    sign = "←" if formula.subject == "optimizer" else "="
    for line in formula.lines:
        lines += _worked(line, sign, palette, width)
    return [TextLine(line) for line in lines]


def _worked(line: FormulaLine, sign: str, palette: Palette, width: int) -> list[Content]:
    """The formula, its numbers, and the result: behind the numbers where it fits there, else below them."""
    left = f"{line.symbol} {sign} " if line.symbol else ""
    lines = [Content.styled(text, palette.text.hex) for text in broken(left + line.formula, width)]
    if not line.numbers:
        return lines
    numbers = [Content.styled(text, palette.muted.hex) for text in broken(f"= {line.numbers}", width - _INDENT)]
    if line.result not in {"", line.numbers}:
        result = Content.styled(f"= {line.result}", f"bold {palette.text.hex}")
        if numbers[-1].cell_length + 1 + result.cell_length <= width - _INDENT:
            numbers[-1] = Content.assemble(numbers[-1], " ", result)
        else:
            numbers.append(result)
    return [*lines, *(text.pad_left(_INDENT) for text in numbers)]


def broken(formula: str, width: int) -> list[str]:
    """A formula in lines of a width, broken before operators and indented from the second on; none is lost."""
    lines, room = [""], max(8, width)
    for piece in _BREAKS.split(formula):
        indent = " " * _INDENT if len(lines) > 1 else ""
        if len(indent) + len(lines[-1]) + len(piece) <= room:
            lines[-1] += piece
            continue
        if lines[-1]:
            lines.append("")
        piece = piece.lstrip()
        while len(piece) > room - _INDENT:
            lines[-1], piece = piece[: room - _INDENT], piece[room - _INDENT :]
            lines.append("")
        lines[-1] = piece
    return [lines[0], *(" " * _INDENT + line for line in lines[1:])]
