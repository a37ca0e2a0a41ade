"""Whatever is done to a scenario, reading it gives a scenario or one message: never anything else."""

import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply, parse_assignment
from nn_tui.scenario.reading import from_mapping, load, loads
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.writing import dumps
from tests.scenario.mutations import broken_bytes, broken_mappings, texts
from tests.scenario.scenarios import xor


def outcome(read: Callable[..., Scenario], *arguments: object) -> str:
    """ "read", "refused", or what is wrong with a refusal or with what was read."""
    try:
        scenario = read(*arguments)
    except ScenarioError as error:
        message = str(error)
        good = message.isprintable() and 10 < len(message) < 1_500
        return "refused" if good else f"a bad message: {message!r}"
    return "read" if loads(dumps(scenario)) == scenario else f"not written as read: {scenario}"


def test_broken_files_end_in_one_message(tmp_path: Path) -> None:
    file, outcomes = tmp_path / "broken.toml", Counter[str]()
    for content in broken_bytes(2_000, seed=1):
        try:
            result = outcome(loads, content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            file.write_bytes(content)
            result = outcome(load, file)
        outcomes[result] += 1
    assert set(outcomes) == {"read", "refused"}
    assert min(outcomes.values()) > 150


def test_broken_mappings_end_in_one_message() -> None:
    originals = [tomllib.loads(text) for text in texts()]
    outcomes = Counter(outcome(from_mapping, mapping) for mapping in broken_mappings(originals, 3_000, seed=2))
    assert set(outcomes) == {"read", "refused"}
    assert min(outcomes.values()) > 150


def test_broken_assignments_end_in_one_message() -> None:
    whole = ["optimizer.name=adam", "hidden=[4, 4]", "hidden.1.dropout=0.5", "kind=sine", "lr=1e-3", "target=1"]
    outcomes = Counter[str]()
    for content in broken_bytes(1_200, seed=3):
        # A few characters of a broken file in the middle of an assignment.
        assignment = whole[len(content) % len(whole)]
        cut = len(content) % len(assignment)
        few = content[cut : cut + len(content) % 4].decode("utf-8", "surrogateescape")
        outcomes[outcome(with_set, assignment[:cut] + few + assignment[cut:])] += 1
    assert set(outcomes) == {"read", "refused"}
    assert min(outcomes.values()) > 150


def with_set(assignment: str) -> Scenario:
    return apply(xor(), dict([parse_assignment(assignment)]))
