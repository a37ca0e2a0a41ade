"""Optimizers against the formulas of the course notes, written out plainly, number by number."""

import math

import numpy as np
import pytest

from nn_tui.engine.arrays import BLOCK
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.surfaces import SURFACES, SurfaceObjective

EACH = pytest.mark.parametrize("name", OPTIMIZERS)
LR = 0.05
SETTINGS = {
    "momentum": {"beta": 0.8},
    "nesterov": {"beta": 0.8},
    "adagrad": {"epsilon": 1e-3},
    "rmsprop": {"beta": 0.7, "epsilon": 1e-3},
    "adam": {"beta1": 0.6, "beta2": 0.7, "epsilon": 1e-3},
    "adamw": {"beta1": 0.6, "beta2": 0.7, "epsilon": 1e-3, "weight_decay": 0.1},
}


def _sgd(theta, gradients):
    for g in gradients:
        theta -= LR * g
    return theta


def _momentum(theta, gradients, beta):
    v = 0.0
    for g in gradients:
        v = beta * v + (1.0 - beta) * g
        theta -= LR * v
    return theta


def _nesterov(theta, gradients, beta):
    v = 0.0
    for g in gradients:
        v = beta * v + (1.0 - beta) * g
        theta -= LR * (beta * v + (1.0 - beta) * g)
    return theta


def _adagrad(theta, gradients, epsilon):
    total = 0.0
    for g in gradients:
        total += g * g
        theta -= LR / (math.sqrt(total) + epsilon) * g
    return theta


def _rmsprop(theta, gradients, beta, epsilon):
    mean = 0.0
    for g in gradients:
        mean = beta * mean + (1.0 - beta) * g * g
        theta -= LR / (math.sqrt(mean) + epsilon) * g
    return theta


def _adam(theta, gradients, beta1, beta2, epsilon, weight_decay=0.0):
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        theta -= LR * weight_decay * theta
        m = beta1 * m + (1.0 - beta1) * g
        v = beta2 * v + (1.0 - beta2) * g * g
        theta -= LR * (m / (1.0 - beta1**t)) / (math.sqrt(v / (1.0 - beta2**t)) + epsilon)
    return theta


PLAIN = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adam,
}


def _gradients(steps, size):
    """Of very different sizes, from one step to the next and from one parameter to another."""
    draw = np.random.default_rng(11)
    return draw.standard_normal((steps, size)) * 10.0 ** draw.uniform(-3, 2, (steps, size))


def _walk(name, gradients, dtype="float64", settings=None):
    theta = np.linspace(-1.0, 1.0, gradients.shape[1]).astype(dtype)
    gradient = np.zeros_like(theta)
    optimizer = OPTIMIZERS[name](theta, gradient, SETTINGS.get(name) if settings is None else settings)
    for g in gradients:
        gradient[:] = g
        optimizer.step(LR)
    return theta, optimizer


@EACH
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-13), ("float32", 2e-5)])
def test_steps_follow_the_formula(name, dtype, tolerance):
    gradients = _gradients(60, 9)
    theta, _ = _walk(name, gradients, dtype)
    starts = np.linspace(-1.0, 1.0, 9)
    for index, start in enumerate(starts):
        expected = PLAIN[name](float(start), gradients[:, index].tolist(), **SETTINGS.get(name, {}))
        assert theta[index] == pytest.approx(expected, rel=tolerance, abs=tolerance)


@EACH
def test_defaults_follow_the_formula_too(name):
    gradients = _gradients(5, 3)
    theta, optimizer = _walk(name, gradients, settings={})
    expected = PLAIN[name](-1.0, gradients[:, 0].tolist(), **OPTIMIZERS[name].defaults)
    assert theta[0] == pytest.approx(expected, rel=1e-13)
    assert optimizer.settings == OPTIMIZERS[name].defaults


@EACH
def test_blocks_leave_no_seam(name):
    gradients = np.repeat(_gradients(3, 1), 2 * BLOCK + 17, axis=1)
    theta = np.zeros(gradients.shape[1])
    gradient = np.zeros_like(theta)
    optimizer = OPTIMIZERS[name](theta, gradient)
    for g in gradients:
        gradient[:] = g
        optimizer.step(LR)
    assert theta[0] != 0.0
    np.testing.assert_array_equal(theta, theta[0])


def test_moments_are_the_notes_running_means():
    gradients = _gradients(7, 4)
    expected = {"v": 0.0, "E": 0.0, "m": 0.0, "G": 0.0, "V": 0.0}
    for g in gradients:
        expected["v"] = 0.8 * expected["v"] + 0.2 * g
        expected["G"] = expected["G"] + g * g
        expected["E"] = 0.7 * expected["E"] + 0.3 * g * g
        expected["m"] = 0.6 * expected["m"] + 0.4 * g
        expected["V"] = 0.7 * expected["V"] + 0.3 * g * g
    for name, moments in {
        "momentum": {"v": "v"},
        "adagrad": {"G": "G"},
        "rmsprop": {"E": "E"},
        "adam": {"m": "m", "v": "V"},
    }.items():
        found = _walk(name, gradients)[1].moments()
        assert found.keys() == moments.keys()
        for state, key in moments.items():
            np.testing.assert_allclose(found[state], expected[key], rtol=1e-13)


