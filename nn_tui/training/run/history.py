"""What was recorded, in bounded memory: recent rows as they are, the whole run at reduced resolution."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from nn_tui.floats import Floats
from nn_tui.training.run.blocks import Blocks, BlocksMark
from nn_tui.wording import quoted, suggestion

_FIRST, _LAST, _LEAST, _GREATEST, _LEAST_AT, _GREATEST_AT = range(6)
"""What a bucket keeps of every column; the last two are the steps at which the extremes were."""

_ROWS, _BUCKETS = 512, 64
"""Rows that are kept exactly, and buckets, in one array."""


@dataclass(frozen=True)
class Overview:
    """One column over the whole run, bucket by bucket.

    Attributes:
        step, last_step: of the first and the last row of each bucket, shape (buckets,).
        first, last: the values there; NaN where nothing was recorded.
        minimum, maximum: the extremes of each bucket, shape (buckets,); NaN where nothing was recorded.
        minimum_step, maximum_step: the steps at which they came first.
    """

    step: Floats
    last_step: Floats
    first: Floats
    last: Floats
    minimum: Floats
    maximum: Floats
    minimum_step: Floats
    maximum_step: Floats

    def first_buckets(self, count: int) -> "Overview":
        """The first of them."""
        return Overview(*(getattr(self, field.name)[:count] for field in fields(self)))


@dataclass(frozen=True)
class HistoryState:
    """All of a history, to be kept elsewhere.

    Attributes:
        recent: the rows kept exactly, oldest first.
        buckets: what each keeps, shape (buckets, 6, columns).
        rows_per_bucket, rows_in_last: of a full bucket, and of the last.
        count: how many rows were recorded.
        beside: of the histories beside it.
    """

    recent: Floats
    buckets: Floats
    rows_per_bucket: int
    rows_in_last: int
    count: int
    beside: "tuple[HistoryState, ...]" = ()


class HistoryMark(NamedTuple):
    """A place in a history to go back to, here or in another one of the same columns, and for good.

    It shares what the history keeps, so that it takes next to no memory: rows are never written over.

    Attributes:
        rows: those kept exactly.
        buckets: of the overview.
        rows_per_bucket, rows_in_last: as in `HistoryState`.
        recorded: how many rows had been.
        beside: the same place in the histories beside it.
    """

    rows: BlocksMark
    buckets: BlocksMark
    rows_per_bucket: int
    rows_in_last: int
    recorded: int
    beside: "tuple[HistoryMark, ...]"

    @property
    def arrays(self) -> list[Floats]:
        """All that it holds of all histories."""
        return [*self.rows.blocks, *self.buckets.blocks, *(array for one in self.beside for array in one.arrays)]


def bytes_of(marks: Iterable[HistoryMark]) -> int:
    """How much memory is held by marks, which share most of it."""
    return sum({id(array): array.nbytes for mark in marks for array in mark.arrays}.values())


class History:
    """Rows of numbers under fixed columns, the first of which is the step.

    The latest `recent_rows` are kept exactly. Every row also goes into an overview of at most `buckets` buckets; when
    those are full, neighbors merge in pairs and later buckets take twice as many rows. The first and the last row of
    every bucket survive, and the least and the greatest value of every column with its step: no spike is lost, and ten
    million rows cost what ten thousand do.

    Attributes:
        columns: names.
        beside: histories that are kept, and go back, with this one: of the other lanes of a race.
        count: how many rows were recorded.
    """

    def __init__(
        self,
        columns: Sequence[str],
        recent_rows: int = 4_096,
        buckets: int = 1_024,
        beside: "Sequence[History]" = (),
    ) -> None:
        """
        Args:
            columns: names; the first must be "step".
            recent_rows: rows kept exactly.
            buckets: buckets of the overview, an even number.
            beside: as above.
        """
        if columns[0] != "step":
            raise ValueError("a history's first column is the step")
        self.columns = tuple(columns)
        self.beside = tuple(beside)
        self._index = {name: number for number, name in enumerate(columns)}
        self._capacity = recent_rows
        self._most_buckets = buckets
        self._rows = Blocks((len(columns),), min(_ROWS, recent_rows), most=recent_rows)
        self._buckets = Blocks((6, len(columns)), _BUCKETS)
        self._rows_per_bucket = 1
        self._rows_in_last = 0
        self.count = 0

    def __len__(self) -> int:
        """How many rows were recorded, whether or not they are still kept exactly."""
        return self.count

    def append(self, row: Sequence[float]) -> None:
        """Records a row, a number a column (NaN for none), with a step above the last one's."""
        kept = self._rows.add()
        kept[:] = row
        self.count += 1
        self._add_to_overview(kept)

    def _add_to_overview(self, row: Floats) -> None:
        if self._rows_in_last and self._rows_in_last < self._rows_per_bucket:
            bucket = self._buckets.last
            bucket[_LAST] = row
            for extreme, at, beyond in ((_LEAST, _LEAST_AT, np.less), (_GREATEST, _GREATEST_AT, np.greater)):
                takes = beyond(row, bucket[extreme]) | np.isnan(bucket[extreme])
                bucket[extreme, takes] = row[takes]
                bucket[at, takes] = row[0]
            self._rows_in_last += 1
            return
        if self._buckets.count == self._most_buckets:
            self._merge_pairs()
        bucket = self._buckets.add()
        bucket[:_LEAST_AT] = row
        bucket[_LEAST_AT:] = row[0]
        self._rows_in_last = 1

    def _merge_pairs(self) -> None:
        """Halves the resolution."""
        whole = self._buckets.latest()
        pairs, after = whole[0::2].copy(), whole[1::2]
        pairs[:, _LAST] = after[:, _LAST]
        for extreme, at, beyond in ((_LEAST, _LEAST_AT, np.less), (_GREATEST, _GREATEST_AT, np.greater)):
            takes = beyond(after[:, extreme], pairs[:, extreme]) | np.isnan(pairs[:, extreme])
            pairs[:, extreme] = np.where(takes, after[:, extreme], pairs[:, extreme])
            pairs[:, at] = np.where(takes, after[:, at], pairs[:, at])
        self._buckets.add_all(pairs)
        self._rows_per_bucket *= 2

    # -- reading -------------------------------------------------------------------------------------------------

    def recent(self, most: int | None = None) -> Floats:
        """The latest rows, oldest first: a new array (rows, columns).

        Args:
            most: how many at most; None for all that are kept exactly.
        """
        return self._rows.latest(self._capacity if most is None else min(most, self._capacity))

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
        """The latest row by column; empty where there is none."""
        if not self.count:
            return {}
        return dict(zip(self.columns, self._rows.last.tolist(), strict=True))

    def overview(self, column: str) -> Overview:
        """A column over the whole run.

        Raises:
            KeyError: for a column that was not recorded.
        """
        steps, kept = (self._buckets.column(at).T.copy() for at in (0, self._number(column)))
        return Overview(
            step=steps[_FIRST],
            last_step=steps[_LAST],
            first=kept[_FIRST],
            last=kept[_LAST],
            minimum=kept[_LEAST],
            maximum=kept[_GREATEST],
            minimum_step=kept[_LEAST_AT],
            maximum_step=kept[_GREATEST_AT],
        )

    # -- going back ----------------------------------------------------------------------------------------------

    def mark(self) -> HistoryMark:
        """This place, to go back to."""
        return HistoryMark(
            rows=self._rows.mark(),
            buckets=self._buckets.mark(),
            rows_per_bucket=self._rows_per_bucket,
            rows_in_last=self._rows_in_last,
            recorded=self.count,
            beside=tuple(one.mark() for one in self.beside),
        )

    def go_back(self, mark: HistoryMark) -> None:
        """The history is, bit for bit, what it was at a mark."""
        self._rows.go_back(mark.rows)
        self._buckets.go_back(mark.buckets)
        self._rows_per_bucket, self._rows_in_last = mark.rows_per_bucket, mark.rows_in_last
        self.count = mark.recorded
        for one, there in zip(self.beside, mark.beside, strict=True):
            one.go_back(there)

    def state(self) -> HistoryState:
        """A copy of everything recorded."""
        return HistoryState(
            recent=self.recent(),
            buckets=self._buckets.latest(),
            rows_per_bucket=self._rows_per_bucket,
            rows_in_last=self._rows_in_last,
            count=self.count,
            beside=tuple(one.state() for one in self.beside),
        )

    def restore(self, state: HistoryState) -> None:
        """Takes over what a history of the same columns and sizes had recorded."""
        self._rows.add_all(state.recent)
        self._buckets.add_all(state.buckets)
        self._rows_per_bucket, self._rows_in_last = state.rows_per_bucket, state.rows_in_last
        self.count = state.count
        for one, kept in zip(self.beside, state.beside, strict=True):
            one.restore(kept)
