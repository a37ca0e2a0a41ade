"""The rows of a run: those that are recorded, and the one that was looked at since."""

from collections.abc import Callable
from typing import Any

from nn_tui.training.run.history import History, HistoryMark, HistoryState
from nn_tui.training.run.problems.lane import Lane
from nn_tui.training.run.rows import HistoryRow
from nn_tui.training.run.trainer import Trainer


class Recorder:
    """Takes rows of a trainer where it stands.

    Attributes:
        history: the scenario's own rows, which follow from it alone.
        rows: these and the ones that were asked for besides.
    """

    def __init__(self, trainer: Trainer[Any], besides: bool, on_row: Callable[[HistoryRow], None] | None) -> None:
        """
        Args:
            trainer: what runs.
            besides: whether rows are asked for besides the scenario's own.
            on_row: called with each row as it is recorded.
        """
        self._trainer = trainer
        self._on_row = on_row
        self._recorded_at = self._told_at = self._set_at = -1
        self._seen: tuple[int, list[float]] | None = None
        followed = [(lane, History(lane.course_columns)) for lane in trainer.lanes[1:] if lane.course_columns]
        self._followed = followed
        self.history = History(trainer.columns, beside=[course for _, course in followed])
        self.rows = History(trainer.columns) if besides else self.history

    def record(self, whole: bool, own: bool = True) -> None:
        """Records a row here, unless there is one of this step.

        Args:
            whole: score all examples instead of a few.
            own: whether it is one of the scenario's own.
        """
        steps = self._trainer.steps
        if steps == self._recorded_at:
            return
        row = self._trainer.row(quick=not whole)
        flat = row.flat()
        if own:
            self._recorded_at = steps
            self.history.append(flat)
            for lane, course in self._followed:
                self._follow(lane, course, quick=not whole)
        if steps == self._told_at:
            return
        self._told_at = steps
        if self.rows is not self.history:
            self.rows.append(flat)
        if self._on_row is not None:
            self._on_row(row)

    def _follow(self, lane: Lane, course: History, quick: bool) -> None:
        """Records where another lane stands, unless it has been standing there."""
        if not len(course) or course.last()["step"] < lane.taken:
            step, epoch, *rest = lane.row(quick).flat()
            standing = step - lane.taken
            course.append([step - standing, epoch - standing / lane.steps_per_epoch, *rest])

    def look(self, whole: bool) -> None:
        """Takes a row here to be `seen`, if none is of this step; it joins no history."""
        steps = self._trainer.steps
        known = steps == self._recorded_at and steps != self._set_at
        if not known and (self._seen is None or self._seen[0] != steps):
            self._seen = steps, self._trainer.row(quick=not whole).flat()

    @property
    def has_open_end(self) -> bool:
        """Whether a row was taken to `look` since the last one was recorded."""
        return self._seen is not None and self._seen[0] >= self._recorded_at

    @property
    def seen(self) -> dict[str, float]:
        """The latest row by column, recorded or not."""
        if self._seen is not None and self.has_open_end:
            return dict(zip(self.history.columns, self._seen[1], strict=True))
        return self.history.last()

    def look_again(self) -> None:
        """The network was changed by hand here: a row of this step says what was before."""
        self._seen, self._set_at = None, self._trainer.steps

    def look_away(self) -> None:
        """The trainer stands elsewhere."""
        self._seen, self._set_at = None, -1

    def go_back(self, to: HistoryMark | HistoryState) -> None:
        """Takes the history to what it was elsewhere, and knows its latest row."""
        if isinstance(to, HistoryMark):
            self.history.go_back(to)
        else:
            self.history.restore(to)
        self._recorded_at = self._told_at = int(self.history.last()["step"]) if len(self.history) else -1
