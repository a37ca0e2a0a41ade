"""Activations: their formulas, their slopes, and what becomes of them far out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.engine.activations import ACTIVATIONS, LEAKY_SLOPE, SELU_REACH, SELU_SCALE

EACH = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=lambda activation: activation.name)
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])

FORMULAS = {
    "sigmoid": lambda x: 1.0 / (1.0 + math.exp(-x)),
    "tanh": lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)),
    "relu": lambda x: max(0.0, x),
    "leaky_relu": lambda x: x if x > 0.0 else LEAKY_SLOPE * x,
    "elu": lambda x: x if x > 0.0 else math.exp(x) - 1.0,
    "selu": lambda x: SELU_SCALE * x if x > 0.0 else SELU_REACH * math.expm1(x),
    "exponential": math.exp,
    "hard_sigmoid": lambda x: max(0.0, min(1.0, x / 6.0 + 0.5)),
    "gelu": lambda x: x * 0.5 * (1.0 + math.erf(x / math.sqrt(2.0))),
    "silu": lambda x: x / (1.0 + math.exp(-x)),
    "softplus": lambda x: math.log(1.0 + math.exp(x)),
    "identity": lambda x: x,
}
SLOPES = {
    "sigmoid": lambda x: FORMULAS["sigmoid"](x) * (1.0 - FORMULAS["sigmoid"](x)),
    "tanh": lambda x: 1.0 - math.tanh(x) ** 2,
    "relu": lambda x: 1.0 if x > 0.0 else 0.0,
    "leaky_relu": lambda x: 1.0 if x > 0.0 else LEAKY_SLOPE,
    "elu": lambda x: 1.0 if x > 0.0 else math.exp(x),
    "selu": lambda x: SELU_SCALE if x > 0.0 else SELU_REACH * math.exp(x),
    "exponential": math.exp,
    "hard_sigmoid": lambda x: 1.0 / 6.0 if abs(x) < 3.0 else 0.0,
    "gelu": lambda x: (
        0.5 * (1.0 + math.erf(x / math.sqrt(2.0))) + x * math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    ),
    "silu": lambda x: FORMULAS["sigmoid"](x) * (1.0 + x * (1.0 - FORMULAS["sigmoid"](x))),
    "softplus": lambda x: 1.0 / (1.0 + math.exp(-x)),
    "identity": lambda _x: 1.0,
}
# f(−10⁴), f(10⁴), f'(−10⁴), f'(10⁴)
FAR_OUT = {
    "sigmoid": (0.0, 1.0, 0.0, 0.0),
    "tanh": (-1.0, 1.0, 0.0, 0.0),
    "relu": (0.0, 1e4, 0.0, 1.0),
    "leaky_relu": (-1e4 * LEAKY_SLOPE, 1e4, LEAKY_SLOPE, 1.0),
    "elu": (-1.0, 1e4, 0.0, 1.0),
    "selu": (-SELU_REACH, SELU_SCALE * 1e4, 0.0, SELU_SCALE),
    "hard_sigmoid": (0.0, 1.0, 0.0, 0.0),
    "gelu": (0.0, 1e4, 0.0, 1.0),
    "silu": (0.0, 1e4, 0.0, 1.0),
    "softplus": (0.0, 1e4, 0.0, 1.0),
    "identity": (-1e4, 1e4, 1.0, 1.0),
}


@EACH
@DTYPES
def test_values_and_slopes_follow_the_formulas(activation, dtype):
    x = np.linspace(-45.0, 45.0, 3_001, dtype=dtype)
    close = {"rtol": 4 * np.finfo(dtype).eps, "atol": 16 * np.finfo(dtype).eps}
    np.testing.assert_allclose(activation(x), [FORMULAS[activation.name](float(v)) for v in x], **close)
    np.testing.assert_allclose(activation.derivative(x), [SLOPES[activation.name](float(v)) for v in x], **close)


BOUNDED = pytest.mark.parametrize("activation", [ACTIVATIONS[name] for name in FAR_OUT], ids=lambda entry: entry.name)


def test_only_the_exponential_overflows():
    assert ACTIVATIONS.keys() - FAR_OUT.keys() == {"exponential"}


@BOUNDED
@DTYPES
def test_nothing_overflows_far_out(activation, dtype):
    x = np.array([-1e4, 1e4], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values, slopes = activation(x), activation.derivative(x)
    np.testing.assert_allclose([*values, *slopes], FAR_OUT[activation.name], rtol=1e-6, atol=1e-30)


@BOUNDED
@given(x=st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_any_finite_number_gives_a_finite_value_and_slope(activation, x):
    for dtype in (np.float32, np.float64):
        with np.errstate(under="ignore", over="ignore"):
            value, slope = activation(np.array([x], dtype)), activation.derivative(np.array([x], dtype))
        assert np.isfinite(value).all()
        assert np.isfinite(slope).all()
        assert value.dtype == slope.dtype == dtype


@EACH
@DTYPES
def test_nan_is_never_hidden(activation, dtype):
    x = np.array([0.5, np.nan, -0.5], dtype)
    np.testing.assert_array_equal(np.isnan(activation(x)), [False, True, False])
    if activation.name != "identity":
        np.testing.assert_array_equal(np.isnan(activation.derivative(x)), [False, True, False])


@EACH
def test_any_shape_and_memory_layout_gives_the_same(activation):
    grid = np.random.default_rng(0).standard_normal((130, 90))
    values = activation(grid)
    np.testing.assert_array_equal(activation(grid.T), values.T)
    np.testing.assert_array_equal(activation(grid[::2, 1::3]), values[::2, 1::3])
    np.testing.assert_array_equal(activation(grid[0, 0, np.newaxis])[0], values[0, 0])
    assert activation(np.empty((0, 3))).shape == (0, 3)


@EACH
def test_the_backward_pass_multiplies_by_the_slope(activation):
    draw = np.random.default_rng(1)
    z, delta = draw.standard_normal((2, 40, 7))
    product = delta * activation.derivative(z)
    a, before = activation(z), z.copy()
    kept = a.copy()
    activation.backward(z, a, delta, np.full_like(z, np.nan))
    np.testing.assert_allclose(delta, product, rtol=1e-13, atol=1e-15)
    np.testing.assert_array_equal(z, before)
    np.testing.assert_array_equal(a, kept)


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky_relu", LEAKY_SLOPE), ("elu", 1.0), ("gelu", 0.5)])
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_slope_at_zero_is_the_convention(name, slope, zero):
    assert ACTIVATIONS[name].derivative(np.array([zero]))[0] == slope


@EACH
def test_an_output_that_counts_as_saturated_has_lost_nine_tenths_of_its_slope(activation):
    x = np.linspace(-8.0, 8.0, 4_001)
    values, slopes = activation(x), activation.derivative(x)
    saturated = np.zeros(x.shape, bool)
    if activation.saturates_below is not None:
        saturated |= values <= activation.saturates_below
    if activation.saturates_above is not None:
        saturated |= values >= activation.saturates_above
    if activation.saturates_below is None and activation.saturates_above is None:
        assert activation.name in ("leaky_relu", "gelu", "silu", "exponential", "identity")
        return
    assert (slopes[saturated] <= 0.11 * slopes.max()).all()
    assert (slopes[~saturated] >= 0.09 * slopes.max()).all()


def test_only_relu_units_can_die():
    assert [activation.name for activation in ACTIVATIONS.values() if activation.can_die] == ["relu"]
