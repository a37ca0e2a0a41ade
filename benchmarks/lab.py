"""The lab in a real terminal: how much of the training's speed is left, and how quickly it answers meanwhile.

    python benchmarks/lab.py                # everything but the long run
    python benchmarks/lab.py --minutes 10   # memory over ten minutes of training flat out, too
    python benchmarks/lab.py --against ../another-checkout   # that version's lab in turns with this one's

Needs Linux. Each lab runs in a pseudo-terminal of 120 × 40 with its usual panels, and trains flat out. Measured are

- training: steps a second in the lab over those of the same scenario headless, in turns, as ratios with their spread;
  and the same of a headless run beside the plain app below, which is what processors that share caches leave of it;
- the event loop's delay: how late a 5 ms sleep in it wakes up;
- key to screen: from the byte typed (the log scale's key) to the changed word in the terminal's output;
- redraws of the loss chart a second, and the app's share of one core;
- from command to first full frame, over the same of a Textual app with one word in it, in turns;
- the delays again, over those of a plain Textual app that repaints one panel of text as often, in the same rounds;
- memory of app and worker together (resident set; pages shared with other processes count in full).
"""

import argparse
import asyncio
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from threading import Thread
from typing import Any

COLUMNS, ROWS = 120, 40
PATIENCE = 30.0
KEYS = 40
"""Keys pressed a turn."""

XOR = """title = "xor"
data = { kind = "xor" }
training = { epochs = 1000000, optimizer = { name = "adam", lr = 0.001 } }
"""
IMAGES = """title = "784-128-64-10"
data = { kind = "fashion-sketch", samples = 6000, test_samples = 1000 }
network = { hidden = [128, 64], activation = "relu", init = "he" }
training = { epochs = 1000000, batch_size = 64, optimizer = { name = "adam", lr = 0.001 } }
"""
EMPTY_APP = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("prepared")

Empty().run()
"""
PLAIN_APP = """
import asyncio, json, sys, time
from textual.app import App
from textual.widgets import Static

class Plain(App):
    BINDINGS = [("l", "log"), ("q", "quit")]
    is_log, turn, delays = True, 0, []

    def compose(self):
        yield Static(id="text")

    def on_mount(self):
        self.set_interval(1 / 15, self.repaint)
        self.repaint()
        self.run_worker(self.watch())

    def repaint(self):
        self.turn += 1
        rows = [f"{row:3} {self.turn:8} " + "plain text " * 7 for row in range(30)]
        self.query_one("#text", Static).update("\\n".join(["log" if self.is_log else "linear", *rows, "ready Loss"]))

    def action_log(self):
        self.is_log = not self.is_log
        self.repaint()

    async def watch(self):
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.delays.append(time.perf_counter() - began - 0.005)

app = Plain()
app.run()
with open(sys.argv[1], "w") as file:
    json.dump({"delays": app.delays}, file)
