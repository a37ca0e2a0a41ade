"""A picture drawn by hand, and what the net takes it for while it trains."""

import struct
from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from nn_tui.charts.numbers import cells, percent, to_right
from nn_tui.training.look.parts import Answer, PackedFloats
from nn_tui.tui.dialogs.dialog import Box, Dialog
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.reading import listed_floats

_BAR = 16
_SOFT = 0.5
"""How bright the pixels beside the pen's become: a pen as fine as a pixel is like nothing that was learned from."""


class Sheet(Widget, can_focus=True):
    """Pixels to draw on, two by one a cell: arrows move the pen, Space draws and lifts it; the mouse draws."""

    class Drawn(Message):
        """The picture is another one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1, 0)", show=False),
        Binding("right", "move(1, 0)", show=False),
        Binding("up", "move(0, -1)", show=False),
        Binding("down", "move(0, 1)", show=False),
        Binding("space", "pen", show=False),
        Binding("x", "clear", show=False),
    ]

    def __init__(self, shape: tuple[int, int]) -> None:
        super().__init__()
        self.rows, self.columns = shape
        self.pixels = [[0.0] * self.columns for _ in range(self.rows)]
        self._pen = self.columns // 2, self.rows // 4
        self._is_down = False
        self.styles.width, self.styles.height = self.columns, (self.rows + 1) // 2

    @property
    def raw(self) -> PackedFloats:
        """The pixels from 0 to 1, row by row."""
        return struct.pack(f"<{self.rows * self.columns}d", *(pixel for row in self.pixels for pixel in row))

    def action_move(self, right: int, down: int) -> None:
        """Moves the pen, which draws if it is down."""
        column, row = self._pen
        self._pen = max(0, min(self.columns - 1, column + right)), max(0, min(self.rows - 1, row + down))
        if self._is_down:
            self._draw()
        self.refresh()

    def action_pen(self) -> None:
        """Puts the pen down, or lifts it."""
        self._is_down = not self._is_down
        if self._is_down:
            self._draw()

    def action_clear(self) -> None:
        """Begins again."""
        self.pixels = [[0.0] * self.columns for _ in range(self.rows)]
        self.refresh()
        self.post_message(self.Drawn())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.capture_mouse()
        self._draw_at(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button:
            self._draw_at(event)

    def on_mouse_up(self) -> None:
        self.release_mouse()

    def _draw_at(self, event: events.MouseEvent) -> None:
        self._pen = max(0, min(self.columns - 1, event.x)), max(0, min(self.rows - 1, 2 * event.y))
        self._draw()

    def _draw(self) -> None:
        column, row = self._pen
        for across in (-1, 0, 1, 2):
            for along in (-1, 0, 1, 2):
                x, y = column + across, row + along
                if 0 <= x < self.columns and 0 <= y < self.rows:
                    full = 1.0 if across in (0, 1) and along in (0, 1) else _SOFT
                    self.pixels[y][x] = max(self.pixels[y][x], full)
        self.refresh()
        self.post_message(self.Drawn())

    def render(self) -> Content:
        palette = palette_of(self.app)
        lines = []
        for row in range(0, self.rows, 2):
            cells: list[tuple[str, str]] = []
            for column in range(self.columns):
                upper = self.pixels[row][column]
                lower = self.pixels[row + 1][column] if row + 1 < self.rows else 0.0
                top, bottom = (palette.tint.blend(palette.text, share).hex for share in (upper, lower))
                is_pen = self._pen[0] == column and self._pen[1] // 2 == row // 2
                cells.append(("┼" if is_pen else "▀", f"{palette.accent.hex if is_pen else top} on {bottom}"))
            lines.append(Content.assemble(*cells))
        return Content("\n").join(lines)


class DrawScreen(Dialog[None]):
    """The sheet, and each class's probability beside it."""

    def __init__(
        self, shape: tuple[int, int], class_names: tuple[str, ...], on_drawn: Callable[[PackedFloats], None]
    ) -> None:
        """
        Args:
            shape: rows and columns of the pictures the net learns from.
            class_names: what it tells apart.
            on_drawn: told the pixels whenever they are others.
        """
        super().__init__()
        self._on_drawn = on_drawn
        self._shape = shape
        self._names = class_names

    def compose(self) -> ComposeResult:
        with Box("Draw", "arrows move · space, mouse draw · x clear · esc close"), Horizontal(classes="drawing"):
            yield Sheet(self._shape)
            yield Static(id="answer", markup=False)

    def on_mount(self) -> None:
        self.query_one(".drawing").styles.height = max((self._shape[0] + 1) // 2, len(self._names))
        answer = self.query_one("#answer")
        answer.styles.width, answer.styles.margin = "1fr", (0, 0, 0, 2)
        self.query_one(Sheet).focus()
        self._on_drawn(self.query_one(Sheet).raw)

    def on_sheet_drawn(self, event: Sheet.Drawn) -> None:
        """Tells what is drawn now."""
        event.stop()
        self._on_drawn(self.query_one(Sheet).raw)

    def show(self, answer: Answer) -> None:
        """Shows what the net takes the picture for now."""
        palette, shares = palette_of(self.app), listed_floats(answer.outputs)
        width = max(map(cells, self._names))
        best = max(range(len(shares)), key=shares.__getitem__)
        lines = []
        for number, (name, share) in enumerate(zip(self._names, shares, strict=False)):
            color = palette.accent if number == best else palette.muted
            bar = "█" * round(share * _BAR)
            lines.append(Content.styled(f"{to_right(name, width)} {percent(share)} {bar}", color.hex))
        self.query_one("#answer", Static).update(Content("\n").join(lines))
