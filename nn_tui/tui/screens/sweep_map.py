"""The map of a sweep over two keys: as large as its place allows, around the combination in hand where it does not."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from nn_tui.charts.numbers import cells, cut, fixed, to_right
from nn_tui.charts.palette import Palette
from nn_tui.shown import in_cells
from nn_tui.training.sweep.shape import MOST_CELLS, SweepMap
from nn_tui.tui.palette import palette_of

_FULL = 0.55
"""How much of its color the best cell of a map has."""
_LEAST, _WIDEST, _HIGHEST = 7, 14, 3
"""Cells that a value has: across at least (the mark and six digits) and at most, and down at most."""
_HERE = "▸"

Pair = tuple[str, str]
"""What a combination has of the two keys, down and across, as a person types it."""


class Shown(NamedTuple):
    """A map in cells of the screen.

    Attributes:
        words: its lines.
        rows, columns: how many of its values are there.
    """

    words: Content
    rows: int
    columns: int


class MapView(Widget):
    """A map that follows the list beside it: where it has more than fits, what is in hand is among what is shown."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: SweepMap | None = None
        self._keys: Pair = ("", "")
        self._better_low = False
        self._here: Pair | None = None
        self._words = Content("")

    def show(self, found: SweepMap, keys: Pair, better_low: bool) -> None:
        """Draws another map.

        Args:
            found: what is drawn.
            keys: what goes down and across.
            better_low: whether less is better.
        """
        self._found, self._keys, self._better_low = found, keys, better_low
        self.refresh(layout=True)
        self.redraw()

    def point_at(self, here: Pair | None) -> None:
        """Has a combination in hand."""
        if here != self._here:
            self._here = here
            self.redraw()

    def on_resize(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Draws what there is, and says how much of the map that is where it is not all."""
        if self._found is None:
            return
        size = self.content_size
        shown = map_words(self._found, self._better_low, palette_of(self.app), (size.width, size.height), self._here)
        ways = (shown.rows, len(self._found.rows)), (shown.columns, len(self._found.columns))
        parts = [
            f"{there} of {number} {key}"
            for (there, number), key in zip(ways, self._keys, strict=True)
            if 0 < there < number
        ]
        self.border_subtitle = Content(f"{' · '.join(parts)}, around {_HERE}") if parts else None
        self._words = shown.words
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return 1 + (1 if self._found is None or _has_too_many(self._found) else len(self._found.rows))

    def render(self) -> Content:
        return self._words


def map_words(
    found: SweepMap, better_low: bool, palette: Palette, size: tuple[int, int], here: Pair | None = None
) -> Shown:
    """The best of each pair, the better the fuller; the first key goes down, the second across.

    Args:
        found: what is drawn.
        better_low: whether less is better.
        palette: of the theme.
        size: columns and rows that there are.
        here: the pair that is marked, and among those shown where not all of them fit.
    """
    if not found.cells:
        return Shown(Content.styled("A map needs a score of one pair at least.", palette.muted.hex), 0, 0)
    if _has_too_many(found):
        words = Content.styled("Too many different values for a map: a grid has fewer.", palette.muted.hex)
        return Shown(words, 0, 0)
    margin = min(max(cells(in_cells(row)) for row in found.rows), max(4, size[0] // 3))
    room = max(_LEAST, size[0] - margin - 1), max(1, size[1] - 1)
    least = min(max(_LEAST, *(cells(in_cells(column)) + 1 for column in found.columns)), room[0])
    at_row, at_column = here if here is not None else ("", "")
    rows = _around(found.rows, at_row, room[1])
    columns = _around(found.columns, at_column, room[0] // least)
    width = max(least, min(_WIDEST, room[0] // len(columns)))
    height = _HIGHEST if room[1] >= _HIGHEST * len(rows) else 1
    behind = " " * (width > least)
    heads = "".join(to_right(cut(in_cells(column), width - 1 - len(behind)) + behind, width) for column in columns)
    lines = [Content.styled(" " * (margin + 1) + heads, palette.muted.hex)]
    low, high = min(found.cells.values()), max(found.cells.values())
    for row in rows:
        values: list[float | None] = [found.cells.get((row, column)) for column in columns]
        shares = [None if value is None else _share(value, low, high, better_low) for value in values]
        marks = [_HERE if (row, column) == here else "" for column in columns]
        name = to_right(cut(in_cells(row), margin), margin)
        for line in range(height):
            is_middle = line == height // 2
            head: tuple[str, str] = (f"{name if is_middle else '':>{margin}} ", palette.muted.hex)
            drawn = [
                _cell(to_right(f"{mark}{fixed(value).lstrip()}{behind}" if is_middle else "", width), share, palette)
                for mark, value, share in zip(marks, values, shares, strict=True)
            ]
            lines.append(Content.assemble(head, *drawn))
    return Shown(Content("\n").join(lines), len(rows), len(columns))


def _has_too_many(found: SweepMap) -> bool:
    return len(found.rows) * len(found.columns) > MOST_CELLS


def _around(values: Sequence[str], here: str, most: int) -> Sequence[str]:
    """As many as there is room for, what is in hand in their middle as far as that goes."""
    at = values.index(here) if here in values else 0
    start = max(0, min(at - most // 2, len(values) - most))
    return values[start : start + most]


def _share(value: float, low: float, high: float, better_low: bool) -> float:
    """How good a value is, from 0 to 1."""
    share = (value - low) / (high - low) if high > low else 1.0
    return 1.0 - share if better_low else share


def _cell(word: str, share: float | None, palette: Palette) -> tuple[str, str]:
    if share is None:
        return word, (palette.text if _HERE in word else palette.muted).hex
    behind = palette.background.blend(palette.accent, _FULL * share).hex
    return word, f"{palette.text.hex} on {behind}"
