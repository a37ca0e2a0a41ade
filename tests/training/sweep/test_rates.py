"""The search for a rate: what it proposes of what runs came to, and that the runs are the scenario's own."""

import json
import math
import random
from collections.abc import Iterable, Sequence

import pytest

import nn_tui
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.schema import Scenario
from nn_tui.training.given import given_scenario
from nn_tui.training.range_test import RangeTest, rate_at
from nn_tui.training.rates.attempt import Attempt, End, attempted
from nn_tui.training.rates.search import RateFound, find_rate
from nn_tui.training.run.session import Stop
from tests.shell.programs import nn, refused
from tests.training.runs import scenario


class Valley:
    """Ends of runs on an imagined scenario whose loss has a valley over the rates.

    Attributes:
        best: the rate at its bottom.
        width: decades over which the loss rises by a factor e from there.
        noise: of each run's loss, as a logarithm.
        cliff: rates from here on diverge.
    """

    def __init__(self, best: float, width: float = 0.7, noise: float = 0.0, cliff: float = math.inf) -> None:
        self.best, self.width, self.noise, self.cliff = best, width, noise, cliff

    def __call__(self, attempts: Sequence[Attempt]) -> Iterable[End]:
        for attempt in attempts:
            training = attempt.scenario.training
            rate = training.optimizer.lr
            luck = random.Random(f"{training.seed} {rate}").gauss(0.0, self.noise)
            loss = self._loss(rate, luck)
            yield End(math.inf, 5) if rate >= self.cliff else End(loss, attempt.steps)

    def _loss(self, rate: float, luck: float) -> float:
        away = math.log10(rate / self.best) / self.width
        return min(0.7, 0.02 * math.exp(away * away + luck))

    def ranged(self, _scenario: Scenario) -> RangeTest:
        """A range test whose rungs show the same valley."""
        places = tuple(place for place in range(-84, 28, 3) if rate_at(place) < self.cliff)
        return RangeTest(0.7, places, tuple(self._loss(rate_at(place), 0.0) for place in places), 0.0)


def searched(valley: Valley, seed: int = 3) -> RateFound:
    return find_rate(scenario(training={"seed": seed}), attempts=valley, ranged=valley.ranged)


def factor(found: float | None, wanted: float) -> float:
    assert found is not None
    return max(found / wanted, wanted / found)


@pytest.mark.parametrize("best", [3e-5, 0.002, 0.07, 1.0, 100.0])
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_the_bottom_of_the_valley_is_proposed(best: float, noise: float) -> None:
    found = searched(Valley(best, noise=noise))
    assert factor(found.rate, best) < 2.0
    assert found.interval is not None
    assert found.interval[0] <= found.rate <= found.interval[1]


def test_seeds_propose_alike_for_a_noisy_loss() -> None:
    proposals = [searched(Valley(0.01, width=1.0, noise=0.4), seed).rate or 0.0 for seed in range(100, 160, 10)]
    assert max(proposals) / min(proposals) < 4.0
    assert all(factor(proposal, 0.01) < 3.0 for proposal in proposals)


def test_a_rate_beside_a_cliff_is_not_proposed() -> None:
    found = searched(Valley(0.5, cliff=0.2))
    assert found.rate is not None
    assert found.rate < 0.2
    assert found.interval is not None
    assert found.interval[1] < 0.2
    assert any(rung.diverged for rung in found.curve)


def test_of_perfect_fits_the_smallest_loss_says_nothing() -> None:
    def fitted(attempts: Sequence[Attempt]) -> Iterable[End]:
        for attempt in attempts:
            away = abs(math.log10(attempt.scenario.training.optimizer.lr / 0.01))
            # The higher, the nearer to nothing, until a rate too high spoils it all.
            loss = 0.7 if away > 1.1 else 1e-12 / attempt.scenario.training.optimizer.lr
            yield End(loss, attempt.steps)

    assert factor(find_rate(scenario(), attempts=fitted).rate, 0.01) < 2.0


def test_what_two_seeds_come_through_and_the_others_do_not_is_not_proposed() -> None:
    def steep(attempts: Sequence[Attempt]) -> Iterable[End]:
        for attempt in attempts:
            training = attempt.scenario.training
            cliff = 5.0 if training.seed < 5 else 0.2
            lost = training.optimizer.lr >= cliff
            loss = min(0.7, 1e-4 / training.optimizer.lr**3)
            yield End(math.inf if lost else loss, 5 if lost else attempt.steps)

    found = find_rate(scenario(training={"seed": 3}), attempts=steep, ranged=Valley(0.5).ranged)
    assert 0.06 < (found.rate or 0.0) < 0.2


