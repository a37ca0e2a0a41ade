"""Toy problems: what a learner is given, and that it is the same every time."""

import numpy as np
import pytest

from nn_tui.data.toy import TOY_KINDS
from nn_tui.scenario.kinds import TOYS

KINDS = sorted(TOY_KINDS)
CLASSES = [name for name in KINDS if TOY_KINDS[name].task == "binary"]
REGRESSIONS = [name for name in KINDS if TOY_KINDS[name].task == "regression"]
NOISE_FREE = {
    "line": lambda x: 0.8 * x[:, 0] - 0.2,
    "sine": lambda x: np.sin(1.5 * np.pi * x[:, 0]),
    "plane": lambda x: (x[:, 0] + x[:, 1]) / 2,
}


def make(name, samples=400, noise=0.0, seed=0):
    return TOY_KINDS[name].generate(samples, noise, np.random.default_rng(seed))


def test_scenarios_and_generators_know_the_same_kinds():
    told = {name: (kind.task, kind.inputs) for name, kind in TOYS.items()}
    made = {name: (kind.task, kind.inputs) for name, kind in TOY_KINDS.items()}
    assert told == made
    assert all(name == kind.name for name, kind in TOY_KINDS.items())


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("samples", [2, 3, 401])
def test_there_are_as_many_examples_as_asked_for(name, samples):
    inputs, targets = make(name, samples)
    assert inputs.shape == (samples, TOY_KINDS[name].inputs)
    assert targets.shape == (samples,)
    assert inputs.dtype == targets.dtype == np.float64


@pytest.mark.parametrize("name", KINDS)
def test_the_same_seed_gives_the_same_examples(name):
    first, second = make(name, noise=0.1), make(name, noise=0.1)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"spiral"}))
def test_another_seed_gives_other_examples(name):
    assert not np.array_equal(make(name, seed=0)[0], make(name, seed=1)[0])


def test_another_seed_gives_another_spiral_once_there_is_noise():
    assert not np.array_equal(make("spiral", noise=0.1, seed=0)[0], make("spiral", noise=0.1, seed=1)[0])


@pytest.mark.parametrize("name", CLASSES)
def test_noise_moves_points_and_not_their_classes(name):
    (still, classes), (moved, same) = make(name, 5000), make(name, 5000, noise=0.1)
    assert np.array_equal(classes, same)
    assert np.std(moved - still) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("name", CLASSES)
def test_twice_the_noise_moves_the_same_points_twice_as_far(name):
    still, once, twice = (make(name, noise=noise)[0] for noise in (0.0, 0.1, 0.2))
    assert np.allclose(twice - still, 2 * (once - still))


@pytest.mark.parametrize("name", REGRESSIONS)
def test_noise_moves_targets_and_not_their_points(name):
    (points, still), (same, moved) = make(name, 5000), make(name, 5000, noise=0.1)
    assert np.array_equal(points, same)
    assert np.std(moved - still) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("name", KINDS)
def test_without_noise_points_lie_in_the_square(name):
    # Clouds have no edge: six deviations from their center is all that is certain.
    assert np.abs(make(name, 2000)[0]).max() <= (1.3 if name == "gauss" else 1.0)


@pytest.mark.parametrize(
    ("name", "share"),
    [("xor", 0.5), ("and", 0.25), ("or", 0.75), *((name, 0.5) for name in ("circle", "gauss", "spiral", "moons"))],
)
def test_classes_come_in_their_shares(name, share):
    targets = make(name, 10_000)[1]
    assert set(targets) == {0.0, 1.0}
    assert targets.mean() == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("name", ["circle", "gauss", "spiral", "moons"])
@pytest.mark.parametrize("samples", [10, 11])
def test_drawn_classes_differ_by_one_example_at_most(name, samples):
    targets = make(name, samples)[1]
    assert abs(int(targets.sum()) * 2 - samples) <= 1


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("xor", lambda right, upper: right ^ upper),
        ("and", lambda right, upper: right & upper),
        ("or", lambda right, upper: right | upper),
    ],
)
def test_corners_follow_their_truth_table_and_keep_off_the_axes(name, rule):
    points, targets = make(name, 2000)
    assert np.array_equal(targets == 1.0, rule(points[:, 0] > 0, points[:, 1] > 0))
    assert np.abs(points).min() >= 0.05


def test_the_circle_is_a_disk_within_a_ring():
    points, targets = make("circle", 2000)
    radius = np.hypot(*points.T)
    assert radius[targets == 1.0].max() <= 0.5
    assert radius[targets == 0.0].min() >= 0.7


def test_the_clouds_of_gauss_lie_in_opposite_corners():
    points, targets = make("gauss", 5000)
    assert np.allclose(points[targets == 1.0].mean(axis=0), 0.4, atol=0.02)
    assert np.allclose(points[targets == 0.0].mean(axis=0), -0.4, atol=0.02)


@pytest.mark.parametrize("samples", [100, 101])
def test_the_arms_of_the_spiral_are_each_others_mirror_image(samples):
    points, targets = make("spiral", samples)
    arms = [points[targets == label] for label in (0.0, 1.0)]
    assert np.allclose(arms[1], -arms[0][: len(arms[1])])
    assert np.hypot(*points.T).max() == pytest.approx(1.0)


def nearest_is_of_the_same_class(points, targets):
    distance = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    np.fill_diagonal(distance, np.inf)
    return np.mean(targets[distance.argmin(axis=1)] == targets)


@pytest.mark.parametrize("name", ["spiral", "moons"])
def test_wound_shapes_are_apart_without_noise_though_no_line_parts_them(name):
    points, targets = make(name, 600)
    assert nearest_is_of_the_same_class(points, targets) == 1.0
    with_bias = np.column_stack((points, np.ones(len(points))))
    weights = np.linalg.lstsq(with_bias, 2 * targets - 1, rcond=None)[0]
    assert np.mean((with_bias @ weights > 0) == (targets == 1.0)) < 0.95


@pytest.mark.parametrize("name", sorted(NOISE_FREE))
def test_a_regression_without_noise_is_its_formula(name):
    inputs, targets = make(name)
    assert np.allclose(targets, NOISE_FREE[name](inputs))


def test_the_gauss_surface_has_hills_and_hollows():
    _, targets = make("gauss-surface", 5000)
    assert targets.max() > 0.9
    assert targets.min() < -0.9
