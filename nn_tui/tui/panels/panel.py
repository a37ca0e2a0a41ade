"""What every live picture has in common: a bordered panel that draws what the newest frame holds.

A view says which parts of a frame it wants, picks them out of one, and paints them into a rectangle. The lab asks the
worker for what the visible views want and shows them each frame; a view paints again only when what it picked, its
size, its options or the theme has changed.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Generic, Self, TypeVar

import msgspec
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.style import Style
from textual.theme import Theme
from textual.widget import Widget

from nn_tui.charts.canvas import Canvas
from nn_tui.charts.palette import Palette
from nn_tui.shown import shown
from nn_tui.training.look.parts import PackedFloats
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.painter import Painter
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.registry import PanelKind, kind_of

Seen = TypeVar("Seen")
"""What a view picks out of a frame: immutable, compared by value."""


class Option(msgspec.Struct, frozen=True):
    """Something that can be changed about a view, by key or by a click on the word.

    Attributes:
        text: how it stands now.
        action: what changes it: of the view (`log`) or of the screen (`screen.recent`).
        key: what is pressed for it; shown while the view is focused.
        short: how it stands where there is not room for all; empty for no shorter way.
    """

    text: str
    action: str
    key: str
    short: str = ""


class Panel(Widget, Generic[Seen], can_focus=True):
    """One live picture.

    A subclass gives the constants below, `see` and `paint`, and where they differ from the defaults `columns`,
    `points`, `grid`, `headings`, `headline` and `options`. Keys of its own it binds as usual: they work while it is
    focused; after changing an option call `repaint`.

    Attributes:
        KIND: its entry in the registry.
        TITLE: of the panel.
        LEGEND: two or three sentences for the help screen: what is drawn, and what to look for.
        EMPTY: what will appear here, and when: shown until there is something to draw.
        PARTS: the optional parts of a frame that it draws, by field name.
        QUICK: whether it shows something that moves, to be drawn more often than the others.
        OF_ALL: whether in a race it is of all nets, or of none; else it is of the first, and says so.
        layer_shown: the layer (from 0) that is looked at, for views of a single layer; the lab keeps it.
        recent: whether the series are of the recent window; the lab keeps it.
        title_room: how many cells of the upper border are left for `headline`.
    """

    KIND: ClassVar[PanelKind]
    TITLE: ClassVar[str]
    LEGEND: ClassVar[str]
    EMPTY: ClassVar[str]
    PARTS: ClassVar[tuple[str, ...]] = ()
    QUICK: ClassVar[bool] = False
    OF_ALL: ClassVar[bool] = False

    ALLOW_MAXIMIZE = True

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        kind = kind_of(f"{cls.__module__.removeprefix(f'{__package__}.')}:{cls.__name__}")
        if kind is not None:
            cls.KIND = kind

    def __init__(self) -> None:
        super().__init__(id=self.KIND.name, classes="view")
        self._in_borders: dict[str, tuple[str, object]] = {}
        self._line_written: tuple[Region, ...] = ()
        self.border_title = self.TITLE
        self.layer_shown = 0
        self.recent = False
        self.title_room = 0
        self.opened: Opened | None = None
        self._seen: Seen | None = None
        self._painted: Size | None = None
        self._style: RichStyle | None = None
        self._plain: list[Strip] = []
        self._strips: list[Strip] = []
        self._labeled: tuple[Option, ...] = ()
        self._pressed: RichStyle | None = None

    # -- what a subclass says --------------------------------------------------------------------------------------

    def columns(self, opened: Opened) -> tuple[str, ...]:  # noqa: ARG002
        """The columns of the history it wants as series, of those in `opened.columns`."""
        return ()

    def points(self) -> int:
        """The most points of a series it can draw."""
        return 0

    def grid(self) -> tuple[int, int] | None:
        """Columns and rows of the maps it wants, if it draws maps."""
        return None

    def given(self) -> PackedFloats:
        """Raw inputs it wants the net's answer to; empty for none."""
        return b""

    def see(self, opened: Opened, frame: Frame) -> Seen | None:
        """What is to be drawn of a frame, or None if there is nothing yet: a part just asked for may be missing."""
        raise NotImplementedError

    def paint(self, seen: Seen, palette: Palette, size: Size) -> list[Strip]:
        """The picture: `size.height` strips of `size.width` cells, without background where the panel's will do."""
        raise NotImplementedError

    def drawing(self, seen: Seen, palette: Palette, size: Size) -> Callable[[], list[Strip]] | None:  # noqa: ARG002
        """What gives the picture in another thread, where it takes longer than a key may wait; None where it does not.

        It must not look at the panel, which goes on changing meanwhile.
        """
        return None

    def headings(self) -> tuple[str, ...]:
        """What the panel is called now: in full, then in fewer letters, where the latest value needs the room."""
        return (self.TITLE,)

    def headline(self, seen: Seen, palette: Palette) -> Content:  # noqa: ARG002
        """The latest value, beside the title; numbers in fixed widths."""
        return Content("")

    def options(self) -> tuple[Option, ...]:
        """What can be changed about it, for the lower border: `log · full range`."""
        return ()

    # -- what the lab does -----------------------------------------------------------------------------------------

    def show(self, opened: Opened, frame: Frame) -> None:
        """Takes over a new frame; called only while the view is visible."""
        seen = self.see(opened, frame)
        if opened is self.opened and seen == self._seen and (not self.size or self._labeled == self.options()):
            return
        self.opened, self._seen = opened, seen
        self._redraw(at_once=False)

    def repaint(self) -> None:
        """Draws what was last seen again, before all that nobody waits for: somebody has changed how it is drawn."""
        self._redraw(at_once=True)

    def _redraw(self, *, at_once: bool) -> None:
        """Draws; before there is a place to draw in, that waits for it."""
        if not self.size:
            self._painted = None
        elif self._seen is None:
            self._painted = None
            self._label()
            self.refresh()
        elif not self._draw_aside(self.size, at_once=at_once or self._painted != self.size):
            self._put(self.size, self.picture(self.size, self.palette))
            self._label()
        elif at_once:
            # What a key has changed is in the border already while the picture is drawn.
            self._label_options()

    def _draw_aside(self, size: Size, *, at_once: bool) -> bool:
        """Has the painter draw, if there is one and it is for it; what is on screen stays until then."""
        painter: Painter | None = getattr(self.app, "painter", None) if self.is_attached else None
        if painter is None or self._seen is None or not _is_roomy(size):
            return False
        draw = self.drawing(self._seen, self.palette, size)
        if draw is None:
            return False
        take = partial(_hand_over, asyncio.get_running_loop(), self._take, size)
        painter.paint(self, draw, take, at_once=at_once)
        return True

    def _take(self, size: Size, picture: list[Strip]) -> None:
        """Puts on screen what the painter has drawn, unless there is another place to draw in by now."""
        if self.is_attached and size == self.size and self._seen is not None:
            self._put(size, picture)
            self._label()

    def _put(self, size: Size, picture: list[Strip]) -> None:
        """Puts a picture on screen; rows that look as they did need not be put together again."""
        if self._painted == size and len(picture) == len(self._plain):
            changed = [row for row, (new, old) in enumerate(zip(picture, self._plain, strict=True)) if new != old]
        else:
            changed, self._style = [], None
            self.refresh()
        self._painted, self._plain = size, picture
        if changed and self._style is not None:
            for row in changed:
                self._strips[row] = picture[row].apply_style(self._style)
        if changed:
            self.refresh(*(Region(0, row, size.width, 1) for row in changed))

    def _label(self) -> None:
        """Writes title, latest value and options into the borders."""
        palette, headings, seen = self.palette, self._headings(), self._seen
        title = Content(next((heading for heading in headings if len(heading) <= self.size.width - 4), headings[-1]))
        for heading in headings:
            self.title_room = self.size.width - len(heading) - 6
            headline = Content("") if seen is None else self.headline(seen, palette)
            if 0 < headline.cell_length <= self.title_room:
                title = Content.assemble(heading, "  ", headline)
                break
        self._write("border_title", title, 0)
        self._label_options()

    def _headings(self) -> tuple[str, ...]:
        """What it is called, in a race of nets first with whose it is."""
        opened = self.opened
        if self.OF_ALL or opened is None:
            return self.headings()
        # An ordinary run names no lanes, and points on a surface have no layers.
        first = [shown(name) for name, _ in zip(opened.lanes[:1], opened.layers, strict=False)]
        return (*(f"{heading} of {name}" for name in first for heading in self.headings()), *self.headings())

    def _write(self, border: str, words: Content, line: int) -> None:
        """Writes into a border, and has that line alone drawn again, where Textual would draw the whole panel."""
        said = words.plain, tuple(words.spans)
        if self._in_borders.get(border) != said:
            self._in_borders[border] = said
            left, top = self.content_offset
            self._line_written = (Region(-left, line - top, self.outer_size.width, 1),)
            setattr(self, border, words)
            self._line_written = ()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        return super().refresh(*(regions or self._line_written), repaint=repaint, layout=layout, recompose=recompose)

    @property
    def palette(self) -> Palette:
        """The colors there are now."""
        return palette_of(self.app)

    def _label_options(self) -> None:
        """Writes the options into the lower border: words to click on, with their keys while the view is focused."""
        if not self.size:
            return
        self._labeled = self.options()
        shown = [*self._labeled]
        for at in range(len(shown) - 1, -1, -1):
            if self._room_beside(shown) < 0 and shown[at].short:
                shown[at] = msgspec.structs.replace(shown[at], text=shown[at].short)
        while len(shown) > 2 and self._room_beside(shown) < 0:
            # The last one says what else there is.
            del shown[-2]
        room, accent = self._room_beside(shown) if self.has_focus else 0, self.palette.accent.hex
        labels = []
        for option in shown:
            key = f"{option.key} " if len(option.key) < room else ""
            # None after the first for which there is no room, so that it is plain which are left out.
            room = room - len(key) if key else 0
            label = Content.assemble((key, accent), option.text)
            labels.append(label.stylize(Style.from_meta({"@click": option.action})))
        self._write("border_subtitle", Content(" · ").join(labels), self.outer_size.height - 1)

    def _room_beside(self, shown: list[Option]) -> int:
        """Cells of the lower border that are left beside the words of options."""
        return self.size.width - 4 - sum(len(option.text) + 3 for option in shown) + 3

    # -- what Textual calls ----------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._on_theme_changed)
        self._label_options()

    def on_resize(self) -> None:
        self.repaint()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._label_options()

    async def broker_event(self, event_name: str, event: events.Event) -> bool:
        """Does what a click stands for: what was under the pointer when the button went down.

        By the time it comes up again the panel is in focus, and the words have made room for their keys.
        """
        if event_name == "mouse.down" and isinstance(event, events.MouseEvent):
            self._pressed = event.style
        elif isinstance(event, events.Click) and self._pressed is not None:
            event.style = self._pressed
        return await super().broker_event(event_name, event)

    def _on_theme_changed(self, _theme: Theme) -> None:
        self.repaint()

    def notify_style_update(self) -> None:
        self._style = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        size = self.size
        if self._painted != size and not self._draw_aside(size, at_once=True):
            self._painted, self._style = size, None
            self._plain = self.picture(size, self.palette)
        if self._style is None:
            self._style = self.rich_style
            self._strips = [strip.apply_style(self._style) for strip in self._plain]
        if y >= len(self._strips):
            return Strip.blank(size.width, self._style)
        # Until the painter has drawn for a new size, as much of what was there before as fits.
        strip = self._strips[y]
        return strip if self._painted == size else strip.adjust_cell_length(size.width, self._style)

    def picture(self, size: Size, palette: Palette) -> list[Strip]:
        """What is to be seen now: the picture, or a few words where there is none."""
        if self._seen is None:
            return notice(self.EMPTY, palette, size)
        if not _is_roomy(size):
            return []
        return self.paint(self._seen, palette, size)


def _is_roomy(size: Size) -> bool:
    return size.width >= 8 and size.height >= 1


def _hand_over(
    loop: asyncio.AbstractEventLoop, take: Callable[[Size, list[Strip]], None], size: Size, picture: list[Strip]
) -> None:
    """Brings a picture from the painter's thread to the app's."""
    # The app may have been left meanwhile.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(take, size, picture)


def strips(canvas: Canvas) -> list[Strip]:
    """A canvas as Textual draws it."""
    return [Strip(line, canvas.width) for line in canvas.lines()]


def notice(text: str, palette: Palette, size: Size) -> list[Strip]:
    """A few muted words in the middle."""
    width = max(1, min(48, size.width - 2))
    lines = Content.styled(text, palette.muted.hex).wrap(width)[: size.height]
    above = (size.height - len(lines)) // 2
    strips = [Strip.blank(size.width)] * above
    for line in lines:
        left = " " * ((size.width - line.cell_length) // 2)
        strips.append(Strip([Segment(left), *line.render_segments()]).adjust_cell_length(size.width))
    return strips
