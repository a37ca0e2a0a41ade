"""Sweeps: what is varied, that trials are replays, that they go on where they stopped, whatever becomes of workers."""

import math
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs

import nn_tui
from nn_tui import __version__
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import apply
from nn_tui.scenario.schema import Scenario
from nn_tui.training.files import kept_file
from nn_tui.training.files.atomic import OutputError
from nn_tui.training.given import given_scenario
from nn_tui.training.kept.files import fingerprints
from nn_tui.training.kept.store import Store
from nn_tui.training.rerunning import run_again
from nn_tui.training.run.loading import remember_datasets
from nn_tui.training.run.session import Stop
from nn_tui.training.sweep.dispatch import Dispatch
from nn_tui.training.sweep.interface import planned, progress_of, sweep
from nn_tui.training.sweep.plan import Plan, SweepTrial
from nn_tui.training.sweep.progress import InStore
from nn_tui.training.sweep.ranking import Leader, importance, ranked
from nn_tui.training.sweep.result import TrialResult
from nn_tui.training.sweep.sickness import survivors
from nn_tui.training.sweep.sobol import MOST_DIMENSIONS, sobol
from nn_tui.training.sweep.space import parse_axes, parse_axis
from nn_tui.training.sweep.sweeping import Sweeping, SweepResult
from nn_tui.training.sweep.watching import WatchedSweep
from nn_tui.training.sweep.work import Done, Task, forget_tables, run_task
from nn_tui.training.sweep.workers import ClusterWorkers, LocalWorkers, WorkerError
from tests.training.runs import scenario
from tests.training.sweep.crew import Crew, Here

RATE = "training.optimizer.lr"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    return Store()


def small(**training: Any) -> Scenario:
    return scenario(training={"epochs": 3} | training)


def plan(*varied: str, base: Scenario | None = None, **more: Any) -> Plan:
    settings = {"seeds": None, "random": None, "metric": "", "stop_sick": False} | more
    return planned(base or small(), tuple(parse_axis(text) for text in varied), **settings)


def swept(chosen: Plan, workers: Here | None = None, out: Path | None = None) -> SweepResult:
    return Sweeping(chosen, workers or Here(), progress_of(chosen, out, "small")).run()


# -- what is varied --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("lr=1e-4..1:log", (1e-4, 1e-3, 1e-2, 0.1, 1.0)),
        ("lr=0.1..0.7:3", None),
        ("lr=0.1..0.7:linear:3", (0.1, 0.4, 0.7)),
        ("batch_size=1..100:log:3", (1, 10, 100)),
        ("batch_size=1..3", (1, 2, 3)),
        ("network.activation=relu,tanh", ("relu", "tanh")),
        ("network.hidden=[4],[8, 8],[]", ([4], [8, 8], [])),
        ("lr=0.123456,2", (0.1235, 2)),
        ("lr=0.1", (0.1,)),
        ('optimizer={name="sgd",lr=1},adam', ({"name": "sgd", "lr": 1}, "adam")),
        ("init={name='normal',std=2}", ({"name": "normal", "std": 2},)),
        ("clip={norm=1},{value=1}", ({"norm": 1}, {"value": 1})),
        ("race.1={name='adam',lr=1}", ({"name": "adam", "lr": 1},)),
    ],
)
def test_axes(text: str, values: tuple[object, ...] | None) -> None:
    if values is None:
        with pytest.raises(ScenarioError, match="expected linear or log"):
            parse_axis(text)
    else:
        axis = parse_axis(text)
        assert axis.values == values
        assert axis.key.startswith(("training.", "network."))


