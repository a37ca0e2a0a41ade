"""`nn-tui gradcheck`: what a person sees of a check, and with which status it ends."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nn_tui.cli import cli
from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.arrays import Array


def gradcheck(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["gradcheck", *arguments], env={"COLUMNS": "80"})


def lines(*arguments: str) -> list[str]:
    result = gradcheck(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_a_right_gradient_is_a_line_a_layer_and_a_verdict() -> None:
    shown = lines("xor")
    assert shown[0] == "XOR: why one layer is not enough"
    assert shown[1].startswith("bce on 16 samples, float64, at the initial parameters: 0.")
    rows = [line.split() for line in shown if line.endswith("right")]
    assert [row[:4] for row in rows] == [
        ["1", "tanh", "12", "12"],
        ["2", "tanh", "20", "20"],
        ["output", "sigmoid", "5", "5"],
    ]
    assert all(float(row[5].replace("−", "-")) < 1e-6 for row in rows)
    assert shown[-1].startswith("right: gradient and differences agree to ")


def test_a_wrong_gradient_ends_with_status_1_and_names_the_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_steep(_z: Array, _a: Array, delta: Array, _scratch: Array) -> None:
        delta *= 1.5

    monkeypatch.setitem(ACTIVATIONS, "tanh", replace(ACTIVATIONS["tanh"], backward=too_steep))
    result = gradcheck("xor")
    assert result.exit_code == 1
    marks = [line.split()[-1] for line in result.stdout.splitlines() if line[:1] in ("1", "2", "o")]
    assert marks == ["wrong", "wrong", "right"]
    assert result.stdout.splitlines()[-1].startswith("wrong: gradient and differences differ by ")


def test_penalties_are_part_of_what_is_minimised() -> None:
    shown = lines("xor", "--set", "training.regularization.l1=0.01", "--set", "training.regularization.l2=0.5")
    assert shown[1].startswith("bce + L1 0.01 + L2 0.5 on 16 samples")


def test_what_is_left_out_is_said() -> None:
    shown = "\n".join(lines("xor", "--set", "network.hidden=[60, 60]", "--set", "training.mode=batch"))
    assert "A large network: 100 parameters a layer are compared, drawn from seed" in shown
    assert "The batch is cut to its first 128 samples of 140." in shown


def test_a_vanished_gradient_is_called_too_small_not_wrong() -> None:
    shown = lines("vanishing")
    assert shown[4].startswith("1 ")
    assert shown[4].rstrip().endswith("too small")
    assert any(line.startswith("Too small: ") for line in shown)
    assert shown[-1].startswith("right")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "no scenario 'nowhere'"),
        (["xor", "--set", "network.activation=rleu"], "did you mean 'relu'?"),
        (["xor", "--set", "training.loss=hinge"], "training.loss: unknown loss 'hinge'"),
        (["diabetes", "--set", "training.class_weight=balanced"], "training.class_weight: weighs classes, and there"),
    ],
)
def test_bad_input_is_one_message_and_status_2(arguments: list[str], message: str) -> None:
    result = gradcheck(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("nn-tui: ")
    assert len(result.stderr.splitlines()) == 1
    assert message in result.stderr


def test_textual_is_not_loaded() -> None:
    code = (
        "import sys\nfrom nn_tui.cli import cli\n"
        "try:\n    cli(['gradcheck', 'and'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "assert 'textual' not in sys.modules"
    )
    done: Any = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
