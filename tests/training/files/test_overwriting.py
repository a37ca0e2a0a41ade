"""No output takes the place of what the same run reads, or of another output, whatever either is called."""

import os
from pathlib import Path

import pytest

from nn_tui.training.files import kept_file
from nn_tui.training.files.atomic import OutputError
from nn_tui.training.files.overwriting import check_outputs, is_same_file
from tests.shell.programs import nn, refused

TABLE = "a,b,label\n0.1,0.2,no\n0.5,0.1,yes\n0.2,0.9,no\n0.7,0.3,yes\n"
SCENARIO = """\
title = "mine" # my notes
[data]
kind = "csv"
path = "mine.csv"
target = "label"
[training]
epochs = 3
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text(TABLE)
    (tmp_path / "mine.toml").write_text(SCENARIO)
    assert nn("replay", "mine.toml", "--quiet", "--save", "mine.safetensors").exit_code == 0
    (tmp_path / "linked.csv").symlink_to("mine.csv")
    os.link(tmp_path / "mine.toml", tmp_path / "hard.toml")
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="links as on POSIX")
@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("mine.toml", "--metrics", "mine.csv"), "mine.csv: is the run's data"),
        (("mine.toml", "--metrics", "linked.csv"), "linked.csv: is the run's data"),
        (("mine.toml", "--metrics", "../{folder}/mine.csv"), "is the run's data"),
        (("linked/mine.toml", "--metrics", "mine.csv"), "mine.csv: is the run's data"),
        (("mine.toml", "--record", "mine.toml"), "mine.toml: is the scenario, and would be replaced; name"),
        (("mine.toml", "--record", "hard.toml"), "hard.toml: is the scenario (mine.toml), and would be replaced"),
        (("./mine.toml", "--save", "mine.toml"), "mine.toml: is the scenario,"),
        (("--resume", "mine.safetensors", "--epochs", "5", "--save", "mine.safetensors"), "is the run to go on with"),
        (("--resume", "mine.safetensors", "--epochs", "5", "--metrics", "mine.csv"), "is the run's data"),
        (("mine.toml", "--init-from", "mine.safetensors", "--save", "./mine.safetensors"), "is the initial weights"),
        (("mine.toml", "--record", "new", "--save", "./new"), "new: is to hold two things"),
        (("mine.toml", "--record", "new", "--save", "dangling"), "new: is to hold two things (dangling)"),
    ],
)  # fmt: skip
def test_an_output_that_is_an_input_is_refused_and_nothing_is_touched(
    folder: Path, arguments: tuple[str, ...], what: str
) -> None:
    (folder / "linked").symlink_to(folder)
    (folder / "dangling").symlink_to(folder / "new")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert what in refused("replay", *(text.format(folder=folder.name) for text in arguments))
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_an_export_does_not_replace_its_model(folder: Path) -> None:
    message = refused("export", "mine.safetensors", "--to", "pytorch", "--output", folder / "mine.safetensors")
    assert "is the model itself" in message
    for name in ("mine.csv", "linked.csv"):
        assert "is the run's data" in refused("export", "mine.safetensors", "--to", "pytorch", "--output", name)
    assert (folder / "mine.csv").read_text() == TABLE


@pytest.mark.skipif(os.name != "posix", reason="links as on POSIX")
@pytest.mark.parametrize("kept", ["runs", "runs.sqlite", "not/yet"])
def test_nothing_replaces_the_file_of_kept_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, kept: str) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(folder / kept))
    if kept == "not/yet":
        (folder / "not").mkdir()
    elif kept == "runs":
        assert nn("replay", "mine.toml", "--quiet", "--keep").exit_code == 0
        before = (folder / kept).read_bytes()
    (folder / "other").symlink_to(folder / kept)
    for arguments in (
        ("replay", "mine.toml", "--save", kept), ("replay", "mine.toml", "--keep", "--record", "other"),
        ("doctor", "mine.toml", "--write", kept), ("sweep", "mine.toml", "--vary", "lr=0.1,0.2", "--out", kept),
        ("export", "mine.safetensors", "--to", "pytorch", "--output", "other"),
    ):  # fmt: skip
        assert "is the file of kept runs" in refused(*arguments)
    if kept == "runs":
        assert (folder / kept).read_bytes() == before
        assert "is the file of kept runs" in refused("replay", "@1", "--save", kept)


def test_where_runs_are_kept_is_of_no_concern_to_other_outputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("x" * 5_000, "mine.csv/runs.sqlite", "~nobody-of-this-name/runs.sqlite", "off", str(folder)):
        monkeypatch.setenv(kept_file.VARIABLE, place)
        assert nn("replay", "mine.toml", "--quiet", "--save", "other.safetensors").exit_code == 0
    monkeypatch.setenv(kept_file.VARIABLE, "x" * 5_000)
    assert "File name too long" in refused("runs")


def test_the_trials_of_a_sweep_do_not_replace_what_it_reads(folder: Path) -> None:
    for out, what in (("mine.csv", "is the run's data"), (folder / "mine.toml", "is the scenario")):
        assert what in refused("sweep", "mine.toml", "--vary", "lr=0.01,0.1", "--out", out)
    assert (folder / "mine.csv").read_text() == TABLE


def test_other_outputs_are_written_as_ever(folder: Path) -> None:
    written = ("--metrics", "rows.csv", "--record", "record.toml", "--save", "again.safetensors")
    for _ in range(2):
        assert nn("replay", "mine.toml", "--quiet", *written).exit_code == 0
    assert (folder / "mine.csv").read_text() == TABLE
    assert (folder / "mine.toml").read_text() == SCENARIO


def test_case_counts_where_the_file_system_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = tmp_path / "New.toml", tmp_path / "new.TOML"
    assert not is_same_file(one, other)
    monkeypatch.setattr("nn_tui.training.files.overwriting._ignores_case", lambda _folder: True)
    with pytest.raises(OutputError, match="two things"):
        check_outputs([one, other], {})
