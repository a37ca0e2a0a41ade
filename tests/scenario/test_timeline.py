"""What a timeline may say, and what a scenario is after a change."""

import pytest

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import loads
from nn_tui.scenario.timeline import changed
from tests.scenario.scenarios import replaced, xor

ENTRY = 'epoch = 3\nset = { "training.optimizer.lr" = 0.05 }'
LIVE_ONLY = "only live fields change as a run goes, this one applies on reset"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('epoch = 21\nset = { "training.speed" = 1 }', "timeline.1.epoch: 21 is beyond the last epoch, 20"),
        # 28 samples to train on in batches of 8: 4 steps an epoch, 80 in all.
        ('step = 81\nset = { "training.speed" = 1 }', "timeline.1.step: 81 is beyond the last step, 80"),
        ('epoch = 0\nset = { "training.speed" = 1 }', None),
        ('set = { "training.speed" = 1 }', "timeline.1: expected exactly one of epoch and step, found neither"),
        ('epoch = 3\nstep = 3\nset = { "training.speed" = 1 }', None),
        ("epoch = 3", "timeline.1: expected exactly one of set and weights, found neither"),
        ("epoch = 3\nset = {}", "timeline.1.set: expected at least one key to change, found an empty table"),
        ('epoch = 3\nset = { "training.seed" = 1 }', f"timeline.1.set.training.seed: {LIVE_ONLY}"),
        ('epoch = 3\nset = { "network.hidden.1.units" = 9 }', f"timeline.1.set.network.hidden.1.units: {LIVE_ONLY}"),
        ('epoch = 3\nset = { "title" = "x" }', f"timeline.1.set.title: {LIVE_ONLY}"),
        (
            'epoch = 3\nset = { "network.hidden.3.dropout" = 0.1 }',
            "timeline.1.set.network.hidden.3.dropout: there is no hidden layer 3, only 2",
        ),
        (
            'epoch = 3\nset = { "training.loss" = "ce" }',
            "timeline.1.set.training.loss: ce needs another number of outputs than bce, which only a reset can give",
        ),
        (
            'epoch = 3\nset = { "training.optimizer.beta1" = 0.5 }',
            "timeline.1.set.training.optimizer.beta1: momentum has no beta1; it belongs to: adam, adamw",
        ),
        ('epoch = 3\nset = { "expect.1.at_least" = 1 }', "timeline.1.set.expect.1.at_least: unknown key"),
    ],
)
def test_an_entry_that_cannot_be_followed_is_told(entry: str, message: str | None) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(replaced((ENTRY, entry)), "my.toml")
    if message is not None:
        assert str(caught.value) == f"my.toml: {message}"


@pytest.mark.parametrize(("first", "second", "unit"), [(5, 4, "epoch"), (30, 7, "step")])
def test_entries_are_kept_in_order(first: int, second: int, unit: str) -> None:
    entries = "\n[[timeline]]\n".join(
        f'{unit} = {moment}\nset = {{ "training.speed" = 1 }}' for moment in (first, second)
    )
    with pytest.raises(ScenarioError) as caught:
        loads(replaced((ENTRY, entries)), "my.toml")
    message = f"my.toml: timeline.2.{unit}: {second} comes after {unit} {first}; entries are kept in order"
    assert str(caught.value) == message


def test_entries_of_one_moment_and_of_both_units_may_stand_together() -> None:
    entries = "\n[[timeline]]\n".join(
        f'{moment}\nset = {{ "training.speed" = 1 }}' for moment in ("epoch = 3", "epoch = 3", "step = 2", "step = 2")
    )
    assert len(loads(replaced((ENTRY, entries))).timeline) == 4


def test_each_entry_builds_on_those_before_it() -> None:
    entries = """epoch = 2
set = { "training.optimizer.name" = "adam" }
[[timeline]]
epoch = 3
set = { "training.optimizer.beta1" = 0.5 }"""
    assert len(loads(replaced((ENTRY, entries))).timeline) == 2
    with pytest.raises(ScenarioError, match=r"timeline\.1\.set\.training\.optimizer\.beta1: momentum has no beta1"):
        loads(replaced((ENTRY, entries.replace('name" = "adam"', 'beta1" = 0.5'))))


def test_a_later_end_makes_room_for_later_entries() -> None:
    entries = """epoch = 20
set = { "training.epochs" = 40 }
[[timeline]]
epoch = 40
set = { "training.speed" = 1 }"""
    assert len(loads(replaced((ENTRY, entries))).timeline) == 2


def test_the_last_step_is_not_guessed_where_steps_change_their_size() -> None:
    entries = """step = 2
set = { "training.mode" = "stochastic" }
[[timeline]]
step = 500
set = { "training.speed" = 1 }"""
    assert len(loads(replaced((ENTRY, entries))).timeline) == 2


def test_dotted_keys_and_tables_in_tables_say_the_same() -> None:
    dotted = loads(replaced((ENTRY, ENTRY)))
    nested = loads(replaced((ENTRY, "epoch = 3\nset = { training.optimizer.lr = 0.05 }")))
    assert nested == dotted


def test_a_change_of_optimizer_keeps_the_rate_and_takes_its_own_settings() -> None:
    after = changed(xor(), {"training.optimizer.name": "adam"})
    assert after.training.optimizer.lr == 0.1
    assert after.training.optimizer.settings == {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    assert after.timeline == after.expect == ()
    assert after.network == xor().network


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"training.sed": 3}, "change: training.sed: unknown key; did you mean 'training.speed'?"),
        ({"data.noise": 0.5}, f"change: data.noise: {LIVE_ONLY}"),
        ({"training.loss": "ce"}, None),
        ({}, "change: expected at least one key to change, found an empty table"),
    ],
)
def test_a_change_that_is_not_live_is_refused(changes: dict[str, object], message: str | None) -> None:
    with pytest.raises(ScenarioError) as caught:
        changed(xor(), changes)
    if message is not None:
        assert str(caught.value) == message
