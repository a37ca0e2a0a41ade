"""The range test: what it tells of a run's rates, at what cost."""

import numpy as np
import pytest

import nn_tui
from nn_tui.scenario import catalogue
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.reading import load
from nn_tui.training.range_test import range_test
from tests.training.runs import scenario


def named(name: str, **changes: object):
    return apply(load(catalogue.find(name)), {key.replace("__", "."): value for key, value in changes.items()})


@pytest.mark.parametrize("name", ["moons", "iris", "diabetes", "xor", "sine"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_one_of_the_rates_to_try_trains_well_whatever_the_runs_own(name, optimizer):
    own = named(name, optimizer=optimizer, training__epochs=30)
    losses = {}
    for lr in range_test(apply(own, {"lr": 1e-9})).rates:
        losses[lr] = nn_tui.replay(own, {"lr": lr}).summary.train["loss"]
    ladder = [nn_tui.replay(own, {"lr": lr}).summary.train["loss"] for lr in np.logspace(-4, 1, 11).tolist()]
    start = nn_tui.replay(own, {"lr": 1e-9}).summary.train["loss"]
    assert 2 <= len(losses) <= 5
    assert start - min(losses.values()) >= 0.8 * (start - min(loss for loss in ladder if np.isfinite(loss)))


def test_it_is_the_runs_own_and_comes_out_again():
    first, again = range_test(scenario()), range_test(scenario())
    assert first == again
    assert range_test(scenario(training={"seed": 11})).losses != first.losses


def test_schedule_timeline_and_early_stop_do_not_change_it():
    plain = scenario()
    odd = apply(plain, {"schedule": "warm-up", "early_stop.patience": 1})
    assert range_test(odd).losses == range_test(plain).losses


def test_it_takes_no_longer_than_a_run():
    short = scenario(training={"epochs": 12})
    steps = nn_tui.replay(short).summary.steps
    tested = range_test(short)
    assert tested.places
    longer = range_test(scenario(training={"epochs": 1200}))
    assert tested.work < longer.work
    assert steps >= len(tested.places)


def test_where_the_loss_falls_at_no_rate_there_is_none_to_try():
    assert range_test(named("saturated-sigmoid")).rates == ()


def test_inputs_that_are_large_want_rates_that_are_low():
    raw, scaled = range_test(named("unscaled-features")), range_test(named("unscaled-features-cured"))
    assert max(raw.rates) < 0.1 * max(scaled.rates)


def test_a_surface_has_one_too():
    rates = range_test(apply(load(catalogue.find("bowl")), {"race": [], "optimizer": "sgd"})).rates
    assert any(0.1 <= rate < 2.0 for rate in rates)
