"""The doctor: what it says has been tried, helps when it is followed, and is the same however it is found."""

from concurrent.futures import BrokenExecutor, Future

import msgspec
import pytest

import nn_tui
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import Change
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.diagnosis.prescribing import cured

FEW = {"training.epochs": 20, "data.samples": 120}

# One process makes the visits that several tests look at.
pytestmark = pytest.mark.xdist_group("doctor")


def _visited(name, changes, **options):
    scenario = overrides.apply(load(catalogue.find(name)), changes)
    return scenario, visit(scenario, file=name, seeds=2, **options)


@pytest.fixture(scope="module")
def slow():
    """A rate so low that nothing is learned."""
    return _visited("moons", FEW | {"training.optimizer.lr": 1e-6}, budget=1.5)


def test_names_what_was_wrong_and_what_was_prescribed_does_what_it_says(slow):
    scenario, report = slow
    assert report.verdict == "ill"
    assert report.findings[0].kind == "rate-too-low"
    assert "a run whose rate rises" in report.findings[0].evidence
    again = nn_tui.replay(scenario, report.prescription.changes).summary
    assert again.test["accuracy"] == report.prescription.after
    assert report.prescription.after > report.prescription.before + 0.1


def test_every_remedy_was_tried_at_the_seeds_it_names_and_gained(slow):
    _, report = slow
    remedies = [remedy for finding in report.findings for remedy in finding.remedies]
    # Each is given once, under the first finding that it treats.
    assert len({str(remedy.changes) for remedy in remedies}) == len(remedies) > 1
    for remedy in remedies:
        runs = [trial for trial in report.trials if trial.changes == remedy.changes]
        assert len(runs) == remedy.seeds == 2
        assert remedy.after > remedy.before
        assert remedy.after == runs[0].value


def test_a_cured_run_is_not_ill(slow):
    scenario, report = slow
    again = visit(cured(scenario, report), seeds=2, budget=4.0)
    assert again.verdict != "ill"
    assert again.prescription is None


def test_finds_the_same_in_one_process_and_in_two(slow):
    scenario, report = slow
    again = visit(scenario, file="moons", seeds=2, budget=1.5, processes=2)
    assert msgspec.structs.replace(again, seconds=0.0) == msgspec.structs.replace(report, seconds=0.0)


def test_a_rate_however_wrong_is_mended_by_a_rate_that_a_range_test_gave(slow):
    scenario, _ = slow
    report = visit(overrides.apply(scenario, {"training.optimizer.lr": 1e-12}), seeds=2, budget=2.0)
    first = report.findings[0].remedies[0]
    assert first.changes.keys() == {"training.optimizer.lr"}
    assert first.after > first.before + 0.2


def test_keeps_to_its_budget(slow):
    scenario, _ = slow
    report = visit(scenario, seeds=2, budget=0.3)
    assert report.work <= 0.3
    assert not report.cut


def test_what_helps_and_can_be_changed_as_it_runs_is_tried_on_the_running_net_too(slow):
    scenario, _ = slow
    report = visit(scenario, seeds=2, budget=1.5, steps_by_now=lambda: 40)
    live = [remedy for finding in report.findings for remedy in finding.remedies if remedy.from_step]
    assert live
    for remedy in live:
        assert remedy.live
        assert remedy.from_step == 40
        later = msgspec.structs.replace(scenario, timeline=(Change(step=41, set=remedy.changes),))
        assert nn_tui.replay(later).summary.test["accuracy"] == remedy.after > remedy.before


def test_every_lane_of_a_race_is_examined_and_its_command_runs_that_lane():
    racers = ["sgd", {"name": "sgd", "lr": 1e-6}]
    scenario = overrides.apply(load(catalogue.find("moons")), FEW | {"training.race": racers})
    report = visit(scenario, file="moons", seeds=2, budget=3.0)
    assert [report.lane, *(one.lane for one in report.others)] == ["sgd", "sgd-2"]
    slow_lane = report.others[0]
    assert report.is_ill
    assert slow_lane.verdict == "ill"
    assert slow_lane.findings[0].kind == "rate-too-low"
    assert "--set 'training.race=[]' --set training.optimizer.lr=1e-6" in slow_lane.file
    assert slow_lane.prescription.command.startswith(f"nn-tui replay {slow_lane.file} --set")


def test_where_a_process_is_killed_the_trials_are_made_all_the_same(slow, monkeypatch):
    scenario, report = slow
    killed = []

    class Killed:
        """A pool of which a process dies at the second lot."""

        def __init__(self, *_, initializer, initargs, **__):
            initializer(*initargs)

        def submit(self, work, asked):
            future = Future()
            if killed or len(self.__dict__.setdefault("made", [])) > 3:
                killed.append(asked)
                future.set_exception(BrokenExecutor())
            else:
                self.made.append(asked)
                future.set_result(work(asked))
            return future

        def shutdown(self, **_): ...

    monkeypatch.setattr("nn_tui.training.diagnosis.trials.bench.ProcessPoolExecutor", Killed)
    monkeypatch.setattr("nn_tui.training.diagnosis.trials.bench.end_with_parent", lambda: None)
    again = visit(scenario, file="moons", seeds=2, budget=1.5, processes=2)
    assert killed
    assert again.prescription == report.prescription
    assert [trial.value for trial in again.trials] == [trial.value for trial in report.trials]
