"""The formula panel's text, read as a person would and worked out again on a pocket calculator.

What follows the last `=` of a line must be what the part before it gives, to its last printed digit.
"""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.formulas import evaluate, shown, written
from nn_tui.engine.losses import LOSSES
from nn_tui.engine.normalization import NORMALIZATIONS
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.scenario import catalogue
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.reading import load, loads
from nn_tui.training.look.formulas import DIGITS, network_formulas, point_formulas
from nn_tui.training.look.parts import Formula
from nn_tui.training.run.start import begin
from nn_tui.training.trace.network import trace_network
from tests.tui.canned import Run, opened
from tests.tui.painting import painted

CALCULATOR = {
    "ln": lambda x: math.log(x) if x > 0 else -math.inf, "sqrt": math.sqrt, "abs": abs, "max": max, "min": min,
    "tanh": math.tanh, "e": math.e, "ceil": math.ceil, "inf": math.inf, "nan": math.nan,
    "sigma": lambda x: 1 / (1 + math.exp(-x)) if x > -700 else 0.0,
    "Phi": lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), "phi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
}  # fmt: skip


def worked_out(text: str) -> float:
    """What a person makes of a line of numbers, written as people write them."""
    for sign, meant in (
        ("·", "*"), ("−", "-"), ("[", "("), ("]", ")"), ("≤", "<="), ("∞", "inf"), ("NaN", "nan"), ("⌈", "ceil("),
        ("⌉", ")"), ("σ", "sigma"), ("Φ", "Phi"), ("φ", "phi"),
    ):  # fmt: skip
        text = text.replace(sign, meant)
    text = re.sub(r"tanh²\(([^()]*(?:\([^()]*\))?)\)", r"tanh(\1)**2", text)
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    text = re.sub(r"√(\d[\d.]*(?:e-?\d+)?)", r"sqrt(\1)", text).replace("√(", "sqrt(")
    text = re.sub(r"\bln (\d[\d.]*(?:e-?\d+)?)", r"ln(\1)", text)
    text = re.sub(r"e\^-(\d[\d.]*(?:e-?\d+)?)", r"e^(-\1)", text)
    text = text.replace("²", "**2").replace("³", "**3").replace("⁴", "**4").replace("^", "**")
    try:
        return float(eval(text, {"__builtins__": {}}, CALCULATOR))
    except (ArithmeticError, ValueError):
        return math.nan


def agrees(calculation: str, result: str) -> bool:
    value, printed = worked_out(calculation), worked_out(result)
    if not (math.isfinite(value) and math.isfinite(printed)):
        return str(value) == str(printed)
    mantissa = result.replace("−", "").split("e")[0]
    decimals = len(mantissa.split(".")[1]) if "." in mantissa else 0
    power = int(result.replace("−", "-").split("e")[1]) if "e" in result else 0
    if "." not in mantissa and len(mantissa) >= 6:
        decimals = 6 - len(mantissa)
    return abs(value - printed) <= 0.5000001 * 10.0 ** (power - decimals)


def lines_of(formulas: tuple[Formula, ...]) -> list[str]:
    """The panel's text, a calculation a line."""
    told = opened()
    panel = painted("formulas", told, Run(told).frame(formulas=formulas), (400, 60))
    return [line.strip() for line in panel.text.splitlines() if line.strip().startswith("= ")]


def check(formulas: tuple[Formula, ...]) -> int:
    found = lines_of(formulas)
    for line in found:
        # What a lone symbol stands for is its result, too.
        calculation, result = (line.removeprefix("= ").rsplit(" = ", 1) * 2)[:2]
        assert agrees(calculation, result), line
    assert len(found) == sum(bool(line.numbers) for formula in formulas for line in formula.lines)
    return len(found)


def trained(name: str, steps: int, **changes: object) -> Any:
    """The first lane of a run after so many steps."""
    trainer = begin(apply(load(catalogue.find(name)), changes))
    for _ in range(steps):
        trainer.step(watch=True)
    return trainer.lead


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str, dtype: str) -> None:
    lane = trained("xor", 3, **{"network.activation": activation, "training.dtype": dtype})
    assert check(network_formulas(lane, 1)) >= 4


