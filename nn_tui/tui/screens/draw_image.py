"""A picture drawn by hand, and what the net takes it for while it trains."""

import math
import struct
from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Offset, Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from nn_tui.charts.numbers import cells, cut, percent, to_right
from nn_tui.training.look.parts import Answer, PackedFloats
from nn_tui.tui.dialogs.dialog import Box, Dialog
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.reading import listed_floats

_BAR, _PERCENT = 16, 8
"""Cells of a bar at most, and of a percentage with what parts it from the name and the bar."""

_WIDTH, _AROUND, _LEAST_ANSWER = 76, Size(6, 4), 24
"""Of the dialog, of what is around its contents, and of the answer beside the sheet with what parts them."""

_SOFT = 0.5
"""How bright the pixels beside the pen's become: a pen as fine as a pixel is like nothing that was learned from."""


class Sheet(Widget, can_focus=True):
    """Pixels to draw on, two by one a cell: arrows move the pen, Space draws and lifts it; the mouse draws.

    Of a sheet larger than its place the part around the pen is seen.
    """

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
        self._held: Offset | None = None
        self.fit(Size(self.columns, self.rows))

    def fit(self, room: Size) -> None:
        """Takes as much of a place as there are pixels."""
        self.styles.width = min(self.columns, max(1, room.width))
        self.styles.height = min((self.rows + 1) // 2, max(1, room.height))

    @property
    def _corner(self) -> Offset:
        """The cell of the sheet that is seen in the upper left corner."""
        (column, row), (width, height) = self._pen, self.size
        return Offset(
            max(0, min(column - width // 2, self.columns - width)),
            max(0, min(row // 2 - height // 2, (self.rows + 1) // 2 - height)),
        )

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
        # While a button is down the sheet lies still.
        self._held = self._corner
        self._draw_at(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button:
            self._draw_at(event)

    def on_mouse_up(self) -> None:
        self.release_mouse()
        self._held = None
        self.refresh()

    def _draw_at(self, event: events.MouseEvent) -> None:
        at = event.offset + (self._held or self._corner)
        self._pen = max(0, min(self.columns - 1, at.x)), max(0, min(self.rows - 1, 2 * at.y))
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
        palette, corner = palette_of(self.app), self._held or self._corner
        lines = []
        for row in range(2 * corner.y, min(self.rows, 2 * (corner.y + self.size.height)), 2):
            cells: list[tuple[str, str]] = []
            for column in range(corner.x, min(self.columns, corner.x + self.size.width)):
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
        self._answer: Answer | None = None

    def compose(self) -> ComposeResult:
        with Box("Draw", "arrows move · space, mouse draw · x clear · esc close"), Horizontal(classes="drawing"):
            yield Sheet(self._shape)
            yield Static(id="answer", markup=False)

    def on_mount(self) -> None:
        answer = self.query_one("#answer")
        answer.styles.width, answer.styles.margin = "1fr", (0, 0, 0, 2)
        self.query_one(Sheet).focus()
        self._on_drawn(self.query_one(Sheet).raw)

    def on_resize(self) -> None:
        """Leaves room for the answer beside the sheet."""
        room = Size(min(_WIDTH, self.size.width) - _AROUND.width, self.size.height - _AROUND.height)
        self.query_one(Sheet).fit(Size(room.width - _LEAST_ANSWER, room.height))
        self.query_one(".drawing").styles.height = min(max((self._shape[0] + 1) // 2, len(self._names)), room.height)
        self.call_after_refresh(self._show_again)

    def recolor(self) -> None:
        self.query_one(Sheet).refresh()
        self._show_again()

    def _show_again(self) -> None:
        if self._answer is not None:
            self.show(self._answer)

    def on_sheet_drawn(self, event: Sheet.Drawn) -> None:
        """Tells what is drawn now."""
        event.stop()
        self._on_drawn(self.query_one(Sheet).raw)

    def show(self, answer: Answer) -> None:
        """Shows what the net takes the picture for now."""
        self._answer = answer
        palette, shares = palette_of(self.app), listed_floats(answer.outputs)
        shown = self.query_one("#answer", Static)
        # Its own height is that of what it has shown so far.
        room = Size(shown.size.width, self.query_one(".drawing").size.height)
        ranked = sorted(zip(shares, self._names, strict=False), key=lambda one: -one[0])
        # Where there are more classes than rows those are told that it may be.
        told = ranked[: room.height] if len(ranked) > room.height else [*zip(shares, self._names, strict=False)]
        width = min(max(map(cells, self._names)), max(4, room.width - _PERCENT))
        bar = min(_BAR, max(0, room.width - width - _PERCENT))
        lines = []
        for share, name in told:
            color = palette.accent if name == ranked[0][1] else palette.muted
            filled = "█" * round(share * bar) if math.isfinite(share) else ""
            lines.append(Content.styled(f"{to_right(cut(name, width), width)}: {percent(share)} {filled}", color.hex))
        shown.update(Content("\n").join(lines))
