"""The normal distribution function to the last digits, in blocks of any size."""

import math

import numpy as np
import pytest

from nn_tui.engine import normal


def _exact_cdf(x):
    return np.array([0.5 * math.erfc(-v * math.sqrt(0.5)) for v in x])


def test_it_is_exact_to_rounding():
    x = np.random.default_rng(0).uniform(-12.0, 12.0, 20_000)
    out = np.empty_like(x)
    normal.cdf(x, out)
    np.testing.assert_allclose(out, _exact_cdf(x), rtol=0, atol=1e-15)
    normal.gelu_slope(x, out)
    slope = _exact_cdf(x) + x * np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    np.testing.assert_allclose(out, slope, rtol=0, atol=1e-15)


def test_in_float32_small_probabilities_keep_their_digits():
    x = np.linspace(-8.0, 0.0, 3_000, dtype=np.float32)
    out = np.empty_like(x)
    normal.cdf(x, out)
    np.testing.assert_allclose(out, _exact_cdf(x.astype(float)), rtol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 4_095, 4_096, 4_097, 10_000])
def test_blocks_leave_no_seam(count):
    x = np.linspace(-3.0, 3.0, count)
    out = np.full_like(x, np.nan)
    normal.cdf(x, out)
    np.testing.assert_allclose(out, _exact_cdf(x), atol=1e-15)


def test_it_may_write_over_its_input():
    x = np.array([-np.inf, -1.0, 0.0, 1.0, np.inf, np.nan])
    normal.cdf(x, x)
    np.testing.assert_allclose(x, [0.0, 0.15865525393145705, 0.5, 0.8413447460685429, 1.0, np.nan], rtol=1e-15)
