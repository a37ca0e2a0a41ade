"""The scenarios that ship: each is readable, and does what its lesson says it does."""

from functools import cache

import pytest

import nn_tui
from nn_tui import Run
from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Scenario
from tests.available import lacking

NAMES = catalogue.names()
REPLAYED = [pytest.param(name, marks=pytest.mark.skipif(bool(lacking(name)), reason=lacking(name))) for name in NAMES]


@cache
def replayed(name: str) -> Run:
    return nn_tui.replay(name)


def scenario(name: str) -> Scenario:
    return load(catalogue.find(name))


@pytest.mark.parametrize("name", REPLAYED)
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


@pytest.mark.parametrize("name", REPLAYED)
def test_every_scenario_of_the_catalogue_is_watchable_at_its_own_speed(name: str) -> None:
    steps, speed = replayed(name).summary.steps, scenario(name).training.speed
    assert 5 <= steps / speed <= 90


def test_titles_tell_scenarios_apart() -> None:
    titles = [entry.title for entry in catalogue.entries()]
    assert len(set(titles)) == len(titles)


def test_a_penalty_on_the_weights_cures_the_overfit_sine() -> None:
    free, held = replayed("sine-overfit").summary, replayed("sine-l2").summary
    assert free.test is not None
    assert held.test is not None
    assert held.test["loss"] < free.test["loss"] / 2
    assert held.train["loss"] > free.train["loss"]


def test_at_one_rate_and_as_many_epochs_smaller_batches_get_further() -> None:
    losses = [replayed(f"mode-{mode}").summary.train["loss"] for mode in ("batch", "mini-batch", "stochastic")]
    assert losses == sorted(losses, reverse=True)


def test_the_same_bad_step_is_mended_by_bce_and_not_by_mse() -> None:
    squared, matched = replayed("mse-behind-sigmoid").summary, replayed("bce-behind-sigmoid").summary
    assert matched.train["accuracy"] > squared.train["accuracy"] + 0.05


# The best constant rate of plain descent, found by hand on ten seeds, and by how much it loses.
RIVALS = [("momentum", 0.15, 10), ("adagrad", 0.6, 1_000), ("rmsprop", 1.0, 20), ("adam", 0.5, 10)]


@pytest.mark.parametrize(("name", "rate", "factor"), RIVALS)
def test_each_optimizer_is_far_ahead_of_plain_descent_in_its_own_scenario(
    name: str, rate: float, factor: float
) -> None:
    plain = nn_tui.replay(name, {"training.optimizer.name": "sgd", "training.optimizer.lr": rate}).summary
    assert plain.status == "finished"
    assert plain.train["loss"] > factor * replayed(name).summary.train["loss"]


def test_momentum_holds_a_rate_at_which_plain_descent_diverges() -> None:
    assert nn_tui.replay("momentum", {"training.optimizer.name": "sgd"}).summary.status == "diverged"