"""


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, command: Sequence[str], home: Path, checkout: Path | None = None) -> None:
        """
        Args:
            command: with its arguments.
            home: where it finds its settings.
            checkout: whose package it imports; None for this one's.
        """
        self.began = time.perf_counter()
        environment = os.environ | {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
        }
        # An installed program has its bytecode beside it.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if checkout is not None:
            environment["PYTHONPATH"] = str(checkout)
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), environment)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def read(self, seconds: float) -> bytes:
        """What is printed within that time, at most; returns as soon as there is something."""
        ready, _, _ = select.select([self._file], [], [], max(0.0, seconds))
        if not ready:
            return b""
        try:
            return os.read(self._file, 1 << 16)
        except OSError:
            return b""

    def wait_for(self, *words: str) -> float:
        """Seconds since the start at which all the words have been printed."""
        missing, seen = {word.encode() for word in words}, b""
        while missing:
            seen = seen[-200:] + self.read(PATIENCE)
            missing = {word for word in missing if word not in seen}
            if time.perf_counter() - self.began > PATIENCE:
                raise SystemExit(f"the program never printed {missing}: {seen!r}")
        return time.perf_counter() - self.began

    def drain(self, seconds: float) -> None:
        """Reads for that long."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)

    def press(self, keys: str) -> None:
        os.write(self._file, keys.encode())

    def delay(self, key: str, word: str) -> float:
        """Seconds from a key to a word on the screen."""
        began, seen = time.perf_counter(), b""
        self.press(key)
        while word.encode() not in seen:
            seen = seen[-200:] + self.read(PATIENCE)
            if time.perf_counter() - began > PATIENCE:
                raise SystemExit(f"{key!r} never brought {word!r}")
        return time.perf_counter() - began

    def close(self) -> None:
        """Ends the program with its own key, or else with a signal."""
        self.press("q")
        end = time.perf_counter() + 5.0
        while time.perf_counter() < end:
            self.read(0.05)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                os.close(self._file)
                return
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._file)


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def megabytes(pids: Sequence[int]) -> float:
    """Resident memory of the processes together."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def inside(path: str, report: Path) -> None:
    """The lab itself, watched from inside: run by this benchmark in its pseudo-terminal."""
    # Where they are in this version, and in earlier ones.
    make_quick = _first_of("nn_tui.quick_start", "nn_tui.commands.lab").make_quick
    launch = _first_of("nn_tui.training.worker.launch", "nn_tui.training.launch").launch
    frame = _first_of("nn_tui.training.worker.messages", "nn_tui.training.messages").Frame
    launched = launch()
    make_quick()
    from nn_tui.tui.app import LabApp
    from nn_tui.tui.conversation import Conversation

    panel, picture = _loss_panel()
    delays: list[float] = []
    frames: list[tuple[float, int, float]] = []
    drawn: list[float] = []
    take, paint = Conversation._take, getattr(panel, picture)

    def noted(self: Conversation, message: Any) -> None:
        if isinstance(message, frame) and message.status == "running":
            frames.append((time.perf_counter(), message.step, time.process_time()))
        take(self, message)

    def counted(self: Any, *arguments: Any) -> Any:
        drawn.append(time.perf_counter())
        return paint(self, *arguments)

    Conversation._take = noted  # type: ignore[method-assign]
    setattr(panel, picture, counted)

    class Watched(LabApp):
        async def on_load(self) -> None:
            self.run_worker(self.watch())

        async def watch(self) -> None:
            while True:
                began = time.perf_counter()
                await asyncio.sleep(0.005)
                delays.append(time.perf_counter() - began - 0.005)

    Watched(path, launched).run()
    report.write_text(json.dumps({"delays": delays, "frames": frames, "drawn": drawn}))


def _first_of(*modules: str) -> Any:
    """The first of these modules that there is."""
    for name in modules[:-1]:
        with suppress(ModuleNotFoundError):
            return import_module(name)
    return import_module(modules[-1])


def _loss_panel() -> tuple[Any, str]:
    """The panel of the loss, and its method that is called once a picture."""
    module = _first_of("nn_tui.tui.panels.curves.loss", "nn_tui.tui.views.loss")
    return (module.LossPanel, "_take") if hasattr(module, "LossPanel") else (module.LossView, "paint")


def headless(path: str, seconds: float) -> float:
    """Steps a second of a session that nobody looks at."""
    from threadpoolctl import threadpool_limits

    from nn_tui.scenario.reading import load
    from nn_tui.training.run.session import Session
    from nn_tui.training.run.start import begin

    scenario = load(Path(path))
    with threadpool_limits(1):
        session = Session(begin(scenario))
        began = now = time.perf_counter()
        while now < began + seconds:
            for _ in range(20):
                session.advance()
            now = time.perf_counter()
    return session.trainer.steps / (now - began)


@contextmanager
def lab(home: Path, *arguments: str, checkout: Path | None = None) -> Iterator[Terminal]:
    """The lab, training flat out: started by Python with these arguments."""
    terminal = Terminal([sys.executable, *arguments], home, checkout)
    try:
        terminal.wait_for("ready", "Loss")
        terminal.drain(0.5)
        terminal.press("\\ ")
        terminal.drain(1.0)
        yield terminal
    finally:
        terminal.close()


def figures(values: Sequence[float]) -> str:
    low, middle, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    return f"{middle:.2f}  [{low:.2f}, {high:.2f}]"


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@dataclass
class Measured:
    """What was seen of one lab, or of the plain app, over all rounds: seconds, and ratios a round."""

    title: str
    delays: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    redraws: list[float] = field(default_factory=list)

    def take_keys(self, terminal: Terminal) -> None:
        """Presses the key of the log scale, and notes how long each takes."""
        for turn in range(KEYS):
            self.keys.append(terminal.delay("l", ("linear", "log")[turn % 2]))
            terminal.drain(0.11 + 0.013 * (turn % 12))

    def take_delays(self, delays: Sequence[float]) -> None:
        self.delays += delays[len(delays) // 5 :]

    def print(self, plain: "Measured", before: "Measured | None") -> None:
        """Prints it, over the plain app and over the other version."""
        print(f"  {self.title}")
        for what, own, others in (
            ("event loop's delay", self.delays, [plain.delays, *([before.delays] if before else [])]),
            ("key to screen", self.keys, [plain.keys, *([before.keys] if before else [])]),
        ):
            over = ", ".join(
                f"{percentile(own, 0.99) / percentile(other, 0.99):.2f} times {named}"
                for other, named in zip(others, ("the plain app's", "the other version's"), strict=False)
                if other is not own
            )
            middle, late = 1000 * median(own), 1000 * percentile(own, 0.99)
            print(f"    {what:<31} {middle:.1f} ms, 99th percentile {late:.1f} ms" + (f": {over}" if over else ""))
        print(f"    steps/s over headless alone     {figures(self.ratios)}")
        if self.shares:
            print(f"    redraws of the loss a second    {figures(self.redraws)}")
            print(f"    the app's share of a core       {figures(self.shares)}")


def measure(name: str, path: Path, folder: Path, rounds: int, seconds: float, against: Path | None) -> None:
    """Speed, delays, redraws and load of one scenario, in turns with the plain app and another version's lab."""
    plain, ours = Measured("plain Textual app"), Measured("the lab")
    other = Measured(f"the lab of {against}") if against is not None else None
    for number in range(rounds):
        alone = headless(str(path), seconds)
        for seen, checkout in ((ours, None), (other, against)):
            if seen is not None:
                measure_lab(seen, path, folder / f"{name}-{number}.json", seconds, alone, checkout)
        measure_plain(plain, folder, seconds)
        plain.ratios.append(headless_beside(folder, path, seconds) / alone)
    print(f"\n{name}, {rounds} turns of {seconds:g} s")
    for seen in (plain, ours, other):
        if seen is not None:
            seen.print(plain, other)


