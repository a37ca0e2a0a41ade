"""One of the choices that a field has, as a person reads of it: its formula, its sentence, its curve."""

import re

from textual.content import Content

from nn_tui.charts.palette import Palette
from nn_tui.scenario.lessons.explained import ExplainedChoice

_PLOT = "▁▂▃▄▅▆▇█"
_PLOT_WIDTH = 32


def choice_text(chosen: ExplainedChoice, palette: Palette, width: int) -> Content:
    """A choice in some lines: its name and formula, its sentence, its curve.

    Args:
        chosen: the choice.
        palette: the theme's colors.
        width: columns there are for it.
    """
    lines = [Content.styled(chosen.name, f"bold {palette.accent.hex}")]
    # One step of a formula is read in one line.
    for step in re.split(r"(?<=;) +", chosen.formula) if chosen.formula else ():
        said = Content.styled(step, palette.text.hex)
        if lines[-1].cell_length + 2 + said.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], "  ", said)
        else:
            lines.append(said)
    if chosen.summary:
        lines.append(Content.styled(chosen.summary, palette.muted.hex))
    if chosen.curve:
        lines += [Content.styled(line, palette.accent.hex) for line in plotted(chosen.curve, _PLOT_WIDTH, 3)]
    return Content("\n").join(lines)


def plotted(values: tuple[float, ...], width: int, height: int) -> list[str]:
    """A curve in blocks, from its least value at the bottom to its greatest at the top."""
    low, high = min(values), max(values)
    eighths = 8 * height - 1
    levels = []
    for column in range(width):
        value = values[round(column * (len(values) - 1) / max(1, width - 1))]
        levels.append(1 + round((value - low) / (high - low) * eighths) if high > low else 4 * height)
    rows = []
    for row in range(height - 1, -1, -1):
        cells = (min(8, max(0, level - 8 * row)) for level in levels)
        rows.append("".join(_PLOT[cell - 1] if cell else " " for cell in cells))
    return rows
