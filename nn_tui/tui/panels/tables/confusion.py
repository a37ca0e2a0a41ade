"""The confusion matrix: of the examples of each class, how many were put into which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.numbers import beginning, cells, cut, percent, to_left, to_middle, to_right, told_apart
from nn_tui.charts.palette import Palette
from nn_tui.charts.pixels import put_pixels
from nn_tui.charts.shades import ShadeGrid, Shades, verdicts
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.panel import Option, Panel, strips

Counts = tuple[tuple[int, ...], ...]

_NOTE = "rows: true · columns: predicted"
_MOST_NAME, _MOST_ROWS = 12, 7
_LEAST_CELL, _LEAST_COUNT, _MOST_COUNT, _WIDE_CELL = 2, 3, 5, 8


class ConfusionPanel(Panel[Counts]):
    """Counts by true class (rows) and predicted class (columns), shaded by their share of the row."""

    TITLE = "Confusion matrix"
    LEGEND = (
        "Examples of the test set by their true class (rows) and by what the net takes them for (columns). The "
        "diagonal is right; everything else, in red, is a mistake: the fuller the color, the larger its share of the "
        "row. Two cells across the diagonal from each other are a pair the net cannot tell apart. Where the classes' "
        "names do not fit above the columns, numbers stand there and before the names of the rows, or where these have "
        "no room either, the names' first letters."
    )
    EMPTY = "How many test examples of each class the net puts into which appears here."
    PARTS = ("confusion",)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("g", "measure", "counts/percent")]

    def __init__(self) -> None:
        super().__init__()
        self._shows_percent = False

    def see(self, opened: Opened, frame: Frame) -> Counts | None:  # noqa: ARG002
        return frame.confusion

    def headings(self) -> tuple[str, ...]:
        return self.TITLE, "Confusion"

    def headline(self, seen: Counts, palette: Palette) -> Content:
        counts = np.array(seen)
        right, total = int(counts.trace()), int(counts.sum())
        if not total:
            return Content("")
        whole = f"{total:,}"
        share = Content.assemble((percent(right / total), palette.text.hex), (" right", palette.right.hex))
        long = Content.assemble(share, f" of {whole}")
        return long if long.cell_length <= self.title_room else share

    def options(self) -> tuple[Option, ...]:
        if self._seen is not None and self._layout_of(self._seen, self.size) is None:
            # Of shades alone there is nothing to switch.
            return ()
        return (Option("% of row" if self._shows_percent else "counts", "measure", "g"),)

    def action_measure(self) -> None:
        """Switches between counts and percent of the true class."""
        self._shows_percent = not self._shows_percent
        self.repaint()

    def _layout_of(self, seen: Counts, size: Size) -> "_Layout | None":
        assert self.opened is not None
        return _layout(size, self.opened.class_names, max(map(sum, seen)))

    def paint(self, seen: Counts, palette: Palette, size: Size) -> list[Strip]:
        counts = np.array(seen)
        shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
        canvas, shades = Canvas(size.width, size.height), verdicts(palette)
        levels = _levels(shares, shades)
        layout = self._layout_of(seen, size)
        if layout is None:
            _draw_small(canvas, levels, shades, palette)
            return strips(canvas)
        texts = _texts(counts, shares, layout.cell - 1, self._shows_percent)
        _Matrix(layout, levels, texts, shades, palette).draw_on(canvas)
        return strips(canvas)


@dataclass(frozen=True)
class _Layout:
    """Cells: of the labels, of a count across and down, and where it all begins; and what is written around it.

    Attributes:
        heads: above the columns; empty where there is no room for a line of them.
        labels: before the rows.
    """

    label: int
    cell: int
    rows: int
    left: int
    top: int
    heads: Sequence[str]
    labels: Sequence[str]
    has_note: bool


def _layout(size: Size, names: Sequence[str], most: int) -> _Layout | None:
    """Room for names and counts; None if there is none for a row and a few columns a class.

    Names stand on both sides where all are whole there, else numbers above the columns and before the names of the
    rows, which may be cut then and still differ. Where there is no room before the rows, the names' first letters
    stand above the columns, if they differ.
    """
    classes, longest = len(names), max(map(cells, names))
    digits = len(str(classes))
    # Numbers above the columns are worth their line only where the rows keep three letters of their names.
    are_whole = (size.width - longest - 1) // classes > longest
    are_numbered = size.width - 1 - (digits + 1) - max(_LEAST_COUNT, digits + 1) * classes >= 3
    are_letters = not (are_whole or are_numbered) and bool(_initials(names, _LEAST_COUNT - 1))
    has_heads = size.height > classes and (are_whole or are_numbered or are_letters)
    has_note = size.height >= classes + 2 and size.width >= len(_NOTE)
    rows = min(_MOST_ROWS, (size.height - has_heads - has_note) // classes)
    wide = max(_WIDE_CELL, 3 * rows + 1)
    # A name gives way to the counts, whatever they come to, until it has but two letters.
    wanted = min(max(_LEAST_COUNT, len(str(most)) + 1), _MOST_COUNT) * classes
    blanks = digits + 1 if has_heads and not are_letters else 0
    heads, label = list(names), min(longest, _MOST_NAME, max(3, size.width - 1 - wanted - blanks))
    labels = told_apart(names, label)
    if has_heads and not are_letters and (label < longest or (size.width - label - 1) // classes <= longest):
        heads = [str(number) for number in range(1, classes + 1)]
        numbered = (f"{number:>{blanks - 1}} {cut(name, label)}" for number, name in enumerate(names, 1))
        labels = [to_left(text, blanks + label) for text in numbered]
        label += blanks
    elif has_heads:
        wide = max(wide, longest + 1)
    cell = min(wide, (size.width - label - 1) // classes)
    if are_letters:
        heads = _initials(names, cell - 1)
        has_heads = has_heads and bool(heads)
    if rows < 1 or cell < max(_LEAST_CELL, len(heads[-1]) + 1 if has_heads else 0):
        return None
    left = max(0, (size.width - label - 1 - cell * classes) // 2)
    top = max(0, (size.height - has_heads - rows * classes - has_note) // 2)
    return _Layout(label, cell, rows, left, top, heads if has_heads else (), labels, has_note)


def _initials(names: Sequence[str], width: int) -> list[str]:
    """What names begin with, in at most so many cells; none where two would be called the same."""
    letters = [beginning(name, width).strip() for name in names]
    return letters if len(set(letters)) == len(names) else []


def _levels(shares: NDArray[np.float64], shades: Shades) -> ShadeGrid:
    """The diagonal positive, all else negative; small shares of mistakes show, too."""
    signed = np.where(np.eye(len(shares), dtype=bool), shares, -np.sqrt(shares))
    return shades.levels(signed.tolist(), -1.0, 1.0)


def _texts(counts: NDArray[np.int_], shares: NDArray[np.float64], width: int, in_percent: bool) -> list[list[str]]:
    """What stands in each cell, at most so wide: counts, or percent where asked for or where counts do not fit."""
    fits = len(str(counts.max())) <= width
    # Only all of a class are 100 %.
    percents = np.where(shares < 1.0, np.minimum(np.rint(100.0 * shares), 99.0), 100.0).astype(np.intp)
    shown = counts if fits and not in_percent else percents
    digits = len(str(shown.max()))
    # All of a class leaves nothing beside it in its row: it may have the gap, too.
    if digits > width + (shown is percents and digits == len("100")):
        return [[""] * len(counts) for _ in counts]
    return [
        [(str(value) if count else "·").rjust(digits) for value, count in zip(row, row_counts, strict=True)]
        for row, row_counts in zip(shown.tolist(), counts.tolist(), strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Matrix:
    layout: _Layout
    levels: ShadeGrid
    texts: Sequence[Sequence[str]]
    shades: Shades
    palette: Palette

    def draw_on(self, canvas: Canvas) -> None:
        """Heads of columns in the first row, if there is room for them, then a row or more a class."""
        layout, first = self.layout, self.layout.left + self.layout.label + 1
        for number, name in enumerate(layout.heads):
            canvas.put(first + number * layout.cell, layout.top, to_middle(name, layout.cell), self.palette.muted)
        for number, name in enumerate(layout.labels):
            top = layout.top + bool(layout.heads) + number * layout.rows
            middle = top + (layout.rows - 1) // 2
            canvas.put(layout.left, middle, to_right(name, layout.label), self.palette.muted)
            for column, (level, text) in enumerate(zip(self.levels[number], self.texts[number], strict=True)):
                self._add_cell(canvas, first + column * layout.cell, top, middle, level, text)
        if layout.has_note:
            column = max(0, (canvas.width - len(_NOTE)) // 2)
            canvas.put(column, canvas.height - 1, _NOTE, self.palette.muted)

    def _add_cell(self, canvas: Canvas, column: int, top: int, middle: int, level: int, text: str) -> None:
        """A shaded block with its number in the middle; the numbers of a column are right-aligned."""
        width, is_empty = self.layout.cell, text.endswith("·")
        ink = self.palette.faint if is_empty else self.palette.text
        if self.palette.few and not is_empty:
            ink = self.shades.inks[level]
        elif not is_empty:
            for row in range(top, top + self.layout.rows):
                canvas.behind[row][column : column + width] = [self.shades.colors[level]] * width
        canvas.put(column, middle, text.center(width), ink)


def _draw_small(canvas: Canvas, levels: ShadeGrid, shades: Shades, palette: Palette) -> None:
    """Shades alone, two classes a row, as wide as it goes, and which side is which where there is room for that."""
    classes = len(levels)
    width = max(1, min(canvas.width // classes, 4))
    pixels = [[level for level in row for _ in range(width)][: canvas.width] for row in levels]
    if classes % 2:
        pixels.append([(len(shades.colors) - 1) // 2] * len(pixels[0]))
    rows = len(pixels) // 2
    column, top = max(0, (canvas.width - len(pixels[0])) // 2), max(0, (canvas.height - rows) // 2)
    put_pixels(canvas, pixels[: 2 * canvas.height], shades, column, top, palette.few)
    if top + rows + 1 < canvas.height and len(_NOTE) <= canvas.width:
        canvas.put((canvas.width - len(_NOTE)) // 2, canvas.height - 1, _NOTE, palette.muted)
