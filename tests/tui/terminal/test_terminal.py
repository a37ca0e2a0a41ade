"""`nn-tui` at the shell: in a real pseudo-terminal, and where there is none."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from struct import pack

import pytest

from tests.patience import PATIENCE

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to look for processes")


class Terminal:
    """The lab in a pseudo-terminal of 120 by 40 cells.

    Attributes:
        process: the app.
        output: all it has written.
    """

    def __init__(self, config: Path) -> None:
        self.config = config
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, pack("HHHH", 40, 120, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nn_tui", "open", "xor"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=_environment(config),
        )
        self.output = ""

    def read(self, seconds: float = 0.1) -> None:
        """Takes in what is written within a moment."""
        while select.select([self.master], [], [], seconds)[0]:
            try:
                self.output += os.read(self.master, 65536).decode(errors="replace")
            except OSError:
                return
            seconds = 0.0

    def wait_for(self, words: str) -> None:
        """Reads until words have been written since the last wait."""
        end = time.monotonic() + PATIENCE
        while words not in self.output:
            assert time.monotonic() < end, f"{words!r} did not come; the last was {self.output[-2000:]!r}"
            assert self.process.poll() is None, self.output[-2000:]
            self.read()
        self.output = self.output[self.output.index(words) + len(words) :]

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def wait_for_end(self) -> int:
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, "the app did not end"
            self.read()
        self.read()
        return self.process.wait()

    def processes(self) -> list[int]:
        """What still runs of the app and its worker: they carry the settings' folder in their environment."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    if str(self.config).encode() in (folder / "environ").read_bytes():
                        found.append(int(folder.name))
                except OSError:
                    continue
        return found

    def wait_until_nothing_runs(self) -> None:
        end = time.monotonic() + PATIENCE
        while self.processes():
            assert time.monotonic() < end, f"still there: {self.processes()}"
            self.read(0.05)


def _environment(config: Path) -> dict[str, str]:
    # Where tests run side by side, these speak of another terminal, and go before its own size.
    outer = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return outer | {"TERM": "xterm-256color", "NN_TUI_CONFIG_DIR": str(config)}


@contextmanager
def terminal(config: Path) -> Iterator[Terminal]:
    opened = Terminal(config)
    try:
        yield opened
    finally:
        if opened.process.poll() is None:
            opened.process.kill()
            opened.process.wait()
        os.close(opened.master)
        os.close(opened.slave)


def test_it_plays_switches_the_optimizer_and_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    with terminal(tmp_path / "settings") as at:
        at.wait_for("ready")
        at.press(" ")
        at.wait_for("running")
        at.press("\t" * 13)
        at.press("\x1b[B")
        at.wait_for("adamw")
        at.press("q")
        assert at.wait_for_end() == 0
        assert "\x1b[?1049l" in at.output
        assert termios.tcgetattr(at.slave) == at.before
        assert "Traceback" not in at.output
        at.wait_until_nothing_runs()


@pytest.mark.parametrize("end", ["ctrl-c", "SIGKILL", "SIGHUP", "SIGTERM", "SIGQUIT", "SIGINT", "SIGUSR1", "SIGXCPU"])
def test_however_it_is_left_no_process_stays_behind_and_the_terminal_is_given_back(tmp_path: Path, end: str) -> None:
    with terminal(tmp_path / "settings") as at:
        at.wait_for("ready")
        at.press(" ")
        at.wait_for("running")
        # The app, its worker, and trials of remedies where they have begun.
        assert len(at.processes()) >= 2
        if end == "ctrl-c":
            at.press("\x03")
        else:
            # Most often it comes twice: from `timeout` and for its group, from the shell and the kernel.
            for _ in range(2):
                at.process.send_signal(signal.Signals[end])
        status = at.wait_for_end()
        at.wait_until_nothing_runs()
        if end != "SIGKILL":
            assert status == (0 if end == "ctrl-c" else 128 + signal.Signals[end])
            assert termios.tcgetattr(at.slave) == at.before
            # The main screen, the cursor, and no more reports of the mouse.
            assert all(f"\x1b[?{mode}" in at.output for mode in ("1049l", "25h", "1003l"))


@pytest.mark.parametrize("again", [False, True])
def test_told_to_leave_it_does_not_wait_for_a_terminal_that_takes_nothing(tmp_path: Path, again: bool) -> None:
    with terminal(tmp_path / "settings") as at:
        at.wait_for("ready")
        at.press(" ")
        at.wait_for("running")
        # What is drawn is not read, until there is no room for more.
        end = time.monotonic() + PATIENCE
        while select.select([], [at.slave], [], 0.0)[1]:
            assert time.monotonic() < end, "the terminal takes everything"
            time.sleep(0.05)
        at.process.send_signal(signal.SIGTERM)
        while again and at.process.poll() is None:
            assert time.monotonic() < end, "it does not end"
            time.sleep(0.1)
            at.process.send_signal(signal.SIGTERM)
        # Told again and again, it is ended at once by one signal or the other, or because nothing is taken.
        assert at.process.wait(PATIENCE) in (128 + signal.SIGTERM, -signal.SIGTERM if again else 128 + signal.SIGTERM)
        assert termios.tcgetattr(at.slave) == at.before
        assert os.get_blocking(at.slave)
        at.wait_until_nothing_runs()


