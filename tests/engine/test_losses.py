"""Losses: the formulas of the course notes, written out, and what becomes of them at the edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.losses import CLIP, HUBER_DELTA, LOSSES
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.workspace import Workspace

HEADS = [(loss, output) for loss in LOSSES for output in OUTPUTS]
EACH = pytest.mark.parametrize(("name", "output"), HEADS)
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def _loss(name, output, logits, targets, dtype=np.float64, weights=None):
    """Loss, dL/dlogits and predictions."""
    logits, targets = np.array(logits, dtype), np.array(targets, dtype)
    delta, work = np.full_like(logits, np.nan), Workspace(*logits.shape, np.dtype(dtype))
    work = work if weights is None else work.weighted(np.array(weights, dtype))
    value = LOSSES[name].behind(OUTPUTS[output])(logits, targets, delta, work)
    assert delta.dtype == work.prediction.dtype == dtype
    return value, delta, work.prediction


def _plain(name, prediction, target):
    """The mean loss over samples (columns) and outputs, as the notes write it."""
    pairs = list(zip(prediction.ravel().tolist(), target.ravel().tolist(), strict=True))
    if name == "mse":
        return sum((y - p) ** 2 for p, y in pairs) / len(pairs)
    if name == "mae":
        return sum(abs(y - p) for p, y in pairs) / len(pairs)
    if name == "rmse":
        return math.sqrt(sum((y - p) ** 2 for p, y in pairs) / len(pairs))
    if name == "huber":
        far, half = HUBER_DELTA, 0.5 * HUBER_DELTA
        return sum(0.5 * (y - p) ** 2 if abs(y - p) <= far else far * (abs(y - p) - half) for p, y in pairs) / len(
            pairs
        )
    if name == "bce":
        pairs = [(min(max(p, CLIP), 1.0 - CLIP), y) for p, y in pairs]
        return -sum(y * math.log(p) + (1.0 - y) * math.log(1.0 - p) for p, y in pairs) / len(pairs)
    shares = np.clip(prediction / prediction.sum(axis=0), CLIP, 1.0 - CLIP)
    return float(-(target * np.log(shares)).sum()) / prediction.shape[1]


def _plain_output(name, logits):
    if name == "sigmoid":
        return 1.0 / (1.0 + np.exp(-logits))
    if name == "softmax":
        return np.exp(logits) / np.exp(logits).sum(axis=0)
    return ACTIVATIONS[name](logits)


def _inside(output):
    """Logits (3, 11) that no cross-entropy behind this output clips, and that add up to more than 0."""
    draw = np.random.default_rng(3)
    if output in ("sigmoid", "softmax"):
        return 2.0 * draw.standard_normal((3, 11))
    return (
        draw.uniform(-3.0, -0.5, (3, 11)) if output in ("softplus", "exponential") else draw.uniform(0.1, 0.9, (3, 11))
    )


@EACH
@DTYPES
def test_value_and_prediction_follow_the_formulas(name, output, dtype):
    logits, targets = _inside(output), np.eye(3)[np.random.default_rng(5).integers(0, 3, 11)].T
    value, _, prediction = _loss(name, output, logits, targets, dtype)
    expected = _plain_output(output, logits)
    tolerance = 20 * float(np.finfo(dtype).eps)
    np.testing.assert_allclose(prediction, expected, rtol=tolerance, atol=tolerance)
    assert value == pytest.approx(_plain(name, expected, targets), rel=tolerance)


@EACH
@pytest.mark.parametrize("weights", [None, [1.0, 2.5, 0.0, 0.2, 1.0, 3.0]])
def test_gradient_is_the_slope(name, output, weights):
    draw = np.random.default_rng(4)
    logits, targets = _inside(output)[:, :6], np.eye(3)[draw.integers(0, 3, 6)].T
    _, delta, _ = _loss(name, output, logits, targets, weights=weights)
    for place in np.ndindex(logits.shape):
        values = []
        for offset in (1e-6, -1e-6):
            moved = logits.copy()
            moved[place] += offset
            values.append(_loss(name, output, moved, targets, weights=weights)[0])
        assert delta[place] == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-5, abs=1e-9)


@EACH
def test_a_weight_counts_a_sample_so_many_times(name, output):
    logits, targets = _inside(output)[:, :3], np.eye(3)
    counted = _loss(name, output, logits[:, [0, 1, 1, 1]], targets[:, [0, 1, 1, 1]])
    weighed = _loss(name, output, logits, targets, weights=[1.0, 3.0, 0.0])
    assert weighed[0] == pytest.approx(counted[0])
    np.testing.assert_allclose(weighed[1][:, 0], counted[1][:, 0], atol=1e-15)
    np.testing.assert_allclose(weighed[1][:, 1], 3.0 * counted[1][:, 1], atol=1e-15)
    np.testing.assert_array_equal(weighed[1][:, 2], 0.0)


@EACH
@DTYPES
def test_samples_that_weigh_nothing_teach_nothing(name, output, dtype):
    with np.errstate(all="warn"):
        value, delta, _ = _loss(name, output, _inside(output)[:, :3], np.eye(3), dtype, weights=[0.0, 0.0, 0.0])
    assert value == 0.0
    np.testing.assert_array_equal(delta, 0.0)


@pytest.mark.parametrize("output", ["identity", "relu", "tanh", "softmax"])
def test_beyond_the_clip_a_cross_entropy_is_flat(output):
    value, delta, prediction = _loss("bce", output, [[40.0, 0.3], [-40.0, 0.2]], [[0.0, 1.0], [1.0, 0.0]])
    assert (prediction[:, 0] > 1.0 - CLIP)[0] or output == "tanh"
    assert value > 7.0
    np.testing.assert_array_equal(delta[:, 0], 0.0)
    assert np.abs(delta[:, 1]).min() > 0.01


@DTYPES
def test_predictions_without_a_positive_sum_have_no_cross_entropy(dtype):
    value, delta, _ = _loss("ce", "identity", [[1.0, 0.5], [-1.0, 0.5]], [[1.0, 0.0], [0.0, 1.0]], dtype)
    assert math.isnan(value)
    assert np.isnan(delta).all()


def test_a_softmax_of_one_unit_is_sure_of_everything_and_learns_nothing():
    for name in LOSSES:
        loss = LOSSES[name].behind(OUTPUTS["softmax"], one_hot=False)
        delta, work = np.full((1, 2), np.nan), Workspace(1, 2, np.dtype(np.float64))
        assert math.isfinite(loss(np.array([[-3.0, 50.0]]), np.array([[0.0, 0.7]]), delta, work))
        np.testing.assert_array_equal(work.prediction, 1.0)
        np.testing.assert_array_equal(delta, 0.0)


@pytest.mark.parametrize(("name", "output"), [head for head in HEADS if head[1] != "exponential"])
@DTYPES
@pytest.mark.parametrize("far", [1e4, -1e4])
def test_far_logits_give_finite_numbers(name, output, dtype, far):
    logits, targets = [[far, far, -far], [-far, far, -far]], [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    if name == "ce" and OUTPUTS[output].lowest <= 0.0 and output not in ("sigmoid", "softmax"):
        pytest.skip("such predictions have no positive sum")
    with np.errstate(over="warn", invalid="warn", divide="warn"):
        value, delta, prediction = _loss(name, output, logits, targets, dtype)
    assert math.isfinite(value)
    assert np.isfinite(delta).all()
    assert np.isfinite(prediction).all()


@given(
    logits=st.lists(st.floats(-(2.0**122), 2.0**122, width=32), min_size=4, max_size=4), answers=st.lists(st.booleans())
)
def test_cross_entropies_are_finite_and_not_negative_at_any_logit(logits, answers):
    first = np.array([float(answer) for answer in [*answers, True, False][:2]])
    targets, logits = np.array([first, 1.0 - first]), np.array(logits).reshape(2, 2)
    for dtype in (np.float32, np.float64):
        for name, output in (("bce", "sigmoid"), ("ce", "softmax")):
            with np.errstate(under="ignore"):
                value, delta, _ = _loss(name, output, logits, targets, dtype)
            assert 0.0 <= value < math.inf
            assert np.isfinite(delta).all()


@DTYPES
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_a_good_answer_behind_another_output_has_the_bce_of_its_last_digits(dtype, target):
    # The difference of ln 0.9999 and ln 0.0001 has no room in float32 for what is left of the first.
    near = dtype(0.0001)
    value, _, prediction = _loss("bce", "identity", [[near if target == 0.0 else dtype(1) - near]], [[target]], dtype)
    p = float(prediction[0, 0])
    assert value == pytest.approx(-math.log(p) if target else -math.log1p(-p), rel=1e-6)


@DTYPES
def test_a_sure_and_right_answer_still_has_a_small_bce(dtype):
    # ln(1 + e⁻²⁰) would drown in float32 beside the logit 20.
    value, _, _ = _loss("bce", "sigmoid", [[20.0, -20.0]], [[1.0, 0.0]], dtype)
    assert value == pytest.approx(math.log1p(math.exp(-20.0)), rel=1e-5)


def test_a_sure_and_wrong_answer_costs_its_logit():
    assert _loss("bce", "sigmoid", [[1e4]], [[0.0]])[0] == pytest.approx(1e4)
    assert _loss("ce", "softmax", [[1e4], [0.0]], [[0.0], [1.0]])[0] == pytest.approx(1e4)


@pytest.mark.parametrize("name", ["mse", "mae", "rmse", "huber"])
@DTYPES
def test_a_perfect_fit_costs_nothing_and_pulls_nowhere(name, dtype):
    with np.errstate(all="warn"):
        value, delta, _ = _loss(name, "identity", [[1.5, -2.0]], [[1.5, -2.0]], dtype)
    assert value == 0.0
    np.testing.assert_array_equal(delta, 0.0)


@DTYPES
@pytest.mark.parametrize("off", [1.0, 1e-3, 1e-6, 1e-9])
def test_rmse_pulls_as_hard_however_near_the_fit(dtype, off):
    # Its slope along the residual is 1/√n, up to the fit itself.
    value, delta, _ = _loss("rmse", "identity", [[off, -off, off, off]], [[0.0, 0.0, 0.0, 0.0]], dtype)
    assert value == pytest.approx(off)
    np.testing.assert_allclose(delta, [[0.25, -0.25, 0.25, 0.25]], rtol=1e-6)


def test_mae_does_not_pull_where_the_fit_is_perfect():
    _, delta, _ = _loss("mae", "identity", [[1.0, 2.0, 3.0, 4.0]], [[1.0, 0.0, 3.0, 9.0]])
    np.testing.assert_array_equal(delta, [[0.0, 0.25, 0.0, -0.25]])


def test_huber_is_a_square_nearby_and_a_line_far_off():
    assert _loss("huber", "identity", [[0.5]], [[0.0]])[0] == pytest.approx(0.125)
    assert _loss("huber", "identity", [[1e6]], [[0.0]])[0] == pytest.approx(1e6 - 0.5)
    np.testing.assert_allclose(_loss("huber", "identity", [[0.5, -7.0]], [[0.0, 0.0]])[1], [[0.25, -0.5]])


def test_mse_learns_slowly_behind_a_saturated_sigmoid_and_bce_does_not():
    slow = _loss("mse", "sigmoid", [[-8.0]], [[1.0]])[1]
    quick = _loss("bce", "sigmoid", [[-8.0]], [[1.0]])[1]
    assert -1e-3 < slow[0, 0] < 0.0
    assert quick[0, 0] == pytest.approx(-1.0, abs=1e-3)


def test_means_do_not_depend_on_the_number_of_samples_or_outputs():
    targets = np.eye(2)[[0, 1, 1, 0]].T
    for name, output in HEADS:
        logits = _inside(output)[:2, :4]
        once = _loss(name, output, logits, targets)[0]
        assert _loss(name, output, np.tile(logits, (1, 3)), np.tile(targets, (1, 3)))[0] == pytest.approx(once)
        if output != "softmax" and name != "ce":
            assert _loss(name, output, np.tile(logits, (3, 1)), np.tile(targets, (3, 1)))[0] == pytest.approx(once)


@EACH
def test_nan_is_never_hidden(name, output):
    value, delta, _ = _loss(name, output, [[0.5, math.nan], [0.1, 0.2]], [[1.0, 0.0], [0.0, 1.0]])
    assert math.isnan(value)
    assert np.isnan(delta).any()
