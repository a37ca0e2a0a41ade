"""What is written can be read again, and says the same."""

import pytest
from hypothesis import given, settings

from nn_tui.scenario import catalogue
from nn_tui.scenario.plain import to_mapping
from nn_tui.scenario.reading import from_mapping, load, loads
from nn_tui.scenario.writing import dumps
from tests.scenario.scenarios import Plain, mappings, xor


@settings(max_examples=120, deadline=None)
@given(mappings())
def test_any_scenario_comes_back_as_it_was_written(plain: Plain) -> None:
    scenario = from_mapping(plain)
    assert loads(dumps(scenario)) == scenario
    assert from_mapping(to_mapping(scenario)) == scenario


@pytest.mark.parametrize("name", catalogue.names())
def test_every_scenario_of_the_catalogue_comes_back_as_it_was_written(name: str) -> None:
    scenario = load(catalogue.find(name))
    assert loads(dumps(scenario)) == scenario
    assert dumps(loads(dumps(scenario))) == dumps(scenario)


def test_what_is_written_has_every_default_in_it() -> None:
    text = dumps(xor())
    for line in (
        'dtype = "float32"',
        "test_share = 0.3",
        'optimizer = { name = "momentum", lr = 0.1, beta = 0.8 }',
        'schedule = { name = "step", every = 5, decay = 0.5 }',
        "clip = { norm = 0.0, value = 0.0 }",
        'hidden = [4, { units = 3, activation = "relu", dropout = 0.1 }]',
    ):
        assert line in text.splitlines()


def test_text_with_quotes_backslashes_and_many_lines_survives() -> None:
    lesson = '"""three""" \'\'\' \\n \\ \\u0041 \t é 漢 \n\n  indented\nlast"'
    scenario = from_mapping(to_mapping(xor()) | {"lesson": lesson, "title": 'say "hello" \\'})
    again = loads(dumps(scenario))
    assert again.lesson == lesson
    assert again.title == 'say "hello" \\'