def test_axes_in_one_line_are_parted_at_spaces_that_are_not_within_one() -> None:
    typed = (
        'lr=0.1,0.2  \'network.hidden=[4],[8, 8]\' init={name = "normal", std = 2},he network.activation=relu,"tanh"'
    )
    assert [axis.values for axis in parse_axes(typed)] == [
        (0.1, 0.2),
        ([4], [8, 8]),
        ({"name": "normal", "std": 2}, "he"),
        ("relu", "tanh"),
    ]
    assert parse_axes(" ") == ()
    with pytest.raises(ScenarioError, match="no closing quotation"):
        parse_axes("'lr=0.1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("speling=1..2", "unknown key"),
        ("lr=1..1", "from its lower end to its higher"),
        ("lr=2..1", "from its lower end to its higher"),
        ("lr=0..1:log", "lies above 0"),
        ("lr=-1..1:log", "lies above 0"),
        ("lr=1..", "expected a range such as"),
        ("lr=1..2:cubic", "expected linear or log"),
        ("lr", "expected KEY=FROM..TO"),
        ("lr=", "expected KEY=FROM..TO"),
        ("activation=1..2", "takes no numbers between"),
        ("network.activation=relu,relu", "stands there twice"),
        ("lr=1..2:log:1", "from 2 to"),
        ("batch_size=1.5..3", "takes whole numbers, found the range"),
    ],
)
def test_what_cannot_be_varied_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ScenarioError, match=problem):
        parse_axis(text.replace("activation=1", "network.activation=1"))


@pytest.mark.parametrize(
    ("varied", "more", "problem"),
    [
        ((), {}, "nothing is varied"),
        (("lr=0.1,0.2", "training.optimizer.lr=1..2"), {}, "varied twice"),
        (("seed=1,2",), {}, "say how many"),
        (("lr=0.1,0.2", 'optimizer={name="sgd",lr=1},adam'), {}, "varied twice"),
        (("training={seed=1},{seed=2}",), {}, "say how many"),
        (('optimizer={nme="sgd"}',), {}, "unknown key; did you mean"),
        (('lr={name="sgd"}',), {}, "unknown key"),
        (("lr=0.1,-1",), {}, "expected"),
        (("network.activation=relu,rely",), {}, "did you mean"),
        (("lr=1..2:log:9999", "momentum.beta=1,2"), {}, "unknown key"),
        (("lr=1..2:log:9999", "batch_size=1..9999:linear:9999"), {"seeds": 10}, "100,089,990 trials"),
        (("lr=1,2",), {"metric": "test.acuracy"}, "did you mean 'test.accuracy'"),
        (("lr=1,2",), {"seeds": [3, 3]}, "each once"),
        (("race.adam.network=1,2",), {}, "race"),
    ],
)
def test_what_cannot_be_swept_is_refused(varied: tuple[str, ...], more: dict[str, Any], problem: str) -> None:
    with pytest.raises(ScenarioError, match=problem):
        plan(*varied, **more)


def test_tables_are_varied_beside_what_they_leave_open() -> None:
    result = swept(plan('optimizer={name="sgd"},{name="momentum",beta=0.5},adam', "lr=0.1,1", "init=he,{name='ones'}"))
    assert len(result.trials) == 12
    for trial in result.trials[::5]:
        assert trial.digest == nn_tui.replay(small(), trial.changes | {"training.seed": trial.seed}).summary.digest


def test_a_lane_of_a_race_is_what_a_sweep_is_about() -> None:
    base = apply(given_scenario("line"), {"training.race": ["adam", "momentum"], "training.epochs": 30})
    chosen = plan("race.momentum.lr=0.01,1000,1", base=base, metric="race.momentum.loss")
    result = swept(chosen)
    assert [one.changes for one in result.ranking] == [{"training.race.momentum.lr": rate} for rate in (1, 0.01, 1000)]
    assert [one.diverged for one in result.ranking] == [0, 0, 1]
    surface = plan("race.adam.lr=0.01,0.3", base=given_scenario("saddle"), metric="race.adam.distance")
    assert swept(surface).ranking[0].mean < 0.01
    with pytest.raises(ScenarioError, match=r"race\.adam\.distance"):
        plan("lr=1,2", base=given_scenario("saddle"), metric="race.adam.x")


