"""Keeping a run that was replayed."""

import time
from pathlib import Path

from nn_tui.scenario.schema import Scenario
from nn_tui.training.kept.files import Fingerprint, fingerprints
from nn_tui.training.kept.kept_run import KeptRun, to_keep
from nn_tui.training.kept.store import Store
from nn_tui.training.kept.thin_history import ThinHistory
from nn_tui.training.replay import Run


def kept_of(
    run: Run, *, origin: str, started: float, files: tuple[Fingerprint, ...], name: str = "", sweep: str = ""
) -> KeptRun:
    """A replayed run to be kept; see `to_keep`."""
    return to_keep(
        run.summary,
        ThinHistory.of(run.own_history),
        run.whole,
        cut_short=run.cut_short,
        origin=origin,
        started=started,
        files=files,
        name=name,
        sweep=sweep,
    )


class Keeper:
    """Keeps one run: what it reads is noted before it starts."""

    def __init__(self, origin: str, name: str = "") -> None:
        """
        Args:
            origin: one of `ORIGINS`.
            name: where its scenario comes from.

        Raises:
            KeptError: where runs are not kept, or cannot be.
        """
        self._origin = origin
        self._name = name
        self._store = Store()
        self._store.check()
        self._started = time.time()
        self._files: tuple[Fingerprint, ...] = ()

    def begin(self, scenario: Scenario, init_from: Path | None = None) -> None:
        """Notes the time, and the files that the run is about to read."""
        self._started = time.time()
        self._files = fingerprints(scenario, init_from)

    def keep(self, run: Run) -> int:
        """Keeps the run, and returns its number.

        Raises:
            KeptError: where it cannot be written.
        """
        kept = kept_of(run, origin=self._origin, started=self._started, files=self._files, name=self._name)
        return self._store.add(kept)
