"""A sweep looked at while it is kept, its trials opened, and trials made in processes of their own for the lab."""

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

import nn_tui
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.writing import dumps
from nn_tui.training.errand import Errand
from nn_tui.training.files import kept_file
from nn_tui.training.given import given_scenario
from nn_tui.training.kept.errors import KeptError
from nn_tui.training.kept.store import Store
from nn_tui.training.rates.attempt import Attempt, End
from nn_tui.training.rates.moment import RateMoment, followed_search
from nn_tui.training.run.session import Stop
from nn_tui.training.sweep.interface import SweepRequest, planned, progress_of
from nn_tui.training.sweep.plan import Plan
from nn_tui.training.sweep.progress import InStore
from nn_tui.training.sweep.shape import curve_over, map_over
from nn_tui.training.sweep.space import parse_axis
from nn_tui.training.sweep.sweeping import Sweeping
from nn_tui.training.sweep.watching import WatchedSweep
from nn_tui.tui.source import Source
from tests.patience import PATIENCE
from tests.training.runs import scenario
from tests.training.sweep.crew import Here


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    return Store()


def plan(*varied: str, **more: object) -> Plan:
    base = scenario(training={"epochs": 3})
    settings: dict[str, object] = {"seeds": 2, "random": None, "metric": "", "stop_sick": False} | more
    return planned(base, tuple(parse_axis(text) for text in varied), **settings)  # type: ignore[arg-type]


@pytest.mark.usefixtures("store")
def test_a_sweep_is_seen_as_it_grows_and_any_trial_is_opened_to_its_digest() -> None:
    chosen = plan("lr=0.01..1:log:3", "network.activation=relu,tanh")
    crew = Here()
    Sweeping(chosen, crew, progress_of(chosen, None, "mine"), should_stop=lambda: len(crew.ran) >= 4).run()
    watched = WatchedSweep(chosen.hash()[:5])
    first = watched.news()
    assert first is not None
    assert 0 < len(first.trials) < first.planned == 12
    assert watched.news() is None
    whole = Sweeping(chosen, Here(), progress_of(chosen, None, "mine")).run()
    assert watched.news() == whole
    assert len(curve_over(whole, "training.optimizer.lr")) == 3
    assert map_over(whole, "training.optimizer.lr", "network.activation").columns == ("relu", "tanh")
    trial = whole.trials[7]
    source = Source.of_trial(watched, trial)
    assert (source.step, source.name) == (trial.steps, "mine")
    assert nn_tui.replay(source.scenario, stop=Stop(steps=source.step)).summary.digest == trial.digest
    opened = Source.find(f"sweep:{chosen.hash()[:6]}")
    assert (opened.sweep, opened.scenario) == (chosen.hash(), chosen.scenario)


@pytest.mark.usefixtures("store")
def test_first_looks_are_counted_and_are_no_trials() -> None:
    chosen = plan("lr=0.01..1:log:3", stop_sick=True)
    crew = Here()
    Sweeping(chosen, crew, progress_of(chosen, None, "mine"), should_stop=lambda: len(crew.ran) >= 6).run()
    watched = WatchedSweep(chosen.hash())
    seen = watched.news()
    assert seen is not None
    assert (len(seen.trials), watched.looked_at) == (0, 6)
    Sweeping(chosen, Here(), progress_of(chosen, None, "mine")).run()
    seen = watched.news()
    assert seen is not None
    assert (len(seen.trials), watched.looked_at) == (6, 0)


@pytest.mark.usefixtures("store")
def test_a_sweep_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeptError, match="no sweep abcd is kept"):
        Source.find("sweep:abcd")
    with pytest.raises(ScenarioError):
        Source.find("sweep:nothing")


def test_a_damaged_sweep_and_an_older_one_are_refused_by_name(store: Store) -> None:
    chosen = plan("lr=0.01")
    InStore(chosen, store, "mine")
    for described, problem in (
        ("{", "is damaged"),
        ('{"title":"a","name":"a","keys":[],"metric":"","seeds":[],"trials":1}', "without its scenario"),
    ):
        with store.transaction(writing=True) as connection:
            connection.execute("UPDATE sweeps SET described = ?", (described,))
        with pytest.raises(KeptError, match=problem):
            Source.find(f"sweep:{chosen.hash()}")


def awaited(errand: Errand) -> None:
    until = time.monotonic() + PATIENCE
    while errand.running:
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.xdist_group("sweep-processes")
def test_a_sweep_in_processes_of_its_own(store: Store) -> None:
    chosen = plan("lr=0.01,0.1")
    InStore(chosen, store, "mine")
    errand = Errand("nn_tui.training.sweep", msgspec.msgpack.encode(SweepRequest(plan=chosen, name="mine")))
    awaited(errand)
    assert not errand.failed
    result = WatchedSweep(chosen.hash()).news()
    assert result is not None
    assert [trial.status for trial in result.trials] == ["finished"] * 4


def test_what_a_search_draws_differs_by_the_rate_and_not_by_who_was_tried_with_more_seeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def by_seed(attempts: Sequence[Attempt]) -> list[End]:
        each = [attempt.scenario.training for attempt in attempts]
        return [End(0.01 * (1 + one.seed) * (50.0 if one.optimizer.lr > 0.02 else 1.0), 1) for one in each]

    monkeypatch.setattr("nn_tui.training.rates.moment.one_by_one", by_seed)
    moments: list[RateMoment] = []
    followed_search(scenario(training={"epochs": 1}), moments.append)
    found = moments[-1].found
    assert found is not None
    assert len({rung.loss for rung in found.curve}) > 2
    assert len({rung.shared for rung in found.curve}) == 2
    assert len({loss for moment in moments for _, loss in moment.tried}) == 2


def test_a_search_for_a_rate_in_a_process_of_its_own_comes_to_the_same() -> None:
    base = scenario(training={"epochs": 1})
    moments: list[RateMoment] = []
    followed_search(base, moments.append)
    here = moments[-1].found
    assert here is not None
    assert 0.0 < moments[5].share < 1.0
    assert [rate for rate, _ in moments[-1].tried] == [rung.rate for rung in here.curve]
    errand = Errand("nn_tui.training.rates", dumps(base).encode())
    awaited(errand)
    there = msgspec.json.decode(errand.latest, type=RateMoment).found
    assert there is not None
    assert msgspec.structs.replace(there, seconds=0.0) == msgspec.structs.replace(here, seconds=0.0)


def test_a_scenario_that_cannot_be_searched_says_why() -> None:
    moments: list[RateMoment] = []
    base = apply(given_scenario("iris"), {"data.path": "/nowhere/table.csv"})
    followed_search(base, moments.append)
    assert "/nowhere/table.csv" in moments[-1].problem


def test_work_ends_where_it_is_given_up() -> None:
    errand = Errand("nn_tui.training.rates", dumps(scenario(training={"epochs": 100_000})).encode())
    errand.close()
    awaited(errand)
    assert errand.failed