def test_a_sweep_chooses_as_all_that_chooses_does(tmp_path: Path) -> None:
    table = tmp_path / "rare.csv"
    table.write_text("x,y,label\n" + "".join(f"{i},{i * 7 % 13},{'ab'[i % 11 == 0]}\n" for i in range(120)))
    rare = apply(given_scenario("iris"), {"data.path": str(table), "data.target": "label", "training.epochs": 1})
    held_out = apply(rare, {"data.validation_share": 0.2})
    bases = (small(), rare, held_out, given_scenario("line"), given_scenario("bowl"))
    assert [plan("lr=0.1", base=base).metric for base in bases] == [
        "test.accuracy",
        "test.balanced_accuracy",
        "validation.balanced_accuracy",
        "test.r2",
        "train.loss",
    ]


def test_the_grid_and_what_is_drawn() -> None:
    grid = plan("lr=0.1,0.2", "network.activation=relu,tanh", seeds=2)
    trials = list(grid.each_trial())
    assert [trial.seed for trial in trials] == [3, 4] * 4
    assert [trial.changes[RATE] for trial in trials] == [0.1] * 4 + [0.2] * 4
    drawn = list(plan("lr=1e-4..1:log", "network.activation=relu,tanh", "batch_size=8..16", random=32).each_trial())
    again = list(plan("lr=1e-4..1:log", "network.activation=relu,tanh", "batch_size=8..16", random=32).each_trial())
    assert drawn == again
    rates = [trial.changes[RATE] for trial in drawn]
    # As many in each decade, and of either activation.
    assert np.histogram(np.log10(rates), [-4, -3, -2, -1, 0])[0].tolist() == [8, 8, 8, 8]
    assert sum(trial.changes["network.activation"] == "relu" for trial in drawn) == 16


@pytest.mark.usefixtures("runs")
def test_of_a_range_that_is_drawn_from_the_ends_are_told() -> None:
    drawn = swept(plan("lr=0.01..1:log", "network.activation=relu,tanh", random=3))
    assert drawn.vary == {RATE: [0.01, 1.0], "network.activation": ["relu", "tanh"]}
    assert all(0.01 <= trial.changes[RATE] <= 1.0 for trial in drawn.trials)
    assert swept(plan("lr=0.01..1:log:3")).vary == {RATE: [0.01, 0.1, 1.0]}


def test_sobol_points_are_even_in_every_pair_of_dimensions() -> None:
    points = sobol(256, MOST_DIMENSIONS, np.random.default_rng(5))
    assert points.min() >= 0.0
    assert points.max() < 1.0
    for column in points.T:
        assert np.bincount((column * 256).astype(int), minlength=256).tolist() == [1] * 256
    pair = (points[:, :2] * 16).astype(int)
    assert len({tuple(cell) for cell in pair.tolist()}) == 256


# -- trials ----------------------------------------------------------------------------------------------------------


def test_every_trial_is_a_replay_and_is_kept(runs: Store) -> None:
    result = swept(plan("lr=0.01,0.1", seeds=2))
    assert len(result.trials) == result.planned == 4
    for trial in result.trials:
        run = nn_tui.replay(small(), trial.changes | {"training.seed": trial.seed})
        assert trial.digest == run.summary.digest
        assert trial.test == run.summary.test
        assert runs.get(trial.run).line.digest == trial.digest
    assert result.best == result.ranking[0]
    assert {line.sweep for line in runs.lines()} == {result.hash}


