"""The learning rate over the whole run: as it was, where it is now, and as it will be."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual.binding import Binding, BindingType
from textual.content import Content

from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Line, Moment, Plot, Range
from nn_tui.scenario.kinds import KINDS
from nn_tui.shown import shown
from nn_tui.training.look.parts import Curve, Mark, Series
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import Chart
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.reading import floats

if TYPE_CHECKING:
    from nn_tui.floats import Floats


@dataclass(frozen=True)
class Rates:
    """The learning rate.

    Attributes:
        planned: by epoch, as the scenario has it now.
        epoch, past: series of the steps taken so far; None before the first one.
        now, rate: the present epoch, and the rate of the next step.
        name: of the schedule.
        marks: the changes made as the run went.
    """

    planned: Curve
    epoch: Series | None
    past: Series | None
    now: float
    rate: float
    name: str
    marks: tuple[Mark, ...]


class SchedulePanel(Chart[Rates]):
    """A line of which the part behind is bright and the part ahead gray, with a dot between them."""

    TITLE = "Learning rate"
    LEGEND = (
        "The learning rate over the epochs of the run: bright what it was, the dot where it is, gray what the schedule "
        "still has in store. Vertical lines are changes made on the way. A rate that falls late lets the net settle "
        "where a large one would keep jumping about."
    )
    EMPTY = "The learning rate over the whole run appears here once the net is built."
    PARTS = ("schedule",)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("l", "log", "linear/log scale")]

    def __init__(self) -> None:
        super().__init__()
        self.log_scale = False

    def columns(self, opened: Opened) -> tuple[str, ...]:  # noqa: ARG002
        return ("epoch", "lr")

    def see(self, opened: Opened, frame: Frame) -> Rates | None:  # noqa: ARG002
        if frame.schedule is None:
            return None
        return Rates(
            planned=frame.schedule,
            epoch=frame.series.get("epoch"),
            past=frame.series.get("lr"),
            now=frame.progress,
            rate=frame.learning_rate,
            name=frame.scenario.training.schedule.name,
            marks=frame.marks,
        )

    def _headings(self) -> tuple[str, ...]:
        lanes = () if self.opened is None else self.opened.lanes
        # Each point on a surface has a rate of its own, too; one without a rival needs no name.
        named = [f"{self.TITLE} of {shown(first)}" for first, _ in islice(pairwise(lanes), 1)]
        return (*named, self.TITLE)

    def plot(self, seen: Rates, palette: Palette) -> Plot:
        epochs, rates = floats(seen.planned.x), floats(seen.planned.y)
        ahead = epochs >= seen.now
        lines = [
            Line(
                np.concatenate(([seen.now], epochs[ahead])),
                np.concatenate(([seen.rate], rates[ahead])),
                palette.muted,
                name="planned",
            ),
            *self._past(seen, palette),
            Line(np.array([seen.now]), np.array([seen.rate]), palette.accent, dots="●", name="now"),
        ]
        highest = max(float(line.y.max()) for line in lines)
        return Plot(
            lines=[*self._others(palette), *lines],
            x_range=self._range(seen),
            y_range=None if self.log_scale else (0.0, highest * 1.08 or 1.0),
            x_unit="epoch" if self.opened is None else KINDS[self.opened.scenario.data.kind].epoch,
            log=self.log_scale,
            moments=self._moments(seen),
        )

    def _others(self, palette: Palette) -> list[Line]:
        """The rates of other runs, over their own epochs."""
        return [
            Line(
                *_over_epochs(ghost.columns["epoch"], ghost.columns["lr"]), ghost.color or palette.faint, is_ghost=True
            )
            for ghost in self.ghosts
            if {"epoch", "lr"} <= ghost.columns.keys()
        ]

    def _past(self, seen: Rates, palette: Palette) -> list[Line]:
        if seen.epoch is None or seen.past is None:
            return []
        epochs, rates = _over_epochs(*((floats(one.step), floats(one.value)) for one in (seen.epoch, seen.past)))
        epochs, rates = np.append(epochs, seen.now), np.append(rates, rates[-1])
        return [Line(epochs, rates, palette.text, name="was")]

    def _range(self, seen: Rates) -> Range:
        """The whole run, or what is recent of it with some of what is to come."""
        last = max(float(floats(seen.planned.x)[-1]), seen.now)
        if not self.recent or seen.epoch is None:
            return 0.0, last
        first = min(float(floats(seen.epoch.value)[0]), seen.now)
        return first, min(last, seen.now + max(1.0, 0.25 * (seen.now - first)))

    def _moments(self, seen: Rates) -> list[Moment]:
        """The changes at their epochs, as far as the recorded steps tell them; their words are for a cursor."""
        if seen.epoch is None:
            return []
        steps, epochs = floats(seen.epoch.step), floats(seen.epoch.value)
        return [
            Moment(float(np.interp(mark.step, steps, epochs)), mark.text, is_quiet=True)
            for mark in seen.marks
            if mark.step >= steps[0]
        ]

    def headline(self, seen: Rates, palette: Palette) -> Content:
        rate = Content.styled(fixed(seen.rate), palette.text.hex)
        named = Content.assemble(rate, f" · {seen.name}")
        return named if named.cell_length <= self.title_room else rate

    def options(self) -> tuple[Option, ...]:
        return (Option("log" if self.log_scale else "linear", "log", "l"), self.span())

    def action_log(self) -> None:
        """Switches between the linear and the logarithmic scale."""
        self.log_scale = not self.log_scale
        self.repaint()


def _over_epochs(epochs: tuple[Floats, Floats], rates: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Rates by epoch, of both columns by step: what is thinned keeps other steps of each."""
    steps, first = np.unique(epochs[0], return_index=True)
    return np.interp(rates[0], steps, epochs[1][first]), rates[1]
