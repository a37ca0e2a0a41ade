"""States to go back to: close where a run stands, farther apart long before."""

from types import SimpleNamespace
from typing import Any

import pytest

from nn_tui.training.run.history import History
from nn_tui.training.run.snapshots import Snapshot, Snapshots


def kept_over(steps: int, size: int) -> Snapshots:
    """What is kept of a run of so many steps, whose states have so many bytes."""
    snapshots, mark = Snapshots(limit_bytes=1_000_000), History(("step", "loss")).mark()
    for step in range(steps):
        if snapshots.due(step):
            state: Any = SimpleNamespace(steps=step, nbytes=size)
            snapshots.add(Snapshot(state, (), ()), mark)
    return snapshots


@pytest.mark.parametrize("steps", [1_000, 30_000, 1_000_000])
def test_the_way_back_is_short_and_never_more_than_a_small_share(steps: int) -> None:
    snapshots = kept_over(steps, size=100)
    for back in (1, 8, 100, steps // 10, steps // 2, 9 * steps // 10):
        target = steps - back
        way = target - snapshots.latest(target - 1).step
        assert way <= max(400, steps // 1_000) + back // 8
    assert snapshots.latest(1).step == 0


def test_few_large_states_are_kept_and_the_first_is_among_them() -> None:
    snapshots = kept_over(200_000, size=150_000)
    steps = [kept.step for kept in snapshots._kept]
    assert len(steps) <= 6
    assert steps[0] == 0
    assert steps[-1] > 150_000


def test_not_many_states_are_copied_that_are_not_kept_for_long() -> None:
    snapshots, added = Snapshots(limit_bytes=1_000_000), 0
    mark = History(("step", "loss")).mark()
    for step in range(100_000):
        if snapshots.due(step):
            state: Any = SimpleNamespace(steps=step, nbytes=150_000)
            snapshots.add(Snapshot(state, (), ()), mark)
            added += 1
    assert added < 150