def test_a_trial_is_kept_with_its_result_or_not_at_all(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen, decoded = plan("lr=0.01,0.1"), InStore._note

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    # Between a run and its result the program is killed: nothing of the trial is there.
    monkeypatch.setattr(InStore, "_note", killed)
    with pytest.raises(KeyboardInterrupt):
        swept(chosen)
    assert runs.lines() == []
    monkeypatch.setattr(InStore, "_note", decoded)
    result = swept(chosen)
    assert {line.id for line in runs.lines()} == {trial.run for trial in result.trials}


def test_a_million_trials_are_not_listed_before_the_first(runs: Store) -> None:
    chosen = plan("lr=1e-4..1:log:1000", "training.regularization.l2=1e-5..1:log:1000")
    made: list[int] = []

    class Watched(Plan, frozen=True, kw_only=True):
        def each_trial(self) -> Iterator[SweepTrial]:
            for trial in Plan.each_trial(self):
                made.append(trial.number)
                yield trial

    watched = Watched(**{name: getattr(chosen, name) for name in chosen.__struct_fields__})
    stops = Here()
    result = Sweeping(watched, stops, progress_of(watched, None, ""), should_stop=lambda: len(stops.ran) >= 2).run()
    assert result.planned == 1_000_000
    assert 0 < len(made) < 20
    assert WatchedSweep(result.hash, runs).description.trials == 1_000_000


@pytest.mark.usefixtures("runs")
def test_values_that_never_go_together_are_not_gone_through_to_the_last_once_it_is_to_stop() -> None:
    chosen = plan("lr=2..10:linear:9", "training.optimizer.weight_decay=0.9,1", base=small(optimizer={"name": "adamw"}))
    stops = iter([False] * 3 + [True] * 100)
    result = Sweeping(chosen, Here(), progress_of(chosen, None, ""), should_stop=lambda: next(stops)).run()
    assert 0 < len(result.trials) < result.planned == 18


@pytest.mark.usefixtures("runs")
def test_equal_draws_are_one_combination_and_as_many_are_planned() -> None:
    chosen = plan("network.activation=relu,tanh", random=16, seeds=2)
    assert (chosen.combinations, chosen.trials) == (2, 4)
    assert swept(chosen).planned == len(list(chosen.each_trial())) == 4


@pytest.mark.usefixtures("runs")
def test_the_same_sweep_goes_on_where_it_stopped() -> None:
    chosen = plan("lr=0.01..1:log:3", seeds=2)
    whole = swept(plan("lr=0.01..1:log:3", seeds=2, metric="train.loss"))
    stops = Here()
    stopped = Sweeping(chosen, stops, progress_of(chosen, None, ""), should_stop=lambda: len(stops.ran) >= 3).run()
    assert 0 < len(stopped.trials) < stopped.planned
    rest = Here()
    assert len(swept(chosen, rest).trials) == 6
    assert len(rest.ran) == 6 - len(stopped.trials)
    nothing = Here()
    again = swept(chosen, nothing)
    assert nothing.ran == []
    assert [trial.digest for trial in again.trials] == [trial.digest for trial in whole.trials]


def test_where_no_runs_are_kept_the_table_says_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, "off")
    out = tmp_path / "trials.csv"
    chosen = plan("lr=0.01,0.1", "network.activation=relu,tanh")
    first = swept(chosen, out=out)
    text = out.read_text()
    # A program that was killed has left half a row.
    lines = text.splitlines(keepends=True)
    out.write_text("".join(lines[:3]) + lines[3][:20])
    rest = Here()
    second = swept(chosen, rest, out)
    assert len(rest.ran) == 2
    strip = [(t.number, t.digest, t.value, t.changes) for t in first.trials]
    assert [(t.number, t.digest, t.value, t.changes) for t in second.trials] == strip
    # What came next is not glued to that half.
    third = Here()
    swept(chosen, third, out)
    assert third.ran == []
    # Another sweep's table is begun anew.
    swept(plan("lr=0.5"), out=out)
    assert len(out.read_text().splitlines()) == 2


def test_a_sweep_goes_with_the_last_of_its_runs(runs: Store) -> None:
    chosen = plan("lr=0.01,0.1")
    swept(chosen)
    runs.forget([1])
    nothing = Here()
    swept(chosen, nothing)
    assert nothing.ran == []
    runs.forget([2])
    again = Here()
    progress = progress_of(chosen, None, "")
    runs.prune(0)
    # Forgotten while it ran, it is there again with the next trial.
    assert len(Sweeping(chosen, again, progress).run().trials) == len(again.ran) == 2
    assert len(WatchedSweep(chosen.hash()).news().trials) == 2


