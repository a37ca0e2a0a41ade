"""`nn-tui sweep`: what it prints, and what it refuses."""

import csv
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from nn_tui.scenario.reading import load
from nn_tui.training.files import kept_file
from nn_tui.training.files.atomic import OutputError
from nn_tui.training.sweep.interface import planned
from nn_tui.training.sweep.progress import TrialTable
from nn_tui.training.sweep.result import TrialResult
from nn_tui.training.sweep.space import parse_axis
from tests.shell.programs import FAST, nn, refused
from tests.training.sweep.crew import Crew


@pytest.fixture
def fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    monkeypatch.setattr("nn_tui.training.sweep.workers.LocalWorkers", Crew)
    path = tmp_path / "fast.toml"
    path.write_text(FAST)
    return path


def test_a_sweep_is_printed_and_its_best_replayed(fast: Path) -> None:
    varied = ("sweep", fast, "--vary", "lr=0.001..1:log:4", "--vary", "network.activation=relu,tanh", "--seeds", "0,4")
    result = nn(*varied, "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["seeds"] == [0, 4]
    assert len(found["trials"]) == 16
    assert {"scenario", "metric", "vary", "ranking", "best", "importance", "seconds"} <= found.keys()
    replayed = nn(*shlex.split(found["command"])[1:], "--json")
    best = next(t for t in found["trials"] if t["changes"] == found["best"]["changes"] and t["seed"] == 0)
    assert json.loads(replayed.stdout)["digest"] == best["digest"]
    shown = nn(*varied, "--plot").stdout
    assert found["command"] in shown.replace("\n", "")
    assert "training.optimizer.lr down, network.activation across" in shown
    (line,) = json.loads(nn("runs", "--json").stdout)["runs"]
    assert (line["sweep"], line["digest"], line["trials"]) == (found["hash"], best["digest"], 16)
    assert "best of 16" in nn("runs").stdout
    assert len(json.loads(nn("runs", "--json", "--trials").stdout)["runs"]) == 16
    assert "over training.optimizer.lr" in nn("sweep", fast, "--vary", "lr=0.001..1:log:4", "--plot").stdout


def test_a_map_wider_than_the_terminal_shows_the_best_and_says_how_many(
    fast: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    varied = ("--vary", "network.activation=relu,tanh", "--vary", "lr=0.001..1:log:12", "--plot")
    lines = nn("sweep", fast, *varied).stdout.splitlines()
    at = next(at for at, line in enumerate(lines) if "down, training.optimizer.lr across" in line)
    heads, *told = lines[at + 1 : at + 4]
    shown = len(heads.split())
    assert 3 < shown < 12
    assert [len(row.split()) for row in told] == [shown + 1] * 2
    assert f"{shown} of 12 values of training.optimizer.lr, around the best" in lines[at + 4]
    assert lines[5].split()[2] in heads.split()
    assert not any("…" in line for line in lines[at : at + 5])


@pytest.mark.usefixtures("fast")
def test_a_curve_says_how_many_values_it_has_no_score_of() -> None:
    varied = ("--vary", "lr=0.01,0.02,10000", "--set", "optimizer=sgd", "--set", "epochs=40", "--plot")
    lines = nn("sweep", "line", *varied).stdout.splitlines()
    assert "1 value of training.optimizer.lr without a score: not drawn" in lines


@pytest.mark.parametrize("kept", [True, False])
def test_it_says_what_is_not_run_again_and_what_is_replaced(
    fast: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    out = fast.with_name("trials.csv")
    if not kept:
        monkeypatch.setenv(kept_file.VARIABLE, "off")
    asked = ("sweep", fast, "--vary", "lr=0.1,0.2", "--out", out)
    assert nn(*asked).stderr == ""
    again = nn(*asked)
    assert again.stderr.splitlines() == ["nn-tui: 2 of 2 trials were done before and are not run again"]
    assert len(out.read_text().splitlines()) == 3
    other = nn(*asked, "--seeds", 2)
    assert other.stderr.splitlines() == [
        f"nn-tui: {out}: holds the trials of another sweep, whose place this one's take"
    ]
    assert len(out.read_text().splitlines()) == 5


def _edited(text: str) -> str:
    """One row with another value, one with a number that no trial has."""
    rows = [line.split(",", 2) for line in text.splitlines()]
    rows[1][1] = "-5"
    rows[2][2] = re.sub(r"(lr\W+)0\.[123]", r"\g<1>0.7", rows[2][2])
    return "\n".join(",".join(row) for row in rows) + "\n"


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        (lambda text: "\ufeff" + text, 3),
        (lambda text: text + text.splitlines()[-1] + "\n", 3),
        (lambda text: text + text.splitlines()[-1][:5], 3),
        (lambda text: text + "caf\udce9\n", 3),
        (_edited, 1),
    ],
    ids=("mark", "twice", "cut in the first cell", "no UTF-8", "edited"),
)
def test_a_table_goes_on_from_its_own_whole_rows_whatever_was_done_to_it(
    fast: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: Callable[[str], str], left: int
) -> None:
    monkeypatch.setenv("NN_TUI_RUNS", "off")
    out = tmp_path / "trials.csv"
    asked = ("sweep", fast, "--vary", "lr=0.1,0.2,0.3", "--out", out, "--workers", 1)
    assert nn(*asked).exit_code == 0
    whole = out.read_text()
    out.write_text(changed(whole), encoding="utf-8", errors="surrogateescape")
    again = nn(*asked)
    assert again.stderr == f"nn-tui: {left} of 3 trials were done before and are not run again\n"

    def digests(text: str) -> list[list[str]]:
        return sorted([row["trial"], row["changes"], row["digest"]] for row in csv.DictReader(text.splitlines()))

    assert digests(out.read_text()) == digests(whole)


def test_a_table_that_another_sweep_has_begun_meanwhile_is_left_to_it(
    fast: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NN_TUI_RUNS", "off")
    plan = planned(load(fast), (parse_axis("lr=0.1,0.2"),), seeds=None, random=None, metric="", stop_sick=False)
    out = tmp_path / "trials.csv"
    table = TrialTable(out, plan, reads_back=True)
    out.write_text("another's\n")
    result = TrialResult(
        number=0, combination=0, changes={"training.optimizer.lr": 0.1}, seed=0, status="finished", value=1.0,
        train=None, validation=None, test=None, steps=1, digest="", seconds=0.1,
    )  # fmt: skip
    with pytest.raises(OutputError, match="has been written by another program since this sweep began"):
        table.add(result, None)
    assert out.read_text() == "another's\n"


def test_the_scenarios_own_table_says_what_is_varied(fast: Path) -> None:
    fast.write_text(
        FAST + '[sweep]\nseeds = [1, 2]\nmetric = "train.loss"\n[sweep.vary]\ntraining.optimizer.lr = '
        '{ from = 0.01, to = 0.1, scale = "log", points = 2 }\n"network.activation" = ["relu", "tanh"]\n'
    )
    found = json.loads(nn("sweep", fast, "--json").stdout)
    assert (len(found["trials"]), found["seeds"], found["metric"]) == (8, [1, 2], "train.loss")
    assert found["vary"] == {"training.optimizer.lr": [0.01, 0.1], "network.activation": ["relu", "tanh"]}
    # What is shown reads the same, and what is run is as without the table.
    again = fast.with_name("again.toml")
    again.write_text(nn("show", fast).stdout)
    assert json.loads(nn("sweep", again, "--seeds", 1, "--json").stdout)["vary"] == found["vary"]
    assert json.loads(nn("replay", again, "--json").stdout)["digest"]
    fast.write_text(FAST + "[sweep]\nvari = 1\n")
    assert "did you mean 'vary'?" in refused("sweep", fast)
    fast.write_text(FAST + "[sweep]\nvary = { lr = 0.1 }\n")
    assert "expected a list of values or a table" in refused("replay", fast)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ((), "nothing is varied"),
        (("--vary", "lr=1..0"), "from its lower end to its higher"),
        (("--vary", "lr=0..1:log"), "lies above 0"),
        (("--vary", "lrr=1,2"), "unknown key"),
        (("--vary", "lr=1..2:log:1000", "--seeds", "5"), "--yes runs them"),
        (("--vary", "lr=1..2:log:9999", "--vary", "batch_size=1..9999:linear:9999"), "at most 1,000,000"),
        (("--vary", "lr=1,2", "--seeds", "many"), "expected how many"),
        (("--vary", "lr=1,2", "--metric", "speed"), "this run has no 'speed'"),
        (("--vary", "lr=1,2", "--json", "--plot"), "leave --plot out"),
        (("--vary", "lr=1,2", "--workers", "2", "--cluster", "tcp://x:1"), "give one of them"),
        (("--vary", "lr=1,2", "--out", "/nowhere/trials.csv"), "there is no folder"),
        (("--vary", "lr=1,2", "--out", "trials.json"), "trials are written as CSV; name it trials.csv"),
        (("--vary", "lr=0.1..1", "--random", "9999999999"), "at most 1,000,000"),
    ],
)
def test_what_is_wrong_is_said_in_one_message(fast: Path, options: tuple[str, ...], problem: str) -> None:
    assert problem in refused("sweep", fast, *options)
