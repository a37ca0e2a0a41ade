"""A layer's activation function, its slope, and where the layer's pre-activations lie under them."""

from collections.abc import Callable, Sequence

import numpy as np
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.braille import DOWN
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.curves import plotted_area
from nn_tui.charts.numbers import whole_percent
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Bars, Line, Plot, Range, Zone
from nn_tui.training.look.parts import ActivationView as Seen
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import Chart, pictured
from nn_tui.tui.panels.layers import layer_name, layer_option
from nn_tui.tui.panels.panel import Option, strips
from nn_tui.tui.panels.reading import floats

_ROWS_WITH_FORMULAS = 10
_ROWS_FOR_BARS = 3
_MARGIN = 0.04
_OUTPUT = "ŷ"
"""What formulas of outputs begin with, which say by themselves what they are of."""


class ActivationPanel(Chart[Seen]):
    """The function over the histogram of what goes into it; where it is flat is tinted."""

    TITLE = "Activation"
    LEGEND = (
        "A layer's activation function (bright) and its slope (gray), and below them a histogram of what goes into the "
        "function now. In the tinted stretches the slope is next to nothing: the red bars there are saturated, and "
        "hardly any gradient gets back through them. The outermost bars hold what lies beyond them, too. A softmax is "
        "drawn as it is of one z against the others: a sigmoid."
    )
    EMPTY = "The activation function, and what goes into it, appears here once the net is built."
    PARTS = ("activation",)

    def see(self, opened: Opened, frame: Frame) -> Seen | None:  # noqa: ARG002
        return frame.activation

    def points(self) -> int:
        return 0

    def plot(self, seen: Seen, palette: Palette) -> Plot:
        x = floats(seen.x)
        ends = float(x[0]), float(x[-1])
        layers = len(self.opened.layers) if self.opened else 1
        zones = [
            Zone(low, high, "saturated")
            for low, high in ((ends[0], seen.saturated_below), (seen.saturated_above, ends[1]))
            if low is not None and high is not None
        ]
        counts = seen.pre_activations
        lines = [
            Line(x, floats(seen.derivative), palette.muted, name="f′"),
            Line(x, floats(seen.value), palette.text, name="f"),
        ]
        return Plot(
            lines=lines,
            x_range=ends,
            y_range=_above_bars(lines, plotted_area(Plot(lines), _below(self.size))[1]),
            x_unit="z",
            x_zones=zones,
            bars=Bars(
                low=counts.low,
                high=counts.high,
                counts=counts.counts,
                share=0.55,
                color=palette.background.blend(palette.layer(seen.layer, layers), 0.55),
                zone_color=palette.background.blend(palette.alarm, 0.6),
            ),
            whole_x=False,
        )

    def drawing(self, seen: Seen, palette: Palette, size: Size) -> Callable[[], list[Strip]]:
        """The plot, and where there is room the two formulas above it."""
        plot, column = self.zoomed(seen, palette), self.column
        below = _below(size)
        if below == size:
            return lambda: strips(pictured(plot, palette, size, column))
        formulas = Canvas(size.width, 2)
        about = seen.formula if seen.formula.startswith(_OUTPUT) else f" f(z) = {seen.formula}"
        formulas.put(0, 0, about, palette.text)
        formulas.put(0, 1, f"f′(z) = {seen.derivative_formula}", palette.muted)
        return lambda: [*strips(formulas), *strips(pictured(plot, palette, below, column))]

    def headline(self, seen: Seen, palette: Palette) -> Content:
        layers = len(self.opened.layers) if self.opened else 1
        layer = (layer_name(self.opened, seen.layer), palette.layer(seen.layer, layers).hex)
        share = Content.assemble("saturated ", (f"{whole_percent(seen.saturated_share):>4}", palette.text.hex))
        return _longest(
            (
                Content.assemble(layer, f"  {seen.name}  {seen.formula} · ", share),
                Content.assemble(layer, f"  {seen.name} · ", share),
                Content.assemble(f"{seen.name} · ", share),
                share,
            ),
            self.title_room,
        )

    def options(self) -> tuple[Option, ...]:
        return (layer_option(self.opened, self.layer_shown),)


def _below(size: Size) -> Size:
    """The room for the plot, which where there is enough stands below the formulas."""
    return Size(size.width, size.height - 2) if size.height >= _ROWS_WITH_FORMULAS else size


def _above_bars(lines: Sequence[Line], rows: int) -> Range | None:
    """A vertical axis on which all lines leave the lowest of so many rows to the bars: few units are no more than that.

    None where there are too few rows.
    """
    if rows < _ROWS_FOR_BARS:
        return None
    values = np.concatenate([line.y for line in lines])
    low, high = float(values.min()), float(values.max())
    high += _MARGIN * (high - low)
    share = DOWN / (DOWN * rows - 1)
    return (low - share * high) / (1.0 - share), high


def _longest(candidates: Sequence[Content], room: int) -> Content:
    return next((one for one in candidates if one.cell_length <= room), candidates[-1])
