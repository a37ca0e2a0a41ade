"""A small network drawn: lights for units, lines for weights, words for what one points at."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import msgspec
from textual.geometry import Size

from nn_tui.charts.braille import ACROSS, DOWN, Strokes
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.numbers import cells, cut, fixed, told_apart
from nn_tui.charts.palette import Palette
from nn_tui.numerals import MINUS, as_shown, signed
from nn_tui.training.look.parts import NetworkWeights, PackedLevels
from nn_tui.tui.panels.network_layout import Node, layout
from nn_tui.tui.panels.reading import listed_singles

_LONGEST_NAME, _NAMES_SHARE = 8, 0.2
"""Letters of a name that are shown in any case, and how much of a wide drawing it may take."""

_NO_LINE = 0.02
"""Of the greatest weight: what is below is not drawn."""

_DARKEST, _FADED = 0.25, 0.12
"""How much of its color the weakest line has, and one that is not looked at."""

_ROWS_FOR_TWO, _ROWS_FOR_THREE = 4, 6
"""Rows a unit from which on strong lines are two, and three dots thick."""

_LINES_A_ROW = 2
"""Of the lines from one column to the next, as many as this times the rows are drawn, the strongest."""

_LIGHTS = {1: (("▐", "█", "▌"),), 2: (("▗", "▄", "▖"), ("▐", "█", "▌"), ("▝", "▀", "▘"))}
"""Rows of a small and of a large unit: its left side, what is repeated up to its right side, and that."""

_LOW_LIGHT, _LEAST_FULL = (("▗", "▄", "▖"),), 2
"""Likewise, of a unit with another right above it: where there are fewer rows than these a unit."""

_FEW_LIGHTS = "░▒▓█"
"""How active a unit is, where there are few colors."""

Numbers: TypeAlias = Sequence[float]


class Units(msgspec.Struct, frozen=True, dict=True):
    """A network's numbers, and what its units are called.

    Attributes:
        widths: the number of inputs, and of units in each layer.
        columns: names of the same.
        inputs, outputs: names of each input, and of the outputs.
        numbers: as in the frame.
        traced: what one example makes of the inputs, and of each layer's units; empty where none is traced.
    """

    widths: tuple[int, ...]
    columns: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    numbers: NetworkWeights
    traced: tuple[Numbers, ...] = ()

    @cached_property
    def weights(self) -> tuple[Sequence[Numbers], ...]:
        """Of each layer, by unit and input."""
        return tuple(
            [numbers[at : at + inputs] for at in range(0, len(numbers), inputs)]
            for numbers, inputs in zip(map(_levels, self.numbers.weights), self.widths, strict=False)
        )

    @cached_property
    def biases(self) -> tuple[Numbers, ...]:
        """Of each layer, by unit."""
        return tuple(map(_levels, self.numbers.biases))

    @cached_property
    def activity(self) -> tuple[Numbers, ...]:
        """Absolute outputs of each layer, by unit: of the example traced, else their means."""
        if self.traced:
            return tuple([abs(output) for output in layer] for layer in self.traced[1:])
        return tuple(map(_levels, self.numbers.activity))

    @cached_property
    def strengths(self) -> tuple[Sequence[Numbers], ...]:
        """How strong each line is, as its weight: the absolute weight, times what the example traced sends along it."""
        if not self.traced:
            return tuple([[abs(weight) for weight in row] for row in layer] for layer in self.weights)
        return tuple(
            [[abs(weight * sent) for weight, sent in zip(row, given, strict=False)] for row in layer]
            for layer, given in zip(self.weights, self.traced, strict=False)
        )

    def gradient(self, column: int, unit: int, read: int | None) -> float | None:
        """Of a weight of a unit, or of its bias, in the step to come; None where none is told."""
        if not self.numbers.gradients:
            return None
        inputs = self.widths[column - 1]
        at = unit * (inputs + 1) + (inputs if read is None else read)
        return listed_singles(self.numbers.gradients[column - 1])[at]

    def weight(self, column: int, unit: int, read: int) -> str:
        """A weight of a unit, as it is written; one that has no number any more has a dash."""
        value = listed_singles(self.numbers.weights[column - 1])[unit * self.widths[column - 1] + read]
        return as_shown(f"{value:+.4g}") if math.isfinite(value) else fixed(value).strip()

    @cached_property
    def greatest_weight(self) -> float:
        """The greatest absolute weight."""
        return max(abs(weight) for layer in self.weights for row in layer for weight in row)

    def name(self, column: int, unit: int) -> str:
        """What a unit is called: by its feature or class at the ends, else by its number from 1."""
        if column == 0:
            return self.inputs[unit]
        if column == len(self.widths) - 1:
            return self.outputs[unit] if unit < len(self.outputs) else str(unit + 1)
        return str(unit + 1)


class Picture:
    """One drawing.

    Attributes:
        layout: where the units stand in it.
    """

    def __init__(
        self,
        units: Units,
        palette: Palette,
        size: Size,
        center: int,
        chosen: tuple[int, int] | None,
        read: int | None = None,
    ) -> None:
        """
        Args:
            units: what to draw.
            palette, size: as in `Panel.paint`.
            center: the column to show in any case.
            chosen: column and number of the unit that is looked at; all others' lines fade, if no example is traced.
            read: which of its weights is looked at, if one is.
        """
        self._units = units
        self._palette = palette
        self._canvas = Canvas(size.width, size.height)
        self._chosen = chosen
        self._read = read
        longest = max(_LONGEST_NAME, int(_NAMES_SHARE * size.width))
        self._inputs, self._outputs = told_apart(units.inputs, longest), told_apart(units.outputs, longest)
        margins = (_margin(self._inputs), _margin(self._outputs))
        self.layout = layout(units.widths, Size(size.width, size.height - 1), margins, center)

    def draw(self) -> Canvas:
        """The drawing."""
        self._draw_lines()
        for node in self.layout:
            self._draw_unit(node)
        for x, y, count in self.layout.left_out:
            self._canvas.put(x - len(str(count)) // 2 - 1, y, f"+{count}", self._palette.muted)
        middle, columns = (self._canvas.height - 1) // 2, self.layout.columns
        if columns.start > 0:
            self._canvas.put(0, middle, "…", self._palette.muted)
        if columns.stop < len(self._units.widths):
            self._canvas.put(self._canvas.width - 1, middle, "…", self._palette.muted)
        self._draw_last_row()
        return self._canvas

    # -- lines -----------------------------------------------------------------------------------------------------

    def _draw_lines(self) -> None:
        greatest = max((max(row) for layer in self._units.strengths for row in layer), default=0.0) or 1.0
        thickest = 1 + int(self.layout.pitch >= _ROWS_FOR_TWO) + int(self.layout.pitch >= _ROWS_FOR_THREE)
        faded, bright = Strokes(), Strokes()
        for start, end, strength in sorted(self._edges(), key=lambda edge: edge[2]):
            share, weight = strength / greatest, self._units.weights[end.column - 1][end.unit][start.unit]
            is_the_one = self._chosen == (end.column, end.unit) and self._read == start.unit
            if share < _NO_LINE and not is_the_one:
                continue
            is_looked_at = self._is_looked_at(start, end)
            color = self._palette.accent if is_the_one else self._line_color(share, weight >= 0.0, is_looked_at)
            x = (start.x + self.layout.reach_of(start) + 1) * ACROSS
            to_x = (end.x - self.layout.reach_of(end)) * ACROSS - 1
            for row in range(1, 1 + min(thickest, 1 + int(3 * share))):
                lines = bright if is_looked_at else faded
                lines.add((x, start.y * DOWN + row), (to_x, end.y * DOWN + row), color, is_broken=weight < 0.0)
        faded.put_on(self._canvas)
        bright.put_on(self._canvas)

    def _edges(self) -> list[tuple[Node, Node, float]]:
        """The strongest lines from each column to the next, and all of the unit that is looked at."""
        most = _LINES_A_ROW * self._canvas.height
        found: list[tuple[Node, Node, float]] = []
        for before, after in zip(self.layout.nodes, self.layout.nodes[1:], strict=False):
            strengths = self._units.strengths[after[0].column - 1]
            edges = [(start, end, strengths[end.unit][start.unit]) for start in before for end in after]
            edges.sort(key=lambda edge: -edge[2])
            found += edges[:most]
            if self._chosen is not None:
                found += [edge for edge in edges[most:] if self._is_looked_at(edge[0], edge[1])]
        return found

    def _is_looked_at(self, start: Node, end: Node) -> bool:
        return bool(self._units.traced) or self._chosen in (
            None,
            (start.column, start.unit),
            (end.column, end.unit),
        )

    def _line_color(self, share: float, is_positive: bool, is_looked_at: bool) -> Color:
        palette = self._palette
        color = palette.positive if is_positive else palette.negative
        strength = _DARKEST + (1.0 - _DARKEST) * share if is_looked_at else _FADED
        return palette.background.blend(color, strength)

    # -- units -----------------------------------------------------------------------------------------------------

    def _draw_unit(self, node: Node) -> None:
        units, palette, canvas = self._units, self._palette, self._canvas
        is_chosen = self._chosen == (node.column, node.unit)
        if node.column == 0:
            name = self._inputs[node.unit]
            canvas.put(node.x - 1 - cells(name), node.y, name, palette.accent if is_chosen else palette.muted)
            canvas.put(node.x, node.y, "●", palette.accent if is_chosen else palette.muted)
            return
        activity, biases = units.activity[node.column - 1], units.biases[node.column - 1]
        light = activity[node.unit] / max(1.0, *activity)
        lean = biases[node.unit] / max(0.1, *map(abs, biases))
        rim = palette.accent if is_chosen else palette.faint.blend(palette.signed(math.copysign(1.0, lean)), abs(lean))
        core = palette.background.blend(palette.text, 0.12 + 0.88 * light)
        reach = self.layout.reach_of(node)
        if node.is_small:
            canvas.put(node.x, node.y, "●", palette.accent if is_chosen else core)
        elif palette.few:
            sign = "+" if lean > 0.0 else MINUS if lean < 0.0 else " "
            canvas.put(node.x - reach, node.y, sign, rim)
            canvas.put(node.x - reach + 1, node.y, _FEW_LIGHTS[round(light * 3)] * (2 * reach - 1), palette.text)
            canvas.put(node.x + reach, node.y, "]" if is_chosen else sign, rim)
        else:
            lights = _LOW_LIGHT if self.layout.pitch < _LEAST_FULL else _LIGHTS[reach]
            for row, (left, middle, right) in enumerate(lights, node.y - len(lights) // 2):
                canvas.put(node.x - reach, row, left, rim)
                canvas.put(node.x - reach + 1, row, middle * (2 * reach - 1), core)
                canvas.put(node.x + reach, row, right, rim)
        if node.column == len(units.widths) - 1:
            name = self._outputs[node.unit]
            canvas.put(node.x + reach + 2, node.y, name, palette.accent if is_chosen else palette.muted)

    # -- words -----------------------------------------------------------------------------------------------------

    def _draw_last_row(self) -> None:
        """What is known of the unit looked at, else the names of the columns."""
        row = self._canvas.height - 1
        if self._chosen is not None:
            self._canvas.put(0, row, cut(self._described(*self._chosen), self._canvas.width), self._palette.text)
            return
        layers = len(self._units.widths) - 1
        free = 0
        for column, nodes in zip(self.layout.columns, self.layout.nodes, strict=True):
            name = self._units.columns[column]
            start = max(free, min(nodes[0].x - len(name) // 2, self._canvas.width - len(name)))
            if abs(start + len(name) // 2 - nodes[0].x) > len(name) // 2 + 1:
                continue
            color = self._palette.muted if column == 0 else self._palette.layer(column - 1, layers)
            self._canvas.put(start, row, name, color)
            free = start + len(name) + 1

    def _called(self, column: int, unit: int) -> str:
        """What a unit is called in the drawing."""
        return self._inputs[unit] if column == 0 else self._units.name(column, unit)

    def _described(self, column: int, unit: int) -> str:
        units, name = self._units, self._units.name(column, unit)
        if column == 0:
            weights = [(units.name(1, to), row[unit]) for to, row in enumerate(units.weights[0])]
            return f"{name} → " + _listed(weights)
        row, read = units.weights[column - 1][unit], self._read
        if read is not None:
            gradient, source = units.gradient(column, unit, read), units.name(column - 1, read)
            said = "" if gradient is None else f"  ∂L/∂w {fixed(gradient, 6).strip()}"
            long, short = (
                f"unit {name} ← {source}  w {units.weight(column, unit, read)}{said}",
                f"{name}←{self._called(column - 1, read)} w {units.weight(column, unit, read)}{said}",
            )
            return long if cells(long) <= self._canvas.width else short
        weights = [(self._called(column - 1, at), weight) for at, weight in enumerate(row)]
        bias, activity = units.biases[column - 1][unit], units.activity[column - 1][unit]
        lean = signed(bias, 2)
        return f"{units.columns[column]} unit {name}  b {lean}  |a| {activity:.2f}  ← " + _listed(weights)


def _margin(names: Sequence[str]) -> int:
    """Columns for names of inputs or outputs, and what parts them from the units."""
    return max(map(cells, names)) + 1


def _listed(weights: Sequence[tuple[str, float]]) -> str:
    return "  ".join(f"{name} {signed(weight, 2)}" for name, weight in weights)


def _levels(data: PackedLevels) -> Numbers:
    """The numbers of a message's array; what a diverged run has no number for is 0."""
    return [number if math.isfinite(number) else 0.0 for number in listed_singles(data)]
