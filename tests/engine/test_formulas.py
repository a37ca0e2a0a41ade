"""The formulas people read are the ones the engine computes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.formulas import clauses, evaluate, shown, substituted, worked
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.engine.workspace import Workspace


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizers_formula_gives_the_step_it_takes(name):
    draw = np.random.default_rng(1)
    parameters, gradient = draw.standard_normal(3), np.zeros(3)
    optimizer = OPTIMIZERS[name](parameters, gradient)
    for _ in range(25):
        gradient[:] = draw.standard_normal(3)
        expected = [worked(optimizer.formula, optimizer.terms(index, 0.05))[-1].value for index in range(3)]
        optimizer.step(0.05)
        np.testing.assert_allclose(parameters, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_clauses_before_the_last_give_the_state_after_the_step(name):
    draw = np.random.default_rng(2)
    parameters, gradient = draw.standard_normal(2), np.zeros(2)
    optimizer = OPTIMIZERS[name](parameters, gradient)
    for _ in range(9):
        gradient[:] = draw.standard_normal(2)
        lines = {line.clause.symbol: line.value for line in worked(optimizer.formula, optimizer.terms(1, 0.01))}
        optimizer.step(0.01)
        for state, moment in optimizer.moments().items():
            assert moment[1] == pytest.approx(lines[state], rel=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(x=st.floats(-30, 30))
def test_an_activations_formulas_give_its_value_and_slope(name, x):
    activation = ACTIVATIONS[name]
    z = np.array([x])
    assert evaluate(activation.formula, {"x": x}) == pytest.approx(float(activation(z)[0]), rel=1e-9, abs=1e-12)
    slope = evaluate(activation.derivative_formula, {"x": x})
    assert slope == pytest.approx(float(activation.derivative(z)[0]), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if name not in ("rmse", "ce")])
@given(z=st.floats(-8, 8), y=st.sampled_from([0.0, 1.0]))
def test_a_losss_term_gives_the_loss_of_one_sample(name, z, y):
    loss, logits, delta = LOSSES[name], np.array([[z]]), np.empty((1, 1))
    output, work = OUTPUTS[loss.output], Workspace(1, 1, np.dtype(np.float64))
    value = loss.behind(output)(logits, np.array([[y]]), delta, work)
    prediction = float(work.prediction[0, 0])
    assert evaluate(loss.term, {"y": y, "ŷ": prediction}) == pytest.approx(value, rel=1e-9, abs=1e-12)


def test_cross_entropys_term_is_that_of_the_true_class():
    logits, targets = np.array([[0.3], [1.2], [-0.4]]), np.array([[0.0], [1.0], [0.0]])
    work = Workspace(3, 1, np.dtype(np.float64))
    value = LOSSES["ce"].behind(OUTPUTS["softmax"])(logits, targets, np.empty((3, 1)), work)
    assert evaluate(LOSSES["ce"].term, {"ŷ": float(work.prediction[1, 0])}) == pytest.approx(value)


def test_numbers_stand_where_the_symbols_were():
    values = {"v": -0.25, "β": 0.9, "g": 2.0}
    assert substituted("β·v + (1 − β)·g", values) == "0.9·(−0.25) + (1 − 0.9)·2"
    assert substituted("max(0, x)", {"x": 1.5}) == "max(0, 1.5)"
    assert substituted("max(0, x)", {"x": -1.5}) == "max(0, −1.5)"
    assert substituted("1 − tanh²(x)", {"x": -1.5}) == "1 − tanh²(−1.5)"
    assert substituted("(x − y)²", {"x": -1.5, "y": -2.0}) == "((−1.5) − (−2))²"
    assert substituted("m̂ / (1 − m)", {"m": 1.0, "m̂": 2.0}) == "2 / (1 − 1)"
    assert substituted("g", {"g": math.inf}) == "∞"
    assert substituted("x", {"x": -1.5}) == "−1.5"
    # 2e−5² would be read as ten to the power of −5².
    assert substituted("25·y² + x", {"y": 2e-5, "x": 2e-5}) == "25·(2e−5)² + 2e−5"
    assert substituted("1 − β^t", {"β": 2e-5, "t": 3.0}) == "1 − (2e−5)^3"


def test_a_power_too_large_is_infinite_as_in_the_engine():
    assert shown("(y − ŷ)²", {"y": 0.07, "ŷ": -5.5e221}) == ("(0.07 − (−5.5e221))²", math.inf, "∞")
    assert evaluate("1 − x³", {"x": 1e200}) == -math.inf
    assert math.isnan(evaluate("x² − x²", {"x": 1e200}))


def test_a_formula_falls_into_its_clauses():
    assert [clause.symbol for clause in clauses(OPTIMIZERS["adam"].formula)] == ["m", "v", "m̂", "v̂", "θ"]
    assert clauses("max(0, x)")[0] == ("", "max(0, x)")


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(-1e300, 1e300))
def test_no_number_is_too_odd_to_be_put_in(g, theta):
    optimizer = OPTIMIZERS["adam"](np.array([theta]), np.array([g]))
    for line in worked(optimizer.formula, optimizer.terms(0, 0.1)):
        assert isinstance(line.value, float)
        assert line.numbers


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("max(0, x)²", lambda x: max(0.0, x) ** 2),
        ("min(1, max(−1, x))^3", lambda x: min(1.0, max(-1.0, x)) ** 3),
        ("x⁵ − 2x⁻²", lambda x: x**5 - 2.0 / x**2),
        ("x·tanh(ln(1 + e^x))", lambda x: x * math.tanh(math.log(1.0 + math.exp(x)))),
        ("tanh²(x/2 + (x − 1))", lambda x: math.tanh(x / 2 + (x - 1)) ** 2),
        ("√|x| + √(x²) + √x²", lambda x: math.sqrt(abs(x)) + abs(x) + x),
        ("sin(π·x) / (π·x)", lambda x: math.sin(math.pi * x) / (math.pi * x)),
        ("1 if x ≥ 0.5 else ⌊x⌋", lambda x: 1.0 if x >= 0.5 else math.floor(x)),
        ("e^−x²", lambda x: math.exp(-x * x)),
        ("|x|^1.5", lambda x: abs(x) ** 1.5),
    ],
)
def test_what_an_own_object_may_say_is_understood(formula, value):
    for x in (0.3, 0.5, 1.7):
        assert evaluate(formula, {"x": x}) == pytest.approx(value(x), rel=1e-12)


def test_a_number_before_a_symbol_stays_a_factor_of_its_own():
    assert substituted("2x³ + x", {"x": 0.25}) == "2·0.25³ + 0.25"
    assert substituted("(1 − x)/6x", {"x": -2.0}) == "(1 − (−2))/6·(−2)"
