"""Dead ReLU units: how many of each layer there are now, and how it came to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.palette import Palette
from nn_tui.charts.ticks import written
from nn_tui.training.look.parts import Mark, Series
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import continued, span
from nn_tui.tui.panels.curves.read_column import ReadColumnPanel
from nn_tui.tui.panels.panel import Option, notice, strips
from nn_tui.tui.panels.reading import floats

_GAP = 2
"""Cells between the columns."""

_LEAST_BAR, _MOST_BAR = 8, 32
_LEAST_HISTORY, _GOOD_HISTORY = 8, 18
_MOST_ROWS = 12
"""Cells of the bars, and of the hills to the right of them."""


@dataclass(frozen=True)
class Mortal:
    """A layer that can have dead units; `history` is their number over the steps."""

    name: str
    number: int
    units: int
    dead: int
    history: Series | None


@dataclass(frozen=True)
class Deaths:
    """The layers that can have dead units, of so many; what the hidden layers have instead where there are none."""

    mortals: tuple[Mortal, ...]
    layers: int
    activations: tuple[str, ...]
    marks: tuple[Mark, ...]


class DeadPanel(ReadColumnPanel[Deaths]):
    """A row or more a layer: its name, a bar, the count, and the count over time."""

    TITLE = "Dead ReLU units"
    LEGEND = (
        "A ReLU unit is dead when it gives 0 for every example: no gradient reaches it any more, and it stays dead. "
        "The bar and the count are of now, the hills to the right show how the count grew: ← and → read it off at any"
        " step. A few dead units do little harm; many mean that the learning rate is too high or the start was bad."
    )
    EMPTY = "Dead units are counted here with the first step, layer by layer."

    def columns(self, opened: Opened) -> tuple[str, ...]:
        return tuple(f"{layer.name}.dead_units" for layer in opened.layers)

    def points(self) -> int:
        return 4 * self.size.width

    def see(self, opened: Opened, frame: Frame) -> Deaths | None:
        if not frame.step:
            return None
        mortals = tuple(
            Mortal(shape.name, number, shape.units, state.dead_units, continued(f"{shape.name}.dead_units", frame))
            for number, (shape, state) in enumerate(zip(opened.layers, frame.layers, strict=True))
            if state.can_die
        )
        network = frame.scenario.network
        activations = dict.fromkeys(layer.activation or network.activation for layer in network.hidden)
        return Deaths(mortals, len(opened.layers), tuple(activations), frame.marks)

    def headline(self, seen: Deaths, palette: Palette) -> Content:
        if not seen.mortals:
            return Content("")
        dead, units = sum(layer.dead for layer in seen.mortals), sum(layer.units for layer in seen.mortals)
        return Content.styled(f"{dead:>{len(str(units))}} of {units}", palette.text.hex)

    def options(self) -> tuple[Option, ...]:
        return (span(self.recent),) if self._seen is not None and self._seen.mortals else ()

    def read_columns(self) -> range:
        if self._seen is None or not self._seen.mortals:
            return range(0)
        place = _placed(_those_that_fit(self._seen.mortals, self.size.height), self.size)
        return range(place.history_at, self.size.width) if place.history >= _LEAST_HISTORY else range(0)

    def paint(self, seen: Deaths, palette: Palette, size: Size) -> list[Strip]:
        if not seen.mortals:
            return notice(_why_none(seen.activations), palette, size)
        canvas = Canvas(size.width, size.height)
        shown = _those_that_fit(seen.mortals, size.height)
        place = _placed(shown, size)
        for at, layer in enumerate(shown):
            color = palette.layer(layer.number, seen.layers)
            row = at * (place.rows + place.gap) + place.rows - 1
            canvas.put(0, row, layer.name, color)
            filled = _filled(layer, place.bar)
            canvas.put(place.bar_at, row, "█" * filled, color)
            canvas.put(place.bar_at + filled, row, "░" * (min(layer.units, place.bar) - filled), palette.faint)
            read = self._read(layer, place)
            dead = layer.dead if read is None else read[1]
            ink = palette.accent if read is not None else palette.text if dead else palette.muted
            canvas.put(place.count_at, row, f"{dead}/{layer.units}".rjust(place.count), ink)
            if place.history >= _LEAST_HISTORY:
                canvas.paste(_hills(layer, seen.marks, place, color, palette), place.history_at, row - place.rows + 1)
            if read is not None and self.column is not None:
                for at in range(row - place.rows + 1, row + 1):
                    canvas.put(place.history_at + self.column, at, "│", palette.accent)
        last = len(shown) * (place.rows + place.gap) - place.gap
        if len(shown) < len(seen.mortals):
            canvas.put(0, size.height - 1, f"and {len(seen.mortals) - len(shown)} layers with fewer", palette.muted)
        elif place.history >= _LEAST_HISTORY and last < size.height:
            _add_axis(canvas, shown, place, last, palette)
            if (read := self._read(shown[0], place)) is not None:
                here = f"step {read[0]:,}".ljust(place.history)
                canvas.put(place.history_at, last, here, palette.accent)
        return strips(canvas)

    def _read(self, layer: Mortal, place: _Place) -> tuple[int, int] | None:
        """The step under the cursor, and how many units of a layer were dead there."""
        if self.column is None or layer.history is None or not layer.history.step:
            return None
        step, dead = floats(layer.history.step), floats(layer.history.value)
        wanted = step[0] + (step[-1] - step[0]) * (self.column + 1) / max(1, place.history)
        at = int(np.searchsorted(step, wanted, side="right")) - 1
        return int(step[at]), int(np.nan_to_num(dead[at]))


@dataclass(frozen=True)
class _Place:
    """Where things stand: columns and widths, and of each layer how many rows and how many below it are free."""

    bar_at: int
    bar: int
    count_at: int
    count: int
    history_at: int
    history: int
    rows: int
    gap: int


def _placed(layers: Sequence[Mortal], size: Size) -> _Place:
    name = max(len(layer.name) for layer in layers)
    count = max(2 * len(str(layer.units)) + 1 for layer in layers)
    room = size.width - name - count - 3 * _GAP - _GOOD_HISTORY
    bar = min(max(layer.units for layer in layers), max(_LEAST_BAR, room), _MOST_BAR)
    history_at = name + bar + count + 3 * _GAP
    rows = size.height // len(layers)
    gap = 1 if rows > 1 else 0
    return _Place(
        bar_at=name + _GAP,
        bar=bar,
        count_at=name + bar + 2 * _GAP,
        count=count,
        history_at=history_at,
        history=size.width - history_at,
        rows=max(1, min(_MOST_ROWS, rows - gap)),
        gap=gap,
    )


def _those_that_fit(layers: Sequence[Mortal], height: int) -> Sequence[Mortal]:
    """All layers, or where there are more than rows those with the most dead units, in their order."""
    if len(layers) <= height:
        return layers
    worst = sorted(layers, key=lambda layer: -layer.dead / layer.units)[: max(1, height - 1)]
    return [layer for layer in layers if layer in worst]


def _filled(layer: Mortal, cells: int) -> int:
    """Cells of a bar: one a unit, or of a wide layer its share, where a single dead unit shows and a living one too."""
    if layer.units <= cells:
        return layer.dead
    share = round(layer.dead / layer.units * cells)
    return min(max(share, int(layer.dead > 0)), cells - int(layer.dead < layer.units))


def _hills(layer: Mortal, marks: Sequence[Mark], place: _Place, color: Color, palette: Palette) -> Canvas:
    """The count over the steps, all units to the top."""
    canvas = Canvas(place.history, place.rows)
    canvas.behind = [[palette.tint] * place.history for _ in range(place.rows)]
    if layer.history is None or not layer.history.step:
        return canvas
    step, dead = floats(layer.history.step), floats(layer.history.value)
    ends = np.linspace(step[0], step[-1], place.history + 1)[1:]
    for column, at in enumerate(np.searchsorted(step, ends, side="right") - 1):
        canvas.column(column, float(np.nan_to_num(dead[at])) / layer.units, color)
    for mark in marks:
        if step[0] < mark.step <= step[-1]:
            column = int((mark.step - step[0]) / (step[-1] - step[0]) * (place.history - 1))
            for row in range(place.rows):
                if canvas.is_free(column, row) and canvas.behind[row][column] is palette.tint:
                    canvas.put(column, row, "┊", palette.muted)
    return canvas


def _add_axis(canvas: Canvas, layers: Sequence[Mortal], place: _Place, row: int, palette: Palette) -> None:
    """The first and the last step below the hills."""
    steps = next((floats(layer.history.step) for layer in layers if layer.history and layer.history.step), None)
    if steps is not None:
        first, last = f"step {written(steps[0])}", written(steps[-1])
        canvas.put(place.history_at, row, first, palette.muted)
        canvas.put(place.history_at + place.history - len(last), row, last, palette.muted)


def _why_none(activations: Sequence[str]) -> str:
    if not activations:
        return "No hidden layer, so no unit that could die."
    names = " and ".join(activations)
    return (
        f"Only ReLU units can die: stuck at 0 for every example, they get no gradient. The hidden layers have {names}."
    )
