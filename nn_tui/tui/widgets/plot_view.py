"""A plot that fills its place, in screens that are no part of the board."""

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.charts.curves import draw
from nn_tui.charts.plot import Plot
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.panel import notice, strips


class PlotView(Widget):
    """Draws a plot, or says in words why there is none."""

    def __init__(self, empty: str, id: str | None = None) -> None:
        """
        Args:
            empty: what is said where there is nothing to draw.
            id: of the widget.
        """
        super().__init__(id=id)
        self._plot: Plot | None = None
        self._empty = empty
        self._drawn: tuple[Plot | str, str, Size, list[Strip]] | None = None

    def show(self, plot: Plot | None, empty: str = "") -> None:
        """Draws another plot; None draws none.

        Args:
            plot: what to draw.
            empty: what is said from now on where there is nothing.
        """
        self._plot, self._empty = plot, empty or self._empty
        self.refresh()

    def render_line(self, y: int) -> Strip:
        rows = self._rows()
        blank = Strip.blank(self.size.width)
        return (rows[y] if y < len(rows) else blank).apply_style(self.rich_style)

    def _rows(self) -> list[Strip]:
        size, palette = self.size, palette_of(self.app)
        shown = self._empty if self._plot is None else self._plot
        if self._drawn is None or self._drawn[:3] != (shown, self.app.theme, size):
            rows = (
                notice(shown, palette, size)
                if isinstance(shown, str)
                else strips(draw(shown, palette, (size.width, size.height)))
            )
            self._drawn = shown, self.app.theme, size, rows
        return self._drawn[3]
