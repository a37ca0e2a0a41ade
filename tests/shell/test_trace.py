"""`nn-tui trace`: what a person and a program get of one sample's way through the net."""

import json

import pytest
from click.testing import CliRunner, Result

from nn_tui.cli import cli


def trace(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["trace", *arguments], env={"COLUMNS": "100"})


def test_json_holds_every_number_and_nothing_else_is_on_stdout() -> None:
    result = trace("xor", "--step", "7", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["step"] == 7
    assert list(found) == [
        "step", "sample", "inputs", "layers", "target", "loss", "loss_gradient", "fused", "batch", "optimizer",
        "lane",
    ]  # fmt: skip
    assert [layer["name"] for layer in found["layers"]] == ["layer 1", "layer 2", "output"]
    assert {"input", "weight", "bias", "pre_activation", "normalized", "mask", "output", "delta"} < set(
        found["layers"][0]
    )
    assert {"name", "lr", "terms", "update"} == set(found["optimizer"])


def test_the_text_names_the_example_and_works_out_the_weight_asked_for() -> None:
    shown = trace("xor", "--layer", "2", "--unit", "3", "--input", "1").stdout
    assert "step 1 to come; training example " in shown
    assert "weight 1 of unit 3, layer 2" in shown
    assert "∂L/∂w = δ·a" in shown


def test_a_normalized_layer_shows_what_its_activation_reads() -> None:
    layer_1 = next(
        line
        for line in trace("xor", "--set", "network.normalization=layer").stdout.splitlines()
        if line.startswith("layer 1  ")
    )
    assert "a = f(h)" in layer_1
    assert " h " in layer_1
    assert "a = f(z)" in trace("xor").stdout


def test_a_surface_shows_its_two_partial_derivatives() -> None:
    shown = trace("rosenbrock").stdout
    assert "∂f/∂x = " in shown
    assert "∂f/∂y = " in shown
    assert set(json.loads(trace("rosenbrock", "--json").stdout)) >= {"step", "inputs", "loss", "loss_gradient"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("xor", "--layer", "9"), "--layer 9: the net has 3 layers"),
        (("xor", "--unit", "9"), "--unit 9: layer 1 has 4 units"),
        (("xor", "--input", "9"), "--input 9: a unit of layer 1 reads 2 inputs"),
        (("xor", "--sample", "5000"), "no training example 5000"),
        (("xor", "--step", "99999999"), "the run ends after "),
        (("rosenbrock", "--layer", "1"), "a surface has no layers"),
        (("rosenbrock", "--sample", "1"), "a surface has no examples"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    result = trace(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_lane_of_a_race_is_traced_by_name_or_by_place() -> None:
    named = json.loads(trace("race-spiral", "--step", "2", "--lane", "adam", "--json").stdout)
    assert (named["lane"], named["optimizer"]["name"]) == ("adam", "adam")
    assert json.loads(trace("race-spiral", "--step", "2", "--lane", "3", "--json").stdout) == named
    refused = trace("race-spiral", "--lane", "nadam")
    assert refused.exit_code == 2
    assert "only sgd, momentum, rmsprop, adam" in refused.output


@pytest.mark.parametrize(("scenario", "steps"), [("xor", 9), ("saddle", 1)])
def test_at_the_end_of_a_run_no_step_is_promised(scenario: str, steps: int) -> None:
    shown = trace(scenario, "--set", "training.epochs=1", "--step", f"{steps}").stdout
    assert f"step {steps + 1} as it would be: the run ends with step {steps}" in shown
    assert "to come" not in shown
