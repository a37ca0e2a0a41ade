"""Test images, and what the net takes them for."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import MouseMove
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.numbers import cells, chance, cut, in_lines, percent, to_left, told_apart, whole_percent
from nn_tui.charts.palette import Palette
from nn_tui.charts.pixels import put_pixels, resized
from nn_tui.charts.shades import grays
from nn_tui.training.look.parts import Images, ImageSample
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.images.tiles import ImageTilesPanel, Tiles
from nn_tui.tui.panels.panel import Option, notice, strips
from nn_tui.tui.panels.reading import listed_singles

RIGHT, WRONG = "✓", "✗"

_LEAST_NAME = 3
"""Cells of a class name that still tell something, the sign that it is cut included."""


class ImagesPanel(ImageTilesPanel[Images]):
    """Images with their true class and, marked as right or wrong, the predicted one: some fixed ones or the worst."""

    TITLE = "Images"
    LEGEND = (
        "Images of the test set under which stand their true class and what the net takes them for: ✓ right, ✗ wrong,"
        " in red, with the probability it gives to its answer; where one line has to do, Coat→Shirt is a coat taken "
        "for a shirt. They stay the same while the net learns. Its worst mistakes are those where it thought the true "
        "class least likely: look whether you would have known."
    )
    EMPTY = "Test images appear here, each with what the net takes it for."
    PARTS = ("images",)
    CAPTION = 2
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "mistakes", "some images/worst mistakes"),
        Binding("left", "read(-1)", "read off the image before"),
        Binding("right", "read(1)", "read off the next image"),
        Binding("escape", "stop_reading", "no image"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._shows_mistakes = False
        self._read: int | None = None

    def see(self, opened: Opened, frame: Frame) -> Images | None:  # noqa: ARG002
        return frame.images

    def headline(self, seen: Images, palette: Palette) -> Content:
        total = f"{seen.total:,}"
        wrong = f"{seen.wrong:,}".rjust(len(total))
        color = palette.alarm if seen.wrong else palette.right
        long = Content.assemble((f"{wrong} ", palette.text.hex), f"of {total} ", ("wrong", color.hex))
        short = Content.assemble((f"{wrong} ", palette.text.hex), ("wrong", color.hex))
        return long if long.cell_length <= self.title_room else short

    def options(self) -> tuple[Option, ...]:
        return (
            Option("worst mistakes" if self._shows_mistakes else "some images", "mistakes", "x"),
            *self.size_option(),
            *self.page_option(),
        )

    def action_mistakes(self) -> None:
        """Switches between the same images all the time and the worst mistakes."""
        self._shows_mistakes = not self._shows_mistakes
        self._first, self._read = 0, None
        self.repaint()

    # -- reading off ---------------------------------------------------------------------------------------------------

    def action_read(self, by: int) -> None:
        """Goes to the next image or the one before, and says what the net thinks of it."""
        count = 0 if self._seen is None else self.count(self._seen)
        if count:
            self._read = (self._read + by) % count if self._read is not None else (0 if by > 0 else count - 1)
            if self._read not in self._shown(count, self.tiles(self.size, count)):
                self._first = self._read
            self.repaint()

    def action_stop_reading(self) -> None:
        """Reads off no image; where none is, lets go of the panel."""
        if self._read is None:
            self.screen.set_focus(None)
        self._read = None
        self.repaint()

    def on_mouse_move(self, event: MouseMove) -> None:
        self._read = self._at(event)
        self.repaint()

    def on_leave(self) -> None:
        if not self.has_focus and self._read is not None:
            self._read = None
            self.repaint()

    def _at(self, event: MouseMove) -> int | None:
        """The image that is pointed at."""
        offset = event.get_content_offset(self)
        if offset is None or self._seen is None or not (count := self.count(self._seen)):
            return None
        tiles = self.tiles(self.size, count)
        for place, number in enumerate(self._shown(count, tiles)):
            column, row = tiles.place(place)
            if 0 <= offset.x - column < tiles.width and 0 <= offset.y - row < tiles.height + tiles.caption:
                return number
        return None

    def _add_reading(self, canvas: Canvas, sample: ImageSample, palette: Palette) -> None:
        """Each class's probability, the likeliest first, in the last rows."""
        assert self.opened is not None
        chances = zip(listed_singles(sample.probabilities), self.opened.class_names, strict=False)
        ranked = sorted(chances, key=lambda chance: -chance[0])
        words = [chance(name, percent(share)) for share, name in ranked]
        lines = in_lines([f"true: {self.opened.class_names[sample.target]}", *words], canvas.width)[: canvas.height]
        for row, line in enumerate(lines, canvas.height - len(lines)):
            canvas.put(0, row, to_left(cut(line, canvas.width), canvas.width), palette.text)
            canvas.behind[row] = [palette.tint] * canvas.width

    # -- drawing -------------------------------------------------------------------------------------------------------

    def _samples(self, seen: Images) -> tuple[ImageSample, ...]:
        return seen.mistakes if self._shows_mistakes else seen.samples

    def paint(self, seen: Images, palette: Palette, size: Size) -> list[Strip]:
        if not self._samples(seen):
            return notice(f"All {seen.total:,} images are recognized.", palette, size)
        canvas = self.canvas(seen, size)
        if self._read is not None and self._read < self.count(seen):
            self._add_reading(canvas, self._samples(seen)[self._read], palette)
        return strips(canvas)

    def count(self, seen: Images) -> int:
        return len(self._samples(seen))

    def add_tile(self, canvas: Canvas, seen: Images, number: int, tiles: Tiles, at: tuple[int, int]) -> None:
        assert self.opened is not None
        assert self.opened.image_shape is not None
        palette, sample, (column, row) = self.palette, self._samples(seen)[number], at
        image = np.frombuffer(sample.pixels, np.uint8).reshape(1, *self.opened.image_shape) / 255.0
        columns, rows = tiles.grid
        shades = grays(palette)
        put_pixels(canvas, shades.levels(resized(image, rows, columns)[0].tolist(), 0.0, 1.0), shades, column, row)
        below = row + tiles.height
        if tiles.caption == self.CAPTION:
            name = cut(self.opened.class_names[sample.target], tiles.width)
            canvas.put(column, below, name, palette.accent if number == self._read else palette.text)
            below += 1
        if tiles.caption:
            self._add_answer(canvas, sample, tiles, (column, below), palette)
            if number == self._read and tiles.caption < self.CAPTION:
                canvas.behind[below][column : column + tiles.width] = [palette.tint] * tiles.width

    def _add_answer(
        self, canvas: Canvas, sample: ImageSample, tiles: Tiles, at: tuple[int, int], palette: Palette
    ) -> None:
        """`✓ 98%`, `✗ Shirt: 61%`; alone, `✓ Coat`, `✗ Coat→Shirt`."""
        assert self.opened is not None
        is_right = sample.predicted == sample.target
        share = whole_percent(sample.probability)
        name = self.opened.class_names[sample.predicted]
        room, has_name_above = tiles.width - 2, tiles.caption == self.CAPTION
        answer = cut(name, room)
        if has_name_above and is_right:
            answer = share
        elif has_name_above and cells(name) + len(share) + 2 <= room:
            answer = f"{name}: {share}"
        elif not (has_name_above or is_right):
            answer = _mistake(self.opened.class_names, sample.target, sample.predicted, room) or answer
        mark, color = (RIGHT, palette.right) if is_right else (WRONG, palette.alarm)
        canvas.put(*at, f"{mark} {answer}", color)


def _mistake(names: Sequence[str], true: int, predicted: int, width: int) -> str:
    """`Coat→Shirt` in so many cells: of a long name as much as the other leaves; empty where that is too little."""
    half, longest = (width - 1) // 2, cells(names[predicted])
    first = min(cells(names[true]), max(half, width - 1 - longest))
    second = width - 1 - first
    if half < _LEAST_NAME and longest > second:
        return ""
    return f"{told_apart(names, first)[true]}→{told_apart(names, second)[predicted]}"
