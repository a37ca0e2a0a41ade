"""The JSON Schema that editors use says no more than the reader does."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from nn_tui.scenario import catalogue, fields
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.json_schema import json_schema
from nn_tui.scenario.reading import from_mapping, load
from nn_tui.scenario.writing import dumps
from tests.scenario.mutations import broken_mappings, texts
from tests.scenario.scenarios import Plain, mappings, replaced

VALIDATOR = Draft202012Validator(json_schema())
JSON_VALUES: tuple[Any, ...] = (
    *(True, 0, 1, -1, 2, 2**63, -0.5, 0.5, 1e308, "", "adam", "xor", "auto", "softmax", "dead_units.1", "x" * 100_001),
    *([], [0], [[]], ["x"], ["x", "x"], [{}], {}, {"name": "adam"}, {"units": 0}, {"units": 2, "dropout": 1}),
    *([1] * 101, {"training.optimizer.lr": 1}, {"training": {"optimizer": {"lr": 1}}}, {"network.hidden.0.dropout": 0}),
)


def is_read(mapping: object) -> bool:
    try:
        from_mapping(mapping)
    except ScenarioError:
        return False
    return True


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json.loads(json.dumps(json_schema())) == json_schema()


@pytest.mark.parametrize("name", catalogue.names())
def test_every_scenario_of_the_catalogue_is_valid_as_it_stands_and_as_it_is_shown(name: str) -> None:
    path = catalogue.find(name)
    VALIDATOR.validate(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    VALIDATOR.validate(tomllib.loads(dumps(load(path))))


@settings(max_examples=60)
@given(mappings())
def test_whatever_can_be_read_is_valid(plain: Plain) -> None:
    VALIDATOR.validate(plain)
    VALIDATOR.validate(tomllib.loads(dumps(from_mapping(plain))))


def test_what_the_schema_refuses_the_reader_refuses() -> None:
    refused = 0
    for mapping in broken_mappings([tomllib.loads(text) for text in texts()], 1_200, 4, JSON_VALUES):
        if not VALIDATOR.is_valid(mapping):
            refused += 1
            assert not is_read(mapping), mapping
    assert refused > 300


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("samples = 40", "smaples = 40"),
        ("samples = 40", "samples = 1"),
        ('kind = "xor"', 'kind = "xorr"'),
        ('"momentum"', '"sgd"'),
        ("units = 3, ", ""),
        ('"training.optimizer.lr" = 0.05', '"training.seed" = 1'),
        ('"training.optimizer.lr" = 0.05', ""),
        ("epoch = 3", ""),
        ("at_least = 0.5", ""),
        ('"test.accuracy"', '"test.acuracy"'),
        ('title = "Corners"\n', ""),
    ],
)
def test_an_editor_marks_the_usual_slips(old: str, new: str) -> None:
    assert not VALIDATOR.is_valid(tomllib.loads(replaced((old, new))))


def test_a_timeline_may_be_written_in_dotted_keys_or_in_tables() -> None:
    for written in (
        '"training.optimizer.lr" = 0.05',
        "training.optimizer.lr = 0.05",
        "training = { optimizer.lr = 0.05 }",
        '"training.optimizer" = { lr = 0.05 }',
        '"network.hidden.1.dropout" = 0.1',
        "network.hidden.1.dropout = 0.1",
    ):
        mapping = tomllib.loads(replaced(('"training.optimizer.lr" = 0.05', written)))
        VALIDATOR.validate(mapping)
        assert is_read(mapping), written


def test_every_key_of_the_schema_is_explained() -> None:
    for field in fields.fields():
        assert field.description[0].isupper(), field.key
        assert field.description.endswith("."), field.key


def test_what_is_said_of_fields_and_scenarios_carries_no_marks_of_code_for_it_is_shown_as_it_is() -> None:
    said = [field.description for field in fields.fields()]
    said += [scenario.summary for scenario in catalogue.scenarios().values()]
    assert not [text for text in said if "`" in text]
