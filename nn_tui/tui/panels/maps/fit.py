"""The curve that the net has fitted through examples of one input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from textual.content import Content

from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Line, Plot, Range
from nn_tui.training.look.parts import Curve
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import Chart
from nn_tui.tui.panels.maps.heat_map import axis_names
from nn_tui.tui.panels.maps.points import PointsPanel
from nn_tui.tui.panels.maps.scatter import MARKS
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.reading import floats
from nn_tui.tui.panels.score import ScorePanel, score

_MARGIN = 0.08
_OUTLIER_ROOM = 0.5
"""How far beyond the examples, of their range, the curve may stretch the axis: a wild curve leaves the picture."""


@dataclass(frozen=True)
class Fit:
    """The curve, and how good it is."""

    curve: Curve
    score: ScorePanel


class FitPanel(PointsPanel[Fit], Chart[Fit]):
    """The prediction over the one input, through the examples."""

    TITLE = "Fitted curve"
    LEGEND = (
        "What the net predicts for every value of its one input, through the examples: filled points of the training "
        "set, hollow ones of the test set. A curve that bends to reach every filled point and misses the hollow ones "
        "has learned the noise. Of two classes, the curve is the probability of the second. ≈ is of some examples only."
    )
    EMPTY = "The curve that the net fits appears here, with the examples as points."
    PARTS = ("curve",)

    def see(self, opened: Opened, frame: Frame) -> Fit | None:
        return None if frame.curve is None else Fit(frame.curve, score(opened, frame))

    def points(self) -> int:
        return 0

    def plot(self, seen: Fit, palette: Palette) -> Plot:
        assert self.opened is not None
        points = self.opened.points
        assert points is not None
        x, y, known = floats(points.coordinates), floats(points.targets), floats(seen.curve.x)
        which, train, test = self.which, slice(0, points.train), slice(points.train, None)
        sets = (("test", test, palette.test, MARKS[1]), ("train", train, palette.train, MARKS[0]))
        lines = [
            Line(x[part], y[part], color, dots=mark, name=name) for name, part, color, mark in sets if mark in which
        ]
        return Plot(
            lines=[*lines, Line(known, floats(seen.curve.y), palette.accent, name="net")],
            x_range=(float(known[0]), float(known[-1])),
            y_range=_range(y, floats(seen.curve.y)),
            x_unit=axis_names(self.opened)[0],
            whole_x=False,
        )

    def headings(self) -> tuple[str, ...]:
        return self.TITLE, "Fit"

    def headline(self, seen: Fit, palette: Palette) -> Content:
        return seen.score.headline(palette, self.title_room)

    def options(self) -> tuple[Option, ...]:
        return (self.points_option(),)


def _range(targets: np.ndarray, curve: np.ndarray) -> Range:
    """The examples' range, and as much more as the curve needs within limits."""
    low, high = float(targets.min()), float(targets.max())
    reach = (high - low) or 1.0
    finite = curve[np.isfinite(curve)]
    if finite.size:
        low = min(low, max(float(finite.min()), low - _OUTLIER_ROOM * reach))
        high = max(high, min(float(finite.max()), high + _OUTLIER_ROOM * reach))
    return low - _MARGIN * reach, high + _MARGIN * reach
