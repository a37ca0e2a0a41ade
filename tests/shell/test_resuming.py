"""`nn-tui replay` with --save, --resume and --init-from, as they are typed."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from safetensors.numpy import save_file

from nn_tui.cli import cli
from nn_tui.shell import progress

STEPS = ("--set", "training.epochs=10")
"""XOR in ten epochs of nine steps."""


def replay(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["replay", *(str(argument) for argument in arguments)])


def told(*arguments: object) -> Any:
    result = replay(*arguments, "--json")
    assert result.exit_code in (0, 1), result.stderr
    return json.loads(result.stdout)


def refused(*arguments: object) -> str:
    result = replay(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("nn-tui: ")
    return result.stderr.removeprefix("nn-tui: ").rstrip("\n")


@pytest.fixture(scope="module")
def whole() -> Any:
    return told("xor", *STEPS)


@pytest.mark.parametrize("stop", [("--steps", 40), ("--epochs", 4), ("--steps", 0)])
def test_a_run_stopped_by_an_option_goes_on_to_the_same_end(
    stop: tuple[object, ...], whole: Any, tmp_path: Path
) -> None:
    model = tmp_path / "m.safetensors"
    stopped = told("xor", *STEPS, *stop, "--save", model)
    assert stopped["digest"] != whole["digest"]
    for scenario in ((), ("xor", *STEPS)):
        resumed = told(*scenario, "--resume", model)
        assert (resumed["digest"], resumed["steps"]) == (whole["digest"], 90)
        assert resumed["expectations"] == whole["expectations"]


def test_ctrl_c_saves_a_run_that_goes_on_to_the_same_end(
    whole: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def pressing(_wanted: bool) -> Iterator[Callable[[Any], None]]:
        def press(session: Any) -> None:
            if session.trainer.steps == 30:
                signal.raise_signal(signal.SIGINT)

        yield press

    with monkeypatch.context() as patched:
        patched.setattr(progress, "shown_progress", pressing)
        result = replay("xor", *STEPS, "--save", tmp_path / "m.safetensors", "--json")
    assert result.exit_code == 130
    assert 30 <= json.loads(result.stdout)["steps"] <= 31
    assert told("xor", *STEPS, "--resume", tmp_path / "m.safetensors")["digest"] == whole["digest"]


def test_a_model_can_be_resumed_and_saved_again_and_again(whole: Any, tmp_path: Path) -> None:
    models = [tmp_path / f"{steps}.safetensors" for steps in (10, 20, 35, 71)]
    told("xor", *STEPS, "--steps", 10, "--save", models[0])
    for before, model in pairwise(models):
        steps = int(model.stem)
        assert told("--resume", before, "--save", model, "--steps", steps)["steps"] == steps
    assert told("--resume", models[-1])["digest"] == whole["digest"]


def test_more_epochs_than_the_scenario_has_make_it_longer(tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    told("xor", *STEPS, "--save", model)
    longer = told("--resume", model, "--epochs", 12, "--record", tmp_path / "r.toml")
    assert longer["epochs"] == 12
    assert longer["digest"] == told("xor", "--epochs", 12)["digest"] == told(tmp_path / "r.toml")["digest"]


def test_rows_of_a_resumed_run_begin_where_it_goes_on(tmp_path: Path) -> None:
    model, rows, whole = tmp_path / "m.safetensors", tmp_path / "rows.jsonl", tmp_path / "whole.jsonl"
    told("xor", *STEPS, "--metrics", whole)
    told("xor", *STEPS, "--steps", 40, "--save", model)
    told("--resume", model, "--metrics", rows)
    all_rows = [json.loads(line) for line in whole.read_text().splitlines()]
    later = [json.loads(line) for line in rows.read_text().splitlines()]
    assert (later[0]["step"], later[-1]["step"]) == (41, 90)
    assert later == [row for row in all_rows if row["step"] > 40]


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl"])
def test_the_rows_of_a_run_that_goes_on_are_added_to_those_it_has(tmp_path: Path, name: str) -> None:
    model, rows, whole = tmp_path / "m.safetensors", tmp_path / name, tmp_path / f"whole-{name}"
    told("xor", *STEPS, "--steps", 45, "--save", model, "--metrics", rows)
    begun = rows.read_text()
    told("xor", *STEPS, "--steps", 63, "--metrics", whole)
    told("--resume", model, "--steps", 63, "--metrics", rows)
    assert rows.read_text() == whole.read_text()
    refusal = refused("--resume", model, "--metrics", rows)
    assert "ends at step 63, and the run goes on from step 45; name another file" in refusal
    rows.write_text(begun.rstrip("\n"))
    assert "are not the rows of this run" in refused("--resume", model, "--metrics", rows)
    rows.write_text("")
    told("--resume", model, "--metrics", rows)


def test_what_cannot_be_resumed_is_refused_in_one_message(tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    told("xor", *STEPS, "--steps", 40, "--save", model)
    (tmp_path / "text").write_text("no model")
    for arguments, part in (
        ((), "name a SCENARIO (nn-tui list shows all of them), or a run to --resume"),
        (("--resume", tmp_path / "none"), "there is no such file"),
        (("--resume", tmp_path / "text"), "not a safetensors file"),
        (("--resume", model, "--init-from", model), "leave --init-from out"),
        (("--resume", model, "--steps", 39), "already taken 40 steps, 4 whole epochs"),
        (("--resume", model, "--epochs", 3), "already taken 40 steps, 4 whole epochs"),
        (("--resume", model, "--seed", 8), "training.seed: 7 in the saved run, 8 asked for"),
        (("and", "--resume", model), "data.kind: the text 'xor' in the saved run, the text 'and' asked for"),
    ):
        message = refused(*arguments)
        assert part in message
        assert "\n" not in message


def test_weights_from_elsewhere_are_the_initial_parameters(tmp_path: Path) -> None:
    weights, model = tmp_path / "w.safetensors", tmp_path / "m.safetensors"
    draw = np.random.default_rng(1).normal
    save_file(
        {
            f"stack.{number}.{kind}": draw(size=shape).astype(np.float32)
            for number, units, inputs in ((0, 4, 2), (2, 4, 4), (4, 1, 4))
            for kind, shape in (("weight", (units, inputs)), ("bias", (units,)))
        },
        weights,
    )
    first = told("xor", *STEPS, "--init-from", weights, "--save", model)
    assert first["digest"] == told("xor", *STEPS, "--init-from", weights)["digest"]
    assert told("xor", *STEPS, "--init-from", weights, "--steps", 0)["digest"] != told("xor", "--steps", 0)["digest"]
    assert told("--resume", model)["digest"] == first["digest"]
    part = "cannot hold the weights of w.safetensors"
    assert part in refused("xor", "--init-from", weights, "--record", tmp_path / "r.toml")
    assert part in refused("--resume", model, "--record", tmp_path / "r.toml")
    assert "as here" in refused("xor", "--set", "hidden=[4, 5]", "--init-from", weights)