@pytest.mark.parametrize("unlucky", [3, 4, 6])
def test_of_two_stretches_that_are_as_good_the_lower_is_taken(unlucky: int) -> None:
    def twofold(attempts: Sequence[Attempt]) -> Iterable[End]:
        for attempt in attempts:
            rate, seed = attempt.scenario.training.optimizer.lr, attempt.scenario.training.seed
            low, high = (max(0.0, abs(math.log10(rate / middle)) - 0.2) for middle in (0.03, 0.4))
            luck = random.Random(f"{seed} {rate}").gauss(0.0, 0.1)
            stuck = seed % 2 == unlucky % 2 and 0.07 < rate < 0.17
            loss = 0.5 if stuck else min(0.6, 0.03 * math.exp(min(4.0 * low, 4.0 * high - 0.03) + luck))
            yield End(loss, attempt.steps)

    found = find_rate(scenario(training={"seed": 3}), attempts=twofold, ranged=Valley(0.1).ranged)
    assert factor(found.rate, 0.03) < 2.5


def test_what_a_few_examples_say_before_the_first_step_is_taken_of_all_seeds() -> None:
    # Six examples test here, and with this seed they happen to be met before anything is learned.
    few = {"training.optimizer": "momentum", "training.epochs": 25, "training.seed": 103}
    found = find_rate(apply(given_scenario("sine-l2"), few))
    assert found.rate is not None
    assert 0.005 < found.rate < 0.2


def test_where_no_rate_helps_none_is_proposed() -> None:
    def flat(attempts: Sequence[Attempt]) -> Iterable[End]:
        return [End(9.0, attempt.steps) for attempt in attempts]

    found = find_rate(scenario(), attempts=flat)
    assert (found.rate, found.interval) == (None, None)


def test_attempts_are_exact_runs_within_the_budget() -> None:
    made: list[Attempt] = []

    def remembered(attempts: Sequence[Attempt]) -> Iterable[End]:
        made.extend(attempts)
        return Valley(0.01)(attempts)

    found = find_rate(scenario(training={"epochs": 1000}), attempts=remembered, budget=9000)
    assert found.steps == made[0].steps < 200
    assert not found.whole
    assert {attempt.scenario.training.seed for attempt in made} == set(found.seeds) == {3, 4, 5, 6, 7}
    attempt = made[0]
    run = nn_tui.replay(
        scenario(training={"epochs": 1000}),
        {"training.optimizer.lr": attempt.scenario.training.optimizer.lr, "training.seed": 3},
        stop=Stop(steps=attempt.steps),
    )
    end = attempted(attempt)
    assert end.steps == run.summary.steps
    assert end.loss == pytest.approx(run.summary.test["loss"], rel=0.2)


def test_a_surface_and_a_run_without_test_set_have_a_rate_too() -> None:
    bowl = apply(nn_tui.replay("bowl", stop=Stop(steps=0)).scenario, {"training.epochs": 8})
    found = find_rate(bowl, seeds=2)
    assert (found.chosen_on, found.chosen_by) == ("train", "height")
    untested = scenario(data={"test_share": 0.0}, training={"epochs": 2})
    found = find_rate(untested, seeds=2, budget=1)
    assert (found.chosen_on, found.chosen_by) == ("train", "training loss")


def test_the_command_prints_what_to_run() -> None:
    result = nn("find-rate", "line", "--seeds", 2, "--budget", 900, "--set", "training.epochs=6", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["command"] == f"nn-tui replay line --set training.epochs=6 --set lr={found['rate']:g}"
    assert found["interval"][0] <= found["rate"] <= found["interval"][1]
    assert {"scenario", "optimizer", "curve", "seeds", "steps", "seconds"} <= found.keys()
    told = nn("find-rate", "line", "--seeds", 2, "--budget", 900, "--set", "training.epochs=6").stdout
    assert "the middle of equally good ones" in told
    assert "did you mean 'line'?" in refused("find-rate", "lines")
    assert "leave --plot out" in refused("find-rate", "line", "--json", "--plot")
