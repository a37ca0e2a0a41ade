"""The scenarios that ship: each is readable, and does what its lesson says it does."""

from functools import cache

import pytest

import nn_tui
from nn_tui import Run
from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario

NAMES = catalogue.names()


@cache
def replayed(name: str) -> Run:
    return nn_tui.replay(name)


def scenario(name: str) -> Scenario:
    return load(catalogue.find(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_of_the_catalogue_reaches_what_it_promises(name: str) -> None:
    summary = replayed(name).summary
    missed = [
        f"{result.metric} {result.wanted}, found {result.found}" for result in summary.expectations if not result.met
    ]
    assert missed == []
    assert summary.passed


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_of_the_catalogue_has_something_to_say(name: str) -> None:
    shipped = scenario(name)
    assert 10 <= len(shipped.title) <= 70
    assert 30 <= len(shipped.summary) <= 120
    assert "\n" not in shipped.title + shipped.summary
    paragraphs = shipped.lesson.strip().split("\n\n")
    assert 2 <= len(paragraphs) <= 5
    assert 300 <= len(shipped.lesson) <= 2_000
    assert max(map(len, shipped.lesson.splitlines())) <= 120
    assert shipped.expect


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_of_the_catalogue_is_watchable_at_its_own_speed(name: str) -> None:
    steps, speed = replayed(name).summary.steps, scenario(name).training.speed
    assert 5 <= steps / speed <= 90


def test_titles_tell_scenarios_apart() -> None:
    titles = [entry.title for entry in catalogue.entries()]
    assert len(set(titles)) == len(titles)
