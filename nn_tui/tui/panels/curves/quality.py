"""Accuracy or R² on the training and the test set, over the steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import structs
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.ghosts import ghost_lines
from nn_tui.charts.numbers import fixed, percent
from nn_tui.charts.palette import TEST_MARK, TRAIN_MARK, Palette
from nn_tui.charts.plot import Line, Plot, Range
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import Curves, ScaleChart, curves, moments
from nn_tui.tui.panels.panel import notice
from nn_tui.tui.panels.score import estimated, of_sets

_OFF_SCALE = (
    "R² has been off the scale so far, below {}: worse than always saying the mean of the targets. ← reads it off."
)


class QualityPanel(ScaleChart[Curves]):
    """How good the net is at its task, in a measure that people can read."""

    TITLE = "Accuracy"
    LEGEND = (
        "The share of examples put into the right class, in percent; of a regression R², the share of the targets' "
        "variance that is explained. Blue is the training set, orange the test set: a gap that widens between them is "
        "overfitting. An R² below 0 is worse than the mean of the targets; what is below −1 is off the scale, at ▼. ≈ "
        "is of some of the set's examples only, so that training need not wait."
    )
    EMPTY = "Accuracy, or R² of a regression, appears here with the first step."

    def headings(self) -> tuple[str, ...]:
        return ("Accuracy",) if self._is_share else ("R²",)

    @property
    def _is_share(self) -> bool:
        return self.opened is None or self.opened.quality == "accuracy"

    def columns(self, opened: Opened) -> tuple[str, ...]:
        return tuple(f"{part}.{opened.quality}" for part in ("train", "test"))

    def see(self, opened: Opened, frame: Frame) -> Curves | None:
        latest = (frame.train.quality, None if frame.test is None else frame.test.quality)
        return curves(self.columns(opened), frame, latest, estimated(opened, frame))

    def plot(self, seen: Curves, palette: Palette) -> Plot:
        factor = 100.0 if self._is_share else 1.0
        lines = [
            self.line(series, color)
            for series, color in zip(seen.series, (palette.train, palette.test), strict=True)
            if series is not None and series.step
        ]
        colors = dict(zip(self.columns(self.opened), (palette.train, palette.test), strict=True)) if self.opened else {}
        ghosts = ghost_lines(self.ghosts, colors, palette, named=next(iter(colors), ""))
        return Plot(
            lines=[structs.replace(line, y=line.y * factor) for line in (*ghosts, *reversed(lines))],
            x_range=self.steps(seen.series),
            y_range=self._range([*ghosts, *lines], factor),
            y_unit="%" if self._is_share else "",
            moments=moments(seen.marks),
        )

    def _range(self, lines: Sequence[Line], best: float) -> Range:
        """From 0 to the best there is, or from the worst value so far; what is worse than −1 is off the scale."""
        if self.is_whole:
            return 0.0, best
        values = best * np.concatenate([line.y[np.isfinite(line.y)] for line in lines] or [np.zeros(0)])
        low, high = (float(values.min()), float(values.max())) if values.size else (0.0, best)
        if low < -best:
            low, high = -best, max(high, 0.0)
        room = max(0.06 * (high - low), 0.01 * best)
        return low - room, min(high + room, best)

    def drawing(self, seen: Curves, palette: Palette, size: Size) -> Callable[[], list[Strip]]:
        if self.column is None and _is_below(self.plot(seen, palette)):
            said = _OFF_SCALE.format("0" if self.is_whole else "−1")
            return lambda: notice(said, palette, size)
        return super().drawing(seen, palette, size)

    def headline(self, seen: Curves, palette: Palette) -> Content:
        written = percent if self._is_share else fixed
        return Content(" · ").join(of_sets(palette, seen.latest, seen.estimated, written, (TRAIN_MARK, TEST_MARK)))


def _is_below(plot: Plot) -> bool:
    """Whether all there is lies below the vertical axis."""
    values = np.concatenate([line.y[~np.isnan(line.y)] for line in plot.lines] or [np.zeros(0)])
    return plot.y_range is not None and values.size > 0 and bool((values < plot.y_range[0]).all())
