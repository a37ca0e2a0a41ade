"""How good a run became, alone and with what was prescribed, drawn in the terminal with plotext."""

import shutil
from collections.abc import Sequence

import plotext
from rich.text import Text

from nn_tui.charts.lanes import lane_looks
from nn_tui.shell.console import Terminal

_HEIGHT, _MOST_WIDTH = 14, 120
_LOWEST = -1.0
"""R² below which a curve is not followed."""

Curve = tuple[tuple[int, float | None], ...]


def print_courses(curves: Sequence[tuple[str, Curve]], metric: str) -> None:
    """Prints each curve over the steps; a look at which a run was not finite leaves a gap.

    Args:
        curves: names, and steps with values.
        metric: what the values are of, for people.
    """
    console = Terminal()
    looks = lane_looks([name for name, _ in curves])
    legend = [Text(metric, style="bold")]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(shutil.get_terminal_size().columns, _MOST_WIDTH), _HEIGHT)
    drawn = 0
    for look, (name, curve) in zip(looks, curves, strict=True):
        points = [(step, max(value, _LOWEST)) for step, value in curve if value is not None]
        sign = "⠤⠤ " if console.colored else f"{look.letter.lower()} "
        legend.append(Text.assemble((sign, f"color({look.code})" if console.colored else ""), name))
        if len(points) > 1:
            steps, values = zip(*points, strict=True)
            marker = "braille" if console.colored else look.letter.lower()
            plotext.plot(list(steps), list(values), color=look.code, marker=marker)
            drawn += 1
    console.print()
    if not drawn:
        console.print("nothing to plot: no trial was scored at two steps")
        return
    plotext.xlabel("steps")
    console.print(Text("   ").join(legend))
    text = plotext.build()
    print((text if console.colored else plotext.uncolorize(text)).rstrip())
