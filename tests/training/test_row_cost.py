"""Rows that nobody asked for are as far apart as keeps them cheap, and there are enough of them to draw."""

from itertools import pairwise
from typing import Any

import pytest

from nn_tui.training.run.recording import Pace
from nn_tui.training.run.row_cost import steps_between, whole_is_cheap
from tests.training.runs import trainer

WIDE: dict[str, Any] = {"data": {"samples": 5_000}, "network": {"hidden": [300, 300]}}


def steps_recorded(pace: Pace, steps_per_epoch: int, epochs: int) -> list[int]:
    recorded = [0]
    for step in range(1, steps_per_epoch * epochs + 1):
        if pace.due(step, step % steps_per_epoch == 0, step - recorded[-1], steps_per_epoch, epochs):
            recorded.append(step)
    return recorded


def test_a_small_networks_rows_may_be_a_hundred_steps_apart() -> None:
    assert steps_between(trainer()) <= 100
    assert whole_is_cheap(trainer())


def test_a_large_networks_rows_are_farther_apart_the_smaller_its_steps_are() -> None:
    by_batch = [steps_between(trainer(training={"batch_size": size}, **WIDE)) for size in (512, 64, 8)]
    assert by_batch == sorted(by_batch)
    assert by_batch[0] < 100 < by_batch[-1]


def test_the_update_of_every_parameter_counts_where_a_step_sees_one_sample_only() -> None:
    by_optimizer = [
        steps_between(trainer(training={"batch_size": 1, "optimizer": {"name": name, "lr": 0.01}}, **WIDE))
        for name in ("sgd", "momentum", "adam")
    ]
    assert by_optimizer == sorted(by_optimizer, reverse=True)
    assert by_optimizer[-1] < 0.5 * by_optimizer[0]
    # Eight samples a step are not eight times the work of one.
    eight = steps_between(trainer(training={"batch_size": 8, "optimizer": {"name": "adam", "lr": 0.01}}, **WIDE))
    assert by_optimizer[-1] < 2 * eight


def test_scoring_thousands_of_examples_is_dear_on_a_large_network_only() -> None:
    assert not whole_is_cheap(trainer(data={"samples": 20_000}, network={"hidden": [300, 300]}))
    assert whole_is_cheap(trainer(data={"samples": 1_000}))


def test_a_row_every_epoch_and_every_n_steps_are_kept_whatever_they_cost() -> None:
    assert steps_recorded(Pace(each_epoch=True, every=4, apart=1_000), 6, 2) == [0, 4, 6, 8, 12]


@pytest.mark.parametrize("apart", [0, 80, 5_000])
@pytest.mark.parametrize(("steps_per_epoch", "epochs"), [(9, 300), (1, 5_000), (938, 10), (20_000, 1)])
def test_there_are_enough_rows_to_draw(apart: int, steps_per_epoch: int, epochs: int) -> None:
    recorded = steps_recorded(Pace(apart=apart), steps_per_epoch, epochs)
    assert len(recorded) >= min(epochs, 50)
    assert len(recorded) <= 50 + max(200, steps_per_epoch * epochs // 100)


def test_dear_rows_of_a_long_run_are_as_far_apart_as_they_are_to_be() -> None:
    recorded = steps_recorded(Pace(apart=440), 938, 60)
    assert min(later - row for row, later in pairwise(recorded)) >= 440
