"""What the colors of a map stand for: to the right of it, or below it where the panel is narrow."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.color import Color
from nn_tui.charts.map_frame import MapFrame
from nn_tui.charts.numbers import cells, cut, to_right
from nn_tui.charts.palette import Palette
from nn_tui.charts.pixels import put_pixels
from nn_tui.charts.shades import Shades, ladder

_BAR_ROWS, _BAR_COLUMNS = 12, 14


@dataclass(frozen=True, eq=False)
class Legend(ABC):
    """Words and colors.

    Attributes:
        title: what it is that has these colors.
        words: by class, or of a scale from its low end.
    """

    title: str
    words: Sequence[str]

    def draw(self, canvas: Canvas, place: MapFrame, palette: Palette) -> None:
        """Draws it where the map leaves room for it, if it does.

        Args:
            canvas: to draw on.
            place: of the map.
            palette: of the theme.
        """
        if place.legend_width:
            column, width = place.left + place.columns + 2, place.legend_width - 2
            canvas.put(column, 0, cut(self.title, width), palette.muted)
            self.beside(canvas, column, width, place.rows, palette)
        elif place.legend_below:
            row = place.rows + 1
            canvas.put(0, row, to_right(cut(self.title, place.left - 1), place.left - 1), palette.muted)
            self.below(canvas, place.left, row, place.columns, palette)

    @abstractmethod
    def beside(self, canvas: Canvas, column: int, width: int, rows: int, palette: Palette) -> None:
        """Draws all but the title, from the second row down."""

    @abstractmethod
    def below(self, canvas: Canvas, column: int, row: int, width: int, palette: Palette) -> None:
        """Draws all but the title, in one row."""


@dataclass(frozen=True, eq=False)
class ClassLegend(Legend):
    """Classes and their colors; what is too much is left out.

    Attributes:
        swatches: each class's mark and color.
    """

    swatches: Sequence[tuple[str, Color]]

    def beside(self, canvas: Canvas, column: int, width: int, rows: int, palette: Palette) -> None:
        for row, (word, (mark, color)) in enumerate(zip(self.words, self.swatches, strict=True), 1):
            if row < rows:
                canvas.put(column, row, mark, color)
                canvas.put(column + 2, row, cut(word, width - 2), palette.text)

    def below(self, canvas: Canvas, column: int, row: int, width: int, palette: Palette) -> None:
        room = width // len(self.words) - 3
        for word, (mark, color) in zip(self.words, self.swatches, strict=True):
            canvas.put(column, row, mark, color)
            shown = cut(word, max(1, room))
            canvas.put(column + 2, row, shown, palette.text)
            column += cells(shown) + 4


@dataclass(frozen=True, eq=False)
class BarLegend(Legend):
    """A bar of all shades, and what they stand for at places evenly spread, the ends among them.

    Attributes:
        shades: the map's.
    """

    shades: Shades

    def beside(self, canvas: Canvas, column: int, width: int, rows: int, palette: Palette) -> None:
        rows = min(_BAR_ROWS, rows - 2)
        put_pixels(canvas, ladder(self.shades, 2 * rows, 2), self.shades, column, 1, palette.few)
        for number, word in enumerate(reversed(self.words)):
            row = 1 + (rows - 1) * number // (len(self.words) - 1)
            canvas.put(column + 3, row, cut(word, width - 3), palette.text)

    def below(self, canvas: Canvas, column: int, row: int, width: int, palette: Palette) -> None:
        low, high = (cut(word, (width - 6) // 2) for word in (self.words[0], self.words[-1]))
        blocks = min(_BAR_COLUMNS, width - cells(low) - cells(high) - 2)
        canvas.put(column, row, low, palette.text)
        bar = [[row[0] for row in reversed(ladder(self.shades, blocks, 1))]] * 2
        put_pixels(canvas, bar, self.shades, column + cells(low) + 1, row, palette.few)
        canvas.put(column + cells(low) + blocks + 2, row, high, palette.text)
