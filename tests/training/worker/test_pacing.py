"""Steps come as fast as was asked for, and looking at them stays within its share of the time."""

import pytest

from nn_tui.training.worker.inbox import Inbox
from nn_tui.training.worker.messages import Look, Open, Pause, Play
from nn_tui.training.worker.pacing import Budget, Rate, Tempo
from tests.training.worker.lab import xor


def steps_taken(tempo: Tempo, seconds: float, step_takes: float = 0.0, wakes_late: float = 0.0) -> int:
    """How many steps a loop like the worker's takes, on a clock of its own."""
    now, taken = 0.0, 0
    tempo.begin(now)
    while now < seconds:
        missing = tempo.wait(now)
        if missing:
            now += missing + wakes_late
            continue
        now += step_takes
        taken += 1
        tempo.took(now)
    return taken


@pytest.mark.parametrize("speed", [1, 2, 24, 60, 499, 500, 1_000, 25_000])
def test_a_tempo_is_kept_though_waking_up_takes_its_time(speed: float) -> None:
    taken = steps_taken(Tempo(speed), 10.0, step_takes=1e-5, wakes_late=3e-4)
    assert taken == pytest.approx(10 * speed, rel=0.02, abs=1)


def test_waits_are_never_so_short_that_they_would_be_busy() -> None:
    tempo = Tempo(25_000)
    tempo.begin(0.0)
    tempo.took(0.0)
    assert tempo.wait(0.0) >= 0.001


def test_a_run_too_slow_for_its_tempo_goes_flat_out_and_does_not_rush_later() -> None:
    tempo = Tempo(1_000)
    assert steps_taken(tempo, 5.0, step_takes=0.01) == pytest.approx(500, abs=1)
    # A tenth of a second is caught up with, no more.
    tempo.go_on(100.0)
    burst = 0
    while tempo.wait(105.0) == 0.0:
        tempo.took(105.0)
        burst += 1
    assert burst <= 102


def test_flat_out_never_waits() -> None:
    tempo = Tempo(None)
    tempo.begin(5.0)
    tempo.took(5.0)
    assert tempo.wait(5.0) == 0.0
    assert not tempo.is_slow


@pytest.mark.parametrize("speed", [1.0, 7.0, 60.0, 30_000.0])
def test_the_rate_shown_is_the_rate_there_is(speed: float) -> None:
    rate = Rate()
    for look in range(200):
        rate.add(look / 15, int(look / 15 * speed))
    assert rate.value() == pytest.approx(speed, rel=0.1)
    rate.reset()
    assert rate.value() == 0.0


def test_a_budget_keeps_something_costly_to_its_share() -> None:
    budget, now, spent = Budget(0.05), 0.0, 0.0
    while now < 100.0:
        if budget.allows(now):
            budget.begin(now)
            now += 0.04
            spent += 0.04
            budget.end(now)
        now += 0.001
    assert spent == pytest.approx(5.0, rel=0.05)


def test_what_was_not_begun_within_a_budget_is_not_counted() -> None:
    budget = Budget(0.05)
    budget.end(1_000.0)
    assert budget.allows(1_000.0)


def test_commands_come_out_in_the_order_they_went_in() -> None:
    inbox = Inbox()
    for command in (Play(), Look(), Pause()):
        inbox.put(command)
    inbox.wait()
    assert [inbox.take() for _ in range(4)] == [Play(), Look(), Pause(), None]


def test_a_look_can_be_picked_from_among_other_commands() -> None:
    inbox = Inbox()
    for command in (Pause(), Look(points=1), Look(points=2)):
        inbox.put(command)
    assert not inbox.has(Open)
    assert inbox.pick(Look) == Look(points=1)
    assert inbox.pick(Open) is None
    inbox.put(Open(run=1, scenario=xor()))
    assert inbox.has(Open)
    assert inbox.take() == Pause()


def test_a_budget_with_credit_lets_what_is_soon_over_be_done_in_full() -> None:
    budget, now = Budget(0.05, credit=0.01), 0.0
    for _ in range(10):
        assert budget.allows(now)
        budget.begin(now)
        now += 0.001
        budget.end(now)
    budget.begin(now)
    budget.end(now + 0.001)
    assert not budget.allows(now + 0.001)