@pytest.mark.parametrize("way", NORMALIZATIONS)
def test_every_normalization(way: str) -> None:
    lane = trained("moons", 5, **{"network.normalization": way})
    formulas = network_formulas(lane, 0)
    assert [line.symbol for line in formulas[0].lines] == ["ẑ", "h", "f(h)", "f′(h)"]
    assert check(formulas) >= 6


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_behind_every_output(loss: str) -> None:
    checked = 0
    for name, outputs in (("xor", ["auto", *OUTPUTS]), ("iris", ["auto", "sigmoid"]), ("line", ["auto", "tanh"])):
        for output in outputs:
            try:
                lane = trained(name, 0, **{"training.loss": loss, "network.output": output})
            except ScenarioError:
                continue
            checked += check(network_formulas(lane, 0))
    assert checked >= 2 * len(OUTPUTS)


@pytest.mark.parametrize(
    ("optimizer", "mode"),
    [*((optimizer, "mini-batch") for optimizer in OPTIMIZERS), ("adam", "batch"), ("momentum", "stochastic")],
)
def test_every_optimizer_and_every_mode_late_and_early(optimizer: str, mode: str) -> None:
    for steps in (1, 40):
        lane = trained("xor", steps, **{"training.optimizer.name": optimizer, "training.mode": mode})
        assert check(network_formulas(lane, 0)) >= 4


@pytest.mark.parametrize("name", ["ravine", "cliff", "plateau-surface"])
def test_every_lane_of_a_surface(name: str) -> None:
    lane = trained(name, 5)
    assert check(point_formulas(lane)) >= 2


def test_a_pre_activation_has_a_symbol_of_its_own() -> None:
    formulas = network_formulas(trained("xor", 1), 0)
    activation = next(formula for formula in formulas if formula.subject == "activation")
    assert "z = " in activation.about
    assert all(not re.search(r"(?<![a-z])x(?![a-z])", line.formula) for line in activation.lines)


@given(st.floats(-1e6, 1e6), st.floats(1e-8, 1.0), st.floats(-1e4, 1e4))
@settings(deadline=None, max_examples=300)
def test_any_step_is_printed_so_that_it_can_be_repeated(theta: float, rate: float, gradient: float) -> None:
    values = {"θ": theta, "η": rate, "g": gradient}
    numbers, value, result = shown("θ − η·g", values)
    assert value == evaluate("θ − η·g", values)
    assert agrees(numbers, result), (numbers, result)


@given(st.floats(0.01, 0.99))
@settings(deadline=None)
def test_single_precision_shows_no_more_digits_than_it_has(probability: float) -> None:
    of_engine = float(-np.log(np.float32(probability)))
    numbers, value, result = shown("−ln ŷ", {"ŷ": float(np.float32(probability))}, of_engine)
    assert value == of_engine
    assert agrees(numbers, result)


def test_of_several_targets_the_loss_is_told_of_an_output_and_not_of_a_class(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number % 5},{number % 3}\n" for number in range(30))
    (tmp_path / "t.csv").write_text(f"x,y,z\n{rows}")
    text = (
        f'title = "t"\n[data]\nkind = "csv"\npath = "{tmp_path / "t.csv"}"\ntarget = ["y", "z"]\ntask = "regression"\n'
    )
    (loss,) = [one for one in network_formulas(begin(loads(text)).lead, 0) if one.subject == "loss"]
    assert re.match(r"first sample, output [12]: y = ", loss.about)


@pytest.mark.parametrize("name", ["xor", "spiral"])
def test_the_first_sample_is_the_one_that_a_trace_calls_example_0(name: str) -> None:
    lane = begin(catalogue.scenarios()[name]).lead
    activation, loss, *_ = network_formulas(lane, 0)
    traced = trace_network(lane, 0)
    assert activation.about.endswith(f"first sample: z = {written(float(traced.layers[0].pre_activation[0]), DIGITS)}")
    y, predicted = float(traced.target[0]), float(traced.layers[-1].output[0])
    assert loss.about == f"first sample: y = {written(y, DIGITS)}, ŷ = {written(predicted, DIGITS)}"
