"""The command line that gives a run again."""

import shlex
from itertools import pairwise
from typing import Any

import pytest

from nn_tui.scenario import overrides
from nn_tui.tui.replay_command import replay_command
from tests.tui.canned import scenario


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"training.optimizer.lr": 0.01, "training.seed": 3},
        {"network.hidden": [8, {"units": 3, "activation": "relu"}]},
        {"data.kind": "sine", "data.features": ["x", "x2"]},
        {"training.optimizer.name": "sgd", "training.schedule.name": "cosine"},
    ],
)
def test_the_command_gives_the_scenario_again(changes: dict[str, Any]) -> None:
    original = scenario("xor")
    started = overrides.apply(original, changes) if changes else original
    command = replay_command("xor", original, started, 12)
    assert command is not None
    words = shlex.split(command)
    assert words[:3] == ["nn-tui", "replay", "xor"]
    assert words[-2:] == ["--steps", "12"]
    assignments = [word for before, word in pairwise(words) if before == "--set"]
    again = dict(overrides.parse_assignment(text) for text in assignments)
    rebuilt = overrides.apply(original, again) if again else original
    assert (rebuilt.data, rebuilt.network, rebuilt.training) == (started.data, started.network, started.training)


def test_a_run_to_its_own_end_needs_no_number_of_steps() -> None:
    assert replay_command("xor", scenario("xor"), scenario("xor"), None) == "nn-tui replay xor"
