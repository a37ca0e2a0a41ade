"""Loss on the training and the test set, over the steps."""

from dataclasses import dataclass, replace

from textual.content import Content

from nn_tui.charts.numbers import fixed
from nn_tui.charts.palette import Palette
from nn_tui.charts.plot import Plot
from nn_tui.training.look.parts import Series
from nn_tui.training.worker.messages import Frame, Opened
from nn_tui.tui.panels.curves.chart import Curves, LogChart, curves, moments, steps_of

COLUMNS = ("train.loss", "test.loss")


@dataclass(frozen=True)
class Losses:
    """The curves, and those of the run before the last reset."""

    now: Curves
    before: tuple[Series | None, ...]


class LossPanel(LogChart[Losses]):
    """The loss, on a logarithmic scale unless switched."""

    TITLE = "Loss"
    LEGEND = (
        "The mean loss on the training set (blue) and on the test set (orange). Both should fall; where the test loss "
        "turns upwards while the training loss still falls, the net learns its examples by heart. Vertical lines are "
        "changes made on the way; the faint curve is the run before the last reset."
    )
    EMPTY = "The loss on the training and the test set appears here with the first step."

    def __init__(self) -> None:
        super().__init__()
        self._before: tuple[Series | None, ...] = ()
        self._latest: Curves | None = None

    def columns(self, opened: Opened) -> tuple[str, ...]:
        return tuple(column for column in COLUMNS if column in opened.columns)

    def see(self, opened: Opened, frame: Frame) -> Losses | None:
        if self.opened is not None and opened.run != self.opened.run:
            # Only another run of the same lesson is worth comparing with.
            same = opened.scenario.title == self.opened.scenario.title and self._latest is not None
            self._before = self._latest.series if same and self._latest else ()
        latest = (frame.train.loss, None if frame.test is None else frame.test.loss)
        self._latest = curves(self.columns(opened), frame, latest)
        return None if self._latest is None else Losses(self._latest, self._before)

    def plot(self, seen: Losses, palette: Palette) -> Plot:
        colors = (palette.train, palette.test)
        ghosts = [
            replace(self.line(series, palette.background.blend(color, 0.3)), behind=True)
            for series, color in zip(seen.before, colors, strict=False)
            if series is not None
        ]
        lines = [
            self.line(series, color)
            for series, color in zip(seen.now.series, colors, strict=False)
            if series is not None and series.step
        ]
        return Plot(
            lines=[*ghosts, *reversed(lines)],
            x_range=steps_of(seen.now.series),
            log=self.log_scale,
            moments=moments(seen.now.marks, with_words=True),
        )

    def headline(self, seen: Losses, palette: Palette) -> Content:
        names = (("train", palette.train), ("test", palette.test))
        parts = [
            Content.assemble((f"{name} ", color.hex), (fixed(value), palette.text.hex))
            for (name, color), value in zip(names, seen.now.latest, strict=False)
            if value is not None
        ]
        return Content(" · ").join(parts)
