"""What a scenario may expect of its end."""

import pytest

from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.reading import loads
from tests.scenario.scenarios import replaced

ENTRY = 'metric = "test.accuracy"\nat_least = 0.5'


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('metric = "test.accuracy"', ": says nothing; give at_least, at_most, both of them, or equals"),
        (
            'metric = "test.accuracy"\nat_least = 0.5\nequals = 0.5',
            ".equals: stands alone, without at_least and at_most",
        ),
        ('metric = "test.loss"\nat_least = 0.5\nat_most = 0.4', ".at_least: 0.5 is above at_most, 0.4"),
        ('metric = "test.accuracy"\nat_least = 1.5', ".at_least: accuracy is always at most 1, so 1.5 is never met"),
        ('metric = "test.loss"\nat_most = -1', ".at_most: loss is always at least 0, so -1 is never met"),
        ('metric = "dead_units"\nequals = -1', ".equals: dead_units is always at least 0, so -1 is never met"),
        (
            'metric = "test.r2"\nat_least = 0.5',
            ".metric: xor is a classification and has no test.r2 (it has test.loss, test.accuracy, "
            "test.balanced_accuracy, test.precision, test.recall, test.f1)",
        ),
        ('metric = "dead_units.3"\nequals = 0', ".metric: there is no hidden layer 3, only 2"),
        ('metric = "test.loss"\nequals = "low"', ".equals: loss is a number, found the text 'low'"),
        ('metric = "test.loss"\nat_least = nan', ".at_least: expected a number, found nan"),
        (
            'metric = "status"\nequals = "finish"',
            ".equals: unknown status 'finish'; did you mean 'finished'? (one of: finished, diverged)",
        ),
        ('metric = "status"\nat_least = 1', ".equals: status equals one of: finished, diverged; found nothing"),
        ('metric = "status"\nequals = "interrupted"', None),
        (
            'metric = "digest"\nequals = "sha256:12"',
            ".equals: a digest is sha256: and 64 hexadecimal digits, found the text 'sha256:12'",
        ),
        ("at_least = 0.5", None),
    ],
)
def test_what_can_never_be_met_is_refused(entry: str, message: str | None) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(replaced((ENTRY, entry)), "my.toml")
    if message is not None:
        assert str(caught.value) == f"my.toml: expect.1{message}"


def test_of_a_test_set_that_is_not_there_nothing_is_expected() -> None:
    text = replaced(("samples = 40", "samples = 40\ntest_share = 0"))
    with pytest.raises(ScenarioError) as caught:
        loads(text, "my.toml")
    assert (
        str(caught.value) == "my.toml: expect.1.metric: there is no test set (data.test_share = 0), only train.accuracy"
    )
    assert loads(text.replace("test.accuracy", "train.accuracy")).data.test_share == 0


TABLE = """
title = "t"
[data]
kind = "csv"
path = "t.csv"
target = "y"
test_share = 0
%s
[[expect]]
metric = "%s"
at_least = 0
"""


@pytest.mark.parametrize(
    ("division", "metric"),
    [
        ('test_path = "u.csv"', "test.accuracy"),
        ('split = { column = "fold", test = "test" }', "test.loss"),
        ('split = { column = "fold", test = "test", validation = "choose" }', "validation.loss"),
    ],
)
def test_of_a_table_whose_rows_say_what_they_are_for_only_the_data_can_tell(division: str, metric: str) -> None:
    scenario = loads(TABLE % (division, metric))
    assert [entry.metric for entry in scenario.expect] == [metric]
    # Shares decide nothing then, and setting one takes no expectation away.
    assert apply(scenario, {"data.test_share": 0.0, "data.validation_share": 0.0}).expect == scenario.expect
    with pytest.raises(ScenarioError, match=rf"there is no {metric.partition('.')[0]} set"):
        loads(TABLE % ("", metric))


@pytest.mark.parametrize(
    ("kind", "metric", "listed"),
    [
        ("xor", "race.adam.x", "there is no race"),
        ("surface", "dead_units", r"a surface has no dead_units \(it has status, digest, train\.loss\)"),
        ("surface", "test.loss", r"a surface has no test\.loss \(it has status, digest, train\.loss\)"),
        ("surface", "race.adam.r2", r"a surface has no race\.adam\.r2 \(it has race\.adam\.loss, race\.adam\.x, "),
        ("line", "train.f1", r"line is a regression and has no train\.f1 \(it has train\.loss, train\.r2, "),
    ],
)
def test_what_a_kind_of_data_cannot_be_measured_by_is_refused_with_what_it_can(
    kind: str, metric: str, listed: str
) -> None:
    more = 'function = "bowl"' if kind == "surface" else ""
    with pytest.raises(ScenarioError, match=listed):
        loads(
            f'title = "t"\n[data]\nkind = "{kind}"\n{more}\n[[expect]]\nmetric = "{metric}"\nat_least = 0\n', "my.toml"
        )


@pytest.mark.parametrize(
    "entry",
    [
        'metric = "test.accuracy"\nat_least = 1',
        'metric = "test.accuracy"\nat_least = -3',
        'metric = "train.loss"\nat_least = 0\nat_most = 0',
        'metric = "dead_units"\nat_most = 3',
        'metric = "dead_units.2"\nequals = 0',
        'metric = "status"\nequals = "diverged"',
        'metric = "digest"\nequals = "sha256:' + "0f" * 32 + '"',
    ],
)
def test_what_can_be_met_is_taken(entry: str) -> None:
    assert len(loads(replaced((ENTRY, entry))).expect) == 1
