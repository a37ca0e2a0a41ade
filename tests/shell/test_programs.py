"""nn-tui as a program: what it loads, what it does on a terminal, in a pipe, and when it is interrupted."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.shell.programs import COMMAND, FAST, ROOT, digest_of, environment, program

posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals as on POSIX")
FOREVER = FAST.replace("epochs = 6", "epochs = 1000000000")
HEAVY = ("numpy", "textual", "rich", "plotext", "msgspec", "safetensors")


def loaded_by(*arguments: str) -> set[str]:
    """Which of the heavy packages a command loads."""
    code = (
        "import sys\nfrom nn_tui.cli import cli\ntry:\n    cli(sys.argv[1:], prog_name='nn-tui')\n"
        "except SystemExit as end:\n    assert not end.code\n"
        f"print('loaded', *[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    return set(python(code, *arguments).stderr.splitlines()[-1].split()[1:])


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment(), timeout=PATIENCE)


# -- what is loaded --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("replay", "--help"), ("data", "--help")])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert loaded_by(*arguments) == set()


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (("list",), {"textual", "plotext", "safetensors"}),
        (("list", "--json"), {"textual", "plotext", "safetensors", "rich"}),
        (("show", "xor"), {"textual", "plotext", "safetensors", "rich"}),
        (("schema",), {"textual", "plotext", "safetensors", "rich"}),
        (("replay", "xor", "--epochs", "1"), {"textual", "plotext"}),
        (("replay", "xor", "--epochs", "1", "--plot"), {"textual"}),
        (("replay", "xor", "--epochs", "1", "--json"), {"textual", "plotext", "rich"}),
    ],
)
def test_commands_load_what_they_need_only(arguments: tuple[str, ...], unneeded: set[str]) -> None:
    assert not loaded_by(*arguments) & unneeded


def test_the_package_itself_loads_nothing_heavy() -> None:
    code = f"import nn_tui, sys\nassert not [name for name in {HEAVY} if name in sys.modules]\nprint(dir(nn_tui))"
    assert "'replay'" in python(code).stdout


# -- as a program ----------------------------------------------------------------------------------------------------


def test_python_m_nn_tui_is_the_program(tmp_path: Path) -> None:
    result = program("replay", "xor", "--epochs", 2, "--json", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    summary = json.loads(result.stdout)
    assert summary["epochs"] == 2
    assert summary["digest"] == digest_of("xor", "--epochs", 2)
    assert program("replay", "xorr", cwd=tmp_path).returncode == 2


def test_no_bar_and_no_color_in_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "longer.toml"
    path.write_text(FAST.replace("epochs = 6", "epochs = 2000"))
    result = program("replay", path, "--plot")
    assert (result.returncode, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout
    assert "\r" not in result.stdout


@pytest.mark.parametrize("command", ["list", "schema", "show xor", "replay xor --epochs 1 --plot"])
def test_a_reader_that_goes_away_is_no_error(command: str) -> None:
    process = subprocess.Popen(
        [*COMMAND, *command.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait(60) == 0


def test_a_reader_that_goes_away_does_not_hide_a_missed_expectation(tmp_path: Path) -> None:
    path = tmp_path / "missed.toml"
    path.write_text(FAST + '[[expect]]\nmetric = "train.loss"\nat_most = 0\n')
    process = subprocess.Popen([*COMMAND, "replay", str(path)], stdout=subprocess.PIPE, env=environment())
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        result = program("schema", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 2
    assert result.stderr == "nn-tui: the output: No space left on device\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_without_some_characters_gets_others(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "fast.toml"
    path.write_text(FAST.replace("Fast", "Fäst 快"), encoding="utf-8")
    told = environment(PYTHONIOENCODING=encoding)
    result = program("replay", path, "--plot", env=told, encoding=encoding)
    assert (result.returncode, result.stderr) == (0, "")
    # Only what has no likeness is a question mark.
    title = "Fast ?" if encoding == "ascii" else "Fäst ?"
    assert result.stdout.startswith(title)
    assert result.stdout.count("?") == 1
    assert any(line.count("*") > 3 for line in result.stdout.splitlines())
    # What programs read is UTF-8 on any terminal.
    shown = program("show", path, env=told, encoding="utf-8").stdout
    assert tomllib.loads(shown)["title"] == "Fäst 快"
    summary = json.loads(program("replay", path, "--json", env=told, encoding="utf-8").stdout)
    assert summary["scenario"] == "Fäst 快"


# -- interrupted -----------------------------------------------------------------------------------------------------


def started(path: Path, *arguments: object) -> subprocess.Popen[str]:
    """A run without end, once it has taken a step and written its row."""
    rows = path.parent / "rows.csv"
    command = [*COMMAND, "replay", str(path), "--metrics", str(rows), *(str(argument) for argument in arguments)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=path.parent
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not has_taken_a_step(rows):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            select.select([], [], [], 0.02)
    except BaseException:
        process.kill()
        process.communicate()
        raise
    return process


def has_taken_a_step(rows: Path) -> bool:
    """Whether a row beyond step 0's is there. The heading and that one come before the first step."""
    return rows.exists() and rows.read_text().count("\n") > 2


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_ends_well_with_what_was_done_so_far(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "forever.toml"
    path.write_text(FOREVER + '[[expect]]\nmetric = "train.loss"\nat_most = 0\n')
    process = started(path, "--save", "model.safetensors", "--record", "record.toml", "--json")
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert (process.returncode, stderr) == (130, "")
    summary = json.loads(stdout)
    assert summary["status"] == "interrupted"
    assert summary["expectations"] == []
    assert summary["steps"] > 0
    rows = (tmp_path / "rows.csv").read_text().splitlines()
    assert rows[-1].split(",")[0] == str(summary["steps"])
    record = tomllib.loads((tmp_path / "record.toml").read_text())
    assert record["training"]["steps"] == summary["steps"]
    assert record["expect"] == [{"metric": "digest", "equals": summary["digest"]}]
    assert (tmp_path / "model.safetensors").exists()
    assert {entry.name for entry in tmp_path.iterdir()} == {
        *("forever.toml", "rows.csv", "record.toml", "model.safetensors"),
    }


@posix
def test_a_press_of_ctrl_c_that_was_swallowed_stops_the_run_all_the_same() -> None:
    code = (
        "import signal\n"
        "from contextlib import suppress\n"
        "from nn_tui.shell.interruption import Interruption, remember_presses\n"
        "remember_presses()\n"
        "with suppress(KeyboardInterrupt):\n    signal.raise_signal(signal.SIGINT)\n"
        "with Interruption() as interruption:\n    print(interruption())"
    )
    assert python(code).stdout == "True\n"


@posix
def test_ctrl_c_before_anything_is_loaded_is_no_error() -> None:
    code = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Press:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'nn_tui.cli':\n            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Press())\n"
        "sys.argv = ['nn-tui', 'list']\n"
        "from nn_tui.__main__ import main\n"
        "main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), timeout=PATIENCE
    )
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "")


