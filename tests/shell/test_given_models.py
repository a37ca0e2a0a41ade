"""A saved model stands for the scenario in it, wherever a scenario may stand."""

import json
from pathlib import Path

import pytest

from tests.shell.programs import FAST, nn

_CHANGED = FAST + "[[timeline]]\nepoch = 3\nset = { training.optimizer.lr = 0.3 }\n"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a run that was changed by its timeline."""
    path = tmp_path_factory.mktemp("saved") / "fast.safetensors"
    path.with_suffix(".toml").write_text(_CHANGED)
    assert nn("replay", path.with_suffix(".toml"), "--quiet", "--save", path).exit_code == 0
    return path


def _digest(*arguments: object) -> str:
    return str(json.loads(nn("replay", *arguments, "--json").stdout)["digest"])


def test_a_model_replays_to_its_own_digest(saved: Path) -> None:
    assert _digest(saved) == _digest(saved.with_suffix(".toml"))


def test_that_a_model_starts_anew_is_said_with_the_way_to_go_on(saved: Path) -> None:
    result = nn("replay", saved)
    assert "from its first step" in result.stderr
    assert "--resume" in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("show",),
        ("gradcheck",),
        ("trace", "--step", 2),
        ("doctor", "--budget", "1s"),
        ("sweep", "--vary", "lr=0.1,1", "--workers", 1),
        ("compare", "xor"),
    ],
    ids=lambda command: command[0],
)
def test_every_command_takes_a_model_for_its_scenario(command: tuple[object, ...], saved: Path) -> None:
    first, *options = command
    result = nn(first, saved, *options)
    assert result.exit_code in ((0, 1) if first == "doctor" else (0,)), result.output


def test_a_model_is_not_written_over_by_the_run_of_its_scenario(saved: Path) -> None:
    before = saved.read_bytes()
    result = nn("replay", saved, "--save", saved)
    assert (result.exit_code, saved.read_bytes()) == (2, before)
    assert "replace" in result.stderr or "input" in result.stderr


def test_a_run_that_began_with_other_weights_has_no_scenario_that_repeats_it(saved: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun.safetensors"
    assert nn("replay", saved, "--init-from", saved, "--save", begun, "--quiet").exit_code == 0
    result = nn("doctor", begun)
    assert result.exit_code == 2
    assert "fast.safetensors" in result.stderr
    assert nn("replay", "--resume", begun, "--epochs", 8, "--quiet").exit_code == 0


@pytest.mark.parametrize("content", [b"", b"no model", bytes(16)])
def test_what_only_ends_like_a_model_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.safetensors"
    path.write_bytes(content)
    result = nn("trace", path)
    assert result.exit_code == 2
    assert result.stderr.count("odd.safetensors") == 1
    assert len(result.stderr.splitlines()) == 1
