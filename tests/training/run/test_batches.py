"""What each step sees of the training set."""

import numpy as np
import pytest

from nn_tui.engine.arrays import Array
from nn_tui.training.run.problems.batches import BatchStream

SAMPLES = 23


def stream(samples: int = SAMPLES, features: int = 2, seed: int = 5) -> BatchStream:
    """Over samples whose number stands in their first input and in their target."""
    inputs = np.ones((samples, features + 1), np.float32)
    inputs[:, 0] = np.arange(samples)
    return BatchStream(inputs, np.arange(samples, dtype=np.float32)[np.newaxis], seed)


def a_pass(batches: BatchStream) -> list[Array]:
    """The numbers of the samples of each batch of a pass."""
    numbers = []
    for position in range(batches.steps_per_pass):
        batch = batches.batch(position)
        np.testing.assert_array_equal(batch.inputs[:, 0], batch.targets[0])
        assert (batch.inputs[:, -1] == 1).all()
        numbers.append(batch.targets[0].copy())
    return numbers


@pytest.mark.parametrize(
    ("mode", "sizes"),
    [("batch", [23]), ("mini-batch", [5, 5, 5, 5, 3]), ("stochastic", [1] * 23)],
)
def test_every_sample_is_seen_once_a_pass(mode: str, sizes: list[int]) -> None:
    batches = stream()
    for first_step in (0, len(sizes)):
        batches.begin(mode, 5, first_step)
        seen = a_pass(batches)
        assert [len(numbers) for numbers in seen] == sizes
        assert sorted(np.concatenate(seen)) == list(range(SAMPLES))


@pytest.mark.parametrize("size", [23, 24, 1_000_000])
def test_a_batch_larger_than_the_set_is_all_of_it(size: int) -> None:
    batches = stream()
    batches.begin("mini-batch", size, 0)
    assert batches.steps_per_pass == 1
    assert sorted(a_pass(batches)[0]) == list(range(SAMPLES))


def test_the_whole_set_keeps_its_order_and_mini_batches_are_shuffled_anew_each_pass() -> None:
    batches = stream()
    batches.begin("batch", 5, 0)
    assert list(a_pass(batches)[0]) == list(range(SAMPLES))
    orders = []
    for first_step in (0, 5):
        batches.begin("mini-batch", 5, first_step)
        orders.append([*np.concatenate(a_pass(batches))])
    assert orders[0] != orders[1]
    assert orders[0] != sorted(orders[0])


def test_other_seeds_see_other_orders() -> None:
    orders = []
    for seed in (1, 2):
        batches = stream(seed=seed)
        batches.begin("stochastic", 1, 0)
        orders.append([*np.concatenate(a_pass(batches))])
    assert orders[0] != orders[1]


def test_the_size_changes_from_pass_to_pass() -> None:
    batches = stream()
    for mode, size, first_step, count in (("mini-batch", 4, 0, 6), ("stochastic", 4, 6, 23), ("mini-batch", 4, 29, 6)):
        batches.begin(mode, size, first_step)
        assert len(a_pass(batches)) == count


@pytest.mark.parametrize("features", [2, 3_000])
def test_any_batch_is_found_again_without_those_before_it(features: int) -> None:
    # With 3,000 features a chunk of a megabyte holds 87 samples: several chunks a pass.
    whole, again = stream(400, features), stream(400, features)
    whole.begin("mini-batch", 16, 100)
    in_order = a_pass(whole)
    for position in (24, 0, 7, 23, 8, 1):
        again.begin("mini-batch", 16, 100)
        np.testing.assert_array_equal(again.batch(position).targets[0], in_order[position])
    for position in (24, 0, 7, 23, 8, 1):
        np.testing.assert_array_equal(whole.batch(position).targets[0], in_order[position])


def test_large_sets_are_not_copied_whole() -> None:
    batches = stream(400, 3_000)
    batches.begin("mini-batch", 16, 0)
    batch = batches.batch(0)
    assert batch.inputs.base is not None
    assert batch.inputs.base.nbytes < 1.1 * (1 << 20)