def test_a_trial_that_cannot_be_run_is_one_failure(runs: Store) -> None:
    def some(task: Task) -> Done:
        if task.scenario.training.optimizer.lr == 0.1:
            return Done(error="no")
        return run_task(task)

    result = swept(plan("lr=0.01,0.1,1000000"), Here(some))
    assert [trial.status for trial in result.trials][:2] == ["finished", "failed"]
    assert result.ranking[-1].mean is None
    assert result.best is not None
    assert runs.lines()


def test_a_worker_without_the_table_is_sent_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    table = tmp_path / "table.csv"
    table.write_text("x,y,label\n" + "".join(f"{i},{i * i % 7},{'ab'[i % 2]}\n" for i in range(40)))
    base = nn_tui.replay("iris", {"data.path": str(table), "data.target": "label", "training.epochs": 1}).scenario
    files = fingerprints(base)
    task = Task(scenario=base, share=None, version=__version__, files=files)
    digest = run_task(task).kept.line.digest  # type: ignore[union-attr]
    content = table.read_bytes()
    asked: list[bool] = []

    def elsewhere(task: Task) -> Done:
        asked.append(bool(task.tables))
        table.unlink()
        try:
            return run_task(task)
        finally:
            table.write_bytes(content)

    chosen = planned(base, (parse_axis("lr=0.01"),), seeds=None, random=None, metric="", stop_sick=False)
    ((_, done),) = Dispatch(Here(elsewhere), lambda: False).run(
        [(next(chosen.each_trial()), Task(scenario=base, share=None, version=__version__, files=files))]
    )
    assert asked == [False, True]
    assert done.kept is not None
    assert done.kept.line.digest == digest
    assert done.kept.scenario.data.path == str(table)
    # The copy goes with the sweep, and is sent once more to another that was about to read it.
    (copy,) = tmp_path.glob("nn-tui-tables-*/*")
    table.unlink()
    monkeypatch.setattr("nn_tui.training.sweep.work.replay", lambda *_, **__: forget_and_refuse())

    def forget_and_refuse() -> None:
        forget_tables([files[0].sha256])
        raise ScenarioError("there is no such file")

    assert run_task(task).missing == files[0].sha256
    assert not copy.parent.exists()


def test_each_trial_of_varied_tables_has_its_own(runs: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "worker"))
    (tmp_path / "worker").mkdir()
    one, other, third = (tmp_path / f"{name}.csv" for name in ("one", "other", "third"))
    for number, table in enumerate((one, other, third), 3):
        table.write_text("x,y\n" + "".join(f"{i},{i * i % number}\n" for i in range(40)))
    base = apply(given_scenario("iris"), {"data.path": str(third), "data.target": "y", "training.epochs": 1})
    chosen = plan(f"data.path={one},{other}", base=base)
    with pytest.raises(OutputError, match=r"one\.csv: is a file that trials read"):
        progress_of(chosen, one, "")

    def elsewhere(task: Task) -> Done:
        contents = {table: table.read_bytes() for table in (one, other)}
        for table in contents:
            table.unlink()
        try:
            return run_task(task)
        finally:
            for table, content in contents.items():
                table.write_bytes(content)

    first = swept(chosen, Here(elsewhere))
    alone = [nn_tui.replay(base, {"data.path": str(table)}).summary.digest for table in (one, other)]
    assert [trial.digest for trial in first.trials] == alone
    for trial, table in zip(first.trials, (one, other), strict=True):
        kept = runs.get(trial.run)
        assert [file.path for file in kept.files] == [str(table)]
        table.write_text("x,y\n" + "".join(f"{i},{i * i % 7}\n" for i in range(50)))
        assert run_again(kept, runs).summary.digest == trial.digest
    # What was done with other tables is not what is asked for now.
    assert [trial.digest for trial in swept(plan(f"data.path={one},{other}", base=base)).trials] != alone


