"""What every optimizer of a race has made of it, over the steps: loss or height, and on a surface the slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from textual.content import Content

from nn_tui.charts.ghosts import ghost_lines
from nn_tui.charts.lanes import lane_letters
from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Plot
from nn_tui.scenario.kinds import KINDS
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import Curves, LogChart, continued, curves, moments
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.reading import floats

_ROOM_FOR_NAMES = 56


@dataclass(frozen=True)
class Race:
    """The lanes' names and curves."""

    names: tuple[str, ...]
    curves: Curves

    @property
    def is_positive(self) -> bool:
        """Whether all values are above 0, so that a logarithmic scale has a place for each."""
        series = [floats(one.value) for one in self.curves.series if one is not None]
        return all(bool((low[np.isfinite(low)] > 0.0).all()) for low in series)


class RacePanel(LogChart[Race]):
    """One line an optimizer."""

    TITLE = "Race"
    LEGEND = (
        "What every optimizer, or other variant, of a race has reached: on a surface the height of its point, of a "
        "network its training loss, all from the same start and with the same batches. Colors and letters are those of "
        "the surface. A line that ends has diverged; the name in the title is whose line is lowest now."
    )
    EMPTY = "A curve for every optimizer appears here with the first step."

    OF_ALL = True
    QUANTITY = "loss"

    def headings(self) -> tuple[str, ...]:
        full = KINDS[self.opened.scenario.data.kind].race if self.opened is not None else self.TITLE
        return (full, full.partition(":")[0])

    def columns(self, opened: Opened) -> tuple[str, ...]:
        return self._columns(opened.lanes)

    def _columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"race.{name}.{self.QUANTITY}" for name in names)

    def see(self, opened: Opened, frame: Frame) -> Race | None:
        found = curves(self.columns(opened), frame, [self._latest(frame, name) for name in self.columns(opened)])
        return None if found is None else Race(opened.lanes, found)

    def _latest(self, frame: Frame, column: str) -> float | None:
        series = continued(column, frame)
        high = floats(series.value) if series is not None else np.zeros(0)
        return float(high[-1]) if high.size else None

    def plot(self, seen: Race, palette: Palette) -> Plot:
        labels = seen.names if self.size.width >= _ROOM_FOR_NAMES else lane_letters(seen.names)
        lines = [
            self.line(series, palette.lane(number), labels[number])
            for number, series in enumerate(seen.curves.series)
            if series is not None and series.step
        ]
        colors = {name: palette.lane(number) for number, name in enumerate(self._columns(seen.names))}
        return Plot(
            lines=[*ghost_lines(self.ghosts, colors, palette), *lines[::-1]],
            x_range=self.steps(seen.curves.series),
            log=self.log_scale and seen.is_positive,
            moments=moments(seen.curves.marks, with_words=True),
        )

    def headline(self, seen: Race, palette: Palette) -> Content:
        known = [
            (value, number)
            for number, value in enumerate(seen.curves.latest)
            if value is not None and np.isfinite(value)
        ]
        if not known:
            return Content("")
        value, number = min(known)
        return Content.assemble((f"{seen.names[number]} ", palette.lane(number).hex), (fixed(value), palette.text.hex))

    def options(self) -> tuple[Option, ...]:
        if self._seen is not None and not self._seen.is_positive:
            return (self.span(),)
        return super().options()


class RaceSlopePanel(RacePanel):
    """How steep the surface is where each optimizer stands."""

    TITLE = "Slope"
    LEGEND = (
        "The norm of the gradient where each optimizer of a surface stands, on a logarithmic scale. At a minimum it "
        "goes to 0, at a saddle or on a plateau it is small although there is much to gain, and at a wall it jumps."
    )
    EMPTY = "The slope where every optimizer stands appears here with the first step."

    QUANTITY = "gradient_norm"

    def headings(self) -> tuple[str, ...]:
        return "Slope where each stands", "Slope"
