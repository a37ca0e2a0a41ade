"""The diagnosis of descents: it names what keeps a point from the bottom, and what would have helped."""

import numpy as np
import pytest

import nn_tui
from nn_tui.numerals import numeral
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.trials.scale import FAR_BEHIND
from nn_tui.training.run.session import Stop

NAMED = {
    "beale": ["sgd-2 diverged at step 6"],
    "bowl": ["sgd creeps: its rate is too low", "sgd-4 climbs: its rate is too high"],
    "cliff": ["sgd climbs: its rate is too high", "momentum climbs: its rate is too high"],
    "cliff-cured": ["sgd swings from side to side", "momentum swings from side to side"],
    "himmelblau": [],
    "hollows": [f"{lane} rests in a hollow that is not the lowest" for lane in ("sgd", "momentum", "adam")],
    "noisy-bowl": [],
    "plateau-surface": ["sgd creeps: its rate is too low"],
    "ravine": [],
    "rosenbrock": ["sgd creeps along a ravine"],
    "saddle": ["sgd is held up at a saddle"],
}
"""What there is to say of the catalogue's descents."""


def findings(name: str, changes: dict[str, object] | None = None, steps: int | None = None) -> tuple[Finding, ...]:
    return nn_tui.replay(name, changes, stop=Stop(steps=steps)).summary.findings


@pytest.mark.parametrize("name", NAMED)
def test_says_what_keeps_each_optimizer_from_the_bottom_and_nothing_of_those_that_arrive(name: str) -> None:
    assert [finding.title for finding in findings(name)] == NAMED[name]


ONE = {"training.race": [], "training.optimizer.name": "sgd"}
NOISE = ONE | {"training.mode": "stochastic"}


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        (NOISE | {"data.noise": 3.0, "training.optimizer.lr": 0.3, "training.seed": 1}, "sgd is kept up by the noise"),
        (NOISE | {"data.noise": 5.0, "training.optimizer.lr": 0.05, "training.epochs": 600}, "sgd is kept up by"),
        (NOISE | {"data.noise": 5.0, "training.optimizer.lr": 1e-5}, "sgd creeps: its rate is too low"),
        # Of a long way only the first steps are recorded one by one; it swings all the same.
        (ONE | {"training.optimizer.lr": 1.99999, "training.epochs": 20_000}, "sgd swings from side to side"),
    ],
)
def test_what_throws_a_point_about_is_not_taken_for_creeping(changes: dict[str, object], title: str) -> None:
    found = findings("bowl", changes)
    assert [finding.title.startswith(title) for finding in found] == [True]
    assert found[0].tried is (changes.get("training.epochs") != 20_000)


def test_a_way_too_long_for_the_shell_is_tried_by_the_doctor_and_told_whole() -> None:
    changes = ONE | {"data.function": "saddle", "data.start": [-1.5, 0.0], "training.optimizer.lr": 0.02}
    long = changes | {"training.epochs": 5_000}
    suspected = findings("bowl", long)
    assert [(finding.kind, finding.tried, finding.remedies) for finding in suspected] == [("saddle", False, ())]
    # The steepest was at the very start.
    assert suspected[0].numbers["steepest"] == pytest.approx(1.5)
    assert [finding.tried for finding in nn_tui.doctor("bowl", long, budget=60.0).findings] == [True]


@pytest.mark.parametrize("name", [name for name, titles in NAMED.items() if titles])
def test_every_remedy_ends_where_it_says_it_does(name: str) -> None:
    run = nn_tui.replay(name)
    for finding in run.summary.findings:
        number = [lane.name for lane in run.summary.race].index(finding.title.split()[0])
        before = run.summary.race[number]
        for remedy in finding.remedies:
            after = nn_tui.replay(name, remedy.changes).summary.race[number]
            assert after.diverged_at is None
            assert after.scores["loss"] < before.scores["loss"]
            assert remedy.after == after.scores["loss"]
            assert remedy.gain.endswith(f" → {numeral(after.scores['loss'])}, 1 seed")


def test_every_finding_gives_evidence_rule_and_source() -> None:
    for finding in (entry for name in NAMED for entry in findings(name)):
        # What has little of its way left could gain; what stands where it should not is ill.
        assert finding.ill is (finding.numbers.get("left", 1.0) > FAR_BEHIND)
        assert finding.rule
        assert finding.source
        assert finding.evidence.endswith(".")
        assert all(np.isfinite(value) for value in finding.numbers.values())
        assert len(finding.remedies) <= 2


@pytest.mark.parametrize("seed", range(12))
def test_on_a_bowl_the_rate_alone_decides_what_is_said(seed: int) -> None:
    draw = np.random.default_rng(seed)
    start = draw.uniform(0.5, 2.0, 2).tolist()
    kinds = {
        draw.uniform(2.05, 2.3): ["rate-too-high"],
        draw.uniform(0.1, 1.9): [],
        draw.uniform(1e-5, 2e-3): ["rate-too-low"],
    }
    for rate, expected in kinds.items():
        changes = {"race": [{"name": "sgd", "lr": rate}], "data.start": start, "epochs": 150}
        assert [finding.kind for finding in findings("bowl", changes)] == expected, rate


@pytest.mark.parametrize("start", [[-1.5, 0.0], [0.7, 0.0], [-0.4, 1e-30]])
def test_a_point_on_the_ridge_is_held_up_at_the_saddle_whatever_moves_it(start: list[float]) -> None:
    found = findings("saddle", {"data.start": start, "race": ["sgd", "momentum"], "race.0.lr": 0.1, "race.1.lr": 0.1})
    assert [finding.kind for finding in found] == ["saddle", "saddle"]
    assert all("(curvature 1) and falls along another (−1)" in finding.evidence for finding in found)


def test_noise_is_not_taken_for_a_rate_that_is_too_high() -> None:
    changes = {"noise": 3.0, "mode": "stochastic", "race": [{"name": "sgd", "lr": 0.02}], "epochs": 200}
    assert not any("swings" in finding.title for finding in findings("ravine", changes))


def test_a_descent_that_has_next_to_arrived_is_not_ill() -> None:
    found = findings("cliff-cured")
    assert found
    assert not any(finding.ill for finding in found)
    assert any(finding.ill for finding in findings("cliff"))


def test_without_a_race_the_remedy_is_the_runs_own_optimizer() -> None:
    (finding,) = findings("bowl", {"race": [], "optimizer": "sgd", "lr": 1e-4})
    assert all(
        set(remedy.changes) <= {"training.optimizer.lr", "training.optimizer.name"} for remedy in finding.remedies
    )
    assert finding.remedies


def test_a_run_that_loses_every_point_says_so_of_each() -> None:
    found = findings("beale", {"race": [{"name": "sgd", "lr": 0.04}, {"name": "sgd", "lr": 0.05}]})
    assert [finding.kind for finding in found] == ["diverged", "diverged"]


@pytest.mark.parametrize("start", [[1e4, -1e4], [1e6, 1e6], [0.0, 0.0]])
@pytest.mark.parametrize("name", NAMED)
def test_a_start_anywhere_can_be_judged(name: str, start: list[float]) -> None:
    for finding in findings(name, {"data.start": start, "epochs": 30}):
        assert finding.title


def test_too_few_steps_are_not_judged() -> None:
    assert findings("saddle", steps=0) == ()
    assert findings("saddle", steps=5) == ()
