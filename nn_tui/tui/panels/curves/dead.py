"""Dead ReLU units: how many of each layer there are now, and how it came to that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec import structs
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.color import Color
from nn_tui.charts.curves import plot_width, plotted_area
from nn_tui.charts.ghosts import Ghost, ghost_lines
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Line, Plot
from nn_tui.training.look.parts import LayerShape, Mark, Series
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import ScaleChart, continued, moments
from nn_tui.tui.panels.layers import short_name
from nn_tui.tui.panels.panel import Option, notice
from nn_tui.tui.panels.reading import floats

_LEAST_PLOT = 20
"""Columns of the plot that must be left where the counts stand beside the curves."""


@dataclass(frozen=True)
class Mortal:
    """A layer that can have dead units, by its number from 0; `history` is how many they were over the steps."""

    shape: LayerShape
    number: int
    dead: int
    history: Series | None


@dataclass(frozen=True)
class Deaths:
    """The layers that can have dead units, of so many; what the hidden layers have instead where there are none."""

    mortals: tuple[Mortal, ...]
    layers: int
    activations: tuple[str, ...]
    marks: tuple[Mark, ...]


class DeadPanel(ScaleChart[Deaths]):
    """One line a layer: the share of its units that is dead, with the present count beside its last point."""

    TITLE = "Dead ReLU units"
    LEGEND = (
        "A ReLU unit is dead when it gives 0 for every example: no gradient reaches its weights any more, and it stays "
        "dead unless what the layers before it give changes. "
        "One line a layer: the share of its units, with the count of now beside its end. A few dead units do little "
        "harm; many mean that the learning rate is too high or the start was bad."
    )
    EMPTY = "Dead units are counted here with the first step, layer by layer."

    def __init__(self) -> None:
        super().__init__()
        self.is_whole = True

    def columns(self, opened: Opened) -> tuple[str, ...]:
        return tuple(map(_column, opened.layers))

    def see(self, opened: Opened, frame: Frame) -> Deaths | None:
        if not frame.step and any(layer.can_die for layer in opened.layers):
            return None
        mortals = tuple(
            Mortal(shape, number, state.dead_units, continued(_column(shape), frame))
            for number, (shape, state) in enumerate(zip(opened.layers, frame.layers, strict=True))
            if state.can_die
        )
        network = frame.scenario.network
        activations = dict.fromkeys(layer.activation or network.activation for layer in network.hidden)
        return Deaths(mortals, len(opened.layers), tuple(activations), frame.marks)

    def headline(self, seen: Deaths, palette: Palette) -> Content:
        if not seen.mortals:
            return Content("")
        dead, units = sum(layer.dead for layer in seen.mortals), sum(layer.shape.units for layer in seen.mortals)
        return Content.styled(f"{dead:>{len(str(units))}} of {units}", palette.text.hex)

    def options(self) -> tuple[Option, ...]:
        return super().options() if self._seen is not None and self._seen.mortals else ()

    def drawing(self, seen: Deaths, palette: Palette, size: Size) -> Callable[[], list[Strip]]:
        if seen.mortals:
            return super().drawing(seen, palette, size)
        return lambda: notice(_why_none(seen.activations), palette, size)

    def plot(self, seen: Deaths, palette: Palette) -> Plot:
        colors = {_column(layer.shape): palette.layer(layer.number, seen.layers) for layer in seen.mortals}
        others = [_in_percent(ghost, seen.mortals) for ghost in self.ghosts]
        ghosts = ghost_lines(others, colors, palette, named=next(reversed(colors), ""))
        return Plot(
            lines=[*ghosts, *self._lines(seen.mortals, [*colors.values()])],
            x_range=self.steps([layer.history for layer in seen.mortals]),
            y_holds=(0.0, 100.0 if self.is_whole else 1.0),
            y_unit="%",
            moments=moments(seen.marks),
        )

    def _lines(self, layers: Sequence[Mortal], colors: Sequence[Color]) -> list[Line]:
        """With labels: where there are more layers than rows, of those with the largest shares of dead units."""
        rows = plotted_area(Plot(()), self.size)[1]
        worst = sorted(layers, key=lambda layer: -layer.dead / layer.shape.units)[: max(1, rows)]
        labels = _labels(worst, plot_width(self.size) - _LEAST_PLOT)
        return [
            Line(
                floats(layer.history.step),
                100.0 / layer.shape.units * floats(layer.history.value),
                color,
                labels.get(layer.number, ""),
                name=short_name(layer.shape),
                out_of=layer.shape.units,
            )
            for layer, color in zip(layers, colors, strict=True)
            if layer.history is not None and layer.history.step
        ]


def _column(layer: LayerShape) -> str:
    return f"{layer.name}.dead_units"


def _in_percent(ghost: Ghost, layers: Sequence[Mortal]) -> Ghost:
    """Another run with its dead units as shares of the layers it had."""
    shares = {}
    for layer in layers:
        if (course := ghost.columns.get(_column(layer.shape))) is not None:
            steps, counts = course
            units = ghost.units[layer.number] if ghost.units else layer.shape.units
            shares[_column(layer.shape)] = steps, 100.0 / units * counts
    return structs.replace(ghost, columns=shares)


def _labels(layers: Sequence[Mortal], room: int) -> dict[int, str]:
    """What stands beside the curves, by the layers' numbers: their names and counts, or in less room the names."""
    names = {layer.number: short_name(layer.shape) for layer in layers}
    counts = {layer.number: f"{layer.dead}/{layer.shape.units}" for layer in layers}
    longest = [max(map(len, words.values()), default=0) for words in (names, counts)]
    if sum(longest) + 2 > room:
        return names
    return {at: f"{name.rjust(longest[0])} {counts[at].rjust(longest[1])}" for at, name in names.items()}


def _why_none(activations: Sequence[str]) -> str:
    if not activations:
        return "No hidden layer, so no unit that could die."
    names = " and ".join(activations)
    return (
        f"Only ReLU units can die: stuck at 0 for every example, they get no gradient. The hidden layers have {names}."
    )