def test_bytes_that_are_no_keys_do_not_end_it(tmp_path: Path) -> None:
    with terminal(tmp_path / "settings") as at:
        at.wait_for("ready")
        os.write(at.master, b"\xe9\x1b[M \xc8\x30\x1b[99999999u")
        at.press(" ")
        at.wait_for("running")
        at.press("q")
        assert at.wait_for_end() == 0
        assert "Traceback" not in at.output


def test_ctrl_z_suspends_it_and_the_run_goes_on_where_it_was(tmp_path: Path) -> None:
    with terminal(tmp_path / "settings") as at:
        at.wait_for("ready")
        at.press(" ")
        at.wait_for("running")
        at.press("\x1a")
        end = time.monotonic() + PATIENCE
        while os.waitpid(at.process.pid, os.WUNTRACED | os.WNOHANG) == (0, 0):
            assert time.monotonic() < end, "it was not suspended"
            at.read()
        at.read()
        assert termios.tcgetattr(at.slave) == at.before
        assert "\x1b[?1049l" in at.output
        at.output = ""
        at.process.send_signal(signal.SIGCONT)
        at.wait_for("\x1b[?1049h")
        at.wait_for("running")
        at.press("q")
        assert at.wait_for_end() == 0


def test_one_that_was_stopped_without_a_word_reads_every_key_and_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    with terminal(tmp_path / "settings") as at:
        at.wait_for("ready")
        for _ in range(2):
            at.process.send_signal(signal.SIGSTOP)
            os.waitpid(at.process.pid, os.WUNTRACED)
            at.output = ""
            at.process.send_signal(signal.SIGCONT)
            at.wait_for("\x1b[?1049h")
            at.wait_for("ready")
        at.press("o")
        at.wait_for("earch: ")
        # Two readers would share the letters out between them.
        at.press("saddle")
        at.wait_for("Saddle")
        at.press("\x1b")
        at.wait_for("ready")
        at.press("q")
        assert at.wait_for_end() == 0
        assert termios.tcgetattr(at.slave) == at.before


def test_stopped_and_called_back_faster_than_it_can_follow_it_has_the_terminal_in_the_end(tmp_path: Path) -> None:
    with terminal(tmp_path / "settings") as at:
        at.wait_for("ready")
        for _ in range(20):
            at.process.send_signal(signal.SIGTSTP)
            at.process.send_signal(signal.SIGCONT)
            at.read(0.02)
        # Of the last two either may have been heard first.
        for _ in range(2):
            at.read(0.3)
            at.process.send_signal(signal.SIGCONT)
        at.output = ""
        at.press("o")
        at.wait_for("earch: ")
        at.press("\x1b")
        at.press("q")
        assert at.wait_for_end() == 0
        assert termios.tcgetattr(at.slave) == at.before
        at.wait_until_nothing_runs()


def test_an_encoding_that_no_terminal_reads_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "utf-16")
    with terminal(tmp_path / "settings") as at:
        assert at.wait_for_end() == 2
        assert "no terminal reads utf-16" in at.output.replace("\0", "")


@pytest.mark.parametrize("name", ["TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER"])
@pytest.mark.parametrize("value", ["nonsense", "os:path", ""])
def test_settings_that_textual_would_stumble_over_are_refused_by_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with terminal(tmp_path / "settings") as at:
        assert at.wait_for_end() == 2
        assert f"nn-tui: {name} is '{value}'" in at.output
        assert "unset it" in at.output
        assert "Traceback" not in at.output


def test_it_goes_with_its_terminal_also_where_no_signal_says_so(tmp_path: Path) -> None:
    # The terminal is not the controlling one of the app's session here, so nobody sends SIGHUP.
    with terminal(tmp_path / "settings") as at:
        at.wait_for("ready")
        at.press(" ")
        at.wait_for("running")
        os.close(at.slave)
        os.close(at.master)
        assert at.process.wait(PATIENCE) == 129
        at.master, at.slave = os.pipe()
        at.wait_until_nothing_runs()


@pytest.mark.parametrize("command", [[], ["open", "xor"], ["open", "xor", "--set", "lr=1"]])
def test_without_a_terminal_it_says_so_in_one_message(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nn_tui", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("nn-tui: the lab needs a terminal")
    assert done.stderr.count("\n") == 1
