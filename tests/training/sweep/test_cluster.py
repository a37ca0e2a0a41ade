"""A sweep on a real Dask cluster: a scheduler and two workers, processes of their own, over TCP."""

import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import nn_tui
from nn_tui.scenario.reading import loads
from nn_tui.training.kept.kept_run import KeptRun
from nn_tui.training.sweep.interface import planned, progress_of
from nn_tui.training.sweep.progress import TrialTable
from nn_tui.training.sweep.result import TrialResult
from nn_tui.training.sweep.space import parse_axis
from nn_tui.training.sweep.sweeping import Sweeping
from nn_tui.training.sweep.workers import ClusterWorkers, WorkerError, check_versions
from tests.patience import PATIENCE
from tests.shell.programs import ROOT, refused
from tests.training.runs import scenario

pytest.importorskip("distributed", exc_type=ImportError)
pytestmark = [
    pytest.mark.xdist_group("cluster"),
    # Dask's own; nothing of it is ours to mend.
    pytest.mark.filterwarnings("ignore"),
]


class Cluster:
    """Processes on this machine."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._folder = folder
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        self.workers = [
            self._start("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0")
            for _ in range(2)
        ]

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--scheduler-file", str(self._file), *options]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        with (self._folder / f"{kind}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=self._folder)

    @property
    def address(self) -> str:
        """Of the scheduler, once it is there."""
        import json

        until = time.monotonic() + PATIENCE
        while True:
            try:
                address: str = json.loads(self._file.read_text())["address"]
                return address
            except (OSError, ValueError, KeyError):
                assert time.monotonic() < until, (self._folder / "scheduler.log").read_text()
                self.scheduler.poll()
                time.sleep(0.05)

    def wait(self) -> None:
        """Returns once both workers are there."""
        from distributed import Client

        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    running = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        running.wait()
        yield running
    finally:
        running.end()


def test_a_sweep_goes_through_though_a_worker_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    base = scenario(training={"epochs": 60})
    axes = (parse_axis("lr=0.01,0.03,0.1"), parse_axis("network.activation=relu,tanh"))
    plan = planned(base, axes, seeds=2, random=None, metric="", stop_sick=False)
    killed = []

    def kill(_: TrialResult, __: object) -> None:
        if not killed:
            killed.append(cluster.workers[0])
            cluster.workers[0].kill()

    with ClusterWorkers(cluster.address) as crew:
        assert crew.count == 2
        result = Sweeping(plan, crew, progress_of(plan, tmp_path / "trials.csv", ""), on_trial=kill).run()
    assert killed
    assert [trial.status for trial in result.trials] == ["finished"] * 12
    for trial in result.trials[::5]:
        run = nn_tui.replay(base, trial.changes | {"training.seed": trial.seed})
        assert trial.digest == run.summary.digest


def test_a_table_that_was_sent_to_workers_is_gone_with_the_sweep(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("x,label\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(40)))
    text = f'title = "t"\n[data]\nkind = "csv"\npath = "{table}"\ntarget = "label"\n[training]\nepochs = 2\n'
    plan = planned(loads(text), (parse_axis("lr=0.01,0.1"),), seeds=None, random=None, metric="", stop_sick=False)
    copies = Path(tempfile.gettempdir()).glob(f"nn-tui-tables-*/{plan.files[0].sha256}*")
    content, there = table.read_bytes(), list[Path]()
    monkeypatch.setattr("nn_tui.training.sweep.dispatch.content_to_keep", lambda _: zlib.compress(content))
    progress = progress_of(plan, tmp_path / "trials.csv", "")
    table.unlink()
    with ClusterWorkers(cluster.address) as crew:
        result = Sweeping(plan, crew, progress, on_trial=lambda *_: there.extend(copies)).run()
    assert [trial.status for trial in result.trials] == ["finished"] * 2
    assert len(there) == 1
    assert not there[0].exists()


def test_a_scheduler_that_goes_is_told_in_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    running, killed = Cluster(tmp_path), []
    try:
        running.wait()
        add = TrialTable.add

        def kill(self: TrialTable, result: TrialResult, kept: KeptRun | None) -> TrialResult:
            if not killed:
                killed.append(running.scheduler)
                running.scheduler.kill()
            return add(self, result, kept)

        monkeypatch.setattr(TrialTable, "add", kill)
        out = tmp_path / "trials.csv"
        varied = ("--vary", "lr=0.01..1:log:30", "--set", "epochs=200", "--out", out)
        message = refused("sweep", "xor", *varied, "--cluster", running.address)
    finally:
        running.end()
    assert message.startswith("the cluster has given up: its scheduler is gone; the same command goes on")
    assert "Traceback" not in capfd.readouterr().err
    assert len(out.read_text().splitlines()) > 1


def test_what_is_wrong_with_a_cluster_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn_tui.training.sweep.workers._CONNECT_SECONDS", 0.5)
    message = refused("sweep", "xor", "--vary", "lr=0.1,0.2", "--cluster", "tcp://127.0.0.1:1")
    assert message.startswith("--cluster tcp://127.0.0.1:1: no scheduler answers there")

    class Old:
        def run(self, *_: object, **__: object) -> dict[str, object]:
            return {"tcp://a:1": nn_tui.__version__, "tcp://b:2": "0.0.9"}

    with pytest.raises(WorkerError, match=r"worker tcp://b:2 has nn-tui 0\.0\.9, this is"):
        check_versions(Old(), "tcp://s:1")
