"""Small pictures side by side, each with a caption, on pages where there are more than fit."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Offset, Size
from textual.strip import Strip

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.palette import Palette
from nn_tui.tui.panels.panel import Option, Panel, Seen, strips

GAP = 2
"""Columns between neighbors; captions keep them apart from those below."""

_WIDTHS = range(28, 11, -2)
_LARGE, _MANY = 6, 24
"""How many images are to be seen at once before they are drawn any larger."""


@dataclass(frozen=True)
class Tiles:
    """How small pictures are laid out.

    Attributes:
        width, height: of each picture, in cells.
        caption: rows below each.
        across, down: how many there are of them.
        left: the first column.
    """

    width: int
    height: int
    caption: int
    across: int
    down: int
    left: int = 0

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of a picture's pixels."""
        return self.width, 2 * self.height

    def place(self, number: int) -> tuple[int, int]:
        """The column and row of a picture's top left corner, the pictures on screen counted from 0."""
        row, column = divmod(number, self.across)
        return self.left + column * (self.width + GAP), row * (self.height + self.caption)


def squares(size: Size, count: int, caption: int, widths: range) -> Tiles:
    """Square pictures, the largest that so many of them fit, or, where there is room for fewer only, as many as can be.

    Args:
        size: of the panel.
        count: how many are wanted at once.
        caption: rows below each; where there is room for half as many pictures again with one of them only, and where
            there is no room for more, it is one.
        widths: that pictures may have, from the largest.
    """
    captions = min(1, caption)
    least = max(2, min(widths[-1], 2 * (size.height - captions)))
    layouts = [_squares(size, width, rows) for rows in (caption, captions) for width in (*widths, least)]

    def worth(tiles: Tiles) -> tuple[bool, int, int]:
        seen = min(count, tiles.across * tiles.down)
        return tiles.caption >= captions, seen * (3 if tiles.caption == caption else 2), seen

    return max(layouts, key=worth)