def measure_lab(seen: Measured, path: Path, report: Path, seconds: float, alone: float, checkout: Path | None) -> None:
    """One turn of a lab; `alone` is how many steps a second the scenario takes headless."""
    with lab(report.parent, __file__, "--inside", str(path), str(report), checkout=checkout) as terminal:
        terminal.drain(seconds)
        seen.take_keys(terminal)
    noted = json.loads(report.read_text())
    # The keys' time is not training at rest, so only what came before them is compared.
    frames = [frame for frame in noted["frames"] if frame[0] < noted["frames"][0][0] + seconds]
    span = frames[-1][0] - frames[0][0]
    seen.ratios.append((frames[-1][1] - frames[0][1]) / span / alone)
    seen.shares.append((frames[-1][2] - frames[0][2]) / span)
    seen.redraws.append(sum(frames[0][0] <= moment <= frames[-1][0] for moment in noted["drawn"]) / span)
    seen.take_delays(noted["delays"])


def plain_app(folder: Path) -> tuple[Terminal, Path]:
    """The plain app, and where it reports at its end."""
    program, report = folder / "plain.py", folder / "plain.json"
    program.write_text(PLAIN_APP)
    terminal = Terminal([sys.executable, str(program), str(report)], folder)
    terminal.wait_for("ready", "Loss")
    return terminal, report


def headless_beside(folder: Path, path: Path, seconds: float) -> float:
    """Steps a second of a session that nobody looks at, beside the plain app."""
    terminal, _ = plain_app(folder)
    reading = Thread(target=terminal.drain, args=(seconds + 0.5,))
    reading.start()
    steps = headless(str(path), seconds)
    reading.join()
    terminal.close()
    return steps


def measure_plain(seen: Measured, folder: Path, seconds: float) -> None:
    """One turn of the plain app."""
    terminal, report = plain_app(folder)
    terminal.drain(seconds)
    seen.take_keys(terminal)
    terminal.close()
    seen.take_delays(json.loads(report.read_text())["delays"])


def measure_start(path: Path, folder: Path, rounds: int) -> None:
    """From command to first full frame, beside an empty app; the first start of both may write bytecode, and is left
    out.
    """
    empty = folder / "empty.py"
    empty.write_text(EMPTY_APP)
    ratios, ours = [], []
    for _ in range(1 + rounds):
        first = Terminal([sys.executable, "-m", "nn_tui", "open", str(path)], folder)
        ours.append(first.wait_for("ready", "Loss", "oundary", "Gradient", "space"))
        first.close()
        other = Terminal([sys.executable, str(empty)], folder)
        ratios.append(ours[-1] / other.wait_for("prepared"))
        other.press("\x11")
        other.close()
    print(
        f"\nfrom command to first full frame, over an empty Textual app: {figures(ratios[1:])}"
        f"  (ours {figures(ours[1:])} s)"
    )


def measure_memory(path: Path, folder: Path, minutes: float) -> None:
    """Memory of app and worker while they train; not watched from inside, since what is noted there takes memory."""
    with lab(folder, "-m", "nn_tui", "open", str(path)) as terminal:
        terminal.drain(3.0)
        pids = [terminal.pid, *children(terminal.pid)]
        print(f"\nmemory of app and worker on xor: {megabytes(pids):.0f} MB")
        for minute in range(int(minutes)):
            terminal.drain(60.0)
            print(f"  after {minute + 1} min: {megabytes(pids):.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="The lab's speed and quickness, beside headless runs.")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each comparison (default 5)")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds of training a turn (default 5)")
    parser.add_argument("--minutes", type=float, default=0.0, help="how long memory is watched besides (default 0)")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="another version, whose lab is run in turns")
    parser.add_argument("--inside", nargs=2, metavar=("SCENARIO", "REPORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        inside(options.inside[0], Path(options.inside[1]))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        xor, images = folder / "xor.toml", folder / "images.toml"
        xor.write_text(XOR)
        images.write_text(IMAGES)
        measure_start(xor, folder, options.rounds)
        against = options.against and options.against.resolve()
        measure("xor", xor, folder, options.rounds, options.seconds, against)
        measure("784-128-64-10", images, folder, options.rounds, options.seconds, against)
        measure_memory(xor, folder, options.minutes)


if __name__ == "__main__":
    main()
