"""Surfaces: their gradients are right, their minima are minima, and every optimizer walks on them."""

import numpy as np
import pytest

from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.surfaces import SURFACES, SurfaceObjective

EACH = pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda surface: surface.name)


@EACH
def test_gradient_is_the_slope_of_the_function(surface):
    draw = np.random.default_rng(0)
    x, y = draw.uniform(*surface.x_range, 300), draw.uniform(*surface.y_range, 300)
    width = 1e-6
    numeric = (
        (surface.function(x + width, y) - surface.function(x - width, y)) / (2 * width),
        (surface.function(x, y + width) - surface.function(x, y - width)) / (2 * width),
    )
    for exact, estimate in zip(surface.gradient(x, y), numeric, strict=True):
        np.testing.assert_allclose(exact, estimate, rtol=1e-5, atol=1e-5)


@EACH
def test_minima_are_level_and_nothing_near_them_lies_lower(surface):
    angles = np.linspace(0.0, 2.0 * np.pi, 60)
    for x, y in surface.minima:
        assert np.hypot(*surface.gradient(x, y)) < 1e-3
        around = surface.function(x + 0.02 * np.cos(angles), y + 0.02 * np.sin(angles))
        assert (around > surface.function(x, y)).all()
    depths = [float(surface.function(*point)) for point in surface.minima]
    assert depths[0] <= min(depths) + 1e-9


@EACH
def test_saddles_are_level_and_go_up_one_way_and_down_another(surface):
    angles = np.linspace(0.0, 2.0 * np.pi, 60)
    for x, y in surface.saddles:
        assert np.hypot(*surface.gradient(x, y)) < 1e-3
        change = surface.function(x + 0.02 * np.cos(angles), y + 0.02 * np.sin(angles)) - surface.function(x, y)
        assert change.max() > 0.0 > change.min()


@EACH
def test_all_that_matters_lies_within_the_region_drawn(surface):
    for x, y in (surface.start, *surface.minima, *surface.saddles):
        assert surface.x_range[0] <= x <= surface.x_range[1]
        assert surface.y_range[0] <= y <= surface.y_range[1]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_optimizer_minimises_a_surface_unchanged(name, dtype):
    objective = SurfaceObjective(SURFACES["bowl"], (-1.6, 1.2), dtype=dtype)
    optimizer = OPTIMIZERS[name](objective.parameters, objective.gradient)
    before = objective.loss_and_gradient(0)
    for step in range(500):
        objective.loss_and_gradient(step)
        optimizer.step({"adagrad": 0.5}.get(name, 0.02))
    assert objective.loss_and_gradient(0) < 0.01 * before
    assert objective.parameters.dtype == np.dtype(dtype)


def test_noise_moves_the_gradient_not_the_value_and_comes_from_seed_and_step():
    still = SurfaceObjective(SURFACES["ravine"], (1.0, 1.0))
    noisy = SurfaceObjective(SURFACES["ravine"], (1.0, 1.0), noise=0.5, seed=3)
    assert noisy.loss_and_gradient(4) == still.loss_and_gradient(4)
    first = noisy.gradient.copy()
    assert not np.array_equal(first, still.gradient)
    noisy.loss_and_gradient(5)
    assert not np.array_equal(first, noisy.gradient)
    noisy.loss_and_gradient(4)
    assert np.array_equal(first, noisy.gradient)


@EACH
def test_far_away_the_numbers_become_infinite_and_raise_nothing(surface):
    objective = SurfaceObjective(surface, (1e30, -1e30))
    with np.errstate(all="ignore"):
        objective.loss_and_gradient(0)