def _squares(size: Size, width: int, caption: int) -> Tiles:
    width = max(1, min(width, size.width))
    height = max(1, min(width // 2, size.height))
    caption = max(0, min(caption, size.height - height))
    across = max(1, (size.width + GAP) // (width + GAP))
    left = max(0, (size.width - across * (width + GAP) + GAP) // 2)
    return Tiles(width, height, caption, across, max(1, size.height // (height + caption)), left)


def filling(size: Size, count: int, least_width: int) -> Tiles:
    """Pictures that fill the panel, nearly square, with one row of caption each.

    Args:
        size: of the panel.
        count: how many are wanted at once.
        least_width: of a picture; where so many are too small, there are fewer at once.
    """
    layouts = [_filled(size, across, -(-count // across)) for across in range(1, count + 1)]
    best = max(layouts, key=lambda tiles: (_side(tiles), -tiles.across * tiles.down))
    if _side(best) >= least_width:
        return best
    paged = squares(size, count, 1, range(least_width, least_width - 1, -1))
    return _filled(size, min(paged.across, count), paged.down)


def _filled(size: Size, across: int, down: int) -> Tiles:
    height = max(1, size.height // down - 1)
    width = max(1, min((size.width + GAP) // across - GAP, 3 * height))
    left = max(0, (size.width - across * (width + GAP) + GAP) // 2)
    return Tiles(width, height, max(0, min(1, size.height - height)), across, down, left)


def _side(tiles: Tiles) -> int:
    """Of the largest square in a picture, in columns."""
    return min(tiles.width, 2 * tiles.height)


class TilesPanel(Panel[Seen]):
    """A view of small pictures: a subclass gives `see`, `count`, `tiles` and `add_tile`.

    Attributes:
        PAGE_KEYS: what goes to others, as it is shown.
    """

    PAGE_KEYS: ClassVar[str] = "↑↓"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,pagedown", "page(1)", "further pictures"),
        Binding("up,pageup", "page(-1)", "pictures before"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._first = 0

    @abstractmethod
    def count(self, seen: Seen) -> int:
        """How many pictures there are."""

    @abstractmethod
    def tiles(self, size: Size, count: int) -> Tiles:
        """How they are laid out."""

    @abstractmethod
    def add_tile(self, canvas: Canvas, seen: Seen, number: int, tiles: Tiles, at: tuple[int, int]) -> None:
        """Draws a picture with its caption, its top left corner at a column and row."""

    def paint(self, seen: Seen, palette: Palette, size: Size) -> list[Strip]:  # noqa: ARG002
        return strips(self.canvas(seen, size))

    def canvas(self, seen: Seen, size: Size) -> Canvas:
        """The pictures on screen."""
        canvas, count = Canvas(size.width, size.height), self.count(seen)
        if count:
            tiles = self.tiles(size, count)
            for place, number in enumerate(self._shown(count, tiles)):
                self.add_tile(canvas, seen, number, tiles, tiles.place(place))
        return canvas

    def _shown(self, count: int, tiles: Tiles) -> range:
        """The pictures on screen: whole rows, and no empty ones below."""
        rows = -(-count // tiles.across)
        first = max(0, min(self._first // tiles.across, rows - tiles.down)) * tiles.across
        return range(first, min(count, first + tiles.across * tiles.down))

    def inside_tile(self, offset: Offset) -> Offset | None:
        """A place on screen as one in the picture it is in; None for one beside them all."""
        count = 0 if self._seen is None else self.count(self._seen)
        if not count:
            return None
        tiles = self.tiles(self.size, count)
        for place in range(len(self._shown(count, tiles))):
            at = offset - Offset(*tiles.place(place))
            if 0 <= at.x < tiles.width and 0 <= at.y < tiles.height:
                return at
        return None

    def page_option(self) -> tuple[Option, ...]:
        """Which pictures are on screen, if there are others."""
        count = 0 if self._seen is None else self.count(self._seen)
        if not count:
            return ()
        shown = self._shown(count, self.tiles(self.size, count))
        if len(shown) == count:
            return ()
        return (Option(f"{shown.start + 1}–{shown.stop} of {count}", "page(1)", self.PAGE_KEYS),)

    def action_page(self, by: int) -> None:
        """Goes on by a page, or back."""
        self._scroll(by, whole_pages=True)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        if self._scroll(1):
            event.stop()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        if self._scroll(-1):
            event.stop()

    def _scroll(self, by: int, whole_pages: bool = False) -> bool:
        """Moves by rows or pages; returns whether there was anywhere to go."""
        if self._seen is None or not (count := self.count(self._seen)):
            return False
        tiles = self.tiles(self.size, count)
        before = self._shown(count, tiles).start
        self._first = max(0, before + by * tiles.across * (tiles.down if whole_pages else 1))
        self._first = self._shown(count, tiles).start
        if self._first == before:
            return False
        self.repaint()
        return True


class ImageTilesPanel(TilesPanel[Seen]):
    """Square images, large or many.

    Attributes:
        CAPTION: rows below each image.
        MANY: whether to begin with many.
    """

    CAPTION: ClassVar[int]
    MANY: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v", "size", "large/many")]

    def __init__(self) -> None:
        super().__init__()
        self._shows_many = self.MANY

    def tiles(self, size: Size, count: int) -> Tiles:
        return self._tiles(size, count, self._shows_many)

    def _tiles(self, size: Size, count: int, many: bool) -> Tiles:
        return squares(size, min(count, _MANY if many else _LARGE), self.CAPTION, _WIDTHS)

    def size_option(self) -> tuple[Option, ...]:
        """Whether images are large or many, where that makes a difference."""
        count = 0 if self._seen is None else self.count(self._seen)
        if self._tiles(self.size, count, True) == self._tiles(self.size, count, False):
            return ()
        return (Option("many" if self._shows_many else "large", "size", "v"),)

    def action_size(self) -> None:
        """Switches between large images and many."""
        self._shows_many = not self._shows_many
        self.repaint()
