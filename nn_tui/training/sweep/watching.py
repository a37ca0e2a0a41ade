"""A sweep as it is kept, to be looked at while it runs, here or on a cluster, and afterwards."""

import re

import msgspec

from nn_tui.scenario.reading import loads
from nn_tui.scenario.schema import Scenario
from nn_tui.training.kept.errors import KeptError
from nn_tui.training.kept.index import Index
from nn_tui.training.sweep.progress import SweepDescription, trials_of
from nn_tui.training.sweep.sweeping import SweepResult, result_of_trials

_REFERENCE = re.compile(r"sweep:([0-9a-f]{4,16})")


def referred_sweep(text: str) -> str | None:
    """The beginning of the hash that `sweep:1a2b3c` stands for; None for other text."""
    found = _REFERENCE.fullmatch(text)
    return None if found is None else found[1]


class WatchedSweep:
    """A sweep in the file of kept runs.

    Attributes:
        hash: of it.
        description: what it is.
        looked_at: trials of which there is a first look alone, so far; see `sickness`.
    """

    def __init__(self, start: str, index: Index | None = None) -> None:
        """
        Args:
            start: of its hash.
            index: where it is kept.

        Raises:
            KeptError: if there is none, or more than one.
        """
        self._index = index or Index()
        with self._index.transaction() as connection:
            rows = connection.execute("SELECT hash, described FROM sweeps WHERE hash GLOB ?", (f"{start}*",)).fetchall()
        if not rows:
            raise KeptError(f"no sweep {start} is kept; nn-tui runs --origin sweep lists those that are")
        if len(rows) > 1:
            raise KeptError(f"several sweeps begin with {start}: {', '.join(row[0] for row in rows)}")
        self.hash: str = rows[0][0]
        try:
            self.description = msgspec.json.decode(rows[0][1], type=SweepDescription)
        except msgspec.MsgspecError as error:
            raise KeptError(f"sweep {self.hash} is damaged: {error}") from error
        self.looked_at = 0
        self._seen: tuple[object, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """What is varied.

        Raises:
            KeptError: for a sweep that was kept without it.
        """
        if not self.description.scenario:
            raise KeptError(f"sweep {self.hash} was kept by an older nn-tui, without its scenario; run it once more")
        return loads(self.description.scenario, f"sweep {self.hash}")

    def news(self) -> SweepResult | None:
        """What it has come to; None where that has not changed since the last time."""
        with self._index.transaction() as connection:
            seen = connection.execute(
                "SELECT count(*), total(length(trial)), total(trial LIKE '%\"provisional\":true%') "
                "FROM trials WHERE sweep = ?",
                (self.hash,),
            ).fetchone()
        if seen == self._seen:
            return None
        self._seen = seen
        told = self.description
        trials = trials_of(self._index, self.hash)
        done = [trial for trial in trials if not trial.provisional]
        self.looked_at = len(trials) - len(done)
        return result_of_trials(done, told.title, told.metric, tuple(told.seeds), told.vary, told.trials, self.hash)
