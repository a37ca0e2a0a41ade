"""The loss curves of a run, or of every optimizer in a race."""

import math
from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import NamedTuple

import numpy as np

from nn_tui.charts.lanes import LaneLook
from nn_tui.charts.palette import terminal
from nn_tui.charts.plot import Moment
from nn_tui.engine.surfaces import SURFACES
from nn_tui.floats import Floats
from nn_tui.numerals import in_full
from nn_tui.scenario.kinds import KINDS
from nn_tui.scenario.lanes import lane_entries
from nn_tui.scenario.timeline import followed
from nn_tui.shell.plots.curves import PrintedCurve, plot_columns, print_curves
from nn_tui.training.look.series import whole_course
from nn_tui.training.replay import Run
from nn_tui.training.run.history import History
from nn_tui.training.trained import Trained, TrainedPoint
from nn_tui.training.worker.marks import mark

_POINTS = 4
_FEWEST_EPOCHS = 2.0
"""From here on the horizontal axis counts epochs, before it steps."""
_DEEPEST, _HIGHEST = 1e-5, 1e3
"""How far the axis of a descent goes down and up, as shares of the height at the start."""


def print_losses(run: Run, looks: Sequence[LaneLook]) -> None:
    """Prints the losses over the run, on a log scale where all values are above 0.

    Training and test loss; of a race each optimizer's training loss; of a descent each one's height above the lowest
    point.

    Args:
        run: any.
        looks: what the optimizers of its race, or of a descent, are drawn with; none without one.
    """
    history = run.own_history
    unit = KINDS[run.scenario.data.kind].epoch if history.overview("epoch").maximum[-1] >= _FEWEST_EPOCHS else "step"
    title, curves = _race(run, looks, unit) if looks else ("loss", _train_and_test(history, unit))
    print_curves(title, curves if len(history) > 1 else (), unit, _moments(run, unit))


def _train_and_test(history: History, unit: str) -> list[PrintedCurve]:
    colors = terminal()
    sets = (("train", colors.train, ""), ("test", colors.test, "x"))
    return [PrintedCurve(part, color, letter, *_course(history, unit, f"{part}.loss")) for part, color, letter in sets]


def _race(run: Run, looks: Sequence[LaneLook], unit: str) -> tuple[str, list[PrintedCurve]]:
    """What is drawn of every lane, in words, and its curves."""
    history, drawn = run.own_history, _drawn(run.trained, run)
    curves = []
    for look, lane, entry in zip(looks, run.summary.race, lane_entries(run.scenario.training), strict=True):
        x, value = _course(history, unit, f"race.{look.name}.loss")
        if lane.diverged_at is not None:
            # What has diverged stays where it last was, which is no course.
            going = x <= _places(history, unit, [lane.diverged_at - 1])[0]
            x, value = x[going], value[going]
        name = f"{look.name} {in_full(entry.rule.lr)}"
        curves.append(PrintedCurve(name, look.color, look.letter.lower(), x, drawn.of(value), look.letter))
    return drawn.title, curves


class _Drawn(NamedTuple):
    """What lanes' curves show, in words, and how it comes from what was recorded."""

    title: str
    of: Callable[[Floats], Floats]


@singledispatch
def _drawn(_trained: Trained, _run: Run) -> _Drawn:
    return _Drawn("train loss", np.asarray)


@_drawn.register
def _(_trained: TrainedPoint, run: Run) -> _Drawn:
    surface = SURFACES[str(run.scenario.data.function)]
    lowest = min(float(surface.function(*point)) for point in surface.minima)
    start = float(run.own_history.overview("train.loss").maximum[0]) - lowest

    def above(heights: Floats) -> Floats:
        """Heights as far as the axis goes: above the lowest point, and none where a point is as good as there."""
        above = heights - lowest
        return np.where(above > _HIGHEST * start, np.inf, np.where(above < _DEEPEST * start, np.nan, above))

    return _Drawn("height above the lowest point", above)


def _places(history: History, unit: str, steps: Sequence[float] | Floats) -> Floats:
    """Where on the horizontal axis steps are."""
    seen = history.overview(unit)
    return np.interp(steps, seen.last_step, seen.last)


def _course(history: History, unit: str, column: str) -> tuple[Floats, Floats]:
    """A column over the run, at most four points a column of the picture; none where nothing was measured."""
    step, value = whole_course(history, column, _POINTS * plot_columns())
    measured = ~np.isnan(value)
    return _places(history, unit, step[measured]), value[measured]


def _moments(run: Run, unit: str) -> list[Moment]:
    """The changes of the timeline, as far as the run came."""
    state, found = run.whole, []
    last = run.own_history.last()
    for change in run.whole.timeline:
        at, reached = (change.step, last["step"]) if change.step is not None else (change.epoch, last["epoch"])
        before = (at or 1) - 1
        if before > reached:
            break
        place = float(before) if change.step is None and unit == "epoch" else math.nan
        if math.isnan(place):
            steps = before if change.step is not None else _step_of(run.own_history, before)
            place = float(_places(run.own_history, unit, [steps])[0])
        found.append(Moment(place, mark(change, state, 0).text))
        state = followed(state, change)
    return found


def _step_of(history: History, epoch: float) -> float:
    seen = history.overview("epoch")
    return float(np.interp(epoch, seen.last, seen.last_step))
