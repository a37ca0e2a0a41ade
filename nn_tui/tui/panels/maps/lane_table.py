"""Every optimizer of a surface with its height, and the chosen one's inner terms along x and y."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.geometry import Size

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.lanes import lane_letters
from nn_tui.charts.numbers import cut, fixed
from nn_tui.charts.palette import Palette
from nn_tui.numerals import scientific
from nn_tui.training.look.parts import LanePoint

_NUMBER, _LONGEST_NAME = 8, 12
_GAP = 2
"""Cells between optimizers in a row."""

_WORDS = {
    "g": "gradient",
    "v": "velocity",
    "G": "sum of g²",
    "E": "mean of g²",
    "m": "mean of g",
    "m̂": "m, corrected",
    "v̂": "v, corrected",
}
_MEAN_SQUARE = "mean of g²"


@dataclass(frozen=True)
class LaneTable:
    """The numbers beside or below the map.

    Attributes:
        lanes: all of them.
        chosen: whose terms are shown.
        palette: of the theme.
        abreast: how many optimizers stand in a row.
    """

    TERM_ROWS: ClassVar[int] = 9
    """A heading, where the step began, at most five terms, the update and the rate; below, if there is room, where it
    led."""

    lanes: Sequence[LanePoint]
    chosen: int
    palette: Palette
    abreast: int = 1

    def draw(self, canvas: Canvas, column: int, row: int, size: Size) -> None:
        """Draws as much as fits, from a cell on: the optimizers, then the terms."""
        letters = lane_letters([lane.name for lane in self.lanes])
        pitch = size.width if self.abreast == 1 else (size.width + _GAP) // self.abreast
        for number, lane in enumerate(self.lanes[: size.height * self.abreast]):
            down, across = divmod(number, self.abreast)
            at = column + across * pitch, row + down
            self._add_lane(canvas, at, pitch - _GAP * (self.abreast > 1), number, letters[number], lane)
        if size.height > len(self.lanes) + 1:
            self._add_terms(canvas, column, row + len(self.lanes) + 1, size)

    def _add_lane(
        self, canvas: Canvas, at: tuple[int, int], width: int, number: int, letter: str, lane: LanePoint
    ) -> None:
        palette, is_chosen, (column, row) = self.palette, number == self.chosen, at
        canvas.put(column, row, "▸" if is_chosen else " ", palette.accent)
        canvas.put(column + 2, row, letter, palette.lane(number))
        if lane.diverged_at is None:
            state, color = f"f {written(lane.height)}", palette.text if is_chosen else palette.muted
        else:
            state, color = f"✗ lost at {lane.diverged_at:,}", palette.alarm
        name = cut(lane.name, min(_LONGEST_NAME, width - 5 - len(state)))
        canvas.put(column + 4, row, name, palette.text if is_chosen else palette.muted)
        canvas.put(column + width - len(state), row, state, color)

    def _add_terms(self, canvas: Canvas, column: int, row: int, size: Size) -> None:
        palette, lane = self.palette, self.lanes[self.chosen]
        right = column + size.width
        canvas.put(column, row, lane.name, palette.lane(self.chosen))
        for place, axis in ((2, "x"), (1, "y")):
            canvas.put(right - (place - 1) * (_NUMBER + 1) - 1, row, axis, palette.muted)
        here = lane.x, lane.y
        lines = [("θ", "before", lane.before)] if lane.terms else [("θ", "the point", here)]
        lines += [(symbol, word(symbol, lane), values) for symbol, values in lane.terms.items()]
        if lane.terms:
            lines += [("Δθ", "update", lane.update), ("η", "effective rate", lane.rate), ("θ", "now", here)]
        room = size.width - 2 * (_NUMBER + 1) - 4
        for number, (symbol, about, values) in enumerate(lines[: size.height - len(self.lanes) - 2], row + 1):
            canvas.put(column, number, symbol, palette.text)
            canvas.put(column + 3, number, cut(about, room), palette.muted)
            for place, value in zip((2, 1), values, strict=True):
                canvas.put(right - place * (_NUMBER + 1) + 1, number, written(value), palette.text)


def written(value: float) -> str:
    """A number with at least three digits, in a fixed width."""
    # What is 0.0100 to three digits is written as such from either side.
    if 0.0 < abs(value) < 0.009995:
        text = scientific(value, 2)
        return (text if len(text) <= _NUMBER else scientific(value, 1)).rjust(_NUMBER)
    return fixed(value, _NUMBER)


def word(symbol: str, lane: LanePoint) -> str:
    """What a term is; `v` is a velocity but where it stands beside a mean `m`."""
    return _MEAN_SQUARE if symbol == "v" and "m" in lane.terms else _WORDS.get(symbol, "")
