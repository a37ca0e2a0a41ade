"""What the run learns from: rows and inputs, classes, how examples are divided, and what was left out."""

from textual.content import Content
from textual.geometry import Size

from nn_tui.charts.palette import Palette
from nn_tui.shown import shown
from nn_tui.training.run.data_summary import DataSummary, figures, remarks
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.panel import Option
from nn_tui.tui.panels.tables.text import TextLine, TextPanel, wrapped


class DataPanel(TextPanel[DataSummary]):
    """The data in words and numbers, as a replay's summary has them."""

    TITLE = "Data"
    LEGEND = (
        "What the run learns from: how many rows there are and what they are for, how many inputs the net has, how "
        "many examples each class has. Below stand the rows and columns of a table that were left out, each with the "
        "reason, and what may be wanted otherwise: data.columns takes columns back, data.ignore leaves others out."
    )
    EMPTY = "What the run learns from appears here."
    OF_ALL = True

    def see(self, opened: Opened, frame: Frame) -> DataSummary | None:  # noqa: ARG002
        return opened.data

    def headline(self, seen: DataSummary, palette: Palette) -> Content:
        return Content.styled(f"{seen.rows:,} × {seen.inputs:,}", palette.text.hex)

    def options(self) -> tuple[Option, ...]:
        return self.scroll_option()

    def lines(self, seen: DataSummary, palette: Palette, size: Size) -> list[TextLine]:
        assert self.opened is not None
        target = f"to predict: {', '.join(map(shown, self.opened.target_names))}"
        told = [(line, palette.text.hex) for line in (*figures(seen), target)]
        told += [(line, palette.muted.hex) for line in remarks(seen)]
        return [
            TextLine(part) for line, color in told for part in wrapped(Content.styled(shown(line), color), size.width)
        ]
