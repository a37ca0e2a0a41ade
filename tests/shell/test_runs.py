"""`nn-tui runs` and `nn-tui compare`."""

import json
import os
from pathlib import Path

import pytest

from nn_tui.training.files import kept_file, metrics_reading
from tests.shell.programs import FAST, nn, refused


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three kept runs: 1 is short, 2 whole, 3 diverged."""
    path = tmp_path / "runs.sqlite"
    monkeypatch.setenv(kept_file.VARIABLE, str(path))
    fast = tmp_path / "fast.toml"
    fast.write_text(FAST)
    for arguments in ((fast, "--steps", 5), (fast, "--set", "lr=0.1"), ("rate-too-high",)):
        result = nn("replay", *arguments, "--keep", "--quiet")
        assert (result.stdout, result.stderr) == ("", "")
    return path


def listed(*arguments: object) -> list[int]:
    result = nn("runs", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return [run["id"] for run in json.loads(result.stdout)["runs"]]


def test_runs_are_listed_chosen_and_ordered() -> None:
    assert listed() == [1, 2, 3]
    assert listed("--status", "diverged") == [3]
    assert listed("--scenario", "FAST") == [1, 2]
    assert listed("--finding", "diverged") == [3]
    assert listed("--origin", "lab") == []
    assert listed("--sort", "steps") == [1, 2, 3]
    assert listed("--sort", "test.loss", "--reverse") == [3, 1, 2]
    assert listed("--limit", 2) == [2, 3]
    table = nn("runs").stdout
    assert "rate-too-high" in table
    assert "diverged" in table
    assert "no such run" in nn("runs", "--origin", "lab").stdout


def test_of_a_run_whose_loss_has_no_number_no_score_is_listed() -> None:
    nn("replay", "sine", "--set", "optimizer.name=sgd", "--set", "lr=10", "--keep", "--quiet")
    diverged = json.loads(nn("runs", "--json").stdout)["runs"][-1]
    assert diverged["status"] == "diverged"
    assert diverged["test"]["loss"] is None
    assert diverged["test"]["r2"] < 0.0
    line = next(line for line in nn("runs").stdout.splitlines() if " sine " in line)
    assert line.split()[-3:] == ["–", "–", "–"]


def test_a_run_is_shown_had_again_and_forgotten() -> None:
    shown = json.loads(nn("runs", "show", "@2", "--json").stdout)
    assert shown["scenario"]["training"]["optimizer"]["lr"] == 0.1
    assert shown["summary"]["digest"] == shown["digest"]
    assert "Fast" in nn("runs", "show", "2", "--plot").stdout
    for number in (1, 2, 3):
        result = nn("runs", "replay", number, "--json")
        assert result.exit_code == 0, result.stderr
    assert nn("replay", "@1", "--quiet").exit_code == 0
    assert "0.1" in nn("show", "@2").stdout
    assert refused("runs", "forget", 1, 7) == "there is no run 7; the newest is 3 (nn-tui runs lists them)"
    assert nn("runs", "forget", 1, "@3").stdout == "forgot 2 runs\n"
    assert listed() == [2]
    assert "forgot 1 run" in nn("runs", "prune", "--keep", 0).stdout
    # A number is never given twice.
    assert nn("replay", "xor", "--steps", 1, "--keep").stderr == "nn-tui: kept as run 4 (nn-tui runs show 4)\n"


def test_what_could_not_be_had_again_is_not_kept(tmp_path: Path) -> None:
    weights, model = tmp_path / "weights.safetensors", tmp_path / "model.safetensors"
    assert nn("replay", "iris", "--epochs", 1, "--save", weights).exit_code == 0
    assert nn("replay", "iris", "--init-from", weights, "--epochs", 1, "--save", model).exit_code == 0
    kept = nn("runs", "--json").stdout
    said = refused("replay", "--resume", model, "--keep")
    assert "began with the weights of weights.safetensors" in said
    assert nn("runs", "--json").stdout == kept


def test_another_digest_is_said(runs: Path) -> None:
    import sqlite3

    with sqlite3.connect(runs) as connection:
        connection.execute("UPDATE runs SET digest = 'sha256:0' WHERE id = 1")
    connection.close()
    result = nn("runs", "replay", 1, "--quiet")
    assert result.exit_code == 1
    assert "the digest differs" in result.stderr


def test_runs_are_compared(tmp_path: Path) -> None:
    model = tmp_path / "model.safetensors"
    nn("replay", tmp_path / "fast.toml", "--set", "lr=0.1", "--save", model, "--quiet")
    result = nn("compare", 1, "@2", tmp_path / "fast.toml", model, "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["settings"] == [{"key": "training.optimizer.lr", "values": [0.01, 0.1, 0.01, 0.1]}]
    digests = [run["digest"] for run in found["runs"]]
    assert digests[1] == digests[3]
    assert len(set(digests)) == 3
    shown = nn("compare", "1", "xor", "--plot").stdout
    assert "network.hidden" in shown
    assert "train loss" in shown
    assert "the same parameters" in nn("compare", "2", model).stdout


def test_a_timeline_and_a_race_are_compared_a_line_an_entry(tmp_path: Path) -> None:
    changed = tmp_path / "changed.toml"
    race = 'race = ["sgd", { name = "momentum", lr = 0.5, beta = 0.8 }]'
    entries = [
        f'[[timeline]]\nstep = {step}\nset = {{ "training.batch_size" = {size} }}' for step, size in ((2, 20), (3, 30))
    ]
    changed.write_text("\n".join((FAST + race, *entries)))
    result = nn("compare", 1, changed)
    assert result.exit_code == 0, result.stderr
    table = [" ".join(line.split()) for line in result.stdout.splitlines()]
    first = table.index("timeline none step 2 set training.batch_size 20")
    assert table[first + 1] == "step 3 set training.batch_size 30"
    assert any(line.startswith("training.race none sgd") for line in table)
    assert any(line.startswith("momentum lr 0.5 beta 0.8") for line in table)


def test_rows_of_a_race_or_a_surface_are_told_from_none(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    for surface in ("saddle", "bowl"):
        assert nn("replay", surface, "--steps", 2, "--metrics", rows, "--quiet").exit_code == 0
        assert refused("compare", "xor", rows).startswith(f"{rows}: holds the rows of a race or a surface")


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_metrics_file_is_compared_by_its_rows(tmp_path: Path, ending: str) -> None:
    rows = tmp_path / f"rows.{ending}"
    nn("replay", tmp_path / "fast.toml", "--set", "lr=0.1", "--metrics", rows, "--quiet")
    result = nn("compare", 2, rows, 1, "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    kept, recorded, _ = found["runs"]
    assert (recorded["status"], recorded["digest"]) == ("recorded", "")
    for key in ("steps", "epochs"):
        assert recorded[key] == kept[key]
    assert recorded["test"]["loss"] == pytest.approx(kept["test"]["loss"])
    # What a file does not say differs from nothing.
    assert found["settings"] == [{"key": "training.optimizer.lr", "values": [0.1, None, 0.01]}]
    assert "train loss" in nn("compare", 2, rows, "--plot").stdout


_OUT_OF_ORDER = (
    '{"step": 1, "epoch": 0}\n{"step": null, "epoch": 0}\n',
    '{"step": 1, "epoch": 0}\n{"step": 2, "epoch": null}\n',
    '{"step": 5, "epoch": 0}\n{"step": 5, "epoch": 0}\n',
)
"""Rows of which the last does not say where a run ends."""


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    for content in (
        "",
        "{}\n",
        "[1]\n",
        '{"step": "many", "epoch": 0}\n',
        "\xff\n",
        '{"step": 1}\n',
        '{"step": 1, "epoch": 0, "train": 5}\n',
        *_OUT_OF_ORDER,
    ):
        rows.write_text(content, encoding="latin-1")
        assert "rows.jsonl" in refused("compare", 1, rows)
    assert "cannot be read" in refused("compare", 1, tmp_path / "none.jsonl")


_ROW = '{"step": 1, "epoch": 0, "train": {"loss": 0.5}}\n'


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("r.jsonl", _ROW.replace("1", "9" * 400, 1), "row 1 has no step that can be counted"),
        ("r.jsonl", _ROW.replace("1", "9" * 5_000, 1), "row 1 has no step that can be counted"),
        ("r.jsonl", _ROW.replace("1", "-1", 1), "row 1 has no step that can be counted"),
        ("r.jsonl", _ROW + _ROW.replace("0.5", "[1]").replace("1", "2", 1), "row 2 lists what has no name under"),
        ("r.jsonl", _ROW + "{" * 30, "row 2 is not JSON"),
        ("r.jsonl", _ROW + '{"a":' * 200_000, "row 2 is not as nn-tui replay --metrics writes it"),
        ("r.jsonl", _ROW + '{"step": 2, "epoch": 0}', "row 2 has no 'train.loss'"),
        ("r.jsonl", _ROW.replace('"loss"', '"\\ud800": 1, "loss"'), "a character that cannot be shown"),
        ("r.jsonl", _ROW.replace('"loss"', '"\\u001b[2J": 1, "loss"'), "a character that cannot be shown"),
        ("r.jsonl", " " * 2_000_000, "row 1 is longer than 1,048,576 characters"),
        ("r.csv", "step,epoch,train.loss\n1,0,0.5,7\n", "row 1 has 4 cells, where the first line names 3 columns"),
        ("r.csv", "step,epoch,train.loss\n1,0,0.5\n2,0\n", "row 2 has 2 cells"),
        ("r.csv", "step,epoch,train.loss\n1,0,half\n", "row 1 has 'half', which is not a number"),
        ("r.csv", "step,epoch,train.loss\n1,0,\xe9\n", "cannot be read (it is not UTF-8)"),
    ],
)
def test_a_row_that_is_none_is_told_in_words(tmp_path: Path, name: str, content: str, problem: str) -> None:
    (tmp_path / name).write_text(content, encoding="latin-1")
    assert problem in refused("compare", 1, tmp_path / name)


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices as on POSIX")
def test_metrics_are_no_pipe_and_no_folder_and_have_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "zero.jsonl").symlink_to("/dev/zero")
    for name in ("pipe.jsonl", "pipe.csv", "folder.jsonl", "zero.jsonl"):
        assert "is not a file" in refused("compare", 1, tmp_path / name)
    (tmp_path / "r.jsonl").write_text(_ROW)
    monkeypatch.setattr(metrics_reading, "LARGEST_FILE", 10)
    assert "too large (more than 10 bytes)" in refused("compare", 1, tmp_path / "r.jsonl")


def test_metrics_saved_again_by_another_program_are_read(tmp_path: Path) -> None:
    for name, content in (
        ("r.jsonl", "\ufeff" + _ROW + "\n" + _ROW.replace("1", "2", 1)),
        ("r.csv", "\ufeffstep,epoch,train.loss\r\n1,0,0.5\r\n2,0,0.5\r\n\r\n"),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8", newline="")
        result = nn("compare", 1, tmp_path / name, "--json")
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout)["runs"][1]["steps"] == 2


def test_curves_of_the_greatest_numbers_are_drawn(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(
        "".join(_ROW.replace("1", str(n), 1).replace("0.5", ("-1e308", "1e308")[n % 2]) for n in range(1, 9))
    )
    result = nn("compare", 1, tmp_path / "r.jsonl", "--plot")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("runs", "show", "12"), "there is no run 12"),
        (("runs", "show", "twelve"), "expected a run's number"),
        (("runs", "--sort", "speed"), "no column 'speed'"),
        (("runs", "--sort", "test.acuracy"), "did you mean 'test.accuracy'?"),
        (("runs", "--status", "done"), "expected one of"),
        (("runs", "prune", "--to", "much"), "expected a size such as 100MB"),
        (("runs", "prune", "--to", "9" * 400), "expected a size such as 100MB"),
        (("compare", "1"), "name two runs or more"),
        (("compare", "1", "@99"), "there is no run 99"),
        (("replay", "@99"), "there is no run 99"),
        (("gradcheck", "@99"), "there is no run 99"),
    ],
)
def test_what_is_wrong_is_said_in_one_message(arguments: tuple[str, ...], problem: str) -> None:
    assert problem in refused(*arguments)
