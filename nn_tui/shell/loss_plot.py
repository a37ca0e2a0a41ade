"""The loss curves of a run, or of every optimizer in a race, drawn in the terminal with plotext."""

import math
import shutil
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotext
from rich.text import Text

from nn_tui.charts import ticks
from nn_tui.charts.lanes import LaneLook
from nn_tui.engine.surfaces import SURFACES
from nn_tui.shell.console import Terminal
from nn_tui.shell.race_legend import in_lines, lane_entries
from nn_tui.training.look.series import whole_course
from nn_tui.training.replay import Run
from nn_tui.training.run.history import Floats, History

_HEIGHT = 18
_POINTS = 4
_MOST_WIDTH = 120
_FEWEST_EPOCHS = 2.0
"""From here on the horizontal axis counts epochs, before it steps."""
_TRAIN, _TEST = 33, 208
"""Colors, of a terminal's 256."""
_DEEPEST, _HIGHEST = 1e-5, 1e3
"""How far the axis of a descent goes down and up, as shares of the height at the start."""


class _Curve(NamedTuple):
    """One loss over the run.

    `marker` is plotext's; without color it tells the curves apart.
    """

    color: int
    marker: str
    x: Floats
    y: Floats


class _Chart(NamedTuple):
    """Curves, what they show, their legend, and the horizontal axis's unit."""

    title: str
    entries: list[Text]
    curves: list[_Curve]
    unit: str


def print_losses(run: Run, looks: Sequence[LaneLook]) -> None:
    """Prints the losses over the run, on a log scale where all values are above 0.

    Training and test loss; of a race each optimizer's training loss; of a descent each one's height above the lowest
    point.

    Args:
        run: any.
        looks: what the optimizers of its race, or of a descent, are drawn with; none without one.
    """
    width = min(shutil.get_terminal_size().columns, _MOST_WIDTH)
    console = Terminal()
    colored = console.colored
    chart = _race(run, looks, width, colored) if looks else _train_and_test(run.own_history, width, colored)
    curves = [curve for curve in chart.curves if len(curve.x)]
    if len(run.own_history) < 2 or not curves:
        print("\nnothing to plot: a curve needs a loss at two steps at least")
        return
    values = np.concatenate([curve.y for curve in curves])
    logarithmic = bool(values.min() > 0.0)
    title = Text.assemble((chart.title, "bold"), ", log scale" if logarithmic else "")
    legend = in_lines([title, *chart.entries], width)
    console.print()
    for line in legend if len(legend) == 1 else [title, *in_lines(chart.entries, width)]:
        console.print(line)
    text = _drawn(curves, values, chart.unit, run.own_history.last()[chart.unit], width, logarithmic)
    print((text if colored else plotext.uncolorize(text)).rstrip())


def _train_and_test(history: History, width: int, colored: bool) -> _Chart:
    unit = _unit(history)
    curves, entries = [], []
    for part, color, marker in (("test", _TEST, "braille" if colored else "x"), ("train", _TRAIN, "braille")):
        curve = _Curve(color, marker, *_course(history, unit, f"{part}.loss", width))
        curves.append(curve)
        if len(curve.x):
            entries.append(_entry("⠤⠤" if marker == "braille" else marker, color if colored else None, part))
    return _Chart("loss", entries[::-1], curves, unit)


def _race(run: Run, looks: Sequence[LaneLook], width: int, colored: bool) -> _Chart:
    function = run.scenario.data.function
    history = run.own_history
    unit = "step" if function is not None else _unit(history)
    curves = []
    for look, lane in zip(looks, run.summary.race, strict=True):
        x, value = _course(history, unit, f"race.{look.name}.loss", width)
        if lane.diverged_at is not None:
            # What has diverged stays where it last was, which is no course.
            going = x <= np.interp(
                lane.diverged_at - 1, history.overview("step").last_step, history.overview(unit).last
            )
            x, value = x[going], value[going]
        if function is not None:
            value = _above_lowest(value, function, history)
            x, value = x[np.isfinite(value)], value[np.isfinite(value)]
        curves.append(_Curve(look.code, "braille" if colored else look.letter.lower(), x, value))
    title = "train loss" if function is None else "height above the lowest point"
    return _Chart(title, lane_entries(run, looks, colored), curves, unit)


def _above_lowest(heights: Floats, function: str, history: History) -> Floats:
    """Heights as far as the axis goes: above the lowest point, and none where a point is as good as there."""
    surface = SURFACES[function]
    lowest = min(float(surface.function(*point)) for point in surface.minima)
    start = float(history.overview("train.loss").maximum[0]) - lowest
    above = heights - lowest
    above[(above < _DEEPEST * start) | (above > _HIGHEST * start)] = np.nan
    return above


def _unit(history: History) -> str:
    return "epoch" if history.overview("epoch").maximum[-1] >= _FEWEST_EPOCHS else "step"


def _entry(sign: str, color: int | None, name: str) -> Text:
    return Text.assemble((f"{sign} ", "" if color is None else f"color({color})"), name)


def _course(history: History, unit: str, column: str, columns: int) -> tuple[Floats, Floats]:
    """A column over the run: at most four points a column of the picture, none of them where it is not finite."""
    step, value = whole_course(history, column, _POINTS * columns)
    finite = np.isfinite(value)
    seen = history.overview(unit)
    x = np.interp(step[finite], seen.last_step, seen.last)
    return x, value[finite]


def _drawn(curves: list[_Curve], values: Floats, unit: str, last: float, width: int, logarithmic: bool) -> str:
    figure = plotext
    figure.clear_figure()
    figure.theme("clear")
    figure.plot_size(width, _HEIGHT)
    for curve in curves:
        y = np.log10(curve.y) if logarithmic else curve.y
        figure.plot(curve.x.tolist(), y.tolist(), color=curve.color, marker=curve.marker)
    low, high = float(values.min()), float(values.max())
    if logarithmic:
        low, high = math.log10(low), math.log10(high)
    if high - low < 1e-9 * max(1.0, abs(low)):
        low, high = low - 0.5, high + 0.5
    figure.ylim(low, high)
    figure.xlim(0.0, last)
    most = _HEIGHT // 3
    _set_ticks(figure.yticks, ticks.logarithmic(low, high, most) if logarithmic else ticks.linear(low, high, most))
    _set_ticks(figure.xticks, ticks.linear(0.0, last, max(2, width // 12), whole=True))
    figure.xlabel(unit)
    text: str = figure.build()
    return text


def _set_ticks(setter: object, marks: ticks.Ticks) -> None:
    assert callable(setter)
    setter([place for place, _ in marks], [label for _, label in marks])
