"""Panels painted without an app: `painted("loss", opened, frame, (58, 14))`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from textual.content import Content
from textual.geometry import Size

from nn_tui.charts.palette import Palette
from nn_tui.training.worker.messages import Frame, Look, Opened
from nn_tui.tui.palette import themed
from nn_tui.tui.panels.loading import load, load_all
from nn_tui.tui.panels.panel import Panel
from nn_tui.tui.panels.registry import KINDS
from nn_tui.tui.themes import DARK, LIGHT

SIZES = ((38, 6), (56, 12), (116, 34))
"""What is inside the borders of a small panel, of one in a column of the lab, and of a maximized one."""

_VARIABLES = {
    theme.name: {"background": str(theme.background), "foreground": str(theme.foreground), "accent": str(theme.accent)}
    for theme in (DARK, LIGHT)
}

_NOT_OF_THE_RUN = {"examined"}
"""Trials of remedies come when they come, beside the run."""


@dataclass(frozen=True)
class Cell:
    """A character, its color and the color behind it, as `#RRGGBB`; empty for the panel's own."""

    character: str
    color: str
    behind: str


@dataclass(frozen=True)
class Painted:
    """A panel's picture.

    Attributes:
        panel: the panel itself.
        title, options: what stands in its borders.
        cells: by row and column.
    """

    panel: Panel[Any]
    title: str
    options: str
    cells: list[list[Cell]]

    @property
    def text(self) -> str:
        """All characters, a line a row."""
        return "\n".join("".join(cell.character for cell in row).rstrip() for row in self.cells)

    @property
    def colors(self) -> set[str]:
        """Of all characters that are not blank."""
        return {cell.color for row in self.cells for cell in row if cell.character != " "}


def whole_look(opened: Opened, grid: tuple[int, int]) -> Look:
    """A look at what every panel shows, with maps of so many columns and rows."""
    views = [view() for view in load_all()]
    columns = {column for view in views for column in view.columns(opened)} & set(opened.columns)
    parts = {part for view in views for part in view.PARTS} - _NOT_OF_THE_RUN
    return Look(columns=tuple(sorted(columns)), parts=tuple(sorted(parts)), points=480, grid=grid)


def palette_for(theme: str = DARK.name, few: bool = False) -> Palette:
    """The palette of one of the lab's own themes."""
    return themed(theme == DARK.name, _VARIABLES[theme], few)


def painted(
    name: str,
    opened: Opened,
    frame: Frame,
    size: tuple[int, int] = SIZES[1],
    palette: Palette | None = None,
    prepare: Callable[[Any], object] = lambda _: None,
) -> Painted:
    """What a panel draws of a frame.

    Args:
        name: of the panel.
        opened, frame: of a run.
        size: inside its borders.
        palette: the dark theme's by default.
        prepare: what is done to the panel before, such as one of its actions.
    """
    chosen, place = palette or palette_for(), Size(*size)
    kind = next(kind for kind in KINDS if kind.name == name)
    # Where Textual would tell it its place and its colors.
    alone = type(
        load(kind).__name__, (load(kind),), {"KIND": kind, "size": property(lambda _: place), "palette": chosen}
    )
    panel: Panel[Any] = alone()
    prepare(panel)
    panel.show(opened, frame)
    return Painted(panel, _plain(panel.border_title), _plain(panel.border_subtitle), cells_of(panel, chosen, place))


def cells_of(panel: Panel[Any], palette: Palette, place: Size) -> list[list[Cell]]:
    """What stands in the cells of a picture."""
    rows = []
    for strip in panel.picture(place, palette):
        row: list[Cell] = []
        for text, style, _ in strip:
            colors = [style.color, style.bgcolor] if style else [None, None]
            row += [Cell(character, *map(_written, colors)) for character in text]
        rows.append(row)
    return rows


def _written(color: Any) -> str:
    return "" if color is None else color.get_truecolor().hex.upper()


def _plain(words: object) -> str:
    return Content.from_markup(str(words or "")).plain


def printed(picture: Painted) -> None:
    """Prints a picture in its colors, to be looked at."""
    console = Console(force_terminal=True, color_system="truecolor", width=400)
    print(f"── {picture.title} ──")
    for strip in picture.panel.picture(picture.panel.size, picture.panel.palette):
        console.print(*strip, sep="", end="\n")
    print(f"── {picture.options} ──")
