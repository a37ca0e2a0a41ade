"""Lines drawn by plotext; its axes are not used: their ticks are uneven, and their colours not the theme's."""

from typing import Any

import numpy as np
from textual.color import Color

from nn_tui.tui.views.canvas import Canvas
from nn_tui.tui.views.plot import BRAILLE, Line, Placed


def drawn_lines(where: Placed, width: int, height: int) -> Canvas:
    """The lines of a plot alone, and its dots that are drawn in Braille, on a canvas of this size."""
    canvas = Canvas(width, height)
    fine = [line for line in where.lines if line.marker == BRAILLE]
    if not fine:
        return canvas
    from textual_plotext.plot import Plot as Figure

    figure: Any = Figure()
    figure.plotsize(width, height)
    # The size takes effect at once only through this one, as textual-plotext's own widget notes.
    figure._set_size(width, height)
    figure.frame(False)
    figure.xticks([])
    figure.yticks([])
    figure.xlim(*where.x_range)
    figure.ylim(*where.y_range)
    for line in fine:
        _add(figure, line, where)
    figure.build()
    matrix = figure.monitor.matrix
    for row, (characters, colours) in enumerate(zip(reversed(matrix.marker), reversed(matrix.fullground), strict=True)):
        for column, (character, colour) in enumerate(zip(characters, colours, strict=True)):
            if character != " " and isinstance(colour, tuple):
                canvas.put(column, row, character, Color(*colour))
    return canvas


def _add(figure: Any, line: Line, where: Placed) -> None:
    """Hands a line over, piece by piece between its gaps."""
    inside = np.isfinite(line.y) & (line.x >= where.x_range[0]) & (line.x <= where.x_range[1])
    if line.dots:
        inside &= (line.y >= where.y_range[0]) & (line.y <= where.y_range[1])
    numbers = np.flatnonzero(inside)
    for piece in np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1):
        if len(piece):
            draw_piece = figure.scatter if line.dots or len(piece) == 1 else figure.plot
            x, y = line.x[piece].tolist(), np.clip(line.y[piece], *where.y_range).tolist()
            draw_piece(x, y, marker=BRAILLE, color=line.colour.rgb)
