"""The program in a pseudo-terminal, and what is to be seen of it from outside: bytes, processes, their memory."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.patience import PATIENCE
from tests.shell.programs import environment

_MARK = "NN_TUI_CONFIG_DIR"
"""The variable by whose value the processes of a lab are known, its worker and its trials too."""

_OWN = re.compile(
    r"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9]|[=>78cDEHMNOZ]|P[^\x1b]*\x1b\\)"
)
"""The sequences that the lab itself writes: cursor, colors, modes, titles."""


class PseudoTerminal:
    """A lab in a terminal of its own.

    Attributes:
        process: the app.
        output: the last it has written.
        written: how many bytes that were in all.
        longest_silence: seconds between two of its writes, at the most, since it was last set to 0.
    """

    def __init__(
        self,
        arguments: Sequence[object],
        settings: Path,
        size: tuple[int, int],
        cwd: Path | None,
        more: Mapping[str, str],
    ) -> None:
        self.settings = settings
        self.master, self.slave = pty.openpty()
        self.resize(size)
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nn_tui", *map(str, arguments)],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            cwd=cwd,
            # As wide as the terminal is, and not as it is said to be.
            env={key: value for key, value in environment().items() if key not in ("COLUMNS", "LINES")}
            | {_MARK: str(settings)}
            | more,
        )
        self.output = ""
        self.written = 0
        self.longest_silence = 0.0
        self._last = time.monotonic()

    def resize(self, size: tuple[int, int]) -> None:
        """Makes the terminal so many columns wide and lines high."""
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def type(self, content: bytes) -> None:
        """Sends bytes, as a keyboard, a mouse or the clipboard does; waits for room no longer than ten seconds."""
        end = time.monotonic() + 10
        while content and time.monotonic() < end:
            if select.select([], [self.master], [], 0.05)[1]:
                with contextlib.suppress(OSError):
                    content = content[os.write(self.master, content[:512]) :]
            self.read(0.0)

    def read(self, seconds: float) -> None:
        """Takes in all that is written within so many seconds, or until the app has ended."""
        end = time.monotonic() + seconds
        while True:
            wait = max(0.0, end - time.monotonic())
            if select.select([self.master], [], [], min(wait, 0.25))[0]:
                try:
                    content = os.read(self.master, 1 << 16)
                except OSError:
                    return
                now = time.monotonic()
                self.longest_silence = max(self.longest_silence, now - self._last)
                self._last = now
                self.written += len(content)
                self.output = (self.output + content.decode(errors="replace"))[-200_000:]
            elif wait <= 0 or self.process.poll() is not None:
                return

    def wait_for(self, words: str, seconds: float = PATIENCE) -> bool:
        """Reads until words have been written; returns whether they were."""
        end = time.monotonic() + seconds
        while words not in self.output:
            if time.monotonic() > end or self.process.poll() is not None:
                return False
            self.read(0.05)
        return True

    def wait_for_end(self, seconds: float = PATIENCE) -> int | None:
        """Reads until the app has ended; returns its status, None if it goes on."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.05)
        self.read(0.0)
        return self.process.poll()

    def processes(self) -> dict[int, str]:
        """The command lines of what runs of this lab, by process."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    if f"{_MARK}={self.settings}\0".encode() in (folder / "environ").read_bytes():
                        found[int(folder.name)] = (folder / "cmdline").read_bytes().decode(errors="replace")
        return found

    def worker(self) -> int | None:
        """The worker's process; None while there is none."""
        found = [process for process, line in self.processes().items() if "nn_tui.training.worker" in line]
        return found[0] if found else None

    def wait_until_nothing_runs(self, seconds: float = PATIENCE) -> bool:
        """Whether all its processes end."""
        end = time.monotonic() + seconds
        while left := self.processes():
            if time.monotonic() > end:
                return False
            self.read(0.05 if left else 0)
            time.sleep(0.02)
        return True

    def modes_left_on(self) -> list[str]:
        """What the last bytes have left the terminal in, of what an app must take back."""
        left = [] if termios.tcgetattr(self.slave) == self.before else ["raw mode"]
        for mode, name in (("1049", "alternate screen"), ("1003", "mouse reports"), ("2004", "bracketed paste")):
            on, off = self.output.rfind(f"\x1b[?{mode}h"), self.output.rfind(f"\x1b[?{mode}l")
            left += [name] if on > off else []
        return left + (["hidden cursor"] if self.output.rfind("\x1b[?25l") > self.output.rfind("\x1b[?25h") else [])

    def complaints(self) -> list[str]:
        """What stands in the output that must not: tracebacks, mishaps, characters that a terminal obeys."""
        words = ("Traceback (most", "Something went wrong", "could not take in")
        found = [self._around(word) for word in words if word in self.output]
        # What is cut off at either end may be half of a sequence.
        text = _OWN.sub("", self.output[self.output.find("\x1b") : self.output.rfind("\x1b")])
        raw = re.search("[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        return found + ([f"a raw {raw[0]!a}"] if raw else [])

    def _around(self, word: str) -> str:
        """A word that was written, and what came after it."""
        text = _OWN.sub(" ", self.output[self.output.index(word) :][:4000])
        return " ".join(re.sub(r"[^\w .:,'()/=-]", " ", text).split())[:300]


@contextmanager
def pseudo_terminal(
    *arguments: object, settings: Path, size: tuple[int, int] = (120, 40), cwd: Path | None = None, **more: str
) -> Iterator[PseudoTerminal]:
    """A lab that goes with the block; `more` goes into its environment."""
    terminal = PseudoTerminal(arguments, settings, size, cwd, more)
    try:
        yield terminal
    finally:
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()
        if not terminal.wait_until_nothing_runs(15):
            for process in terminal.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        os.close(terminal.master)
        os.close(terminal.slave)


def memory_of(process: int) -> float:
    """Megabytes that a process has to itself, shared pages by their share; 0 if it is gone."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) / 1024  # type: ignore[index]


def seconds_of(process: int) -> float:
    """Seconds of processor that a process has had; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wanted_of(process: int) -> float:
    """Seconds for which a process's threads have run, or waited for a processor, as on a busy machine they do."""
    total = 0
    for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            total += sum(map(int, thread.read_text().split()[:2]))
    return total / 1e9
