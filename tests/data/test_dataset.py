"""Examples ready to be learned from: split, mapped and scaled."""

import numpy as np
import pytest

from nn_tui.data.dataset import build_dataset
from nn_tui.data.errors import DataError
from nn_tui.data.splitting import split


def generator(seed=0):
    return np.random.default_rng(seed)


def build(inputs, targets, **changes):
    settings = {
        "test_share": 0.25,
        "validation_share": 0.0,
        "seed": 0,
        "name": "test",
        "task": "regression",
        "feature_names": tuple("abc"[: inputs.shape[1]]),
        "class_names": (),
        "target_names": ("t",),
        "scaling": "none",
        "target_scaling": "auto",
        "features": None,
        "dtype": "float64",
    } | changes
    shares = [settings.pop(key) for key in ("test_share", "validation_share")]
    strata = targets.astype(int) if settings["task"] != "regression" else None
    parts = split(len(inputs), *shares, generator(settings.pop("seed")), strata)
    return build_dataset(inputs=inputs, targets=targets, parts=parts, **settings)


def divided(count, share, seed=0, strata=None):
    """Training and test rows, without a validation set."""
    parts = split(count, share, 0.0, generator(seed), strata)
    assert len(parts.validation) == 0
    return parts.train, parts.test


@pytest.mark.parametrize(
    ("count", "share"), [(2, 0.0), (2, 0.5), (10, 0.1), (10, 0.25), (201, 0.0), (201, 0.3), (201, 0.99)]
)
def test_every_example_is_for_training_or_for_testing(count, share):
    train, test = divided(count, share)
    assert sorted([*train, *test]) == list(range(count))
    assert len(test) == round(count * share)


def test_the_split_is_the_same_for_the_same_seed_and_another_for_another():
    first, again, other = (divided(100, 0.3, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    assert not np.array_equal(first[1], other[1])


def test_the_split_is_shuffled():
    train, _ = divided(100, 0.3)
    assert not np.array_equal(train, np.sort(train))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 0.7])
@pytest.mark.parametrize("sizes", [(50, 50, 50), (5, 15, 180), (33, 67), (7, 7, 7, 7, 7)])
def test_each_class_is_tested_in_its_share_and_the_whole_exactly(sizes, share):
    strata = np.repeat(np.arange(len(sizes)), sizes)
    train, test = divided(len(strata), share, strata=strata)
    assert sorted([*train, *test]) == list(range(len(strata)))
    assert len(test) == round(len(strata) * share)
    for label, size in enumerate(sizes):
        assert abs(np.sum(strata[test] == label) - size * share) < 1.0


@pytest.mark.parametrize("strata", [None, np.repeat(np.arange(3), (60, 33, 7))])
def test_a_validation_set_leaves_the_test_set_as_it_is(strata):
    parts, before = split(100, 0.3, 0.2, generator(), strata), split(100, 0.3, 0.0, generator(), strata)
    assert np.array_equal(parts.test, before.test)
    assert len(parts.validation) == 20
    assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(100))
    for label, size in enumerate((60, 33, 7) if strata is not None else ()):
        assert abs(np.sum(strata[parts.validation] == label) - size * 0.2) < 1.0


def test_shares_that_leave_nothing_are_refused():
    with pytest.raises(DataError, match=r"a validation share of 0\.01 leaves none of 10 samples to validate on"):
        split(10, 0.3, 0.01, generator())
    with pytest.raises(DataError, match=r"a test share of 0\.5 and a validation share of 0\.5 leave none of 10"):
        split(10, 0.5, 0.5, generator())


def test_several_targets_have_a_scaling_each():
    targets = np.column_stack((np.linspace(100.0, 300.0, 20), np.linspace(-1.0, 0.0, 20)))
    dataset = build(np.arange(20.0)[:, np.newaxis], targets, target_scaling="standard", target_names=("a", "b"))
    assert np.allclose(dataset.train.targets.mean(axis=0), 0.0)
    assert np.allclose(dataset.train.targets.std(axis=0), 1.0)
    assert dataset.answers == 2
    assert np.array_equal(dataset.train.inputs[:, 0], dataset.train.inputs[:, 0].round())
    values = np.concatenate([dataset.own_units(part.targets) for part in (dataset.train, dataset.test)])
    assert np.allclose(values[values[:, 0].argsort()], targets)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_class_of_few_keeps_one_example_for_training(share):
    strata = np.array([0] * 10 + [1, 2, 2])
    train, _ = divided(len(strata), share, strata=strata)
    assert set(strata[train]) == {0, 1, 2}


