"""Test images, and what the net takes them for."""

import math
from typing import ClassVar

import numpy as np
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.numbers import cut
from nn_tui.charts.palette import Palette
from nn_tui.charts.pixels import put_pixels, resized
from nn_tui.charts.shades import greys
from nn_tui.training.look.parts import Images, ImageSample
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.images.tiles import ImageTilesPanel, Tiles
from nn_tui.tui.panels.panel import Option, notice

RIGHT, WRONG = "✓", "✗"


class ImagesPanel(ImageTilesPanel[Images]):
    """Images with their true class and, marked as right or wrong, the predicted one: some fixed ones or the worst."""

    TITLE = "Images"
    LEGEND = (
        "Images of the test set under which stand their true class and what the net takes them for: ✓ right, ✗ wrong,"
        " in red, with the probability it gives to its answer. They stay the same while the net learns. Its worst "
        "mistakes are those where it thought the true class least likely: look whether you would have known."
    )
    EMPTY = "Test images appear here, each with what the net takes it for."
    PARTS = ("images",)
    CAPTION = 2
    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "mistakes", "some images/worst mistakes")]

    def __init__(self) -> None:
        super().__init__()
        self._shows_mistakes = False

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
            self.size_option(),
            *self.page_option(),
        )

    def action_mistakes(self) -> None:
        """Switches between the same images all the time and the worst mistakes."""
        self._shows_mistakes = not self._shows_mistakes
        self._first = 0
        self.repaint()

    def _samples(self, seen: Images) -> tuple[ImageSample, ...]:
        return seen.mistakes if self._shows_mistakes else seen.samples

    def paint(self, seen: Images, palette: Palette, size: Size) -> list[Strip]:
        if not self._samples(seen):
            return notice(f"All {seen.total:,} images are recognised.", palette, size)
        return super().paint(seen, palette, size)

    def count(self, seen: Images) -> int:
        return len(self._samples(seen))

    def add_tile(self, canvas: Canvas, seen: Images, number: int, tiles: Tiles, at: tuple[int, int]) -> None:
        assert self.opened is not None
        assert self.opened.image_shape is not None
        palette, sample, (column, row) = palette_of(self.app), self._samples(seen)[number], at
        image = np.frombuffer(sample.pixels, np.uint8).reshape(1, *self.opened.image_shape) / 255.0
        columns, rows = tiles.grid
        shades = greys(palette)
        put_pixels(canvas, shades.levels(resized(image, rows, columns)[0].tolist(), 0.0, 1.0), shades, column, row)
        below = row + tiles.height
        if tiles.caption == self.CAPTION:
            name = cut(self.opened.class_names[sample.target], tiles.width)
            canvas.put(column, below, name, palette.text)
            below += 1
        if tiles.caption:
            self._add_answer(canvas, sample, tiles, (column, below), palette)

    def _add_answer(
        self, canvas: Canvas, sample: ImageSample, tiles: Tiles, at: tuple[int, int], palette: Palette
    ) -> None:
        """`✓ 98%`, `✗ Shirt 61%`; alone, `✓ Coat`."""
        assert self.opened is not None
        is_right = sample.predicted == sample.target
        share = "–" if math.isnan(sample.probability) else f"{100.0 * sample.probability:.0f}%"
        name = self.opened.class_names[sample.predicted]
        if is_right and tiles.caption == self.CAPTION:
            answer = share
        else:
            fits = tiles.caption == self.CAPTION and len(name) + len(share) + 3 <= tiles.width
            answer = f"{name} {share}" if fits else cut(name, tiles.width - 2)
        mark, color = (RIGHT, palette.right) if is_right else (WRONG, palette.alarm)
        canvas.put(*at, f"{mark} {answer}", color)
