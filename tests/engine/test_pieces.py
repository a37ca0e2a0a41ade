"""A large gradient that comes in pieces: the same numbers as the whole, and never a step half taken."""

import numpy as np
import pytest

from nn_tui.engine.arrays import vectors
from nn_tui.engine.network import Batch, LayerSpec, Network, with_ones
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.training.run.state import DivergedError
from tests.training.runs import lane


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two units of a layer each, in nets of any size, and of one where there is one sample."""
    monkeypatch.setattr("nn_tui.engine.network.LARGE", 0)
    monkeypatch.setattr("nn_tui.engine.pieces.PIECE", 1)
    monkeypatch.setattr("nn_tui.engine.pieces.UNITS", 2)
    monkeypatch.setattr("nn_tui.engine.pieces.BLOCK", 1)
    monkeypatch.setattr("nn_tui.engine.pieces._UNITS_OF_ONE", 1)


def _network(normalization: str = "none") -> Network:
    hidden = [LayerSpec(7, "tanh", normalization=normalization), LayerSpec(4, "relu", dropout=0.3)]
    network = Network(3, hidden, 5, loss="ce", output="softmax")
    network.initialize("he", 2)
    return network


def _batch(samples: int = 6) -> Batch:
    draw = np.random.default_rng(1)
    targets = np.eye(5, dtype=np.float32)[draw.integers(0, 5, samples)].T
    rows = with_ones(draw.standard_normal((samples, 3)), np.dtype(np.float32))
    return Batch(rows, np.ascontiguousarray(targets), (1, 4))


@pytest.mark.parametrize("samples", [1, 6])
@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_pieces_follow_one_another_and_are_the_whole(normalization: str, samples: int) -> None:
    network = _network(normalization)
    loss, pieces = network.loss_and_pieces(_batch(samples))
    assert pieces is not None
    found = [(part, gradient.copy()) for part, gradient in pieces]
    assert len(found) > 7
    assert [part.start for part, _ in found] == [0, *(part.stop for part, _ in found[:-1])]
    assert network.loss_and_gradient(_batch(samples)) == loss
    np.testing.assert_array_equal(np.concatenate([gradient for _, gradient in found]), network.gradient)
    assert network.gradient.any()


@pytest.mark.parametrize("mode", ["mini-batch", "stochastic"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_is_the_same_whether_its_steps_are_watched_or_not(optimizer: str, mode: str) -> None:
    ends = []
    for watch in (False, True):
        run = lane(training={"mode": mode, "optimizer": {"name": optimizer}})
        for _ in range(20):
            run.step(watch)
        ends.append(run.network.parameters.tobytes())
    assert ends[0] == ends[1]


def test_divergence_leaves_every_piece_as_it_was() -> None:
    run = lane(network={"output": "identity"}, training={"loss": "mse", "optimizer": {"name": "sgd", "lr": 100}})
    for _ in range(500):
        before = run.network.parameters.copy()
        try:
            run.step()
        except DivergedError:
            np.testing.assert_array_equal(run.network.parameters, before)
            return
    raise AssertionError("it never diverged")


def test_what_might_overflow_and_does_not_is_a_step_like_any_other() -> None:
    network = Network(2, [], 1, loss="mse", output="identity")
    network.layers[0].weight[:] = 1.0
    # The sample with the large input is predicted exactly.
    inputs = with_ones(np.array([[1e15, 0.0], [0.0, 1.0]]), network.dtype)
    batch = Batch(inputs, np.array([[1e15, 1e15]], np.float32))
    loss, pieces = network.loss_and_pieces(batch)
    assert pieces is None
    assert np.isfinite(loss)
    np.testing.assert_allclose(network.gradient, [0.0, -1e15, -1e15], rtol=1e-6)


def test_steps_over_one_sample_and_over_many_follow_one_another() -> None:
    ends = []
    for whole in (False, True):
        network = _network()
        optimizer = OPTIMIZERS["adam"](network.parameters, network.gradient)
        for samples in (6, 1, 6, 1):
            batch = _batch(samples)
            if whole:
                network.loss_and_gradient(batch)
                optimizer.step(0.1)
            else:
                optimizer.step(0.1, network.loss_and_pieces(batch)[1])
        ends.append(network.parameters.tobytes())
    assert ends[0] == ends[1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_vectors_begin_where_lines_of_the_cache_do(dtype: str) -> None:
    for size in (1, 16, 37, 5_000):
        rows = vectors(3, size, np.dtype(dtype))
        assert rows.shape == (3, size)
        assert not rows.any()
        assert all(row.__array_interface__["data"][0] % 64 == 0 and row.flags.c_contiguous for row in rows)