def test_scaling_is_fitted_on_the_training_set_alone():
    inputs = np.arange(40.0).reshape(20, 2) ** 2
    dataset = build(inputs, inputs[:, 0], scaling="standard")
    train, test = dataset.train.inputs[:, :-1], dataset.test.inputs[:, :-1]
    assert np.allclose(train.mean(axis=0), 0.0)
    assert np.allclose(train.std(axis=0), 1.0)
    assert not np.allclose(test.mean(axis=0), 0.0)


def test_the_target_of_a_regression_is_scaled_and_can_be_scaled_back():
    targets = np.linspace(100.0, 300.0, 20)
    dataset = build(np.arange(20.0)[:, np.newaxis], targets, scaling="minmax")
    assert (dataset.train.targets.min(), dataset.train.targets.max()) == (0.0, 1.0)
    values = dataset.target_scaling.undo(np.concatenate((dataset.train.targets, dataset.test.targets))[:, np.newaxis])
    assert np.allclose(np.sort(values[:, 0]), targets)


def test_class_numbers_are_not_scaled():
    dataset = build(
        np.arange(20.0)[:, np.newaxis],
        np.arange(20.0) % 2,
        task="binary",
        class_names=("no", "yes"),
        scaling="standard",
    )
    assert set(dataset.train.targets) == {0.0, 1.0}


def test_new_inputs_are_treated_as_the_old_ones_were():
    points = generator().uniform(-1.0, 1.0, (20, 2))
    dataset = build(points, points[:, 0], scaling="standard", features=("x", "xy"))
    assert dataset.feature_names == ("x", "xy")
    treated = dataset.transform(points)
    for row in dataset.train.inputs[:, :-1]:
        assert np.any(np.all(np.isclose(treated, row), axis=1))


def test_new_inputs_of_another_width_are_refused():
    dataset = build(np.arange(40.0).reshape(20, 2), np.arange(20.0))
    with pytest.raises(DataError, match=r"expected 2 inputs a sample .*, found 3"):
        dataset.transform(np.zeros((1, 3)))


@pytest.mark.parametrize(("share", "use"), [(0.1, "test"), (0.9, "train")])
def test_a_share_that_leaves_nothing_is_refused(share, use):
    with pytest.raises(DataError, match=f"leaves none of 2 samples to {use} on"):
        build(np.array([[1.0], [2.0]]), np.array([1.0, 2.0]), test_share=share)


def test_a_class_nobody_trains_on_is_refused_by_name():
    with pytest.raises(DataError, match="no training sample of class maybe: give more samples"):
        build(
            np.arange(8.0)[:, np.newaxis],
            np.arange(8.0) % 2,
            task="multiclass",
            class_names=("no", "yes", "maybe"),
        )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_spread_next_to_nothing_is_refused_where_it_would_blow_up_the_rest(dtype):
    inputs = np.array([[0.0], [1e-310]] * 9 + [[1.0]] * 2)
    seed = next(n for n in range(1000) if set(divided(20, 0.1, n)[1]) == {18, 19})
    with pytest.raises(DataError, match=f"minmax scaling of a by its spread in training, 1e−310, .* for {dtype}"):
        build(inputs, np.arange(20.0), scaling="minmax", test_share=0.1, dtype=dtype, seed=seed)


def test_inputs_are_kept_in_the_runs_precision_with_a_column_of_ones():
    dataset = build(np.arange(40.0).reshape(20, 2), np.arange(20.0), dtype="float32")
    assert dataset.train.inputs.dtype == dataset.test.inputs.dtype == np.float32
    assert np.all(dataset.train.inputs[:, -1] == 1.0)
    assert dataset.train.inputs.shape == (15, 3)
