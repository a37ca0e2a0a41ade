"""Charts with a line a layer, in the colors of the layers' ramp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import structs
from textual.binding import Binding, BindingType
from textual.content import Content

from nn_tui.charts.ghosts import ghost_lines
from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Plot, Zone
from nn_tui.charts.smoothing import smoothed
from nn_tui.training.look.parts import LayerShape, LayerState
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import Curves, LogChart, curves, moments
from nn_tui.tui.panels.layers import short_name
from nn_tui.tui.panels.panel import Option

LINES = (
    " 1, 2, … are the layers, out is the output. A smooth line goes through the middle of the faint values (t: the "
    "values alone). The title has each layer's latest value, or where there is no room the smallest and the largest."
)
"""Of a legend: what the lines of such a chart are."""


class LayersChart(LogChart[Curves]):
    """One quantity of every layer over the steps, on a logarithmic scale unless switched.

    Attributes:
        SHORT: the title of a narrow panel.
        QUANTITY: as in `LayerState`, and behind the layer's name in the history's columns.
        ZONE: the stretch of values that is as it should be, if there is one.
    """

    SHORT: ClassVar[str]
    QUANTITY: ClassVar[str]
    ZONE: ClassVar[Zone | None] = None

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "smooth", "smooth/raw curves")]

    def __init__(self) -> None:
        super().__init__()
        self.is_smooth = True

    def headings(self) -> tuple[str, ...]:
        return self.TITLE, self.SHORT

    @property
    def quantity(self) -> str:
        """What is drawn now."""
        return self.QUANTITY

    def columns(self, opened: Opened) -> tuple[str, ...]:
        return tuple(f"{layer.name}.{self.quantity}" for layer in opened.layers)

    def see(self, opened: Opened, frame: Frame) -> Curves | None:
        return curves(self.columns(opened), frame, [self._value(layer) for layer in frame.layers])

    def _value(self, layer: LayerState) -> float | None:
        value: float | None = getattr(layer, self.quantity)
        return value

    def plot(self, seen: Curves, palette: Palette) -> Plot:
        layers, zone = self._layers(), self.ZONE
        lines = [
            self.line(series, palette.layer(number, len(layers)), short_name(layers[number]))
            for number, series in enumerate(seen.series)
            if series is not None and series.step
        ]
        if self.is_smooth:
            ghosts = [structs.replace(line, color=palette.faded(line.color), label="", behind=True) for line in lines]
            lines = [*ghosts, *(smoothed(line) for line in lines)]
        names = self.columns(self.opened) if self.opened else ()
        colors = {name: palette.layer(number, len(layers)) for number, name in enumerate(names)}
        others = ghost_lines(self.ghosts, colors, palette, named=names[-1] if names else "")
        if self.is_smooth:
            others = [smoothed(line) for line in others]
        return Plot(
            lines=[*others, *lines],
            x_range=self.steps(seen.series),
            log=self.log_scale,
            moments=moments(seen.marks),
            y_zones=() if zone is None else (zone,),
            y_holds=() if zone is None else (zone.low / 3.0, zone.high * 3.0),
        )

    def headline(self, seen: Curves, palette: Palette) -> Content:
        """Every layer's value where there is room, else the smallest and the largest."""
        every = self._values(seen, palette, range(len(seen.latest)))
        if every.cell_length <= self.title_room:
            return every
        known = [(value, number) for number, value in enumerate(seen.latest) if value is not None]
        return self._values(seen, palette, [min(known)[1], max(known)[1]] if known else [])

    def _values(self, seen: Curves, palette: Palette, numbers: Sequence[int]) -> Content:
        layers = self._layers()
        parts = [
            Content.assemble(
                (f"{short_name(layers[number])} ", palette.layer(number, len(layers)).hex),
                (fixed(seen.latest[number]), palette.text.hex),
            )
            for number in numbers
        ]
        return Content(" · ").join(parts)

    def options(self) -> tuple[Option, ...]:
        return (Option("smooth" if self.is_smooth else "raw", "smooth", "t"), *super().options())

    def action_smooth(self) -> None:
        """Switches between a smooth line over faint values and the values alone."""
        self.is_smooth = not self.is_smooth
        self.repaint()

    def _layers(self) -> tuple[LayerShape, ...]:
        return () if self.opened is None else self.opened.layers
