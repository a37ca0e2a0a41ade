"""Clipping: by norm keeps the direction, by value cuts each coordinate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn_tui.engine.clipping import clip_norm, clip_value


@given(
    gradient=arrays(np.float64, st.integers(1, 8), elements=st.floats(-1e6, 1e6)),
    limit=st.floats(1e-3, 1e3),
)
def test_by_norm_the_direction_stays_and_the_length_is_at_most_the_limit(gradient, limit):
    clipped, norm = gradient.copy(), float(np.linalg.norm(gradient))
    clip_norm(clipped, limit, norm)
    assert np.linalg.norm(clipped) <= limit * (1.0 + 1e-12) or norm <= limit
    np.testing.assert_allclose(clipped, gradient * min(1.0, limit / norm if norm else 1.0), rtol=1e-12)


@given(gradient=arrays(np.float32, 5, elements=st.floats(-1e6, 1e6, width=32)), limit=st.floats(1e-3, 1e3))
def test_by_value_no_coordinate_is_beyond_the_limit_and_the_others_stay(gradient, limit):
    clipped = gradient.copy()
    clip_value(clipped, limit)
    within = np.abs(gradient) <= np.float32(limit)
    np.testing.assert_array_equal(clipped[within], gradient[within])
    np.testing.assert_array_equal(clipped[~within], np.sign(gradient[~within]) * np.float32(limit))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays_and_nan_is_not_hidden(dtype):
    gradient = np.array([3.0, np.nan, -4.0], dtype)
    clip_value(gradient, 1.0)
    np.testing.assert_array_equal(gradient, np.array([1.0, np.nan, -1.0], dtype))
    assert gradient.dtype == dtype
