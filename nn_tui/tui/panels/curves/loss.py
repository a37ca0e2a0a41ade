"""Loss on the training and the test set, over the steps."""

from textual.content import Content

from nn_tui.charts.ghosts import Ghost, ghost_lines
from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import TEST_MARK, TRAIN_MARK, Palette
from nn_tui.charts.plot import Plot
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import Curves, LogChart, curves, moments
from nn_tui.tui.panels.reading import floats
from nn_tui.tui.panels.score import estimated, of_sets

COLUMNS = ("train.loss", "test.loss")


class LossPanel(LogChart[Curves]):
    """The loss, on a logarithmic scale unless switched."""

    TITLE = "Loss"
    LEGEND = (
        "The mean loss on the training set (blue, a whole line) and on the test set (orange, broken). Both should "
        "fall; where the test loss turns upwards while the training loss still falls, the net learns its examples by "
        "heart. Vertical lines are changes made on the way; ▲ is where it has become infinite. ≈ is of some of the "
        "set's examples only, so that training need not wait. The faint curve is the run before the last reset. Those "
        "with a name are kept runs that were pinned (k), and courses left by going back and changing something."
    )
    EMPTY = "The loss on the training and the test set appears here with the first step."

    def __init__(self) -> None:
        super().__init__()
        self._before: tuple[Ghost, ...] = ()

    def columns(self, opened: Opened) -> tuple[str, ...]:
        return tuple(column for column in COLUMNS if column in opened.columns)

    def see(self, opened: Opened, frame: Frame) -> Curves | None:
        if self.opened is not None and opened.run != self.opened.run:
            # Only another run of the same lesson is worth comparing with.
            same = opened.scenario.title == self.opened.scenario.title
            self._before = (_ghost(self.opened, self._seen),) if same and self._seen is not None else ()
        latest = (frame.train.loss, None if frame.test is None else frame.test.loss)
        return curves(self.columns(opened), frame, latest, estimated(opened, frame))

    def plot(self, seen: Curves, palette: Palette) -> Plot:
        colors = dict(zip(COLUMNS, (palette.train, palette.test), strict=True))
        lines = [
            self.line(series, color)
            for series, color in zip(seen.series, colors.values(), strict=False)
            if series is not None and series.step
        ]
        ghosts = ghost_lines((*self._before, *self.ghosts), colors, palette, named=COLUMNS[0])
        return Plot(
            lines=[*ghosts, *reversed(lines)],
            x_range=self.steps(seen.series),
            log=self.log_scale,
            moments=moments(seen.marks, with_words=True),
        )

    def headline(self, seen: Curves, palette: Palette) -> Content:
        return Content(" · ").join(of_sets(palette, seen.latest, seen.estimated, fixed, (TRAIN_MARK, TEST_MARK)))


def _ghost(opened: Opened, seen: Curves) -> Ghost:
    """The run before the last reset."""
    columns = [column for column in COLUMNS if column in opened.columns]
    return Ghost(
        {
            column: (floats(series.step), floats(series.value))
            for column, series in zip(columns, seen.series, strict=True)
            if series is not None
        }
    )
