"""Schedules: the rate's factor, by the formulas they show."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.engine.schedules import SCHEDULES, ConstantSchedule, Cosine, Exponential, Step, WarmUp


@pytest.mark.parametrize(
    ("schedule", "epoch", "factor"),
    [
        (ConstantSchedule(), 77.5, 1.0),
        (Step(every=10, decay=0.5), 9.99, 1.0),
        (Step(every=10, decay=0.5), 10.0, 0.5),
        (Step(every=10, decay=0.5), 35.0, 0.125),
        (Exponential(decay=0.9), 0.0, 1.0),
        (Exponential(decay=0.9), 2.5, 0.9**2.5),
        (Cosine(), 0.0, 1.0),
        (Cosine(), 50.0, 0.5),
        (Cosine(), 100.0, 0.0),
        (Cosine(minimum=0.2), 100.0, 0.2),
        (Cosine(minimum=0.2), 25.0, 0.2 + 0.8 * (1.0 + math.cos(math.pi / 4.0)) / 2.0),
        (WarmUp(epochs=4, start=0.2), 0.0, 0.2),
        (WarmUp(epochs=4, start=0.2), 1.0, 0.4),
        (WarmUp(epochs=4, start=0.2), 4.0, 1.0),
        (WarmUp(epochs=4, start=0.2), 90.0, 1.0),
    ],
)
def test_the_factor_follows_the_formula(schedule, epoch, factor):
    assert schedule.factor(epoch, 100) == pytest.approx(factor, abs=1e-15)


@pytest.mark.parametrize("name", SCHEDULES)
@given(epoch=st.floats(0.0, 1e9), epochs=st.integers(0, 10**9))
def test_the_factor_stays_between_0_and_1(name, epoch, epochs):
    assert 0.0 <= SCHEDULES[name]().factor(epoch, epochs) <= 1.0


@pytest.mark.parametrize("name", ["step", "exponential", "cosine"])
@given(epochs=st.lists(st.floats(0.0, 100.0), min_size=2, max_size=2).map(sorted))
def test_a_decay_never_rises(name, epochs):
    earlier, later = (SCHEDULES[name]().factor(epoch, 100) for epoch in epochs)
    assert later <= earlier


def test_a_run_made_longer_than_planned_stays_at_the_cosines_end():
    assert Cosine(minimum=0.1).factor(250.0, 100) == pytest.approx(0.1)


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_registry_names_every_setting_with_its_default(name):
    schedule = SCHEDULES[name]
    assert schedule.name == name
    for setting, default in schedule.defaults.items():
        assert getattr(schedule(), setting) == default
