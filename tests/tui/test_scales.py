"""Ticks, steps of fields, speeds and numbers: what people count in."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.charts import ticks
from nn_tui.charts.numbers import fixed, whole_percent
from nn_tui.scenario.field import Field
from nn_tui.tui import speeds
from nn_tui.tui.forms.steps import stepped
from nn_tui.tui.widgets.status_line import counted, eta, share
from tests.tui.canned import Run, opened

RATE = Field("training.optimizer.lr", "number", "", above=0, maximum=1e6)
BATCH = Field("training.batch_size", "integer", "", minimum=1, maximum=1_000_000)
BETA = Field("training.optimizer.beta", "number", "", minimum=0, below=1)
SHARE = Field("data.test_share", "number", "", minimum=0, below=1)
L2 = Field("training.regularization.l2", "number", "", minimum=0, maximum=1e6)
SEED = Field("training.seed", "integer", "", minimum=0, maximum=2**63 - 1)
EPOCHS = Field("training.epochs", "integer", "", minimum=1, maximum=1_000_000_000)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (RATE, [0.003, 0.005, 0.01, 0.02, 0.05, 0.1]),
        (BATCH, [12, 16, 32, 64]),
        (BETA, [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995]),
        (SHARE, [0.0, 0.05, 0.1, 0.15]),
        (L2, [0.0, 1e-4, 2e-4, 5e-4]),
        (SEED, [7, 8, 9]),
        (EPOCHS, [1, 2, 5, 10, 20, 50, 100]),
    ],
)
def test_a_field_steps_on_the_scale_of_its_kind(field: Field, values: list[float]) -> None:
    for before, after in pairwise(values):
        assert stepped(field, before, up=True) == after


@pytest.mark.parametrize(("field", "end"), [(BATCH, 1), (SEED, 0), (SHARE, 0.0), (EPOCHS, 1), (L2, 0.0), (BETA, 0.0)])
def test_a_field_ends_where_its_bounds_are(field: Field, end: float) -> None:
    assert stepped(field, end, up=False) == end


@given(st.floats(1e-8, 1e5), st.booleans())
def test_a_step_is_always_allowed_and_in_its_direction(value: float, up: bool) -> None:
    after = stepped(RATE, value, up)
    assert RATE.allows(after)
    assert (after > value) == up


def test_ticks_are_multiples_of_1_2_or_5() -> None:
    assert ticks.linear(0, 336, 5, whole=True) == [(0, "0"), (100, "100"), (200, "200"), (300, "300")]
    assert [label for _, label in ticks.linear(0.13, 0.86, 5)] == ["0.2", "0.4", "0.6", "0.8"]
    assert [label for _, label in ticks.linear(0, 2, 8, whole=True)] == ["0", "1", "2"]
    # Steps of 0.00005 would take seven characters, and each number be written as it can be.
    assert [label for _, label in ticks.linear(0, 0.00105, 21)][:3] == ["0", "0.0001", "0.0002"]


def test_ticks_of_a_logarithmic_axis_are_powers_of_ten_or_lie_between_two_of_them() -> None:
    assert [label for _, label in ticks.logarithmic(-4, 0, 6)] == ["0.0001", "0.001", "0.01", "0.1", "1"]
    assert [label for _, label in ticks.logarithmic(math.log10(0.13), math.log10(0.86), 4)] == [
        "0.2", "0.3", "0.5", "0.7",
    ]  # fmt: skip
    assert [label for _, label in ticks.logarithmic(-9, 3, 4)] == ["1e−8", "0.0001", "1"]


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(1, 20))
def test_ticks_lie_on_their_axis_and_are_few_and_short(low: float, span: float, most: int) -> None:
    span += abs(low) * 1e-6
    found = ticks.linear(low, low + span, most)
    assert len(found) <= most + 1
    assert all(low - span / 1e6 <= at <= low + span * (1 + 1e-6) for at, _ in found)


@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(6, 9))
def test_a_number_keeps_its_width_whatever_it_is(value: float, width: int) -> None:
    assert len(fixed(value, width)) <= width + 2
    if math.isfinite(value) and 1e-3 < abs(value) < 1e4:
        assert len(fixed(value, width)) == width
        assert float(fixed(value, width).replace("−", "-")) == pytest.approx(value, rel=0.1)


def test_speeds_go_from_a_step_a_second_to_flat_out() -> None:
    assert speeds.faster(60) == 100
    assert speeds.faster(1000) is None
    assert speeds.slower(None) == 1000
    assert speeds.slower(60) == 50
    assert speeds.slower(1) == 1


def test_a_pace_stays_short() -> None:
    assert [counted(rate) for rate in (0.5, 2.0, 60, 1240, 12_400, 2_500_000)] == [
        "0.5", "2", "60", "1240", "12.4k", "2.5M",
    ]  # fmt: skip


def test_of_a_run_that_is_not_over_less_than_100_percent_is_done_and_the_time_left_has_six_characters() -> None:
    run = Run(opened())
    frames = {step: run.frame(step, status="running", total_steps=3000, steps_per_second=0.02) for step in (2999, 3000)}
    assert [whole_percent(share(frame)) for frame in frames.values()] == ["99%", "100%"]
    left = [
        eta(run.frame(0, status="running", total_steps=steps, steps_per_second=1.0)) for steps in (59, 7500, 99_000)
    ]
    assert left == ["0:59", "2 h 05", "27 h"]
