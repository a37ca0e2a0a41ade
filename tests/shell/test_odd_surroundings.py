"""Closed and full streams, a folder that is gone, files of odd content and size: one message, in time."""

import json
import os
import random
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from nn_tui.data.errors import DataError
from nn_tui.data.picture import read_picture
from nn_tui.data.samples import SampleLayout
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import loads
from nn_tui.training.files import model_file, tensor_file
from tests.patience import PATIENCE
from tests.robustness.mutations import mutated
from tests.shell.programs import COMMAND, FAST, digest_of, environment, nn, program, refused

posix = pytest.mark.skipif(os.name != "posix", reason="streams as on POSIX")
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line for sh, in which `nn-tui` is this program."""
    script = line.replace("nn-tui", " ".join(COMMAND))
    return subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_trains_whatever_is_closed(tmp_path: Path, closed: str) -> None:
    done = shell(f"nn-tui replay xor --epochs 2 --record r.toml {closed}", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert digest_of(tmp_path / "r.toml") == digest_of("xor", "--epochs", 2)


@posix
def test_the_lab_without_a_terminal_says_so_whatever_is_closed(tmp_path: Path) -> None:
    done = shell("nn-tui <&-", tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "needs a terminal" in done.stderr


@full
def test_full_streams_end_with_the_status_that_is_due(tmp_path: Path) -> None:
    for line in ("nn-tui --help >/dev/full", "PYTHONUNBUFFERED=1 nn-tui --help >/dev/full"):
        done = shell(line, tmp_path)
        assert (done.returncode, done.stderr) == (2, "nn-tui: the output: No space left on device\n"), line
    assert shell("nn-tui replay nothing 2>/dev/full", tmp_path).returncode == 2
    assert shell("nn-tui replay 2>/dev/full", tmp_path).returncode == 2


@posix
def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    done = shell("mkdir gone; cd gone; rmdir ../gone; nn-tui replay xor --epochs 1 --save m", tmp_path)
    assert done.returncode == 2
    assert "the output:" not in done.stderr
    assert done.stderr.count("\n") == 1


@posix
def test_names_that_are_no_utf8_are_read_and_shown(tmp_path: Path) -> None:
    name = tmp_path / os.fsdecode(b"m\xff.safetensors")
    assert program("replay", "xor", "--epochs", 1, "--quiet", "--save", name).returncode == 0
    done = program("export", name, "--to", "pytorch", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "m\\udcff.safetensors" in done.stdout
    assert program("export", name, "--to", "pytorch", "--output", "s.py", cwd=tmp_path).returncode == 0
    done = program("predict", tmp_path / os.fsdecode(b"no\xff.safetensors"))
    assert "no\\xff.safetensors: there is no such file" in done.stderr


@posix
def test_no_name_that_is_no_utf8_ends_a_command(tmp_path: Path) -> None:
    odd = os.fsdecode(b"m\xff")
    (tmp_path / f"{odd}.toml").write_text(FAST)
    (tmp_path / f"{odd}.csv").write_text("1,2\n0,1\n")
    place = {"cwd": tmp_path, "env": environment(NN_TUI_RUNS=str(tmp_path / odd)), "errors": "strict"}
    for arguments in (
        ("replay", f"{odd}.toml", "--keep", "--save", f"{odd}.safetensors", "--metrics", f"{odd}.jsonl"),
        ("replay", f"{odd}.toml", "--json"),
        ("compare", f"{odd}.toml", f"{odd}.jsonl", f"{odd}.safetensors", "--json"),
        ("sweep", f"{odd}.toml", "--vary", "lr=0.1,0.2", "--json"),
        ("find-rate", f"{odd}.toml", "--budget", "1", "--json"),
        ("doctor", f"{odd}.toml", "--budget", "0.01", "--processes", "1", "--keep", "--json"),
        ("trace", f"{odd}.toml", "--json"),
        ("predict", f"{odd}.safetensors", f"{odd}.csv", "--json"),
        ("replay", f"{odd}.toml", "--init-from", f"{odd}.safetensors", "--save", "s.safetensors"),
        ("replay", "--resume", "s.safetensors", "--epochs", "9", "--save", f"{odd}.safetensors", "--json"),
        ("runs", "--json"),
    ):
        done = program(*arguments, **place)
        assert done.returncode in (0, 1), (arguments, done.stderr)
        assert "Traceback" not in done.stderr, (arguments, done.stderr)
        if "--json" in arguments:
            json.loads(done.stdout)
    done = program("replay", f"{odd}.toml", "--init-from", "s.safetensors", "--keep", **place)
    assert done.returncode == 0, done.stderr
    (tmp_path / "s.safetensors").rename(tmp_path / f"{odd}.safetensors")
    done = program("replay", f"{odd}.toml", "--init-from", f"{odd}.safetensors", "--keep", **place)
    assert done.returncode == 2
    assert "m\\xff.safetensors: a kept run cannot hold this name" in done.stderr


def test_a_home_nobody_has_is_a_folder_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    there = "~nobody-of-this-name/x"
    for arguments in (
        ("replay", f"{there}.csv"), ("show", f"{there}.safetensors"), ("compare", f"{there}.jsonl", "xor"),
        ("replay", "iris", "--set", f"path={there}.csv"), ("replay", "xor", "--save", f"{there}.safetensors"),
    ):  # fmt: skip
        assert there in refused(*arguments)
    for variable, arguments in (("NN_TUI_RUNS", ("runs",)), ("NN_TUI_DATA_DIR", ("replay", "fashion-mnist"))):
        with monkeypatch.context() as there_is_none:
            there_is_none.setenv(variable, there)
            result = nn(*arguments)
            assert isinstance(result.exception, SystemExit | None), result.exception


def test_the_sample_in_a_file_is_called_on_one_line(sketches: Path, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    image.new("L", (28, 28)).save(tmp_path / "a\nb.png")
    assert "a\\nb.png" in nn("predict", sketches, tmp_path / "a\nb.png").stdout


@posix
def test_the_lab_draws_with_what_the_encoding_has() -> None:
    code = (
        "import sys\nfrom nn_tui.commands.lab import _draw_with_what_there_is\n_draw_with_what_there_is()\n"
        "print('╭─ Löss ≥ 快 ─╮', file=sys.__stderr__)"
    )
    for encoding, drawn in (("latin-1", "+- Löss > ?? -+"), ("ascii", "+- Loss > ?? -+"), ("utf-8", "╭─ Löss ≥ 快 ─╮")):
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment(PYTHONIOENCODING=encoding), capture_output=True, check=True
        )
        assert done.stderr.decode(encoding) == f"{drawn}\n"


@posix
def test_a_name_of_two_lines_is_told_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "two\nlines"
    for arguments in (
        ("replay", f"{name}.toml"),
        ("predict", name),
        ("replay", "--resume", name),
        ("replay", "xor", "--init-from", name),
        ("export", name, "--to", "pytorch"),
        ("trace", name),
        ("show", name),
        ("replay", "xor", "--save", f"{name}/x.safetensors"),
        ("replay", "xor", "--metrics", f"{name}.txt"),
    ):
        assert "two\\nlines" in refused(*arguments)


@posix
def test_too_many_open_files_are_called_that(tmp_path: Path) -> None:
    done = shell("ulimit -n 6; nn-tui sweep xor --vary lr=0.1,0.2 --set epochs=1 --out s.csv", tmp_path)
    assert (done.returncode, done.stderr) == (2, "nn-tui: too many files are open at once; allow more (ulimit -n)\n")


# -- content and size ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sketches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "m.safetensors"
    asked = ("--set", "samples=20", "--set", "test_samples=20", "--steps", "1", "--save", path)
    assert nn("replay", "fashion-sketch", "--quiet", *asked).exit_code == 0
    return path


def test_pictures_of_odd_numbers_and_sizes_are_refused(sketches: Path, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    odd = np.full((28, 28), 0.5, np.float32)
    odd[3, 4] = np.nan
    image.fromarray(odd).save(tmp_path / "odd.tiff")
    assert "no finite numbers" in refused("predict", sketches, tmp_path / "odd.tiff")
    image.fromarray(np.full((28, 28), np.inf, np.float32)).save(tmp_path / "odd.tiff")
    assert "no finite numbers" in refused("predict", sketches, tmp_path / "odd.tiff")
    image.new("LAB", (28, 28)).save(tmp_path / "lab.tiff")
    assert "has colors (LAB) that cannot be made gray" in refused("predict", sketches, tmp_path / "lab.tiff")
    image.new("1", (9400, 9400)).save(tmp_path / "large.png")
    assert "88,360,000 pixels; at most 20,000,000" in refused("predict", sketches, tmp_path / "large.png")
    image.new("1", (10_000_000, 1)).save(tmp_path / "thin.png")
    assert "is 10,000,000 pixels long; at most 100,000" in refused("predict", sketches, tmp_path / "thin.png")


def test_a_damaged_picture_is_told_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    image = pytest.importorskip("PIL.Image")
    whole = tmp_path / "whole.tiff"
    image.new("L", (28, 28), 1).save(whole, compression="tiff_lzw")
    for seed in range(30):
        path = tmp_path / "odd.tiff"
        path.write_bytes(mutated(random.Random(seed), whole.read_bytes()))
        with suppress(DataError):
            read_picture(path, SampleLayout(tuple(f"p{n}" for n in range(784)), ("t",), ("0", "1"), (), (28, 28)))
    # libtiff speaks there by itself.
    assert capfd.readouterr().err == ""


def test_what_would_take_minutes_or_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    assert "at most 70,000 pictures are drawn" in refused("replay", "fashion-sketch", "--set", "samples=1000000")
    message = refused("replay", "fashion-sketch", "--set", "test_samples=1000000", "--epochs", "1")
    assert "at most" in message
    assert nn("replay", "line", "--epochs", 1, "--quiet", "--save", tmp_path / "line.safetensors").exit_code == 0
    np.save(tmp_path / "many.npy", np.zeros((1_500_000, 1), np.int16))
    assert "1,500,000 samples are too many" in refused("predict", tmp_path / "line.safetensors", tmp_path / "many.npy")
    header = json.dumps({f"t{n}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for n in range(20_000)})
    (tmp_path / "many.safetensors").write_bytes(len(header).to_bytes(8, "little") + header.encode())
    assert "holds 20,000 tensors" in refused("predict", tmp_path / "many.safetensors", "0")
    with (tmp_path / "huge.safetensors").open("wb") as file:
        file.truncate(8_000_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "not a safetensors file" in refused("predict", tmp_path / "huge.safetensors", "0")
    with (tmp_path / "huge.safetensors").open("r+b") as file:
        file.write((10).to_bytes(8, "little") + b"{")
    assert "at most 500,000,000 are read" in refused("predict", tmp_path / "huge.safetensors", "0")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.parametrize(
    "text", [".".join(["a"] * 50_000) + " = 1", "[" + ".".join(['"a"'] * 5_000) + "]", "a" * 900_000]
)
def test_no_toml_takes_long(text: str) -> None:
    with pytest.raises(ScenarioError, match="not valid TOML"):
        loads(text)


def test_numbers_and_words_with_points_are_no_long_keys() -> None:
    lesson = "see a.b.c, 0.1, 0.2 ... " * 200
    read = loads(f'title = "x"\nlesson = "{lesson}"\n[data]\nkind = "xor"\n')
    assert read.lesson == lesson


def test_a_model_without_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    assert nn("replay", "xor", "--epochs", 1, "--quiet", "--save", path).exit_code == 0
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])

    def write() -> None:
        packed = json.dumps(header).encode()
        path.write_bytes(len(packed).to_bytes(8, "little") + packed + content[8 + size :])

    metadata = header["__metadata__"]
    key = next(key for key, text in metadata.items() if '"columns"' in text)
    metadata[key] = json.dumps(json.loads(metadata[key]) | {"columns": [], "features": ["x", "y"]})
    write()
    metadata[model_file._CHECKSUM] = model_file._checksum(tensor_file.read(path))
    write()
    assert "no columns" in refused("predict", path, "0")
