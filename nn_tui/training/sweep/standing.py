"""The run that stands for a sweep in a list of kept runs: the best of its trials."""

import msgspec

from nn_tui.training.kept.index import Index
from nn_tui.training.sweep.progress import SweepDescription, trials_of
from nn_tui.training.sweep.ranking import ranked


def best_runs(index: Index) -> dict[str, int]:
    """By the hash of each sweep, the number of its best run: of the best combination the first seed that is kept."""
    if not index.path.exists():
        return {}
    with index.transaction() as connection:
        rows = connection.execute("SELECT hash, described FROM sweeps").fetchall()
    found = {sweep: _best(index, sweep, described) for sweep, described in rows}
    return {sweep: number for sweep, number in found.items() if number}


def _best(index: Index, sweep: str, described: str) -> int:
    """0 where none of its trials is kept, or what is kept of it cannot be read."""
    trials = trials_of(index, sweep)
    try:
        metric = msgspec.json.decode(described, type=SweepDescription).metric
    except ValueError:
        return 0
    best = ranked(trials, metric)[:1]
    return next((trial.run for one in best for trial in trials if trial.changes == one.changes and trial.run), 0)
