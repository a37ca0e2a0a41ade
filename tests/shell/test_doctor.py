"""`nn-tui doctor`: what it prints, writes and keeps, and how it ends."""

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from nn_tui.training.files import kept_file
from tests.patience import PATIENCE
from tests.shell.programs import COMMAND, nn, refused, summary_of

ILL = ("moons", "--set", "lr=1e-6", "--set", "training.epochs=10", "--set", "data.samples=80")
QUICK = ("--budget", "0.6", "--seeds", 2, "--processes", 1)


def test_an_ill_run_is_named_cured_written_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, str(tmp_path / "runs.sqlite"))
    cured = tmp_path / "cured.toml"
    result = nn("doctor", *ILL, *QUICK, "--json", "--write", cured, "--keep")
    assert result.exit_code == 1, result.stderr
    report = json.loads(result.stdout)
    prescription = report["prescription"]
    assert report["verdict"] == "ill"
    assert report["findings"][0]["kind"] == "rate-too-low"
    assert prescription["after"] > prescription["before"]
    # Whichever way it is followed, it does what it says.
    program, command, *arguments = shlex.split(prescription["command"])
    assert (program, command) == ("nn-tui", "replay")
    followed = summary_of(*arguments)
    assert followed["test"]["accuracy"] == prescription["after"]
    assert summary_of(cured)["digest"] == followed["digest"]
    kept = json.loads(nn("runs", "--origin", "doctor", "--json").stdout)["runs"]
    assert [run["digest"] for run in kept][1] == followed["digest"]
    assert nn("doctor", "@1", *QUICK).exit_code == 1


def test_people_are_shown_what_helps_and_a_command_that_is_not_cut() -> None:
    shown = nn("doctor", *ILL, *QUICK).stdout
    assert "ill" in shown.splitlines()[0]
    assert "The rate is too low" in shown
    command = next(line for line in shown.splitlines() if line.startswith("  nn-tui replay"))
    assert nn(*shlex.split(command)[1:], "--quiet").exit_code == 0


def test_a_healthy_run_ends_with_0_and_writes_nothing(tmp_path: Path) -> None:
    cured = tmp_path / "cured.toml"
    result = nn("doctor", "line", *QUICK, "--write", cured)
    assert result.exit_code == 0, result.stdout
    assert "nothing was prescribed" in result.stderr
    assert not cured.exists()


def test_however_short_the_time_the_run_left_alone_is_judged() -> None:
    for more in ((), ("--processes", 2)):
        result = nn("doctor", "xor", "--set", "training.epochs=150", "--timeout", "1e-9", "--json", *more)
        report = json.loads(result.stdout)
        assert (report["verdict"], result.exit_code, report["cut"]) == ("healthy", 0, True)
        assert [trial["changes"] for trial in report["trials"]] == [{}]
    shown = nn("doctor", "xor", "--set", "training.epochs=150", "--timeout", "1e-9").stdout
    assert "\n1 trial in" in shown
    assert nn("doctor", *ILL, *QUICK, "--timeout", "inf").exit_code == 1
    assert "expected seconds" in refused("doctor", *ILL, "--timeout", "nan")


def test_what_cannot_be_is_refused_before_anything_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept_file.VARIABLE, "off")
    assert "no runs are kept" in refused("doctor", *ILL, "--keep")
    assert "leave --plot out" in refused("doctor", *ILL, "--json", "--plot")
    assert "--budget" in nn("doctor", *ILL, "--budget", "0").stderr


def test_what_it_writes_never_takes_the_place_of_what_it_reads(tmp_path: Path) -> None:
    scenario, table = tmp_path / "mine.toml", tmp_path / "points.csv"
    scenario.write_text(nn("show", ILL[0]).stdout)
    table.write_text("a,b\n" + "".join(f"{n % 7},{n % 5}\n" for n in range(70)))
    for arguments, file in (((scenario,), scenario), ((table, "--target", "b"), table)):
        before = file.read_bytes()
        assert "would be replaced" in refused("doctor", *arguments, *QUICK, "--write", file)
        assert file.read_bytes() == before


def test_a_reader_that_goes_away_changes_neither_what_is_written_nor_the_status(tmp_path: Path) -> None:
    cured = tmp_path / "cured.toml"
    command = [*COMMAND, *map(str, ("doctor", *ILL, *QUICK, "--write", cured))]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False, timeout=PATIENCE)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
    assert cured.exists()


def test_a_bare_table_is_examined_and_the_command_names_its_target(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("a,b,kind\n" + "".join(f"{n % 7},{n % 5},{'high' if n % 7 > 3 else 'low'}\n" for n in range(70)))
    slow = ("--set", "lr=1e-6", "--set", "training.epochs=5")
    assert "--target 'kind'" in refused("doctor", table, *slow)
    report = json.loads(nn("doctor", table, "--target", "kind", *slow, *QUICK, "--json").stdout)
    assert report["verdict"] == "ill"
    assert nn(*shlex.split(report["prescription"]["command"])[1:], "--quiet").exit_code == 0
