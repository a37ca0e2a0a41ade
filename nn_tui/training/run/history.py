"""What was recorded, in bounded memory: recent rows as they are, the whole run at reduced resolution."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.scenario.wording import quoted, suggestion

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Overview:
    """One column over the whole run, bucket by bucket.

    Attributes:
        step: the first step of each bucket, shape (buckets,).
        minimum, maximum: the extremes of each bucket, shape (buckets,); NaN where nothing was recorded.
    """

    step: Floats
    minimum: Floats
    maximum: Floats


@dataclass(frozen=True)
class HistoryState:
    """All of a history, to be kept elsewhere.

    Attributes:
        recent: the rows kept exactly, oldest first.
        minimum, maximum: of every bucket, shape (buckets, columns).
        rows_per_bucket, rows_in_last: of a full bucket, and of the last.
        count: how many rows were recorded.
    """

    recent: Floats
    minimum: Floats
    maximum: Floats
    rows_per_bucket: int
    rows_in_last: int
    count: int


class History:
    """Rows of numbers under fixed columns, the first of which is the step.

    The latest `recent_rows` are kept exactly. Every row also goes into an overview of at most `buckets` buckets; when
    those are full, neighbours merge in pairs and later buckets take twice as many rows. The minimum and maximum of
    every bucket survive, so no spike is lost, and ten million rows cost what ten thousand do.
    """

    def __init__(self, columns: Sequence[str], recent_rows: int = 4_096, buckets: int = 1_024) -> None:
        """
        Args:
            columns: names; the first must be "step".
            recent_rows: rows kept exactly.
            buckets: buckets of the overview, an even number.
        """
        if columns[0] != "step":
            raise ValueError("a history's first column is the step")
        self.columns = tuple(columns)
        self._index = {name: number for number, name in enumerate(columns)}
        self._capacity = recent_rows
        self._recent: Floats = np.empty((min(64, recent_rows), len(columns)))
        self._minimum: Floats = np.empty((min(64, buckets), len(columns)))
        self._maximum: Floats = np.empty((min(64, buckets), len(columns)))
        self._buckets = buckets
        self._used = 0
        self._rows_per_bucket = 1
        self._rows_in_last = 0
        self._kept = 0
        self.count = 0

    def __len__(self) -> int:
        """How many rows were recorded, whether or not they are still kept exactly."""
        return self.count

    def append(self, row: Sequence[float]) -> None:
        """Records a row, a number a column (NaN for none), with a step above the last one's."""
        slot = self.count % self._capacity
        if slot >= len(self._recent):
            self._recent = _grown(self._recent, self._capacity)
        self._recent[slot] = row
        self.count += 1
        self._kept = min(self._kept + 1, self._capacity)
        self._add_to_overview(self._recent[slot])

    def _add_to_overview(self, row: Floats) -> None:
        if self._used and self._rows_in_last < self._rows_per_bucket:
            last = self._used - 1
            np.fmin(self._minimum[last], row, out=self._minimum[last])
            np.fmax(self._maximum[last], row, out=self._maximum[last])
            self._rows_in_last += 1
            return
        if self._used == self._buckets:
            self._merge_pairs()
        if self._used == len(self._minimum):
            self._minimum, self._maximum = _grown(self._minimum, self._buckets), _grown(self._maximum, self._buckets)
        self._minimum[self._used] = self._maximum[self._used] = row
        self._used += 1
        self._rows_in_last = 1

    def _merge_pairs(self) -> None:
        half = self._buckets // 2
        self._minimum[:half] = np.fmin(self._minimum[0::2], self._minimum[1::2])
        self._maximum[:half] = np.fmax(self._maximum[0::2], self._maximum[1::2])
        self._used = half
        self._rows_per_bucket *= 2

    def recent(self, most: int | None = None) -> Floats:
        """The latest rows, oldest first: a new array (rows, columns).

        Args:
            most: how many at most; None for all that are kept exactly.
        """
        kept = self._kept if most is None else min(most, self._kept)
        return self._recent[np.arange(self.count - kept, self.count) % self._capacity]

    def __getitem__(self, column: str) -> Floats:
        """The latest values of a column, oldest first, shape (rows,); `history["step"]` are their steps.

        Raises:
            KeyError: for a column that was not recorded.
        """
        return self.recent()[:, self._number(column)]

    def _number(self, column: str) -> int:
        if column not in self._index:
            raise KeyError(f"no column {quoted(column)}{suggestion(column, self.columns)}")
        return self._index[column]

    def last(self) -> dict[str, float]:
        """The latest row by column; empty where there is none that is kept exactly."""
        if not self._kept:
            return {}
        return dict(zip(self.columns, self._recent[(self.count - 1) % self._capacity].tolist(), strict=True))

    def overview(self, column: str) -> Overview:
        """A column over the whole run.

        Raises:
            KeyError: for a column that was not recorded.
        """
        number, used = self._number(column), self._used
        return Overview(
            self._minimum[:used, 0].copy(), self._minimum[:used, number].copy(), self._maximum[:used, number].copy()
        )

    def forget_after(self, step: int) -> None:
        """Drops what was recorded after `step`.

        A bucket that reaches beyond it goes as a whole, unless its rows are still kept exactly.
        """
        rows = self.recent()
        rows = rows[rows[:, 0] <= step]
        while self._used and self._maximum[self._used - 1, 0] > step:
            self._used -= 1
            self._rows_in_last = self._rows_per_bucket
        covered = self._maximum[self._used - 1, 0] if self._used else -np.inf
        spare = self._rows_per_bucket - self._rows_in_last if self._used else 0
        again = rows[rows[:, 0] > covered]
        self.count = self._used * self._rows_per_bucket - spare + len(again)
        for row in again:
            self._add_to_overview(row)
        self._place(rows[max(0, len(rows) - self.count) :])

    def _place(self, rows: Floats) -> None:
        """Makes these the rows kept exactly, the last of them being the latest."""
        self._kept = len(rows)
        self._recent = np.empty((self._capacity, len(self.columns)))
        self._recent[np.arange(self.count - self._kept, self.count) % self._capacity] = rows

    def state(self) -> HistoryState:
        """A copy of everything recorded."""
        return HistoryState(
            recent=self.recent(),
            minimum=self._minimum[: self._used].copy(),
            maximum=self._maximum[: self._used].copy(),
            rows_per_bucket=self._rows_per_bucket,
            rows_in_last=self._rows_in_last,
            count=self.count,
        )

    def restore(self, state: HistoryState) -> None:
        """Takes over what a history of the same columns and sizes had recorded."""
        self._used = len(state.minimum)
        self._minimum, self._maximum = (
            np.concatenate((part, np.empty((self._buckets - self._used, len(self.columns)))))
            for part in (state.minimum, state.maximum)
        )
        self._rows_per_bucket, self._rows_in_last = state.rows_per_bucket, state.rows_in_last
        self.count = state.count
        self._place(state.recent)


def _grown(array: Floats, limit: int) -> Floats:
    larger = np.empty((min(limit, 2 * len(array)), array.shape[1]))
    larger[: len(array)] = array
    return larger
