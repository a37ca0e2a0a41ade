"""A run's history as it is kept: every column over the whole run, at a few hundred places."""

import zlib
from dataclasses import dataclass

import msgspec
import numpy as np

from nn_tui.floats import Floats
from nn_tui.training.run.history import History

MOST_BUCKETS = 256


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """float32, a row a column of the history, minima and then maxima; the steps are float64."""

    columns: tuple[str, ...]
    buckets: int
    steps: bytes
    values: bytes


@dataclass(frozen=True)
class ThinColumn:
    """One column: as in `ThinHistory`, shape (buckets,) each."""

    step: Floats
    minimum: Floats
    maximum: Floats


@dataclass(frozen=True)
class ThinHistory:
    """What a kept run's curves are drawn from.

    Attributes:
        columns: names, the first of which is "step".
        steps: the first step of each bucket, shape (buckets,).
        minimum, maximum: of each column in each bucket, shape (columns, buckets), rounded to float32; NaN for none.
    """

    columns: tuple[str, ...]
    steps: Floats
    minimum: Floats
    maximum: Floats

    @classmethod
    def of(cls, history: History) -> "ThinHistory":
        """A history at reduced resolution: the extremes of every column survive."""
        overviews = [history.overview(column) for column in history.columns]
        steps = overviews[0].step
        starts = np.unique(np.linspace(0, len(steps), min(MOST_BUCKETS, len(steps)), endpoint=False).astype(int))
        if not len(starts):
            empty = np.empty((len(overviews), 0))
            return cls(history.columns, steps, empty, empty)
        low = np.array([overview.minimum for overview in overviews])
        high = np.array([overview.maximum for overview in overviews])
        return cls(
            history.columns,
            steps[starts],
            np.fmin.reduceat(low, starts, axis=1),
            np.fmax.reduceat(high, starts, axis=1),
        )

    def __len__(self) -> int:
        return len(self.steps)

    def overview(self, column: str) -> ThinColumn:
        """A column over the whole run.

        Raises:
            KeyError: for a column that was not recorded.
        """
        if column not in self.columns:
            raise KeyError(column)
        number = self.columns.index(column)
        return ThinColumn(self.steps, self.minimum[number], self.maximum[number])

    def pack(self) -> bytes:
        """As bytes, compressed."""
        with np.errstate(over="ignore"):
            values = np.concatenate((self.minimum, self.maximum)).astype("<f4")
        packed = _Packed(self.columns, len(self.steps), self.steps.astype("<f8").tobytes(), values.tobytes())
        return zlib.compress(msgspec.msgpack.encode(packed), 3)

    @classmethod
    def unpack(cls, content: bytes) -> "ThinHistory":
        """What `pack` gave.

        Raises:
            ValueError: for other bytes.
        """
        try:
            packed = msgspec.msgpack.decode(zlib.decompress(content), type=_Packed)
        except (zlib.error, msgspec.MsgspecError) as error:
            raise ValueError(f"a history that cannot be read: {error}") from None
        shape = (2, len(packed.columns), packed.buckets)
        values = np.frombuffer(packed.values, "<f4").astype(np.float64).reshape(shape)
        steps = np.frombuffer(packed.steps, "<f8").astype(np.float64)
        return cls(packed.columns, steps, values[0], values[1])
