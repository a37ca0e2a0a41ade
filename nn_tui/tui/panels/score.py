"""How good the net is, as a headline: accuracy or R² on both sets."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec
from textual.content import Content

from nn_tui.charts.numbers import fixed, percent
from nn_tui.charts.palette import Palette
from nn_tui.training.worker.messages import Frame, Opened

Estimated: TypeAlias = tuple[bool, bool]
"""Whether the scores of the training and of the test set are of some of the examples only."""


class ScorePanel(msgspec.Struct, frozen=True):
    """On the training and on the test set; None where there is none. Shares of right answers, else R²."""

    train: float
    test: float | None
    is_share: bool
    estimated: Estimated = (False, False)

    def headline(self, palette: Palette, room: int) -> Content:
        """Both where there is room for so many cells, else what counts: the test set's; or nothing."""
        written, measure = (percent, "") if self.is_share else (fixed, "R²")
        parts = of_sets(palette, (self.train, self.test), self.estimated, written, measure=measure)
        wordings = (Content(" · ").join(parts), parts[-1], Content(""))
        return next(wording for wording in wordings if wording.cell_length <= room or not wording.plain)


def of_sets(
    palette: Palette,
    values: Sequence[float | None],
    estimated: Estimated,
    written: Callable[[float], str],
    marks: tuple[str, str] = ("", ""),
    measure: str = "",
) -> list[Content]:
    """`train 0.12` and `test≈0.15`, each in its set's color; of a set without a value nothing.

    Args:
        palette: of the theme.
        values: of the training set and, if there is one, of the test set.
        estimated: which of them.
        written: how a value is written.
        marks: how each set's line is drawn, to be shown before its name.
        measure: what is measured, to be shown before its values.
    """
    sets = zip(("train", "test"), (palette.train, palette.test), marks, values, estimated, strict=False)
    return [
        Content.assemble(
            (f"{mark} {name}".lstrip(), color.hex),
            (f" {measure}".rstrip() + ("≈" if is_estimate else " ") + written(value), palette.text.hex),
        )
        for name, color, mark, value, is_estimate in sets
        if value is not None
    ]


def estimated(opened: Opened, frame: Frame) -> Estimated:
    """Which of the latest scores are of some of their set's examples."""
    test = 0 if frame.test is None else frame.test.samples
    return 0 < frame.train.samples < opened.train_samples, 0 < test < opened.test_samples


def score(opened: Opened, frame: Frame) -> ScorePanel:
    """As of the latest row."""
    test = None if frame.test is None else frame.test.quality
    return ScorePanel(frame.train.quality, test, opened.quality == "accuracy", estimated(opened, frame))