@pytest.mark.parametrize(
    ("name", "change"),
    [("momentum", {"beta": 0.99}), ("nesterov", {"beta": 0.0}), ("rmsprop", {"beta": 0.999})],
)
def test_a_new_decay_keeps_the_running_means(name, change):
    _, optimizer = _walk(name, _gradients(7, 4))
    before = optimizer.moments()
    optimizer.configure(change)
    for state, mean in optimizer.moments().items():
        np.testing.assert_allclose(mean, before[state], rtol=1e-12)


@pytest.mark.parametrize("change", [{"beta1": 0.99}, {"beta2": 0.9999}, {"beta1": 0.0, "beta2": 0.5}])
def test_a_new_decay_keeps_adams_corrected_means_so_that_no_step_jumps(change):
    steps = 10
    _, optimizer = _walk("adam", _gradients(steps, 4))

    def corrected():
        moments, settings = optimizer.moments(), optimizer.settings
        return [
            moments["m"] / (1.0 - settings["beta1"] ** steps),
            moments["v"] / (1.0 - settings["beta2"] ** steps),
        ]

    before = corrected()
    optimizer.configure(change)
    np.testing.assert_allclose(corrected(), before, rtol=1e-12)


def test_under_a_steady_gradient_adam_steps_by_the_rate_whatever_its_decays_become():
    theta, gradient = np.zeros(3), np.array([1e-3, 1.0, 50.0])
    optimizer = OPTIMIZERS["adam"](theta, gradient)
    for settings in ({}, {"beta1": 0.99}, {"beta2": 0.9}, {"beta1": 0.5, "beta2": 0.99999}):
        optimizer.configure(settings)
        for _ in range(5):
            before = theta.copy()
            optimizer.step(LR)
            np.testing.assert_allclose(before - theta, LR, rtol=1e-4)


@EACH
def test_configuring_with_the_same_settings_changes_nothing(name):
    gradients = _gradients(6, 4)
    steady, _ = _walk(name, gradients)
    theta = np.linspace(-1.0, 1.0, 4)
    gradient = np.zeros_like(theta)
    optimizer = OPTIMIZERS[name](theta, gradient, SETTINGS.get(name))
    for g in gradients:
        gradient[:] = g
        optimizer.configure(dict(SETTINGS.get(name, {})))
        optimizer.step(LR)
    np.testing.assert_array_equal(theta, steady)


@EACH
def test_an_unknown_setting_is_refused_and_nothing_changes(name):
    _, optimizer = _walk(name, _gradients(2, 3))
    before = dict(optimizer.settings)
    with pytest.raises(ValueError, match=f"{name} has no setting decline"):
        optimizer.configure({**SETTINGS.get(name, {}), "decline": 0.5})
    assert optimizer.settings == before


@EACH
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_gradient_means_no_step(name, dtype):
    settings = {"weight_decay": 0.0} if name == "adamw" else {}
    with np.errstate(all="raise"):
        theta, _ = _walk(name, np.zeros((4, 3)), dtype, settings)
    np.testing.assert_array_equal(theta, np.linspace(-1.0, 1.0, 3).astype(dtype))


@pytest.mark.parametrize("name", ["momentum", "nesterov", "rmsprop", "adam", "adamw"])
def test_steps_do_not_slow_down_over_subnormal_numbers_where_the_gradient_has_died(name):
    theta, gradient = np.zeros(3, np.float32), np.ones(3, np.float32)
    betas = {key: 0.9 for key in OPTIMIZERS[name].defaults if key.startswith("beta")}
    optimizer = OPTIMIZERS[name](theta, gradient, betas)
    for step in range(1_100):
        gradient[1:] = float(step < 20)
        optimizer.step(LR)
    for decayed in optimizer.state.values():
        assert decayed[0] > 1.0
        np.testing.assert_array_equal(decayed[1:], 0.0)


@EACH
def test_a_step_writes_only_parameters_and_state_of_their_dtype(name):
    theta, optimizer = _walk(name, _gradients(3, 3), "float32")
    assert theta.dtype == np.float32
    assert all(vector.dtype == np.float32 for vector in optimizer.state.values())
    assert all(vector.dtype == np.float32 for vector in optimizer.moments().values())
    assert tuple(optimizer.state) == OPTIMIZERS[name].state_names


@EACH
@pytest.mark.parametrize("surface", ["bowl", "ravine", "saddle", "hollows"])
def test_every_optimizer_comes_to_rest_in_a_minimum_of_a_surface(name, surface):
    objective = SurfaceObjective(SURFACES[surface], SURFACES[surface].start, dtype="float64")
    optimizer = OPTIMIZERS[name](objective.parameters, objective.gradient)
    optimizer.configure({"weight_decay": 0.0} if name == "adamw" else {})
    for step in range(3_000):
        objective.loss_and_gradient(step)
        optimizer.step({"adagrad": 0.3, "rmsprop": 0.01 * 0.997**step}.get(name, 0.01))
    distances = [math.dist(objective.parameters, minimum) for minimum in SURFACES[surface].minima]
    assert min(distances) < 0.02
