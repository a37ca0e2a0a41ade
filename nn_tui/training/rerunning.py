"""A kept run had back: run again, step by step as it was."""

from collections.abc import Callable
from typing import Any

from nn_tui.training.kept.kept_run import KeptRun, replaying
from nn_tui.training.kept.reference import with_files
from nn_tui.training.kept.store import Store
from nn_tui.training.replay import Run, replay
from nn_tui.training.run.session import Session


def run_again(
    kept: KeptRun,
    store: Store,
    should_stop: Callable[[], bool] | None = None,
    on_step: Callable[[Session[Any]], None] | None = None,
) -> Run:
    """Replays a kept run; its summary says whether the digest came out again.

    Raises:
        KeptError: for files that have changed.
    """
    scenario, init_from = with_files(store, kept, replaying(kept))
    return replay(scenario, init_from=init_from, should_stop=should_stop, on_step=on_step)
