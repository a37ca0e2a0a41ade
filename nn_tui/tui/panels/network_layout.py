"""Where the units of a network stand on a screen: a column a layer, the inputs first."""

from collections.abc import Iterator, Sequence

import msgspec
from textual.geometry import Size

from nn_tui.training.look.parts import MOST_DRAWN_INPUTS, MOST_DRAWN_UNITS
from nn_tui.training.worker.messages import Opened

_LEAST_PITCH = 7
"""Cells from one column to the next in which lines still can be followed."""

_LEAST_REACH = 1
"""Cells to either side of the middle of a unit."""

_GOES_ON = 3
"""Cells beside the first and the last column where there are further ones: for a sign that says so."""

_MOST_ABREAST = 4
"""Units of a layer in one row."""

_ROOMY = 5
"""Rows from one unit to the next from which on units are drawn large."""


class Node(msgspec.Struct, frozen=True):
    """A unit on screen.

    Attributes:
        column: 0 for the inputs, then the layers from 1.
        unit: its number in the column, from 0.
        x, y: the cell of its middle.
        is_small: whether it has that cell only, as one of several side by side.
    """

    column: int
    unit: int
    x: int
    y: int
    is_small: bool = False


class NetworkLayout(msgspec.Struct, frozen=True):
    """What there is room for.

    Attributes:
        columns: which of the columns, one beside the other.
        nodes: the units of each of them: one below the other, or several side by side where there are too many;
            of a column that is too high even so the first and the last ones.
        left_out: for such a column the cell where the others would stand, and how many they are.
        reach: cells to either side of the middle of a unit that stands alone in its row.
        pitch: rows from one unit to the next in the fullest column.
    """

    columns: range
    nodes: tuple[tuple[Node, ...], ...]
    left_out: tuple[tuple[int, int, int], ...]
    reach: int
    pitch: float

    def __iter__(self) -> Iterator[Node]:
        return (node for column in self.nodes for node in column)

    def reach_of(self, node: Node) -> int:
        """Cells to either side of a unit's middle that belong to it."""
        return 0 if node.column == 0 or node.is_small else self.reach

    def near(self, x: int, y: int) -> Node | None:
        """The unit at a cell or right beside it."""
        close = [node for node in self if abs(node.x - x) <= self.reach_of(node) + 1 and abs(node.y - y) <= 1]
        return min(close, key=lambda node: (abs(node.y - y), abs(node.x - x)), default=None)


def widths_of(opened: Opened) -> tuple[int, ...]:
    """The number of inputs, and of units in each layer."""
    return (opened.layers[0].inputs, *(layer.units for layer in opened.layers))


def is_drawable(opened: Opened) -> bool:
    """Whether a network is small enough to be drawn unit by unit."""
    inputs, *units = widths_of(opened)
    return inputs <= MOST_DRAWN_INPUTS and max(units) <= MOST_DRAWN_UNITS


def layout(widths: Sequence[int], size: Size, margins: tuple[int, int], center: int) -> NetworkLayout:
    """Places the units.

    Args:
        widths: how many units each column has, the inputs first.
        size: what there is to fill.
        margins: cells to keep free for names, left of the inputs and right of the outputs, where these are shown.
        center: a column to be among those shown.
    """
    between = size.width - sum(margins) - 2 * _LEAST_REACH - 1
    count = min(len(widths), max(2, 1 + between // _LEAST_PITCH))
    first = min(max(0, center - count // 2), len(widths) - count)
    columns = range(first, first + count)
    left = margins[0] if first == 0 else _GOES_ON
    right = margins[1] if columns.stop == len(widths) else _GOES_ON
    pitch = size.height / max(widths[column] for column in columns)
    reach = 2 if pitch >= _ROOMY and size.width // count >= 16 else _LEAST_REACH
    room = size.width - left - right - 2 * reach - 1
    nodes, left_out = [], []
    for place, column in enumerate(columns):
        x = left + reach + round(place * room / max(1, count - 1))
        pitch_across = room // max(1, count - 1)
        abreast = _abreast(widths[column], size.height, min(pitch_across, 2 * x + 4)) if column else 1
        units, gap = _units(-(-widths[column] // abreast), size.height)
        rows = len(units) + (gap is not None)
        places = [int((row + 0.5) * size.height / rows) for row in range(rows)]
        gap_at = None if gap is None else places.pop(gap)
        shown = tuple(_nodes(column, widths[column], abreast, x, list(zip(units, places, strict=True))))
        if gap_at is not None:
            left_out.append((x, gap_at, widths[column] - len(shown)))
        nodes.append(shown)
    return NetworkLayout(columns, tuple(nodes), tuple(left_out), reach, max(1.0, pitch))


def _abreast(width: int, height: int, pitch: int) -> int:
    """How many units stand side by side, so that all of a column are there, if lines still can be followed between."""
    wanted = -(-width // max(1, height))
    return max(1, min(wanted, _MOST_ABREAST, (pitch - _LEAST_PITCH + 3) // 2))


def _nodes(column: int, width: int, abreast: int, x: int, rows: list[tuple[int, int]]) -> Iterator[Node]:
    """The units of some rows, numbered along each row, a cell free between two."""
    for row, y in rows:
        for place in range(min(abreast, width - row * abreast)):
            yield Node(column, row * abreast + place, x - abreast + 1 + 2 * place, y, abreast > 1)


def _units(width: int, height: int) -> tuple[list[int], int | None]:
    """The units there are rows for, and after how many of them others are left out, if any are."""
    if width <= height:
        return list(range(width)), None
    shown = max(1, height - 1)
    before = (shown + 1) // 2
    return [*range(before), *range(width - shown + before, width)], before
