"""How good the net is, as a headline: accuracy or R² on both sets."""

from collections.abc import Callable, Sequence

import msgspec
from textual.content import Content

from nn_tui.charts.numbers import fixed, percent
from nn_tui.charts.palette import Palette
from nn_tui.training.worker.messages import Frame, Opened


class ScorePanel(msgspec.Struct, frozen=True):
    """On the training and on the test set; None where there is none. Shares of right answers, else R²."""

    train: float
    test: float | None
    is_share: bool

    def headline(self, palette: Palette, room: int) -> Content:
        """Both where there is room for so many cells, else what counts: the test set's; or nothing."""
        parts = of_sets(palette, (self.train, self.test), self._written)
        wordings = (Content(" · ").join(parts), parts[-1], Content(""))
        return next(wording for wording in wordings if wording.cell_length <= room or not wording.plain)

    def _written(self, value: float) -> str:
        return percent(value) if self.is_share else f"R² {fixed(value)}"


def of_sets(
    palette: Palette,
    values: Sequence[float | None],
    written: Callable[[float], str],
    marks: tuple[str, str] = ("", ""),
) -> list[Content]:
    """`train 0.12` and `test 0.15`, each in its set's color; of a set without a value nothing.

    Args:
        palette: of the theme.
        values: of the training set and, if there is one, of the test set.
        written: how a value is written.
        marks: how each set's line is drawn, to be shown before its name.
    """
    sets = zip(("train", "test"), (palette.train, palette.test), marks, values, strict=False)
    return [
        Content.assemble((f"{mark} {name} ".lstrip(), color.hex), (written(value), palette.text.hex))
        for name, color, mark, value in sets
        if value is not None
    ]


def score(opened: Opened, frame: Frame) -> ScorePanel:
    """As of the latest row."""
    test = None if frame.test is None else frame.test.quality
    return ScorePanel(frame.train.quality, test, opened.quality == "accuracy")