# -- on a terminal ---------------------------------------------------------------------------------------------------


def on_a_terminal(*arguments: object, columns: int = 80, press: bytes = b"", after: str = "") -> tuple[int, str]:
    """Runs a command on a pseudo-terminal: its status, and all that was written there.

    Args:
        press: keys pressed once `after` has been written.
    """
    import pty

    master, slave = pty.openpty()
    command = [*COMMAND, *(str(argument) for argument in arguments)]
    process = subprocess.Popen(
        command,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment(COLUMNS=str(columns), PYTHONPATH=str(ROOT)),
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(slave)
    written = b""
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            if press and after.encode() in written:
                os.write(master, press)
                press = b""
            if time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise AssertionError(f"it did not end; the last was {written[-2000:].decode()!r}")
            if not select.select([master], [], [], 1.0)[0]:
                continue
            try:
                piece = os.read(master, 65_536)
            except OSError:
                break
            if not piece:
                break
            written += piece
    finally:
        os.close(master)
    return process.wait(60), written.decode()


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@posix
def test_on_a_terminal_a_bar_shows_how_far_the_run_is_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "forever.toml"
    path.write_text(FOREVER)
    status, written = on_a_terminal("replay", path, press=b"\x03", after="steps/s")
    assert status == 130
    assert re.search(r"epoch [\d,]+/1,000,000,000  loss 0\.\d+ ", written)
    assert re.search(r"[\d,]+ steps/s", written)
    assert "interrupted" in written
    assert "Traceback" not in written


@posix
def test_a_short_run_on_a_terminal_shows_no_bar_and_has_colors(tmp_path: Path) -> None:
    path = tmp_path / "fast.toml"
    path.write_text(FAST)
    status, written = on_a_terminal("replay", path, "--plot")
    assert status == 0
    assert "epoch 0/" not in written
    assert "\x1b[1;34mfinished" in written
    assert "⠤⠤ " in written
    assert "x test" not in written


@posix
def test_quiet_and_json_show_no_bar(tmp_path: Path) -> None:
    path = tmp_path / "longer.toml"
    path.write_text(FAST.replace("epochs = 6", "epochs = 2000"))
    for option in ("--quiet", "--json"):
        status, written = on_a_terminal("replay", path, option)
        assert status == 0
        assert "steps/s" not in written.replace("steps_per_second", "")
        assert "\x1b" not in written