def test_a_worker_with_another_version_is_refused_by_name() -> None:
    def older(task: Task) -> Done:
        return run_task(Task(scenario=task.scenario, share=None, version="9.9.9"))

    chosen = plan("lr=0.01")
    with pytest.raises(WorkerError, match=r"process \d+\) has nn-tui .*, this is 9\.9\.9"):
        swept(chosen, Here(older))


def test_data_that_are_remembered_change_no_digest(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("x,y\n" + "".join(f"{i},{i * i % 7}\n" for i in range(40)))
    of_table = apply(given_scenario("iris"), {"data.path": str(table), "data.target": "y", "training.epochs": 1})
    bases = [small(seed=3), small(seed=4), small(dtype="float64"), of_table, small(seed=3)]
    anew = [nn_tui.replay(base).summary.digest for base in bases]
    before = remember_datasets(True)
    try:
        runs = [nn_tui.replay(base) for base in bases]
        assert [run.summary.digest for run in runs] == anew
        assert runs[0].dataset is runs[4].dataset
        table.write_text("x,y\n" + "".join(f"{i},{i * i % 5}\n" for i in range(41)))
        assert nn_tui.replay(of_table).summary.digest != anew[3]
    finally:
        remember_datasets(before)
    assert nn_tui.replay(bases[0]).dataset is not runs[0].dataset


@pytest.mark.xdist_group("sweep-processes")
def test_processes_and_one_that_is_killed() -> None:
    chosen = plan("lr=0.01,0.02,0.05,0.1", base=small(epochs=40))
    killed = []

    def kill(_: TrialResult, __: object) -> None:
        if not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    with LocalWorkers(1) as crew:
        result = Sweeping(chosen, crew, progress_of(chosen, None, ""), on_trial=kill).run()
    assert killed
    assert [trial.status for trial in result.trials] == ["finished"] * 4
    for trial in result.trials:
        assert trial.digest == nn_tui.replay(chosen.of(list(chosen.each_trial())[trial.number])).summary.digest


@pytest.mark.parametrize("address", ["nonsense", "tcp://host", "tcp://:1", "host:port", "", "tcp://a b:1"])
def test_what_is_no_address_of_a_cluster_is_refused(address: str) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(WorkerError, match="expected a scheduler's address, such as tcp://host:8786"):
        ClusterWorkers(address)


def test_from_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn_tui.training.sweep.interface.LocalWorkers", Crew)
    result = sweep(
        small(), {"lr": np.array([0.01, 0.1]), "network.activation": ["tanh"], "batch_size": "8..16:linear:2"}
    )
    assert nn_tui.sweep is sweep
    assert [trial.changes["training.batch_size"] for trial in result.trials] == [8, 16, 8, 16]


# -- ranking and giving up -------------------------------------------------------------------------------------------


def trial(combination: int, seed: int, value: float | None, loss: float = 1.0, **more: Any) -> TrialResult:
    scores = {"loss": loss, "accuracy": value}
    settings: dict[str, Any] = {"status": "finished", "changes": {"a": combination % 2, "b": combination // 2}} | more
    return TrialResult(
        number=10 * combination + seed,
        combination=combination,
        seed=seed,
        value=value,
        train=scores,
        validation=None,
        test=scores,
        steps=10,
        digest="",
        seconds=0.0,
        **settings,
    )


def test_ranking() -> None:
    trials = [
        *(trial(0, seed, 0.9, 0.3) for seed in range(2)),
        *(trial(1, seed, 0.8 + 0.2 * seed, 0.2) for seed in range(2)),
        trial(2, 0, 0.99),
        trial(2, 1, None, status="diverged"),
        *(trial(3, seed, 0.95, stopped=True) for seed in range(2)),
    ]
    order = ranked(trials, "test.accuracy")
    assert [(one.changes["a"], one.changes["b"]) for one in order] == [(1, 0), (0, 0), (1, 1), (0, 1)]
    assert order[0].spread == pytest.approx(0.1 * math.sqrt(2))
    assert order[3].mean is None
    # Of a loss, less is better.
    assert ranked([trial(0, 0, None, status="diverged")], "test.loss")[0].note == "diverged"
    assert ranked([trial(0, 0, None, status="failed")], "test.loss")[0].note == "failed"
    two = [trial(0, 0, None, status="diverged"), trial(0, 1, 0.2)]
    assert ranked(two, "test.loss")[0].note == "1 of 2 diverged"
    assert ranked([*two, trial(0, 2, None, status="failed")], "test.loss")[0].note == "1 of 3 diverged, 1 of 3 failed"
    assert [one.changes["a"] for one in ranked([trial(0, 0, 0.2), trial(1, 0, 0.1)], "test.loss")] == [1, 0]


def test_importance_tells_the_key_that_matters() -> None:
    trials = [trial(number, seed, 0.5 + 0.4 * (number % 2) + 0.01 * seed) for number in range(4) for seed in range(3)]
    found = importance(trials, ["a", "b"], "test.accuracy")
    assert found["a"] > 0.7
    assert found["b"] < 0.05
    assert importance(trials[:1], ["a"], "test.accuracy") == {"a": 0.0}


def test_the_hopeless_are_given_up_and_the_slow_starters_are_not() -> None:
    looked = {
        # Ahead, ahead by its training loss alone, hopeless ones, and one that diverged.
        0: [trial(0, 0, 0.9, 0.5)],
        1: [trial(1, 0, 0.5, 0.1)],
        **{number: [trial(number, 0, 0.5, 0.69)] for number in range(2, 6)},
        6: [trial(6, 0, None, status="diverged")],
    }
    assert {0, 1} <= survivors(looked, "test.accuracy")
    assert len(survivors(looked, "test.accuracy")) <= 3
    assert 6 not in survivors(looked, "test.accuracy")


def test_a_sweep_with_sick_trials_takes_fewer_steps_for_the_same_winner(runs: Store) -> None:
    varied = ("lr=1e-5..10:log:7",)
    base = small(epochs=12)
    whole, saving = swept(plan(*varied, base=base)), swept(plan(*varied, base=base, stop_sick=True))
    assert saving.best is not None
    assert whole.best is not None
    assert saving.best.changes == whole.best.changes
    assert saving.steps < 0.75 * whole.steps
    stopped = next(trial for trial in saving.trials if trial.stopped)
    again = nn_tui.replay(base, stopped.changes, stop=Stop(steps=stopped.steps))
    assert again.summary.digest == stopped.digest
    nothing = Here()
    swept(plan(*varied, base=base, stop_sick=True), nothing)
    assert nothing.ran == []
    assert runs.lines()


@pytest.mark.parametrize("keeps", [True, False])
def test_stopped_and_gone_on_with_the_same_trials_are_given_up(
    keeps: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = {0: (0.9, 0.5), 1: (0.5, 0.1), 2: (0.5, 0.3), 3: (0.5, 0.6), 4: (0.4, 0.7)}
    """Accuracy and loss after a first look, by combination: the first two are well, the second one learns fastest."""

    def some(task: Task) -> Done:
        done = run_task(task)
        assert done.kept is not None
        place = RATES.index(task.scenario.training.optimizer.lr)
        value, loss = (0.99, 0.2) if task.share is None else looks[place]
        scores = {"loss": loss, "accuracy": value}
        summary = done.kept.summary | {"train": scores, "test": scores}
        return Done(kept=structs.replace(done.kept, summary=summary))

    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite") if keeps else "off")
    chosen = plan("lr=" + ",".join(map(str, RATES)), stop_sick=True, metric="test.accuracy")
    ended = [number for number, (value, loss) in looks.items() if value == 0.9 or loss == 0.1]
    # It stops when the second one has come to its end, the first not yet.
    stops, out = _Busy(some), tmp_path / "trials.csv"
    stopped = Sweeping(chosen, stops, progress_of(chosen, out, ""), should_stop=lambda: stops.is_busy)
    first = stopped.run()
    assert [trial.number for trial in first.trials if not trial.stopped] == [1]
    result = Sweeping(chosen, Here(some), progress_of(chosen, out, "")).run()
    assert [trial.number for trial in result.trials if not trial.stopped] == ended
    assert len(result.trials) == 5
    if keeps:
        monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "other.sqlite"))
        whole = Sweeping(chosen, Here(some), progress_of(chosen, None, "")).run()
        assert whole.steps == result.steps


RATES = (0.01, 0.02, 0.03, 0.04, 0.05)


class _Busy(Here):
    """Workers that come to no end with the first trial."""

    is_busy = False

    def submit(self, task: Task) -> "Future[Done]":
        if task.share is None and task.scenario.training.optimizer.lr == RATES[0]:
            return Future()
        self.is_busy = task.share is None
        return super().submit(task)


def test_values_that_do_not_go_together_fail_by_themselves(runs: Store) -> None:
    result = swept(plan("loss=bce,mse", "output=sigmoid,relu"))
    assert {trial.status for trial in result.trials} >= {"finished"}
    chosen = plan("network.normalization=none,batch", "mode=mini-batch,stochastic")
    result = swept(chosen)
    assert [trial.status for trial in result.trials] == ["finished", "finished", "finished", "failed"]
    assert "batch" in result.trials[-1].error
    assert runs.lines()


def test_a_pool_that_broke_while_it_had_nothing_to_do_is_renewed(runs: Store) -> None:
    class Broken(Here):
        renewed = 0

        def submit(self, task: Task) -> "Future[Done]":
            if not self.renewed:
                raise BrokenExecutor
            return super().submit(task)

        def renew(self) -> None:
            self.renewed += 1

    crew = Broken()
    assert [trial.status for trial in swept(plan("lr=0.01,0.1"), crew).trials] == ["finished", "finished"]
    assert crew.renewed == 1
    assert runs.lines()


def test_a_range_is_never_left_by_rounding() -> None:
    axis = parse_axis("training.optimizer.beta1=0.9..0.99999:linear:3")
    assert axis.values == (0.9, 0.95, 0.99999)
    assert axis.at(1 - 1e-9) == 0.99999
    assert parse_axis("lr=0.123444..1:linear:2").values == (0.123444, 1.0)


def test_the_leader_is_the_first_of_the_ranking_after_every_trial() -> None:
    draws = np.random.default_rng(1)
    for metric in ("test.accuracy", "test.loss"):
        leader, seen = Leader(metric), []
        assert leader.best is None
        for number in draws.permutation(60).tolist():
            ill = {"status": "diverged"} if number % 7 == 0 else {"stopped": number % 5 == 0}
            value = None if "status" in ill else float(draws.integers(4))
            one = trial(number // 3, number % 3, value, float(draws.integers(3)), **ill)
            leader.add(one)
            seen.append(one)
            assert leader.best == ranked(seen, metric)[0]


def test_scores_whose_sum_is_too_large_have_a_mean() -> None:
    huge = [trial(0, seed, 1.6e308, 1.7e308) for seed in range(2)]
    (one,) = ranked(huge, "test.loss")
    assert one.mean == 1.6e308
    survivors({0: huge, 1: [trial(1, 0, 1.0)]}, "test.loss")
    # A loss that is no number is not the lowest.
    looked = {number: [trial(number, 0, 0.5, 1.0 + number)] for number in range(6)}
    looked[5] = [structs.replace(trial(5, 0, 0.5), train={"loss": None})]
    assert 5 not in survivors(looked, "test.accuracy")


def test_numbers_without_their_zero_are_numbers_as_in_set() -> None:
    assert parse_axis("lr=.1,.25,-.5").values == (0.1, 0.25, -0.5)
