"""The doctor: what it says has been tried, helps when it is followed, and is the same however it is found."""

import shlex
from concurrent.futures import BrokenExecutor, Future

import msgspec
import numpy as np
import pytest

import nn_tui
from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load, loads
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
    assert "A run whose rate rises" in report.findings[0].evidence
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


def test_the_command_runs_what_was_examined_wherever_it_lies_and_whatever_was_changed(tmp_path):
    file = tmp_path / "my moons.toml"
    file.write_text(catalogue.find("moons").read_text())
    report = nn_tui.doctor(file, FEW | {"training.optimizer.lr": 1e-6}, seeds=1, budget=1.0)
    words = shlex.split(report.prescription.command)
    assert words[:3] == ["nn-tui", "replay", str(file)]
    given = dict(overrides.parse_assignment(text) for text in words[4::2])
    assert nn_tui.replay(file, given).summary.test["accuracy"] == report.prescription.after


def test_where_there_is_no_room_to_try_anything_nothing_is_said_of_trials():
    report = nn_tui.doctor("gauss", budget=0.01)
    assert all(not trial.changes for trial in report.trials)
    assert report.verdict == "healthy"
    assert report.findings[0].title.startswith("No room to try anything")
    assert report.share in report.findings[0].evidence
    worse = nn_tui.doctor("xor-one-neuron", budget=0.01).findings[0]
    assert worse.kind == "below-baseline"
    assert "no room to try anything" in worse.title


def test_what_is_said_of_a_run_is_its_own_score(few_rows):
    report = nn_tui.doctor(few_rows, {"training.optimizer.lr": 1e4}, seeds=1, budget=1.0)
    by_cure = [finding for finding in report.findings if "Left alone" in finding.evidence]
    assert report.score.value is None
    assert all("the run diverges" in finding.evidence for finding in by_cure)


def test_what_few_rows_choose_by_is_told_together_with_the_training_rows(tmp_path):
    rows = [f"{number % 7},{number},{'ab'[number % 3 == 0]}" for number in range(24)]
    (tmp_path / "few.csv").write_text("\n".join(["x,y,label", *rows]))
    text = f'title = "few"\n[data]\nkind = "csv"\npath = "{tmp_path / "few.csv"}"\ntarget = "label"\n'
    for seed in range(4):
        scenario = overrides.apply(loads(text), {"training.seed": seed, "training.epochs": 20})
        report = visit(scenario, seeds=2, budget=0.4)
        assert report.score.value is None or report.attainable.value >= report.score.value
        told = [finding.evidence for finding in report.findings if "comes to accuracy" in finding.evidence]
        assert all("(test and training rows together)" in evidence for evidence in told)
        assert told or report.findings[0].kind in ("below-baseline", "nothing-to-learn")


@pytest.fixture
def few_rows(tmp_path):
    """A regression far from the mean, with fewer than 30 rows to choose by."""
    rows = [f"{100 * (number % 9)},{number},{number % 9 * number}" for number in range(60)]
    (tmp_path / "few.csv").write_text("\n".join(["a,b,y", *rows]))
    text = 'title = "few"\n[data]\nkind = "csv"\npath = "few.csv"\ntarget = "y"\ntask = "regression"\n'
    (tmp_path / "few.toml").write_text(text + '[training]\nepochs = 20\noptimizer = { name = "sgd", lr = 0.001 }\n')
    return tmp_path / "few.toml"


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


def test_where_targets_have_nothing_to_do_with_inputs_it_says_so_and_prescribes_nothing(tmp_path):
    draw = np.random.default_rng(4)
    rows = [f"{draw.normal():.3f},{draw.normal():.3f},{draw.choice(['u', 'v'])}" for _ in range(200)]
    (tmp_path / "shuffled.csv").write_text("\n".join(["a,b,y", *rows]))
    data = f'kind = "csv"\npath = "{tmp_path / "shuffled.csv"}"\ntarget = "y"\ntest_share = 0.4'
    scenario = loads(f'title = "shuffled"\n[data]\n{data}\n[network]\nhidden = [8]\n[training]\nepochs = 20\n')
    report = visit(scenario, budget=1.0)
    assert report.verdict == "data-limited"
    assert report.findings[0].kind == "nothing-to-learn"
    assert report.prescription is None


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
